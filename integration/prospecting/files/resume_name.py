"""Whose résumé it is: the line that looks like a name, supported by the address and the file's name."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from integration.model.countries import COUNTRIES
from integration.prospecting.files.words import words_in

_LABEL = re.compile(
    r"^(?:full name|candidate name|name|vor- und nachname|nom et prénom|nom|nombre(?: y apellidos)?|"
    r"nome(?: e cognome)?|naam)\s*:\s*(.+)$",
    re.IGNORECASE,
)
_FIRST_LABEL = re.compile(
    r"^(?:first names?|given names?|forenames?|vornamen?|prénoms?|nombres?|nome|voornaam|förnamn|imię)\s*:\s*(.+)$",
    re.IGNORECASE,
)
_LAST_LABEL = re.compile(
    r"^(?:last name|surname|family name|nachname|familienname|nom(?: de famille)?|apellidos?|cognome|apelido|"
    r"achternaam|efternamn|nazwisko)\s*:\s*(.+)$",
    re.IGNORECASE,
)
_NO_NAME = words_in("not_names.txt")
"""Words of headings, companies and forms."""
TITLE_WORDS = words_in("title_words.txt")
_PARTICLES = words_in("name_particles.txt")
_DEGREES = re.compile(
    r",?\s*\b(?:Ph\.?\s?D|M\.?D|MBA|M\.?Sc|B\.?Sc|B\.?A|M\.?A|M\.?Eng|B\.?Eng|LL\.?M|CPA|PMP|CFA|ACCA|RN|Dipl\.?-Ing|PE|"
    r"Esq|SHRM-CP|PHR)\b\.?"
)
_HONORIFICS = re.compile(
    r"^(?:dr|prof|mr|mrs|ms|miss|herr|frau|mme|m|sr|sra|dott|ing|dipl-ing|mag)\.?\s+(?=\S)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'`-][^\W\d_]+)*\.?")
_TITLE_LABEL = re.compile(
    r"^(?:job title|title|position|current (?:role|position)|role|beruf|poste|puesto|posizione|functie)\s*:\s*(.+)$",
    re.IGNORECASE,
)
_FILE_WORDS = re.compile(
    r"\b(?:cv|resume|résumé|curriculum|vitae|lebenslauf|bewerbung|final|copy|new|updated|latest|draft|en|de|fr|es|it|nl|pdf|docx)\b|\d+|[()]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """A text that looks like a name, and how sure that is before any address is looked at."""

    name: str
    score: int


def names_in(lines: Sequence[str], file_name: str, is_skill: Callable[[str], bool]) -> list[Named]:
    """Every text that may be the person's name, surest first."""
    in_file = _from_file(file_name)
    lines = [*lines, *_in_two(lines)]
    found: dict[str, int] = {}
    for position, line in enumerate(lines):
        for text, is_labelled in _offered(line):
            if (name := _as_name(text)) and not is_skill(name):
                score = _score(name, position, in_file) + 6 * is_labelled
                found[name] = max(found.get(name, score), score)
    if in_file:
        found.setdefault(in_file, 1)
    return sorted((Named(name, score) for name, score in found.items()), key=lambda one: -one.score)


def _in_two(lines: Sequence[str]) -> Iterator[str]:
    """First and last name, each behind a word of its own, as one line that says so."""
    first = next((match[1] for line in lines if (match := _FIRST_LABEL.match(line))), "")
    last = next((match[1] for line in lines if (match := _LAST_LABEL.match(line))), "")
    if first and last:
        yield f"Name: {first} {last}"


def name_of(names: Sequence[Named], email: str) -> str:
    """The name that is sure enough, or that the mail address speaks for; empty when nothing looks like one."""
    local = local_letters(email)
    best = max(names, key=lambda one: one.score + 6 * supported(one.name, local), default=None)
    if best is not None and best.score + 6 * supported(best.name, local) > 0:
        return best.name
    return _from_email(email)


def title_of(lines: Sequence[str], name: str) -> str:
    """What the person is: behind a word for it, or in the lines next to the name."""
    at = next((number for number, line in enumerate(lines) if name and name.casefold() in line.casefold()), 0)
    for line in lines:
        if (match := _TITLE_LABEL.match(line)) and _is_title(match[1], name):
            return _cased(match[1].strip())[:255]
    for line in lines[max(at - 1, 0) : at + 4]:
        parts = _parts(line)
        if name and line.casefold().startswith(f"{name.casefold()},"):
            parts += [part.strip() for part in line.split(",")[1:]]  # “Ann Lee, Tester, Dublin”
        for text in parts:
            if _is_title(text, name):
                return _cased(text)[:255]
    return ""


