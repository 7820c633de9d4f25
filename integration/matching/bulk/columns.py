"""Everybody's traits in columns, read from a sheet once for each way in which something is written."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from integration.matching import traits
from integration.matching.bulk.beside import Start, in_turn
from integration.matching.bulk.coding import Codes, Column, Lexicon, Many, numbered
from integration.matching.bulk.people import People
from integration.matching.dates import birth
from integration.matching.sharing import CROWD, crowd
from integration.matching.sheet import NOTHING, Sheet

Written = tuple[Codes, list[Any]]
"""Numbers of what stands in the list, and what is read from each of it."""
_NAME = ("first_name", "middle_name", "last_name", "full_name", "former_name", "suffix")
_READ_ELSEWHERE: Sequence[tuple[Any, ...]] = (
    (birth, "birth_date"),
    (traits.read_street, "street", "street_number"),
    (traits.read_town, "city"),
    *((traits.read_plain, field) for field in ("region", "postcode", "country", "employer", "title", "birth_place")),
    (traits.read_phones, "phones"),
)
"""About as much work as names and mailboxes."""
_LOOKED_AT = 30


class Columns:
    """The attributes of `Traits`, each a column."""

    def __init__(self, sheet: Sheet, start: Start[Any] = in_turn) -> None:
        self.count = sheet.count
        others = start(lambda: [_read(sheet, function, *fields) for function, *fields in _READ_ELSEWHERE])
        self.id = sheet.column("id")
        self.first, self.middle, self.last, self.lasts, self.words, self.generation = _parted(
            _read(sheet, traits.read_name, *_NAME), "", (), "", (), (), 0
        )
        self.sex = Column(*_read(sheet, traits.read_sex, "sex", "full_name", "first_name"))
        self.profiles = Column(*_read(sheet, traits.read_profiles, "profiles"), traits.NONE)
        self.profile = Many(self.profiles)
        mail = _read(sheet, traits.read_mailboxes, "emails")
        *places_and_births, phones = others()
        self._places_and_births(places_and_births)
        self._contact_points(mail, phones, start)
        self.people = self._people()

    def _places_and_births(self, read: Sequence[Written]) -> None:
        born, street, city, *plain = read
        self.birth = Column(*born, None)
        self.street, self.numbers = _parted(street, (), ())
        self.number = Column(self.numbers.ids, [numbers[0] if numbers else "" for numbers in self.numbers.values])
        self.city = Column(*city)
        self.region, self.postcode, self.country, self.employer, self.title, self.birth_place = (
            Column(*written) for written in plain
        )
        self._lines()

    def _lines(self) -> None:
        lexicon, known = Lexicon(), self.street.values
        self.lines: list[Codes] = [
            np.array([lexicon.code(lines[at] if len(lines) > at else "") for lines in known], np.int64)[self.street.ids]
            for at in range(max(map(len, known)))
        ]
        self.line_values: list[str] = lexicon.words()

    def _contact_points(self, mail: Written, phones: Written, start: Start[dict[str, int]]) -> None:
        """With those marked that several people use."""
        self.phones = Column(*phones, traits.NONE)
        self.phone = Many(self.phones)
        users_of_phones = start(lambda: self._users(self.phone))
        own = Column(mail[0], [emails for emails, *_ in mail[1]], traits.NONE)
        users = self._users(Many(own))
        marked = [_marked_mail(boxes, users) for boxes in mail[1]] if users else mail[1]
        self.emails, self.roles, self.shared_mail = _parted((mail[0], marked), *[traits.NONE] * 3)
        self.mailbox = Many(self.emails)
        users = users_of_phones()
        numbers = [_marked_phones(known, users) for known in self.phones.values]
        self.shared_phones, self.crowded = _parted((self.phones.ids, numbers), *[traits.NONE] * 2)
        self.shared = _either(self.shared_mail, self.shared_phones)

    def _names(self) -> dict[str, Column]:
        return {
            "first": self.first, "middle": self.middle, "last": self.last, "lasts": self.lasts,
            "name_words": self.words,
        }  # fmt: skip

    def _people(self) -> People:
        return People(
            {
                **self._names(), "generation": self.generation, "birth": self.birth, "sex": self.sex,
                "emails": self.emails, "roles": self.roles, "shared": self.shared, "phones": self.phones,
                "crowded": self.crowded, "profiles": self.profiles, "lines": self.street, "numbers": self.numbers,
                "city": self.city, "region": self.region, "postcode": self.postcode, "country": self.country,
                "employer": self.employer, "title": self.title, "birth_place": self.birth_place,
            }
        )  # fmt: skip

    def _users(self, many: Many) -> dict[str, int]:
        """How many people are seen to use an address, where that is more than one."""
        order = np.argsort(many.ids, kind="stable")
        ids, rows = many.ids[order], many.rows[order]
        if not len(ids):
            return {}
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        names = self.first.ids[rows]
        # Without two first names nobody is seen to share.
        least = np.minimum.reduceat(np.where(names > 0, names, len(self.first.values)), starts)
        several = np.flatnonzero(np.maximum.reduceat(names, starts) > least)
        ends = np.append(starts[1:], len(ids))
        people, found = People(self._names()), {}
        for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
            count = crowd([people[row] for row in rows[start : min(end, start + _LOOKED_AT)].tolist()])
            if count > 1:
                found[many.values[ids[start]]] = count
        return found


def _read(sheet: Sheet, function: Callable[..., Any], *fields: str) -> Written:
    """What a function makes of one field, or of several, of everybody."""
    nothing = function(*(NOTHING[field] for field in fields))
    told = [field for field in fields if field in sheet.columns]
    if not told or not sheet.count:
        return np.zeros(sheet.count, np.int64), [nothing]
    columns = [sheet.column(field) for field in told]
    ids, words = numbered(columns[0] if len(told) == 1 else [*zip(*columns, strict=True)])
    parts = [words[1:]] if len(told) == 1 else zip(*words[1:], strict=True)
    known = dict(zip(told, parts, strict=True))
    return ids, [nothing, *map(function, *(known.get(field, repeat(NOTHING[field])) for field in fields))]


def _parted(written: Written, *nothing: Any) -> list[Column]:
    """A column for each part of what was read."""
    ids, values = written
    return [Column(ids, part, none) for part, none in zip(zip(*values, strict=True), nothing, strict=True)]


def _either(one: Column, other: Column) -> Column:
    """What stands in either."""
    if len(other.values) == 1:
        return one
    both, ids = np.unique(one.ids * len(other.values) + other.ids, return_inverse=True)
    values = [one.values[at // len(other.values)] | other.values[at % len(other.values)] for at in both.tolist()]
    return Column(ids, values, one.values[0])


Mail = tuple[frozenset[str], frozenset[str], frozenset[str]]


def _marked_mail(boxes: Mail, users: Mapping[str, int]) -> Mail:
    """One's own, those of many and those of two."""
    emails, roles, shared = boxes
    if users.keys().isdisjoint(emails):
        return boxes
    several = frozenset(filter(users.__contains__, emails))
    crowds = frozenset(address for address in several if users[address] >= CROWD)
    return emails - crowds, roles | crowds, shared | (several - crowds)


def _marked_phones(phones: frozenset[str], users: Mapping[str, int]) -> tuple[frozenset[str], frozenset[str]]:
    """Those of two people, and those of a crowd."""
    if users.keys().isdisjoint(phones):
        return traits.NONE, traits.NONE
    several = frozenset(filter(users.__contains__, phones))
    crowds = frozenset(number for number in several if users[number] >= CROWD)
    return several - crowds, crowds
