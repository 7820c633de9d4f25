"""Which fields of a requisition an ATS may write, and which jobs may be closed because it does not list them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from integration.model import provenance
from integration.model.provenance import Source, Trust, Value

MOST_CLOSED = 3
"""So many jobs close by themselves, or a quarter of those that are open; more wants a person's word."""


@dataclass(frozen=True)
class Merged:
    """What is to be written on a requisition: values that differ, and the text of their sources."""

    values: Mapping[str, Value]
    sources: str
    kept: tuple[str, ...]
    """Fields that a person has changed: they stay."""


def merged(job: Mapping[str, Value], standing: Mapping[str, Value], sources: str, at: datetime, cause: str) -> Merged:
    """The new values of a requisition: never over what a person entered or changed since."""
    facts, new = dict(provenance.read(sources)), Source.of(Trust.ATS, at, cause)
    values: dict[str, Value] = {}
    kept = []
    for name, value in job.items():
        now = standing.get(name)
        if now in (None, "", False) or _same(now, value):
            is_ours = True
        else:
            is_ours = provenance.source_of(facts, name, now).trust <= Trust.ATS
        if not is_ours:
            kept.append(name)
            continue
        if not _same(now, value):
            values[name] = value
        if name not in facts or name in values:
            facts[name] = provenance.fact(new, value)
    return Merged(values, provenance.write(facts), tuple(kept))


def may_close(listed: Collection[str], open_here: Collection[str], *, confirmed: bool) -> tuple[set[str], str]:
    """(ids to close, why none are): those that a whole list does not name, never many at once without a word."""
    missing = set(open_here) - set(listed)
    if not missing or confirmed:
        return missing, ""
    if len(missing) <= MOST_CLOSED and listed:
        return missing, ""
    if listed and len(missing) * 4 <= len(open_here):
        return missing, ""
    return set(), (
        f"{len(missing)} of {len(open_here)} open jobs are not listed by the ATS any more. None was closed: if that is "
        "right, tick Confirm closing and choose Sync now."
    )


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return float(one) == float(other)
    return one == other
