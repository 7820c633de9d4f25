"""What gives one person away in a text of any form: a file's row, a message, a mail.

An address that is the person's alone is enough. A phone, or a mailbox that several people read, is the person's only
beside the name: the family that shares it was not erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from integration.model.identity import Address, Name, normalised_name
from integration.model.vocabulary import ContactKind

_DIGITS = 7
"""The last digits of a phone: shorter than any country's numbers, and however its code is written."""
_BETWEEN = r"[\s().\-/\u2010-\u2015]{0,3}"


@dataclass(frozen=True)
class Traces:
    """One person, as texts may name them."""

    alone: re.Pattern[str] | None
    """The person's own addresses and ids."""
    shared: re.Pattern[str] | None
    names: tuple[tuple[str, str], ...]
    """(first name, last name), each normalised."""
    keys: tuple[str, ...] = ()

    def in_text(self, text: str) -> bool:
        """Whether a text speaks of the person by an address."""
        if self.alone is not None and self.alone.search(text):
            return True
        return self.shared is not None and self.shared.search(text) is not None and self._is_named(text)

    def in_words(self, text: str) -> bool:
        """The same for a sentence of ours, where the whole name is enough."""
        if self.in_text(text):
            return True
        plain = f" {normalised_name(Name(text))} "
        return any(
            f" {first} {last} " in plain or f" {last} {first} " in plain for first, last in self.names if first and last
        )

    def _is_named(self, text: str) -> bool:
        """The last name, and the first one or what it may be shortened to."""
        words = set(normalised_name(Name(text)).split())
        return any(
            words.issuperset(last.split() or first.split())
            and (not first or any(first.split()[0].startswith(word) for word in words))
            for first, last in self.names
            if first or last
        )


def traces_of(addresses: Iterable[Address], names: Iterable[Name], keys: Iterable[str]) -> Traces:
    """`keys` are ids and candidate keys, which no other text has."""
    known, own = list(addresses), list(keys)
    alone = [_pattern(one) for one in known if one.identifies]
    shared = [_pattern(one) for one in known if not one.identifies]
    return Traces(
        _any([*(re.escape(key) for key in own if key), *alone]),
        _any(shared),
        tuple((normalised_name(Name(name.first)), normalised_name(Name(name.last))) for name in names),
        tuple(own),
    )


def _pattern(address: Address) -> str:
    """One address, not as a part of a longer one."""
    if address.kind is ContactKind.PHONE:
        digits = "".join(filter(str.isdigit, address.value))[-_DIGITS:]
        return f"{_BETWEEN.join(digits)}(?!\\d)"
    before = r"(?<![\w.+%-])" if address.kind is ContactKind.EMAIL else ""
    return f"{before}{re.escape(address.value)}(?![\\w-]|\\.\\w)"


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