def _is_title(text: str, name: str) -> bool:
    words = [word.strip(".,()").casefold() for word in text.split()]
    return (
        1 <= len(words) <= 7
        and text.casefold() != name.casefold()
        and any(word in TITLE_WORDS for word in words)
        and not re.search(r"[@:,;]|\d|https?|\.$", text)
        and text[:1].isupper()
    )


def _offered(line: str) -> Iterator[tuple[str, bool]]:
    if match := _LABEL.match(line):
        yield match[1], True
    yield from ((part, False) for part in _parts(line))


def _parts(line: str) -> list[str]:
    """`Ann Lee | Tester – Dublin`: a line may say several things."""
    return [part.strip(" .,-–—") for part in re.split(r"\s*[|•·●▪–—\t/]\s*|\s+-\s+|\s{3,}", line) if part.strip()]


def _as_name(text: str) -> str:
    """The text as a name, or empty."""
    plain = _HONORIFICS.sub(
        "",
        _DEGREES.sub(
            "",
            re.sub(
                r"^(?:curriculum vitae|résumé|resume|cv|lebenslauf)(?:\s+(?:of|de|von))?\s*[:\-–]?\s*(?=\S)",
                "",
                text,
                flags=re.IGNORECASE,
            ),
        ),
    ).strip(" ,.-–")
    match = re.fullmatch(r"([^\W\d_][\w’' -]+),\s*([^\W\d_][\w’'. -]+)", plain)
    if match and match[2].casefold() in COUNTRIES:
        return ""  # “Galway, Ireland” is a place
    if match:
        plain = f"{match[2]} {match[1]}" if len(match[1].split()) == 1 and len(match[2].split()) <= 2 else ""
    words = plain.split()
    if not 2 <= len(words) <= 5 or not all(_WORD.fullmatch(word) for word in words):
        return ""
    folded = {word.casefold().strip(".") for word in words}
    if folded & _NO_NAME or plain.casefold() in COUNTRIES:
        return ""
    if not all(map(_may_be_of_a_name, words)):
        return ""
    return _cased(plain)


def _may_be_of_a_name(word: str) -> bool:
    """A capital, a letter that has none, a particle, or a small letter set before the capital: Mac an tSaoi, nGall."""
    return not word[0].islower() or word.casefold() in _PARTICLES or bool(re.match(r"[a-z]{1,2}[A-Z]", word))


def _score(name: str, position: int, in_file: str) -> int:
    """The higher the surer; below one it needs the address to speak for it."""
    score = 4 - min(position, 8) + 2 * (position == 0)
    # Baker and Chef are names too, but then something else must speak for them.
    score -= 8 * bool(TITLE_WORDS & {word.casefold() for word in name.split()})
    return score + 5 * bool(in_file and set(_letters(name).split()) >= set(_letters(in_file).split()))


def supported(name: str, local: str) -> bool:
    """Whether the mail address is made of this name: ann.lee@, alee@, lee.ann@, juergen.mueller@."""
    joined = local.replace(" ", "")
    german = name.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("å", "aa")
    return bool(joined) and any(_made_of(joined, _letters(form).split()) for form in (name, german))


def _made_of(joined: str, words: Sequence[str]) -> bool:
    long = [word for word in words if len(word) > 1]
    said = [word for word in long if word in joined]
    if not any(len(word) > 2 for word in said) and not (len(long) > 1 and len(said) == len(long)):
        return False
    return len(said) > 1 or joined.startswith(long[0][0])


def local_letters(email: str) -> str:
    """The letters of what stands before the @, without a tag."""
    return _letters(email.partition("@")[0].partition("+")[0])


def _letters(text: str) -> str:
    """Words of plain letters, in small."""
    swapped = text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    plain = "".join(c for c in unicodedata.normalize("NFKD", swapped) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W\d_]+", plain))


def _from_file(file_name: str) -> str:
    """`Ann_Lee_CV_2024.pdf` names its person."""
    stem = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", file_name.rpartition(".")[0] or file_name)
    words = _FILE_WORDS.sub(" ", re.sub(r"[_\-.+,]+", " ", stem)).split()
    name = " ".join(word.capitalize() for word in words)
    return _as_name(name) if 2 <= len(words) <= 3 else ""


def _from_email(email: str) -> str:
    """ann.lee@ says its owner's name; alee@ does not."""
    match = re.fullmatch(r"([a-z]{2,})[._]([a-z]{2,})\d*", email.partition("@")[0].casefold())
    return f"{match[1].capitalize()} {match[2].capitalize()}" if match and not {match[1], match[2]} & _NO_NAME else ""


def _cased(text: str) -> str:
    """ANN LEE as Ann Lee; what is written in both cases stays."""
    if text != text.upper() or len(text) < 4:
        return text
    words = [
        word.casefold()
        if word.casefold() in _PARTICLES and position
        else "-".join(part.capitalize() for part in word.split("-"))
        for position, word in enumerate(text.split())
    ]
    return " ".join(words)
