"""The people of the story, always the same: visitors from two job boards, and a file of five thousand."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

_FIRST = (
    "Aoife Ben Chloé Daan Elif Finn Grace Hana Ivo Jonas Kaia Lars Mira Noor Ola Petra Quentin Rosa Sami Tara "
    "Umar Vera Wim Ximena Yara Zoltán Björn Siobhán Łukasz Thảo"
).split()
_LAST = (
    "Adler Byrne Castillo Dubois Eriksen Fischer García Hughes Ivanova Jansen Kowalski Larsen Murphy Nguyen O'Brien "
    "Pereira Quinn Rossi Schmidt Tanaka Ullmann Vogel Walsh Xu Yilmaz Zimmermann"
).split()
_CITIES = (("Cork", "IE"), ("Dublin", "IE"), ("Berlin", "DE"), ("Lyon", "FR"), ("Porto", "PT"), ("Utrecht", "NL"))
_TITLES = ("Registered nurse", "Theatre nurse", "Midwife", "Paediatric nurse", "Nurse manager", "Care assistant")

BAD_EMAILS = ("", "no-at-sign.example.org", "two@@example.org", "blank in@example.org", "dot.@example.org", "a@b")


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str

    @property
    def form(self) -> dict[str, str]:
        return {"first_name": self.first, "last_name": self.last, "email": self.email}


@dataclass(frozen=True)
class Cast:
    """Who does what; numbers of visitors."""

    by_channel: dict[str, range]
    registers: range
    """These join the pool on the landing page."""
    confirms: range
    """These press the button in the confirmation mail."""
    applies: range
    """These apply by a link of the welcome series."""
    hired: int
    met_again: range
    """These stand in the file of the fair too; one of them unsubscribes in the middle of the blast."""


CAST = Cast(
    by_channel={"indeed": range(0, 18), "nurse-jobs": range(18, 30)},
    registers=range(4, 26),
    confirms=range(6, 26),
    applies=range(6, 11),
    hired=7,
    met_again=range(14, 26),
)


def visitor(run: int, number: int) -> Person:
    """The n-th visitor of a run; each run meets new people."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[(number * 7) % len(_LAST)]
    return Person(first, last, f"visitor{number}.run{run}@people.example.org")


def row(number: int) -> dict[str, str]:
    """The n-th person of the file; the same in every run, so that a second run meets them again."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[(number // len(_FIRST)) % len(_LAST)]
    city, country = _CITIES[number % len(_CITIES)]
    return {
        "First Name": first,
        "Last Name": last,
        "E-mail Address": f"talent{number}@people.example.org",
        "Phone": f"+35387{number:07d}",
        "Job Title": _TITLES[number % len(_TITLES)],
        "Company": f"St. {_LAST[number % len(_LAST)]} Hospital",
        "City": city,
        "Country": country,
    }


@dataclass(frozen=True)
class TalentFile:
    """A CSV file with what is known of its rows."""

    data: bytes
    rows: int
    rejected: int
    repeated: int
    people: int


def talent_file(size: int, also: Sequence[Person]) -> TalentFile:
    """`size` rows: a few without a usable address, a few who stand in it twice, and some who registered before."""
    bad = min(len(BAD_EMAILS), size // 10)
    repeated = min(20, size // 10)
    fresh = size - bad - repeated - len(also)
    rows = [row(number) for number in range(fresh)]
    rows += [{**row(fresh + n), "E-mail Address": email, "Phone": ""} for n, email in enumerate(BAD_EMAILS[:bad])]
    rows += [{**row(number), "E-mail Address": row(number)["E-mail Address"].upper()} for number in range(repeated)]
    rows += [
        {**row(0), "First Name": person.first, "Last Name": person.last, "E-mail Address": person.email, "Phone": ""}
        for person in also
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return TalentFile(text.getvalue().encode("utf-8-sig"), len(rows), bad, repeated, fresh + len(also))
