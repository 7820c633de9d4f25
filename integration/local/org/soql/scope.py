"""Names of a query to SQL: fields of the object and of its parents, with the joins they need."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.soql.errors import (
    no_such_field,
    no_such_object,
    no_such_relationship,
    not_implemented,
)
from integration.local.org.soql.tree import Path

_MOST_PARENTS = 5


class Reader(Protocol):
    """The user who asks."""

    @property
    def id(self) -> str: ...

    @property
    def time_zone(self) -> str: ...

    def can_query(self, object_name: str) -> bool:
        """Object permissions: an object that cannot be read does not exist for the query."""
        ...

    def can_read(self, object_name: str, field_name: str) -> bool:
        """Field-level security: a field that cannot be read does not exist for the query."""
        ...


FormulaCompiler = Callable[[FieldInfo, "Scope", tuple[str, ...]], str]


@dataclass
class Compilation:
    """What all parts of one query share."""

    text: str
    catalog: Catalog
    reader: Reader
    now: datetime
    include_deleted: bool
    formula: FormulaCompiler
    parameters: list[object] = field(default_factory=list)
    semijoins: int = 0
    _aliases: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reader.time_zone)

    def bind(self, value: object) -> str:
        """A placeholder for the value."""
        self.parameters.append(value)
        return f"?{len(self.parameters)}"

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def object(self, name: str, at: int) -> ObjectInfo:
        found = self.catalog.object(name)
        if found is None or found.is_event or not self.reader.can_query(found.name):
            raise no_such_object(self.text, at, name)
        return found


@dataclass(frozen=True)
class Resolved:
    """A field that a path leads to."""

    path: Path
    owner: ObjectInfo
    field: FieldInfo
    through: tuple[str, ...]
    """Relationship names from the query's object to the owner, in the org's spelling."""
    sql: str

    @property
    def name(self) -> str:
        return self.field.name


@dataclass
class Scope:
    """One object in FROM with the parents joined to it."""

    compilation: Compilation
    info: ObjectInfo
    alias: str
    """The query's own alias for the object, if it gave one."""
    table: str = ""
    _joins: dict[tuple[str, ...], tuple[ObjectInfo, str]] = field(default_factory=dict)
    _join_sql: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.table = self.compilation.alias()
        self._joins[()] = (self.info, self.table)

    def source(self) -> str:
        """The FROM clause; complete once every name is resolved."""
        return " ".join([f'"{self.info.name}" AS {self.table}', *self._join_sql])

    def resolve(self, path: Path) -> Resolved:
        """The field that a path of the query names."""
        names = self._without_prefix(path.names)
        owner, through = self.walk(names[:-1], path.at)
        found = owner.field(names[-1])
        if found is None or not self.compilation.reader.can_read(owner.name, found.name):
            raise no_such_field(self.compilation.text, path.at, path.names[-1], owner.name)
        return Resolved(path, owner, found, through, self.sql(found, through))

    def sql(self, found: FieldInfo, through: tuple[str, ...]) -> str:
        """The expression for a field of an object that was walked to."""
        if found.formula:
            return self.compilation.formula(found, self, through)
        if found.type == "Location":
            return "NULL"
        return f'{self._joins[through][1]}."{found.name}"'

    def identity(self, through: tuple[str, ...]) -> str:
        return f'{self._joins[through][1]}."Id"'

    def owner(self, through: tuple[str, ...]) -> ObjectInfo:
        return self._joins[through][0]

    def walk(self, names: tuple[str, ...], at: int, *, trusted: bool = False) -> tuple[ObjectInfo, tuple[str, ...]]:
        """Joins the parents that the relationship names lead through. Formulas are trusted to read any field."""
        if len(names) > _MOST_PARENTS and not trusted:
            raise no_such_relationship(self.compilation.text, at, names[_MOST_PARENTS])
        through: tuple[str, ...] = ()
        for name in names:
            through = self._join(through, name, at, trusted)
        return self._joins[through][0], through

    def _join(self, through: tuple[str, ...], name: str, at: int, trusted: bool) -> tuple[str, ...]:
        owner, table = self._joins[through]
        reference = owner.relationship(name)
        readable = reference and (trusted or self.compilation.reader.can_read(owner.name, reference.name))
        if reference is None or not readable:
            raise no_such_relationship(self.compilation.text, at, name)
        longer = (*through, reference.relationship_name)
        if longer not in self._joins:
            parent = self.compilation.catalog.object(reference.reference_to[0]) if reference.reference_to else None
            if parent is None:
                raise not_implemented(self.compilation.text, at, f"the path through {name}, which may be any object,")
            joined = self.compilation.alias()
            self._joins[longer] = (parent, joined)
            self._join_sql.append(
                f'LEFT JOIN "{parent.name}" AS {joined} ON {joined}."Id" = {table}."{reference.name}"'
            )
        return longer

    def _without_prefix(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """`a.Name` and `Account.Name` in a query of Account a are just `Name`."""
        first = names[0].lower()
        if len(names) > 1 and first in (self.alias.lower(), self.info.name.lower()) and first:
            return names[1:]
        return names
