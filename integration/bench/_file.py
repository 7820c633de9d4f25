"""A seeded list of people as a file: 9 columns, one row in eight somebody who stood before, some rows wrong."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

HEADER = "First name,Last name,E-mail,Mobile,Job title,Company,City,Country,Collected on\n"
REPEATED = 8
WRONG = 400
"""One row in so many has a bad address, number, country or date."""
_SYLLABLES = (
    *("an", "be", "ca", "da", "el", "fi", "go", "ha", "is", "jo", "ka", "li", "ma", "no", "ol", "pe", "ra", "sa", "ti"),
    *("ul", "va", "wi", "yo", "za", "mer", "ton", "son", "ley", "ber", "man"),
)
_ACCENTS = ("é", "ü", "ñ", "ø", "ł", "ç")
_TITLES = ("Engineer", "Nurse", "Designer", "Analyst", "Teacher", "Driver", "Chef", "Buyer", "Tester", "Writer")
_RANKS = ("", "Senior ", "Lead ", "Junior ", "Head ", "Deputy ")
_PHONES: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("IE", lambda n: f"08{3 + n % 3 * 2 % 5} {n % 1_000:03} {n // 1_000 % 10_000:04}"),
    ("IE", lambda n: f"+353 8{5 + n % 2} {n // 2 % 1_000:03} {n // 2_000 % 10_000:04}"),
    ("GB", lambda n: f"07{4 + n % 2}{n // 2 % 100_000_000:08}"),
    ("DE", lambda n: f"0151{2 + n % 3}{n // 3 % 10_000_000:07}"),
    ("US", lambda n: f"({('212', '302', '617')[n % 3]}) {200 + n // 3 % 700}-{n // 2_100 % 10_000:04}"),
    ("FR", lambda n: f"06 1{n % 10} {n // 10 % 100:02} {n // 1_000 % 100:02} {n // 100_000 % 100:02}"),
)


def write(path: Path, rows: int, seed: int = 1) -> int:
    """Writes the file; its bytes."""
    chance = random.Random(seed)  # noqa: S311 (the same file in every run)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        file.writelines(lines(rows, chance))
    return path.stat().st_size


def lines(rows: int, chance: random.Random) -> Iterator[str]:
    firsts, lasts = _names(chance, 900, 2), _names(chance, 20_000, 3)
    companies = [f"{name} {kind}" for name in _names(chance, 2_000, 3) for kind in ("Ltd", "GmbH")]
    companies += [f'"{name}, {other} & Co"' for name, other in zip(lasts[:120], lasts[120:240], strict=True)]
    cities = _names(chance, 800, 3)
    stood: list[tuple[str, str, str, str, str]] = []
    for number in range(rows):
        if stood and chance.random() < 1 / REPEATED:
            first, last, email, phone, country = chance.choice(stood)
            email = email.upper() if chance.random() < 0.3 else email
        else:
            first, last = chance.choice(firsts), chance.choice(lasts)
            email = f"{first}.{last}{number:x}@{chance.choice(cities)}.example".lower()
            email = email.encode("ascii", "ignore").decode()
            country, phone = _phone(chance)
            if len(stood) < 200_000:
                stood.append((first, last, email, phone, country))
            else:
                stood[chance.randrange(200_000)] = (first, last, email, phone, country)
        if chance.random() < 1 / WRONG:
            email, phone = chance.choice([(email.replace("@", "@@"), phone), (email, "12345"), ("a@b", phone)])
        title = chance.choice(_RANKS) + chance.choice(_TITLES)
        day = f"202{chance.randrange(6)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        company, city = chance.choice(companies), chance.choice(cities)
        yield f"{first},{last},{email},{phone},{title},{company},{city},{country},{day}\n"


def _phone(chance: random.Random) -> tuple[str, str]:
    """(country, number as people there write it, or with its country code)."""
    country, written = chance.choice(_PHONES)
    return country, written(chance.randrange(1_000_000_000))


def _names(chance: random.Random, count: int, syllables: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        word = "".join(chance.choice(_SYLLABLES) for _ in range(syllables)).capitalize()
        if chance.random() < 0.05:
            word += chance.choice(_ACCENTS)
        made[word] = None
    return list(made)
