"""The conditions of a rule, each a question about one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import asin, cos, radians, sin, sqrt
from operator import eq, ge, gt, le, lt
from typing import Any

from integration.model.segment_dates import Span, holds
from integration.model.segment_fields import RELATIVE, Field, Operand, Scalar
from integration.model.vocabulary import Touch

NameOf = Callable[[str], str]
_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "equals": eq, "greater": gt, "less": lt, "at least": ge, "at most": le,
}  # fmt: skip
FIRST_SOURCE, LAST_SOURCE = "First_Source__c", "Last_Source__c"
PLACE = ("City__c", "Region__c", "Country__c", "Geo__Latitude__s", "Geo__Longitude__s")
EARTH_KM = 6371.0
TAGS, TOUCHES = "tags", "touches"


@dataclass(frozen=True)
class Standing:
    """How somebody stands in a pool of which they are a member."""

    stage: str = ""
    rating: float | None = None


@dataclass(frozen=True)
class Touched:
    """Something a person did, by human verdict; machines leave none. `day` is unknown for opened mails."""

    what: str
    campaign: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about one person."""

    values: Mapping[str, Scalar]
    tags: frozenset[str] = frozenset()
    """Names, in small letters."""
    skills: frozenset[str] = frozenset()
    pools: Mapping[str, Standing] = field(default_factory=dict)
    touches: tuple[Touched, ...] = ()
    position: tuple[float, float] | None = None
    today: date = date.min


def quoted(text: str) -> str:
    return f"“{text}”"


_WORDS = {
    "equals": ("is", "is not"),
    "in": ("is one of", "is none of"),
    "contains": ("contains", "does not contain"),
    "starts with": ("starts with", "does not start with"),
    "ends with": ("ends with", "does not end with"),
    "greater": ("is above", "is not above"),
    "less": ("is below", "is not below"),
    "at least": ("is at least", "is not at least"),
    "at most": ("is at most", "is not at most"),
    "between": ("is between", "is not between"),
    "empty": ("is empty", "is not empty"),
    "in the last": ("is in the last", "is not in the last"),
    "more than ago": ("is more than", "is not more than"),
    "in the next": ("is in the next", "is not in the next"),
}
_DATE_WORDS = {
    "equals": ("is on", "is not on"),
    "greater": ("is after", "is not after"),
    "less": ("is before", "is not before"),
    "at least": ("is on or after", "is not on or after"),
    "at most": ("is on or before", "is not on or before"),
}


@dataclass(frozen=True)
class FieldIs:
    field: Field
    operator: str
    value: Operand = None
    negated: bool = False

    def needs(self) -> tuple[str, ...]:
        return (self.field.name,)

    def matches(self, facts: Facts) -> bool:
        return self._holds(facts.values.get(self.field.name), facts.today) is not self.negated

    def _holds(self, have: Scalar, today: date) -> bool:
        if have is None or have == "":
            return self.operator == "empty"
        if self.operator == "empty":
            return False
        if self.operator in RELATIVE:
            assert isinstance(self.value, Span)  # noqa: S101  (by the parser)
            return holds(self.operator, self.value, date.fromisoformat(str(have)[:10]), today)
        if self.field.kind == "number":
            return _ordered(self.operator, float(have), self.value)
        if self.field.kind == "date":
            return _ordered(self.operator, str(have)[:10], self.value)
        if self.field.kind == "yes":
            return have is self.value
        if self.field.kind == "reference":
            wanted = self.value if isinstance(self.value, tuple) else (self.value,)
            return str(have)[:15] in {str(one)[:15] for one in wanted}
        return _worded(self.operator, str(have).lower(), self.value)

    def in_words(self, name_of: NameOf = quoted) -> str:
        is_date = self.field.kind == "date"
        verb = (_DATE_WORDS if is_date and self.operator in _DATE_WORDS else _WORDS)[self.operator][self.negated]
        if self.operator == "empty":
            return f"{self.field.label} {verb}"
        if isinstance(self.value, Span):
            end = " ago" if self.operator == "more than ago" else ""
            return f"{self.field.label} {verb} {self.value.in_words()}{end}"
        if isinstance(self.value, tuple):
            joined = " and " if self.operator == "between" else ", "
            return f"{self.field.label} {verb} {joined.join(self._said(one, name_of) for one in self.value)}"
        return f"{self.field.label} {verb} {self._said(self.value, name_of)}"

    def _said(self, value: Scalar, name_of: NameOf) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return name_of(value) if self.field.kind == "reference" and isinstance(value, str) else str(value)


@dataclass(frozen=True)
class HasTag:
    tag: str
    is_skill: bool = False

    def needs(self) -> tuple[str, ...]:
        return (TAGS,)

    def matches(self, facts: Facts) -> bool:
        return self.tag.lower() in (facts.skills if self.is_skill else facts.tags)

    def in_words(self, name_of: NameOf = quoted) -> str:
        return f"has the {'skill' if self.is_skill else 'tag'} {self.tag}"


