"""What of a rule the org can answer: a query that finds at least those who fit. The rule itself decides.

`Asked.exact` says that the query finds nobody else, so that ids alone are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from integration.model.segment import All, Any_, Not, Rule, leaves
from integration.model.segment_dates import Span, window
from integration.model.segment_fields import RELATIVE
from integration.model.segment_leaves import FieldIs, Near, Source
from integration.pools.places import LATITUDE, LONGITUDE
from integration.records import Candidate, parent
from integration.soql import Condition, Literal, both, compare, either, equals, is_in

LONGEST = 3_500
"""Characters of a condition; the platform limits the whole query."""
KM_PER_DEGREE = 111.0
_FLIPPED = {"greater": "<=", "less": ">=", "at least": "<", "at most": ">"}
_COMPARED = {"greater": ">", "less": "<", "at least": ">=", "at most": "<="}


@dataclass(frozen=True)
class Asked:
    """A condition of a query; None asks for everybody."""

    where: Condition | None
    exact: bool = False


EVERYBODY = Asked(None)


def is_of_fields(rule: Rule) -> bool:
    """Whether the candidate's own row answers the whole rule."""
    return all(isinstance(leaf, FieldIs | Source | Near) for leaf in leaves(rule))


def asked(rule: Rule, today: date, *, of: str = "", negated: bool = False) -> Asked:
    """For a rule of fields only; `of` is the lookup to the candidate when another object is asked."""
    if isinstance(rule, Not):
        return asked(rule.part, today, of=of, negated=not negated)
    if isinstance(rule, All | Any_):
        parts = [asked(part, today, of=of, negated=negated) for part in rule.parts]
        return _together(parts) if isinstance(rule, All) is not negated else _one_of(parts)
    if isinstance(rule, FieldIs):
        return _short(_field(rule, _path(of, rule.field.name), rule.negated is not negated, today))
    if isinstance(rule, Source):
        return _short(_source(rule, of, negated))
    return _near(rule, of) if isinstance(rule, Near) and not negated else EVERYBODY


def _together(parts: list[Asked]) -> Asked:
    known = [part.where for part in parts if part.where is not None]
    if not known:
        return EVERYBODY
    where = both(*known)
    if len(where.text) > LONGEST:  # what fits still finds everybody who fits
        return Asked(min(known, key=lambda one: len(one.text)))
    return Asked(where, all(part.exact for part in parts))


def _one_of(parts: list[Asked]) -> Asked:
    known = [part.where for part in parts if part.where is not None]
    if len(known) < len(parts):
        return EVERYBODY
    where = either(*known)
    return Asked(where, all(part.exact for part in parts)) if len(where.text) <= LONGEST else EVERYBODY


def _short(one: Asked) -> Asked:
    return one if one.where is None or len(one.where.text) <= LONGEST else EVERYBODY


def _path(of: str, field: str) -> str:
    return parent(of, field) if of else field


def _field(leaf: FieldIs, name: str, negated: bool, today: date) -> Asked:
    operator, value = leaf.operator, leaf.value
    if operator == "empty":
        return Asked(compare(name, "!=" if negated else "=", None), exact=True)
    if leaf.field.kind == "date":
        return _days(leaf, name, negated, today)
    if operator in ("equals", "in"):
        values = tuple(map(_literal, value)) if isinstance(value, tuple) else (_literal(value),)
        # Beyond ASCII the org may fold letters otherwise than we do; the rule decides.
        exact = all(not isinstance(one, str) or one.isascii() for one in values)
        if negated and not exact:
            return EVERYBODY
        return Asked(_none_of(name, values) if negated else is_in(name, values), exact)
    if leaf.field.kind == "number":
        return Asked(_numbers(name, operator, value, negated), exact=True)
    if negated:
        return EVERYBODY
    # % and _ find more than themselves, which is what a first sieve may do.
    return Asked(_like(name, operator, str(value)), exact=str(value).isascii() and not set("%_\\") & set(str(value)))


def _none_of(name: str, values: tuple[Literal, ...]) -> Condition:
    return both(*(compare(name, "!=", one) for one in values))


def _literal(value: object) -> Literal:
    assert value is None or isinstance(value, str | int | float | bool)  # noqa: S101  (by the parser)
    return value


def _like(name: str, operator: str, value: str) -> Condition:
    if "\\" in value or not value.isascii():
        return compare(name, "!=", None)
    before, after = {"contains": ("%", "%"), "starts with": ("", "%"), "ends with": ("%", "")}[operator]
    return compare(name, "LIKE", f"{before}{value}{after}")


def _numbers(name: str, operator: str, value: object, negated: bool) -> Condition:
    if isinstance(value, tuple):
        low, high = value
        if negated:
            return either(compare(name, "<", low), compare(name, ">", high), equals(name, None))
        return both(compare(name, ">=", low), compare(name, "<=", high))
    if negated:
        return either(compare(name, _FLIPPED[operator], _literal(value)), equals(name, None))
    return compare(name, _COMPARED[operator], _literal(value))


def _days(leaf: FieldIs, name: str, negated: bool, today: date) -> Asked:
    """First and last day that fit, as dates or as the moments at which those days begin and end in UTC."""
    first, last = _first_and_last(leaf, today)
    moment = leaf.field.is_moment
    begins: Literal = None if first is None else (_start(first) if moment else first)
    ends: Literal = None if last is None else (_start(last + timedelta(days=1)) if moment else last)
    past_end, upto_end = (">=", "<") if moment else (">", "<=")
    if negated:
        outside = [equals(name, None)]
        outside += [compare(name, "<", begins)] if begins is not None else []
        outside += [compare(name, past_end, ends)] if ends is not None else []
        return Asked(either(*outside), exact=True)
    inside = [compare(name, "!=", None)]
    inside += [compare(name, ">=", begins)] if begins is not None else []
    inside += [compare(name, upto_end, ends)] if ends is not None else []
    return Asked(both(*inside), exact=True)


def _first_and_last(leaf: FieldIs, today: date) -> tuple[date | None, date | None]:
    if leaf.operator in RELATIVE:
        assert isinstance(leaf.value, Span)  # noqa: S101  (by the parser)
        return window(leaf.operator, leaf.value, today)
    if isinstance(leaf.value, tuple):
        return date.fromisoformat(str(leaf.value[0])), date.fromisoformat(str(leaf.value[1]))
    day = date.fromisoformat(str(leaf.value))
    one = timedelta(days=1)
    return {
        "equals": (day, day),
        "greater": (min(day, date.max - 2 * one) + one, None),
        "at least": (day, None),
        "less": (None, max(day, date.min + one) - one),
        "at most": (None, day),
    }[leaf.operator]


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _source(leaf: Source, of: str, negated: bool) -> Asked:
    fields = [_path(of, name) for name in leaf.needs()]
    if negated:
        channels: tuple[Literal, ...] = tuple(sorted(leaf.channels))
        return Asked(both(*(_none_of(name, channels) for name in fields)), exact=True)
    return Asked(either(*(is_in(name, leaf.channels) for name in fields)), exact=True)


def _near(leaf: Near, of: str) -> Asked:
    """A band of latitudes around the circle, and those whose city alone says where they live."""
    latitude, longitude, city = (_path(of, name) for name in (LATITUDE, LONGITUDE, Candidate.CITY))
    half = leaf.km / KM_PER_DEGREE + 0.1
    band = both(compare(latitude, ">=", leaf.latitude - half), compare(latitude, "<=", leaf.latitude + half))
    unknown = either(equals(latitude, None), equals(longitude, None))
    return Asked(either(band, both(unknown, compare(city, "!=", None))))
