"""A made-up town for judging matchers: households, twins, namesakes, fathers and sons of one name, role mailboxes.

`_clerks` writes everybody down, once or more often.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

_GIRLS = """
anna mary emma laura sarah julia sophie hannah lucy clara alice ella grace nora lena maria elena olga irina katarina
charlotte emily olivia amelia isabella margaret elizabeth catherine patricia barbara susan jessica karen nancy helen
sandra carol ruth sharon michelle victoria kimberly deborah fatima aisha layla priya mei yuki ingrid astrid freya
chiara giulia lucia carmen ines teresa rosa beatrice veronica monika agnieszka zofia marta ewa hedwig greta ursula
"""
_BOYS = """
john james robert michael william david richard joseph thomas charles daniel matthew anthony mark paul steven andrew
kenneth joshua kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen
larry justin scott brandon benjamin samuel gregory frank alexander patrick raymond jack dennis peter henry adam zachary
walter nathan kyle noah ethan christian jeremy sean arthur albert bruno carlos diego fernando giovanni hassan ibrahim
ivan jan karl lars miguel mohammed nikolai omar pavel ravi sergei stefan tomas viktor wei youssef sebastian tobias
"""
_STEMS = """
ash black brad cart clif dun east fair gold hal hart hol kings lang mill nor oak pem rad red stan thorn wal wes
whit win wood york bren cran del ever fen gar hex
"""
_ENDINGS = """
ford ton man well son er ley wood field ham by worth bourne land more stone shaw ridge dale brook
"""
_COMMON = """
smith jones williams taylor brown davies evans thomas johnson roberts murphy kelly byrne ryan muller schmidt
schneider fischer garcia martinez rossi nowak ivanov petrov silva nguyen patel khan singh lee
"""
_FOREIGN = """
müller schröder jürgens weiß groß łukaszewski dvořák nuñez gonzález çelik øvergård björnson françois o'brien
d'angelo mcdonald van der berg de la cruz von stein el-sayed
"""
STREETS = """
quay high station church mill park victoria green king queen bridge river garden school castle abbey forest lake
hill orchard meadow chapel market union canal
"""
KINDS = """
street road avenue lane drive close court terrace place crescent
"""
_TOWNS = """
cork leeds bristol galway derby york bath exeter lincoln oxford durham chester newport stirling perth ely truro
ripon wells dover
"""
_FIRMS = """
acme borealis cobalt dynamo ember fathom gantry harbour isotope juniper kestrel lumen meridian nimbus orchard
pinnacle quartz ridge summit tidal
"""
_TITLES = """
nurse engineer teacher driver accountant analyst designer developer manager technician chef carpenter
"""
HOSTS = """
example.com example.org example.net mail.example post.example web.example
"""

_ENDS = ("ah", "bj", "dl", "en", "fp", "gh", "al", "bn")


class Chance(random.Random):
    """The same dice in every run."""

    def hits(self, likelihood: float) -> bool:
        return self.random() < likelihood

    def common(self, words: Sequence[str]) -> str:
        """Early words much more often than late ones."""
        return words[min(int(len(words) * self.random() ** 2.2), len(words) - 1)]


@dataclass
class Person:
    entity: str
    first: str
    middle: str
    last: str
    sex: str
    born: date
    street: str
    number: str
    town: str
    postcode: str
    phone: str
    email: str
    employer: str
    title: str
    suffix: str = ""
    maiden: str = ""
    landline: str = ""
    family_mailbox: str = ""


@dataclass
class Town:
    """Makes people, household by household."""

    seed: int
    foreign: float = 0.1
    families: float = 0.5
    chance: Chance = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed)
        self.girls, self.boys = _GIRLS.split(), _BOYS.split()
        self.lasts = [*_COMMON.split(), *(stem + ending for ending in _ENDINGS.split() for stem in _STEMS.split())]
        self.chance.shuffle(self.girls)
        self.chance.shuffle(self.boys)

    def people(self) -> Iterator[Person]:
        while True:
            yield from self._household()

    def _household(self) -> list[Person]:
        chance = self.chance
        head = self._person()
        members = [head]
        if not chance.hits(self.families):
            if chance.hits(0.04):
                # A namesake elsewhere, of the same trade and town.
                other = self._person(sex=head.sex)
                members.append(replace(other, first=head.first, last=head.last, town=head.town, employer=head.employer))
            return members
        family = {"last": head.last, "like": head}
        other = self._person(sex="f" if head.sex == "m" else "m", **family)  # type: ignore[arg-type]
        self._name_apart(other, members)
        if other.sex == "f":
            other.maiden = chance.common(self.lasts)
        members.append(other)
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            child = self._person(years_later=chance.randint(20, 38), **family)  # type: ignore[arg-type]
            self._name_apart(child, members)
            if child.sex == head.sex and chance.hits(0.03) and not head.suffix:
                child.first, child.suffix = head.first, "Jr"
                head.suffix = "Sr"
                child.email = self._email(child.first, child.last)
            members.append(child)
            if chance.hits(0.08):
                twin = self._person(years_later=0, **family)  # type: ignore[arg-type]
                twin.born = child.born
                self._name_apart(twin, members)
                members.append(twin)
        if chance.hits(0.25):
            for member in members:
                member.family_mailbox = (
                    f"{head.last.replace(' ', '')}.family{head.number}@{chance.choice(HOSTS.split())}"
                )
        return members

    def _name_apart(self, person: Person, family: Sequence[Person]) -> None:
        """Two of one family have two first names; only the eldest son may be a junior."""
        while any(person.first == other.first for other in family):
            person.first = self.chance.common(self.girls if person.sex == "f" else self.boys)
        person.email = self._email(person.first, person.last)

    def _person(self, sex: str = "", last: str = "", like: Person | None = None, years_later: int = 0) -> Person:
        chance = self.chance
        self.made += 1
        sex = sex or chance.choice("mf")
        names = self.girls if sex == "f" else self.boys
        first = chance.common(names)
        last = last or (chance.choice(_FOREIGN.split()) if chance.hits(self.foreign) else chance.common(self.lasts))
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(25_000))
        if like and years_later:
            born = like.born + timedelta(days=365 * years_later + chance.randrange(365))
        elif like:
            born = like.born + timedelta(days=chance.randint(-2_500, 2_500))
        town = chance.common(_TOWNS.split())
        place = (
            (like.street, like.number, like.town, like.postcode, like.landline)
            if like
            else (
                f"{chance.choice(STREETS.split())} {chance.choice(KINDS.split())}",
                str(chance.randint(1, 220)),
                town,
                f"{town[:2]}{chance.randint(1, 40)} {chance.randint(1, 9)}{chance.choice(_ENDS)}",
                f"+4420{chance.randrange(10**8):08d}",
            )
        )
        return Person(
            entity=f"p{self.made}", first=first, middle=chance.common(names), last=last, sex=sex, born=born,
            street=place[0], number=place[1], town=place[2], postcode=place[3], landline=place[4],
            phone=f"+447{chance.randrange(10**9):09d}", email=self._email(first, last),
            employer=f"{chance.common(_FIRMS.split())} {chance.choice(('ltd', 'group', 'gmbh', 'partners'))}",
            title=chance.choice(_TITLES.split()),
        )  # fmt: skip

    def _email(self, first: str, last: str) -> str:
        chance = self.chance
        plain = "".join(c for c in last if c.isascii() and c.isalpha())
        local = chance.choice((f"{first}.{plain}", f"{first[0]}{plain}", f"{plain}{first[:1]}", f"{first}{plain}"))
        digits = chance.choice(("", str(chance.randint(1, 99)), str(chance.randint(1940, 2009))))
        return f"{local}{digits}_{self.made}@{chance.choice(HOSTS.split())}"
