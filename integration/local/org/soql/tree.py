"""A parsed query as values. `at` is the position in the text, for error messages."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["string", "number", "boolean", "null", "date", "datetime", "time", "literal"]
"""`literal` is a date literal such as TODAY or LAST_N_DAYS:3."""


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


Expression = Path | Call


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


Condition = Comparison | Membership | Semijoin | Not | Group


@dataclass(frozen=True)
class Column:
    expression: Expression
    alias: str = ""


@dataclass(frozen=True)
class Fields:
    """FIELDS(ALL | STANDARD | CUSTOM)."""

    which: Literal["ALL", "STANDARD", "CUSTOM"]
    at: int


@dataclass(frozen=True)
class Subquery:
    query: "Query"


Item = Column | Fields | Subquery


@dataclass(frozen=True)
class Order:
    expression: Expression
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True)
class Query:
    items: tuple[Item, ...]
    source: str
    """An object, or in a child subquery a relationship."""
    source_at: int
    at: int = 0
    alias: str = ""
    where: Condition | None = None
    group_by: tuple[Expression, ...] = ()
    having: Condition | None = None
    having_at: int = 0
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    offset_at: int = 0
    all_rows: bool = False
    clauses: frozenset[str] = field(default_factory=frozenset)
    """Clauses that change no row: FOR VIEW, FOR UPDATE, WITH USER_MODE …"""
