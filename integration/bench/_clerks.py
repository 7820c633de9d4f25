"""Clerks of different carelessness, who write the people of a made-up town down once or more often.

`entity` is the truth. Each clerk errs in a way of its own, so that a matcher that suits one is tried by the others.
"""

from collections.abc import Callable, Mapping
from importlib.resources import files

from integration.bench._people import HOSTS, KINDS, STREETS, Chance, Person, Town

Row = dict[str, str]
Clerk = Callable[[Row, Chance], Row]


def record(person: Person, chance: Chance) -> Row:
    """What a careful clerk writes."""
    email = person.family_mailbox if person.family_mailbox and chance.hits(0.5) else person.email
    if chance.hits(0.02):
        email = f"{chance.choice(('info', 'jobs', 'office', 'hr'))}@{person.employer.split()[0]}.example"
    return {
        "entity": person.entity, "first": person.first, "middle": person.middle if chance.hits(0.4) else "",
        "last": person.last, "suffix": person.suffix if chance.hits(0.6) else "", "sex": person.sex,
        "born": person.born.isoformat(), "street": f"{person.number} {person.street}", "town": person.town,
        "postcode": person.postcode, "phone": person.landline if chance.hits(0.3) else person.phone, "email": email,
        "employer": person.employer, "title": person.title, "maiden": person.maiden,
    }  # fmt: skip


_KEYS = {
    near[0]: near[1:]
    for near in [
        "qwa",
        "wqes",
        "ewrd",
        "retf",
        "trgy",
        "ytuh",
        "yuij",
        "uiko",
        "iojk",
        "opl",
        "pol",
        "aqsz",
        "sawdz",
        "dsefx",
        "fdgrc",
        "gfhtv",
        "hgjyb",
        "jhkun",
        "kjlim",
        "lko",
        "zasx",
        "xzsdc",
        "cxdfv",
        "vcfgb",
        "bvghn",
        "nbhjm",
        "mnjk",
    ]
}
_FIELDS = ("first", "last", "born", "street", "town", "postcode", "phone", "email", "employer")


def keyboard(row: Row, chance: Chance) -> Row:
    """Slips of the fingers, and fields left out."""
    made = dict(row)
    for name in chance.sample(_FIELDS, chance.choice((0, 1, 1, 2, 3))):
        made[name] = _slipped(made[name], chance)
    for name in ("born", "phone", "email", "street", "postcode", "town", "first"):
        if chance.hits(0.02 if name == "first" else 0.1):
            made[name] = ""
    return made


def _slipped(text: str, chance: Chance) -> str:
    if len(text) < 2:
        return text
    at = chance.randrange(len(text) - 1)
    letter = text[at]
    other = chance.choice("0123456789") if letter.isdigit() else chance.choice(_KEYS.get(letter, "aeiou"))
    return chance.choice(
        (
            text[:at] + text[at + 1] + letter + text[at + 2 :],
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
        )
    )


