"""A parsed query as values. `at` is the position in the text, for error messages."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "number", "boolean", "null", "date", "datetime", "time", "literal", "currency"]
"""`literal` is a date literal such as TODAY or LAST_N_DAYS:3, `currency` an amount such as USD5000."""


@dataclass(frozen=True)
class Value:
    kind: Kind
    text: str
    """The value as written; for a string without quotes and with its escapes resolved."""
    at: int
    pattern: str = ""
    """A string as LIKE wants it: backslash escapes kept for `%`, `_` and itself."""


@dataclass(frozen=True)
class Path:
    """A field, perhaps reached through parents: `Pool__r.Name`."""

    names: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True)
class Call:
    """A function over fields; `name` is in upper case."""

    name: str
    arguments: "tuple[Expression, ...]"
    at: int


@dataclass(frozen=True)
class Geolocation:
    """GEOLOCATION(latitude, longitude); numbers as written."""

    latitude: str
    longitude: str
    at: int


@dataclass(frozen=True)
class Distance:
    """DISTANCE(place, place, unit)."""

    left: Path | Geolocation
    right: Path | Geolocation
    unit: str
    at: int


Expression = Path | Call | Distance


def written(expression: Expression) -> str:
    """How an error names the expression."""
    match expression:
        case Path():
            return expression.text
        case Call():
            return expression.name
        case Distance():
            return "DISTANCE"


@dataclass(frozen=True)
class Comparison:
    left: Expression
    operator: Literal["=", "!=", "<", "<=", ">", ">=", "LIKE"]
    right: Value
    operator_at: int


@dataclass(frozen=True)
class Membership:
    left: Expression
    operator: Literal["IN", "NOT IN", "INCLUDES", "EXCLUDES"]
    values: tuple[Value, ...]
    operator_at: int


@dataclass(frozen=True)
class Semijoin:
    left: Expression
    negated: bool
    query: "Query"


@dataclass(frozen=True)
class Not:
    condition: "Condition"
    at: int


@dataclass(frozen=True)
class Group:
    """Conditions joined by one operator."""

    operator: Literal["AND", "OR"]
    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Found:
    """The row is among these; not part of the grammar: what a text search found goes through a query like this."""

    ids: tuple[str, ...]


Condition = Comparison | Membership | Semijoin | Not | Group | Found


@dataclass(frozen=True)
class Column:
    expression: Expression
    alias: str = ""


@dataclass(frozen=True)
class Fields:
    """FIELDS(ALL | STANDARD | CUSTOM)."""

    which: Literal["ALL", "STANDARD", "CUSTOM"]
    at: int
    alias: str = ""


@dataclass(frozen=True)
class Subquery:
    query: "Query"


@dataclass(frozen=True)
class When:
    """One object of a TYPEOF and the fields to show of it."""

    object: Path
    fields: tuple[Path, ...]


@dataclass(frozen=True)
class TypeOf:
    """TYPEOF relationship WHEN object THEN fields … ELSE fields END."""

    path: Path
    whens: tuple[When, ...]
    otherwise: tuple[Path, ...]
    at: int


Item = Column | Fields | Subquery | TypeOf


@dataclass(frozen=True)
class Order:
    expression: Expression
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True)
class Source:
    """A further object after FROM: a relationship of an earlier one, with an alias."""

    path: Path
    alias: str = ""


@dataclass(frozen=True)
class Query:
    items: tuple[Item, ...]
    source: str
    """An object, or in a child subquery a relationship."""
    source_at: int
    at: int = 0
    alias: str = ""
    further: tuple[Source, ...] = ()
    scope: str = ""
    """The word after USING SCOPE."""
    scope_at: int = 0
    where: Condition | None = None
    categories: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """WITH DATA CATEGORY: group, selector, categories."""
    categories_at: int = 0
    group_by: tuple[Expression, ...] = ()
    subtotals: Literal["", "ROLLUP", "CUBE"] = ""
    having: Condition | None = None
    having_at: int = 0
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    offset_at: int = 0
    all_rows: bool = False
    clauses: tuple[str, ...] = ()
    """Clauses that change no row: FOR VIEW, FOR UPDATE, WITH USER_MODE …"""
