"""What a résumé says about its person, by rules that would rather leave a fact out than guess it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import phonenumbers

from integration.model.countries import COUNTRIES
from integration.prospecting.files.resume_name import (
    TITLE_WORDS,
    local_letters,
    name_of,
    names_in,
    supported,
    title_of,
)
from integration.prospecting.files.resume_text import ResumeText
from integration.prospecting.files.words import lines_in

TOP = 14
"""Lines in which people write how to reach them."""
MOST_SKILLS = 60
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+'-]{0,63}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w@-])")
_LINKEDIN = re.compile(r"(?:[a-z]{2,3}\.)?linkedin\.com/in/[\w%.~-]{2,100}", re.IGNORECASE)
_GITHUB = re.compile(r"(?<![\w.])github\.com/([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?![\w-])", re.IGNORECASE)
_GITHUB_PAGES = frozenset({"features", "topics", "orgs", "about", "pricing", "marketplace", "sponsors", "settings"})
_OTHERS = re.compile(
    r"^\W*(?:references?|referees?|referenzen|références|referencias|referenze|referenties)\b", re.IGNORECASE
)
_NO_PHONE = re.compile(r"\b(?:fax|telefax|iban|vat|ust|passport|id)\b", re.IGNORECASE)
_DATE = re.compile(r"(?:\d{1,2}[./-]){2}(?:19|20)\d{2}|(?:19|20)\d{2}(?:[./-]\d{1,2}){2}")
_SPACED = re.compile(r"(?:\w ){4,}\w")
_POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-?)?\d[\d -]{2,7}(?:\s?[A-Z]{2})?\s+|\s+\d[\d ]{3,6}$")
_OFFICE = re.compile(r"\b(?:switchboard|reception|head office|zentrale|standard téléphonique)\b", re.IGNORECASE)
_IS_PHONE = re.compile(
    r"\b(?:tel|phone|mobile|mob|cell|telefon|handy|mobil|téléphone|portable|teléfono|móvil|cellulare|gsm)\b|[☎📞✆📱]",
    re.IGNORECASE,
)
_SKILLS = re.compile(
    r"^\W*(?:(?:key|core|technical|professional|it|hard|main|top|relevant)\s+)*(?:skills?|competenc\w+|technolog\w+|"
    r"expertise|tech stack|kenntnisse|fähigkeiten|edv-kenntnisse|it-kenntnisse|kompetenzen|compétences|"
    r"competencias|habilidades|aptitudes|competenze|conoscenze|vaardigheden|competenties)(?:\s*(?:&|and|und|et|y|e|en)\s*[\w-]+)?\s*(?::|$)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"^\W*(?:(?:work|professional|employment|berufs?)\s*)?(?:experience|history|education|employment|projects?|"
    r"certificat\w+|languages?|interests?|hobbies|references?|summary|profile|about(?: me)?|objective|contact|"
    r"publications?|awards?|volunteer\w*|berufserfahrung|ausbildung|bildung|sprachen|sprachkenntnisse|interessen|projekte|"
    r"werdegang|expérience\w*(?: professionnelles?)?|formation|langues|loisirs|centres d.intérêt|"
    r"experiencia(?: profesional| laboral)?|educación|"
    r"formación|idiomas|intereses|esperienz[ae](?: professional[ei])?|istruzione|formazione|lingue|interessi|"
    r"werkervaring|opleiding|talen)\s*:?\s*$",
    re.IGNORECASE,
)
_TOP_LEVEL = {
    "de": "DE",
    "at": "AT",
    "ch": "CH",
    "fr": "FR",
    "es": "ES",
    "it": "IT",
    "nl": "NL",
    "be": "BE",
    "ie": "IE",
    "uk": "GB",
    "pl": "PL",
    "pt": "PT",
    "se": "SE",
    "dk": "DK",
    "no": "NO",
    "fi": "FI",
    "cz": "CZ",
    "in": "IN",
    "au": "AU",
    "nz": "NZ",
    "ca": "CA",
    "br": "BR",
    "mx": "MX",
    "jp": "JP",
    "za": "ZA",
}
_SEPARATORS = re.compile(r"\s*[,;|•·●▪◦‣■►✓✔–]\s*|\s{3,}|\t+|\s+[/-]\s+")
_LEVEL = re.compile(
    r"\s*[(:\[].*$|\s+(?:expert|advanced|intermediate|beginner|basic|fluent|\d+\s*(?:years?|yrs?|\+).*)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Facts:
    name: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    title: str = ""
    city: str = ""
    country: str = ""
    skills: tuple[str, ...] = ()


def facts_of(text: ResumeText, file_name: str = "") -> Facts:
    """The facts of one résumé; what it does not say, or says of others, stays empty."""
    own, others = _apart([_together(line) for line in text.lines])
    top = [*own[:TOP], *text.edges]
    names = names_in([*own[: TOP * 3], *text.edges], file_name, is_skill)
    email = _email(text, own, others, [one.name for one in names[:4]])
    name = name_of(names, email)
    city, country = _place(top)
    return Facts(
        name=name,
        email=email,
        phones=_phones(top, [*own, *others], text.links, country or _country_of(email)),
        profiles=tuple(_profiles([*top, *text.links, *own], name, email)),
        title=title_of(own[:TOP], name),
        city=city,
        country=country,
        skills=tuple(_skills([*own, *others]))[:MOST_SKILLS],
    )


def _together(line: str) -> str:
    """`J O H N   D O E`, as designers set names and headings, as words."""
    words = re.split(r"\s{2,}", line.strip())
    if sum(map(len, words)) < 9 or not all(len(word) == 1 or _SPACED.fullmatch(word) for word in words):
        return line
    return " ".join(word.replace(" ", "") for word in words)


def _apart(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """(lines about the person, lines below “References” up to the next heading, which are about others)."""
    own: list[str] = []
    others: list[str] = []
    is_other = False
    for number, line in enumerate(lines):
        if number > 3 and len(line) < 40 and _OTHERS.match(line):
            is_other = True
        elif _SECTION.match(line) or (len(line) < 60 and _SKILLS.match(line)):
            is_other = False
        (others if is_other else own).append(line)
    return own, others


def _email(text: ResumeText, own: Sequence[str], others: Sequence[str], names: Sequence[str]) -> str:
    """The address that is most surely the person's own: by its place, and by the names that the résumé begins with."""
    best, best_score = "", -1
    for address, score in _emails(text, own, others):
        local = local_letters(address)
        score += next((6 - place for place, name in enumerate(names) if supported(name, local)), 0)
        if score > best_score:
            best, best_score = address, score
    return best


