"""Candidate keys that mean one person: after a merge, links and ledger rows of the record that went away still count.

It stands on the same item as the suppression, which every mail reads anyway, so that it costs nothing to know:
`merged_into` (the key that remains), `merged_from` (keys that came to it) and `was_one_with` (merges taken back).
Written under the lock of the merge, so no two writers meet on one item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integration.ports import Item

if TYPE_CHECKING:
    from integration.app import App

SUPPRESSION = "suppression"
INTO, FROM, ONCE = "merged_into", "merged_from", "was_one_with"


@dataclass(frozen=True)
class Aliases:
    """What else one candidate key stands for."""

    root: str
    """The key of the record that remains."""
    others: tuple[str, ...] = ()
    """Other keys of the same person, now."""
    former: tuple[str, ...] = ()
    """Keys that were taken for the same person once."""


def person_pk(candidate_key: str) -> str:
    return f"person#{candidate_key}"


def aliases(app: "App", key: str, item: Item | None) -> Aliases:
    """Everything that `item`, the person's own, leads to; no call for somebody who was never merged."""
    if not item or not any(item.get(name) for name in (INTO, FROM, ONCE)):
        return Aliases(key)
    items = {key: item}
    root = _root(app, key, items)
    open_keys, found = [root], {root}
    while open_keys:
        for other in _item(app, open_keys.pop(), items).get(FROM, ()):
            if other not in found:
                found.add(other)
                open_keys.append(other)
    former = {other for each in found for other in _item(app, each, items).get(ONCE, ())} - found
    return Aliases(root, tuple(sorted(found - {key})), tuple(sorted(former)))


def current(app: "App", key: str) -> str:
    """The key of the record that a person has today."""
    return _root(app, key, {})


def join(app: "App", loser: str, remaining: str) -> None:
    """Key: both keys. From now on they are one person; joining them twice changes nothing."""
    _change(app, remaining, {FROM: [*_without(_list(app, remaining, FROM), loser), loser]})
    _change(app, loser, {INTO: remaining})


def part(app: "App", loser: str, remaining: str) -> None:
    """Key: both keys. Two people again, who remember that they once were taken for one."""
    for own, other in ((loser, remaining), (remaining, loser)):
        _change(app, own, {ONCE: [*_without(_list(app, own, ONCE), other), other]})
    _change(app, loser, {INTO: None})
    _change(app, remaining, {FROM: _without(_list(app, remaining, FROM), loser) or None})


def _root(app: "App", key: str, items: dict[str, Item]) -> str:
    seen = {key}
    while (into := _item(app, key, items).get(INTO)) and into not in seen:
        seen.add(into)
        key = str(into)
    return key


def _item(app: "App", key: str, items: dict[str, Item]) -> Item:
    if key not in items:
        items[key] = app.people.get(person_pk(key), SUPPRESSION) or {}
    return items[key]


def _change(app: "App", key: str, values: Mapping[str, Any]) -> None:
    app.people.update(person_pk(key), SUPPRESSION, values)


def _list(app: "App", key: str, name: str) -> list[str]:
    item = app.people.get(person_pk(key), SUPPRESSION) or {}
    return list(item.get(name, ()))


def _without(keys: list[str], key: str) -> list[str]:
    return [each for each in keys if each != key]
