"""The people of the stand-ins: always the same, none of them real, many in several sources at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

COUNT = 360
_IN_EVERY_SOURCE = 60
"""A number that every source's share divides (Person.is_in)."""
_FIRST = (  # noqa: SIM905
    "Aisling Bogdan Chidi Dunja Elena Farid Gwen Håkon Ines Joris Kateryna Liam Maren Nils Oonagh Pia Rafael Selma "
    "Tomás Uschi Vikram Wanda Yusuf Zofia"
).split()
_LAST = (  # noqa: SIM905
    "Ahern Bauer Costa Dvořák Egan Fontaine Gallagher Hoffmann Iyer Jónsdóttir Keane Lindqvist Moreau Novak Ortega "
    "Petrov Reilly Santos Tóth Vermeer"
).split()
_PLACES = (
    ("Cork", "Ireland", "IE"),
    ("Dublin", "Ireland", "IE"),
    ("Berlin", "Germany", "DE"),
    ("Lyon", "France", "FR"),
    ("Porto", "Portugal", "PT"),
    ("Gdańsk", "Poland", "PL"),
    ("Utrecht", "Netherlands", "NL"),
)
_WORK = (
    ("Software engineer", ("Rust", "PostgreSQL", "Linux"), "Builds storage engines and likes boats."),
    ("Data engineer", ("Python", "Spark", "Airflow"), "Moves data between systems that dislike each other."),
    ("Registered nurse", ("Intensive care", "Triage", "Paediatrics"), "Twelve years in intensive care."),
    ("Research scientist", ("Compilers", "Type theory", "Haskell"), "Writes about types and their checking."),
    ("Frontend developer", ("JavaScript", "TypeScript", "Accessibility"), "Makes pages that everybody can use."),
    ("Site reliability engineer", ("Go", "Kubernetes", "Linux"), "Keeps services up at night."),
)
_EMPLOYERS = ("Example Systems", "Harbour Hospital", "University of Example", "Northwind Labs", "Tide Analytics")


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    number: int
    first: str
    last: str
    title: str
    employer: str
    city: str
    country: str
    code: str
    skills: tuple[str, ...]
    bio: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def login(self) -> str:
        letters = f"{self.first}{self.last}".encode("ascii", "ignore").decode().lower()
        return f"{letters}{self.number}"

    @property
    def email(self) -> str:
        return f"{self.login}@people.example"

    @property
    def phone(self) -> str:
        return f"+35387{1_000_000 + self.number}"

    @property
    def location(self) -> str:
        return f"{self.city}, {self.country}"

    @property
    def orcid(self) -> str:
        return f"0000-0009-0000-{self.number:04}"

    @property
    def github(self) -> str:
        return f"https://github.com/{self.login}"

    @property
    def document(self) -> dict[str, str]:
        """What can be looked for, by field."""
        return {
            "name": self.name,
            "first": self.first,
            "last": self.last,
            "title": self.title,
            "employer": self.employer,
            "location": self.location,
            "country": f"{self.country} {self.code}",
            "skill": ", ".join(self.skills),
            "email": self.email,
            "text": self.bio,
        }

    def is_in(self, source: str) -> bool:
        """Most people are in two or three of the sources."""
        every = {"github": 2, "stack_exchange": 3, "orcid": 4, "openalex": 5, "people_data_labs": 2, "directory": 6}
        return self.number % every[source] == 0


@cache
def everybody() -> tuple[Person, ...]:
    return tuple(_made())


_newcomers: list[Person] = []


def arrive(*, first: str, last: str, title: str, city: str, country: str) -> Person:
    """Somebody whom every source knows from now on."""
    number = COUNT + _IN_EVERY_SOURCE * (1 + len(_newcomers))
    code = next((code for _, name, code in _PLACES if name == country), "")
    skills, bio = next(((skills, bio) for what, skills, bio in _WORK if what == title), ((), ""))
    _newcomers.append(Person(number, first, last, title, _EMPLOYERS[0], city, country, code, skills, bio))
    return _newcomers[-1]


def people_of(source: str) -> list[Person]:
    """Those whom a source knows."""
    return [person for person in (*everybody(), *_newcomers) if person.is_in(source)]


def _made() -> Iterator[Person]:
    for number in range(1, COUNT + 1):
        title, skills, bio = _WORK[number // 4 % len(_WORK)]
        city, country, code = _PLACES[number // 3 % len(_PLACES)]
        first, last = _FIRST[number % len(_FIRST)], _LAST[number * 7 % len(_LAST)]
        employer = _EMPLOYERS[number // 6 % len(_EMPLOYERS)]
        yield Person(number, first, last, title, employer, city, country, code, skills, bio)