def office(row: Row, chance: Chance) -> Row:
    """Nicknames, initials, married names, other notations, a second address."""
    made = dict(row)
    if chance.hits(0.2):
        made["first"] = chance.choice(_forms().get(made["first"], [made["first"]]))
    elif chance.hits(0.06):
        made["first"] = made["first"][0] + "."
    if chance.hits(0.05):
        made["first"], made["last"] = made["last"], made["first"]
    elif made["maiden"] and chance.hits(0.25):
        made["last"] = chance.choice((made["maiden"], f"{made['maiden']}-{made['last']}"))
    if chance.hits(0.3):
        made["street"] = " ".join(reversed(made["street"].split(" ", 1)))
    for long, short in (("street", "st"), ("road", "rd"), ("avenue", "ave."), ("crescent", "cres"), ("drive", "dr")):
        if chance.hits(0.5):
            made["street"] = made["street"].replace(long, short)
    year, month, day = made["born"].split("-")
    made["born"] = chance.choice(
        (made["born"], f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{year}{month}{day}")
    )
    if chance.hits(0.04):
        made["born"] = f"{year}-{day}-{month}"
    if made["phone"].startswith("+44") and chance.hits(0.6):
        made["phone"] = f"0{made['phone'][3:7]} {made['phone'][7:]}"
    if chance.hits(0.2):
        made["email"] = made["email"].replace("@", "+jobs@").upper()
    elif chance.hits(0.2):
        made["email"] = f"{made['email'].partition('@')[0]}@{chance.choice(HOSTS.split())}"
    if chance.hits(0.2):
        moved = Chance(chance.random())
        made["street"] = f"{moved.randint(1, 220)} {moved.choice(STREETS.split())} {moved.choice(KINDS.split())}"
        made["postcode"] = f"{made['town'][:2]}{moved.randint(1, 40)} {moved.randint(1, 9)}xy"
    made["first"], made["last"], made["town"] = (made[name].title() for name in ("first", "last", "town"))
    return made


_LOOK_ALIKE = "O=0 L=I RN=M S=5 B=8 CL=D E=F U=V 1=7"


def scanner(row: Row, chance: Chance) -> Row:
    """Read from paper: letters taken for others, blanks lost or found, ends cut off."""
    made = {name: value.upper() if name != "entity" else value for name, value in row.items()}
    looks = [pair.split("=") for pair in _LOOK_ALIKE.split()]
    for name in _FIELDS:
        if chance.hits(0.25):
            old, new = chance.choice(looks)
            made[name] = made[name].replace(old, new, 1) if chance.hits(0.7) else made[name].replace(new, old, 1)
        if chance.hits(0.06):
            made[name] = made[name].replace(" ", "", 1)
        if chance.hits(0.04) and len(made[name]) > 6:
            made[name] = made[name][: -chance.randint(1, 3)]
        if chance.hits(0.04) and len(made[name]) > 5:
            at = chance.randrange(1, len(made[name]) - 1)
            made[name] = f"{made[name][:at]} {made[name][at:]}"
    return made


_CYRILLIC = dict(zip("abvgdeziklmnoprstufhy", "абвгдезиклмнопрстуфхы", strict=True))


_SPELLED = "ü=ue ö=oe ä=ae ß=ss ø=oe å=aa ł=l ř=r ñ=n á=a ç=c '="


def abroad(row: Row, chance: Chance) -> Row:
    """Accents dropped or spelled out, another alphabet, American dates, last name first."""
    made = dict(row)
    if chance.hits(0.5):
        spelled = dict(pair.split("=") for pair in _SPELLED.split())
        made["last"] = "".join(spelled.get(c, c) for c in made["last"])
    if chance.hits(0.08) and all(c in _CYRILLIC for c in made["first"] + made["last"]):
        made["first"] = "".join(_CYRILLIC[c] for c in made["first"])
        made["last"] = "".join(_CYRILLIC[c] for c in made["last"])
    if chance.hits(0.1):
        made["first"], made["last"] = f"{made['last']}, {made['first']} {made['middle']}".strip(), ""
    year, month, day = made["born"].split("-")
    made["born"] = f"{month}/{day}/{year}"
    return keyboard(made, chance) if chance.hits(0.4) else made


def astray(row: Row, chance: Chance) -> Row:
    """Values in the wrong columns and words that mean nothing."""
    made = keyboard(row, chance)
    for name in ("born", "phone", "email", "street", "postcode", "town", "employer"):
        if not made[name] or chance.hits(0.08):
            made[name] = chance.choice(("n/a", "unknown", "-", "", "NULL", "none"))
    if chance.hits(0.06):
        made["born"] = chance.choice(("1900-01-01", "1970-01-01", "0000-00-00", "01/01/1900"))
    if chance.hits(0.06):
        made["phone"] = chance.choice(("0000000000", "123456789", "999999999"))
    if chance.hits(0.06):
        made["email"] = chance.choice(("none@none.com", "test@test.com", "noemail@example.com"))
    if chance.hits(0.06):
        made["street"], made["town"] = made["town"], made["street"]
    if chance.hits(0.05):
        made["first"], made["last"] = f"{made['first']} {made['last']}", ""
    return made


def _forms() -> Mapping[str, list[str]]:
    if not _FORMS:
        text = files("integration.matching").joinpath("given_names.txt").read_text("utf-8")
        for line in text.splitlines():
            if not line.startswith("#"):
                name, *forms = line.split()
                _FORMS[name] = forms[:4] or [name]
    return _FORMS


_FORMS: dict[str, list[str]] = {}

CLERKS: Mapping[str, Clerk] = {
    "keyboard": keyboard, "office": office, "scanner": scanner, "abroad": abroad, "astray": astray,
}  # fmt: skip
SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "everything": (
        "first", "middle", "last", "suffix", "sex", "born", "street", "town", "postcode", "phone", "email", "employer",
    ),
    "crm": ("first", "last", "email", "phone", "employer", "title", "town"),
    "register": ("first", "last", "born", "street", "postcode", "town"),
    "names": ("first", "last", "born"),
    "voters": ("name", "year", "sex", "street", "postcode"),
    "contacts": ("name", "email", "phone"),
}  # fmt: skip


def rows(count: int, clerk: str, seed: int, *, twice: float = 0.4) -> list[Row]:
    """So many records, shuffled; the share `twice` of the people stand there again, some thrice."""
    town = Town(seed)
    chance = Chance(seed + 1)
    made: list[Row] = []
    for person in town.people():
        made.append(record(person, chance))
        for likelihood in (twice, 0.2):
            if not chance.hits(likelihood):
                break
            made.append(CLERKS[clerk](record(person, chance), chance))
        if len(made) >= count:
            break
    del made[count:]
    chance.shuffle(made)
    for number, row in enumerate(made):
        row["id"] = f"r{number}"
        row["name"] = f"{row['first']} {row['last']}".strip()
        digits = row["born"].split("-")[0].split("/")[-1].split(".")[-1]
        row["year"] = digits[:4]
    return made