def _emails(text: ResumeText, own: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Every address with how sure its place makes it."""
    for link in text.links:
        if match := _EMAIL.search(link):
            yield match[0], 4
    placed = [(line, 3) for line in text.edges] + [(line, 2 - (n > TOP)) for n, line in enumerate(own)]
    for line, score in [*placed, *((line, -3) for line in others)]:
        # Fonts and links tear addresses apart: “ann.lee @example.com”.
        plain = re.sub(r"\s*@\s*", "@", line)
        for match in _EMAIL.finditer(plain):
            # In brackets behind a name, or in a sentence about work, it is a colleague's.
            is_aside = plain[: match.start()].rstrip().endswith("(")
            alone = len(plain) - len(match[0]) < 20
            # With nothing but numbers beside it, it stands in a margin, whatever stands above.
            margin = 4 if score < 0 and not any(c.isalpha() for c in _EMAIL.sub("", plain)) else 0
            yield match[0].strip(".'").removeprefix("mailto:"), score + 2 * alone + margin - 4 * is_aside


def _country_of(email: str) -> str:
    return _TOP_LEVEL.get(email.rpartition(".")[2].lower(), "")


def _place(lines: Sequence[str]) -> tuple[str, str]:
    """(city, ISO code) of `Dublin, Ireland` or `1 Road, 10115 Berlin, Germany`."""
    for line in lines:
        parts = [part.strip(" .") for part in re.split(r"[,|•·]|\s[-–]\s|\t", line)]
        for before, part in zip(["", *parts], parts, strict=False):
            if len(part) > 3 and (code := COUNTRIES.get(part.casefold())):
                city = _POSTCODE.sub("", before).strip()
                is_city = re.fullmatch(r"[^\W\d_][^\d_@:/]{1,40}", city) and len(city.split()) <= 3
                return (re.sub(r"^.*:\s*", "", city) if is_city else "", code)
    return "", ""


def _phones(top: Sequence[str], lines: Sequence[str], links: Sequence[str], region: str) -> tuple[str, ...]:
    """At most two: those at the top, behind links, behind a word for phone, and those that stand alone."""
    found: dict[str, None] = {}
    called = [link[4:] for link in links if link.lower().startswith("tel:")]
    marked = [line for line in lines if _IS_PHONE.search(line) and len(line) < 60 and "@" not in line]
    alone = [line for line in lines if sum(c.isalpha() for c in line) <= 3 and sum(c.isdigit() for c in line) >= 8]
    beside = [
        line for line in lines if _EMAIL.search(line) and not _EMAIL.sub("", line).strip(" -|,•·:+()./0123456789")
    ]
    asides = [line for line in lines if re.search(r"\b(?:reach|call|contact|phone) me\b", line, re.IGNORECASE)]
    for line in (*top, *called, *marked, *alone, *beside, *asides):
        for part in re.split(r"[|•·]|\s{3,}|\t", line):
            if _NO_PHONE.search(part) and not _IS_PHONE.search(part):
                continue
            if not (_OFFICE.search(part) or (_EMAIL.search(part) and "(" in part[: part.index("@")])):
                found |= dict.fromkeys(_numbers(part, region))
    return tuple(found)[:2]


def _numbers(text: str, region: str) -> Iterator[str]:
    text = re.sub(r"(?<![\w])00(?=[1-9])", "+", text).replace("(0)", "")
    matched = [*phonenumbers.PhoneNumberMatcher(text, region or None)]
    if not matched and re.search(r"\(\d{3}\)\s*\d{3}-\d{4}|(?<!\d)\d{3}[-.]\d{3}[-.]\d{4}(?!\d)", text):
        matched = [*phonenumbers.PhoneNumberMatcher(text, "US")]  # nobody else writes numbers in this way
    for match in matched:
        if _DATE.fullmatch(match.raw_string):
            continue
        yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)


def _profiles(lines: Sequence[str], name: str, email: str) -> Iterator[str]:
    text = "\n".join(lines)
    if match := _LINKEDIN.search(text):
        yield match[0].rstrip(".-").lower()
    users = [user for user in _GITHUB.findall(text) if user.lower() not in _GITHUB_PAGES]
    if users:
        yield f"github.com/{_best_user(users, name, email)}"


def _best_user(users: Sequence[str], name: str, email: str) -> str:
    """A résumé may name other people's projects: the account that looks like the person, else the first."""
    words = [word for word in re.split(r"\W+", f"{name} {email.partition('@')[0]}".casefold()) if len(word) > 2]
    return next((user for user in users if any(word in user.casefold() for word in words)), users[0])


@cache
def gazetteer() -> tuple[dict[str, str], dict[str, str]]:
    """Lower-case skill -> how it is written; first those known by themselves, then those that only a list proves."""
    sure: dict[str, str] = {}
    listed: dict[str, str] = {}
    for line in lines_in("skills.txt"):
        target = listed if line.startswith("~") else sure
        written, *others = (part.strip() for part in line.removeprefix("~").split("="))
        target |= {word.casefold(): written for word in (written, *others)}
    return sure, listed


def is_skill(text: str) -> bool:
    return any(text.casefold() in words for words in gazetteer())


@cache
def _words() -> re.Pattern[str]:
    words = sorted(gazetteer()[0], key=len, reverse=True)
    return re.compile(rf"(?<![\w.#+@/-])(?:{'|'.join(map(re.escape, words))})(?![\w#+@]|\.\w|/\w*\.)", re.IGNORECASE)


def _skills(lines: Sequence[str]) -> Iterator[str]:
    sure, listed = gazetteer()
    seen: set[str] = set()
    for item in _listed_skills(lines):
        written = sure.get(item.casefold()) or listed.get(item.casefold())
        if written and written not in seen:
            seen.add(written)
            yield written
    for line in lines:
        if "@" in line or "://" in line:
            continue
        for match in _words().finditer(line):
            following = line[match.end() :].split(maxsplit=1)
            if following and following[0].strip(",.;()").casefold() in TITLE_WORDS:
                continue  # “DevOps Engineer” is what somebody is called
            written = sure[match[0].casefold()]
            if written not in seen:
                seen.add(written)
                yield written


def _listed_skills(lines: Sequence[str]) -> Iterator[str]:
    """The entries below and behind headings such as “Skills:”."""
    inside = 0
    for line in lines:
        heading = _SKILLS.match(line) if len(line) < 400 else None
        if heading:
            inside = 25
            line = line[heading.end() :]
        elif inside and (_SECTION.match(line) or _OTHERS.match(line)):
            inside = 0
        if inside and line.strip():
            inside -= 1
            # “Languages: Go, R” inside the section: the label is no skill.
            rest = line.partition(":")[2] if re.match(r"^[^,;|]{2,40}:\s", line) else line
            for part in _SEPARATORS.split(rest):
                item = _LEVEL.sub("", part.strip(" .*-•·"))
                if item:
                    yield item