@dataclass(frozen=True)
class InPool:
    """Member of a pool, or of any pool below a folder."""

    pool: str
    any_of: frozenset[str]
    stages: tuple[str, ...] = ()
    least_rating: float | None = None
    is_folder: bool = False

    def needs(self) -> tuple[str, ...]:
        return tuple(f"pool:{one}" for one in sorted(self.any_of))

    def matches(self, facts: Facts) -> bool:
        return any(self.accepts(facts.pools[one]) for one in self.any_of & facts.pools.keys())

    def accepts(self, standing: Standing) -> bool:
        if self.stages and standing.stage not in self.stages:
            return False
        return self.least_rating is None or (standing.rating or 0) >= self.least_rating

    def in_words(self, name_of: NameOf = quoted) -> str:
        words = f"is a member of {'a pool in ' if self.is_folder else ''}{name_of(self.pool)}"
        if self.stages:
            words += f" at the stage {' or '.join(self.stages)}"
        return words if self.least_rating is None else f"{words} rated {self.least_rating:g} or better"


@dataclass(frozen=True)
class Engaged:
    """Did something with our mails or us; judged human, never by a scanner."""

    what: str
    campaign: str = ""
    within: Span | None = None

    def needs(self) -> tuple[str, ...]:
        return (TOUCHES,)

    def matches(self, facts: Facts) -> bool:
        return any(
            touch.what == self.what
            and self.campaign in ("", touch.campaign)
            and (
                self.within is None
                or (touch.day is not None and holds("in the last", self.within, touch.day, facts.today))
            )
            for touch in facts.touches
        )

    def in_words(self, name_of: NameOf = quoted) -> str:
        where = f" {ENGAGEMENTS[self.what].of} {name_of(self.campaign)}" if self.campaign else ""
        when = f" in the last {self.within.in_words()}" if self.within else ""
        return f"{self.what}{where}{when}"


@dataclass(frozen=True)
class Engagement:
    """A word of `engaged`, and the touchpoint that proves it."""

    of: str = "the campaign"
    touch: Touch | None = None


ENGAGEMENTS: Mapping[str, Engagement] = {
    "opened": Engagement(),
    "clicked": Engagement(touch=Touch.FIRST_CLICK),
    "replied": Engagement("to the campaign", Touch.REPLIED),
    "registered": Engagement("through the campaign", Touch.REGISTERED),
    "applied": Engagement("through the campaign", Touch.APPLIED),
    "attended": Engagement("through the campaign", Touch.ATTENDED),
    "called": Engagement("for the campaign", Touch.CALLED),
    "interviewed": Engagement("for the campaign", Touch.INTERVIEWED),
    "referred": Engagement("through the campaign", Touch.REFERRED),
    "hired": Engagement("through the campaign", Touch.HIRED),
}


@dataclass(frozen=True)
class Source:
    """Came by a channel: first, last, or either."""

    which: str
    channels: frozenset[str]

    def needs(self) -> tuple[str, ...]:
        return {"first": (FIRST_SOURCE,), "last": (LAST_SOURCE,)}.get(self.which, (FIRST_SOURCE, LAST_SOURCE))

    def matches(self, facts: Facts) -> bool:
        return any(str(facts.values.get(name) or "")[:18] in self.channels for name in self.needs())

    def in_words(self, name_of: NameOf = quoted) -> str:
        which = "First or last" if self.which == "either" else self.which.capitalize()
        return f"{which} source is {' or '.join(sorted(map(name_of, self.channels)))}"


@dataclass(frozen=True)
class Near:
    """Lives within so many kilometres of a city."""

    place: str
    latitude: float
    longitude: float
    km: float

    def needs(self) -> tuple[str, ...]:
        return PLACE

    def matches(self, facts: Facts) -> bool:
        return facts.position is not None and distance_km((self.latitude, self.longitude), facts.position) <= self.km

    def in_words(self, name_of: NameOf = quoted) -> str:
        return f"lives within {self.km:g} km of {self.place}"


Leaf = FieldIs | HasTag | InPool | Engaged | Source | Near


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of the earth."""
    (lat1, lon1), (lat2, lon2) = ((radians(point[0]), radians(point[1])) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _ordered(operator: str, have: Any, value: Any) -> bool:
    """Numbers with numbers, days with days as ISO text."""
    kind = type(have)
    if isinstance(value, tuple):
        if operator == "between":
            return bool(kind(value[0]) <= have <= kind(value[1]))
        return have in {kind(one) for one in value}
    return bool(_COMPARISONS[operator](have, kind(value)))


def _worded(operator: str, have: str, value: Operand) -> bool:
    if isinstance(value, tuple):
        return have in {str(one).lower() for one in value}
    wanted = str(value).lower()
    if operator == "equals":
        return have == wanted
    if operator == "contains":
        return wanted in have
    return have.startswith(wanted) if operator == "starts with" else have.endswith(wanted)
