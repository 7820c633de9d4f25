"""Names of a query to SQL: fields of the object and of its parents, with the joins they need."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from integration.local.org.catalog import COMPOUND_TYPES, Catalog, FieldInfo, ObjectInfo
from integration.local.org.soql.errors import (
    SoqlError,
    located,
    no_such_field,
    no_such_object,
    no_such_relationship,
    not_implemented,
)
from integration.local.org.soql.polymorphic import NAME, candidates, is_polymorphic, lookup
from integration.local.org.soql.tree import Path, Source

_MOST_PARENTS = 5
_MOST_JOINS = 55
_SYSTEM = "!"
"""Marks the relationships by which formulas reach parents that their reader cannot."""


class Reader(Protocol):
    """The user who asks."""

    @property
    def id(self) -> str: ...

    @property
    def time_zone(self) -> str: ...

    @property
    def locale(self) -> str: ...

    def can_query(self, object_name: str) -> bool:
        """Object permissions: an object that cannot be read does not exist for the query."""
        ...

    def can_read(self, object_name: str, field_name: str) -> bool:
        """Field-level security: a field that cannot be read does not exist for the query."""
        ...

    def sees(self, info: ObjectInfo, table: str, bind: Callable[[object], str]) -> str:
        """Sharing: what records of a table must fulfil to be there for the query; empty: all are."""
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
    version: float = 63.0
    """Of the API; decides how deep subqueries may stand in subqueries."""
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

    def coordinates(self) -> tuple[FieldInfo, FieldInfo]:
        """The two numbers behind a geolocation or an address."""
        parts = self.owner.parts(self.name)
        latitude, longitude = (next(each for each in parts if word in each.name) for word in ("Latitude", "Longitude"))
        return latitude, longitude


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
    _pointers: dict[tuple[str, ...], tuple[FieldInfo, str]] = field(default_factory=dict)
    """Relationships to records of several objects: the reference, and SQL for the id."""
    _shared: set[tuple[str, ...]] = field(default_factory=set)
    """Ways to parents that sharing may hide."""
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Aliases of further objects in FROM, in lower case: the relationships that they stand for."""

    def __post_init__(self) -> None:
        self.table = self.compilation.alias()
        self._joins[()] = (self.info, self.table)

    def seen(self) -> list[str]:
        """What the query's own records must fulfil to be shown to its reader."""
        condition = self.compilation.reader.sees(self.info, self.table, self.compilation.bind)
        return [condition] if condition else []

    def source(self) -> str:
        """The FROM clause; complete once every name is resolved."""
        return " ".join([f'"{self.info.name}" AS {self.table}', *self._join_sql])

    def resolve(self, path: Path, start: tuple[str, ...] = ()) -> Resolved:
        """The field that a path of the query names, seen from its object or from one that was walked to."""
        names = path.names if start else self.without_prefix(path.names)
        owner, through = self.walk(names[:-1], path.at, start=start)
        found = owner.field(names[-1])
        if found is None or not self._can_read(owner, found):
            raise no_such_field(self.compilation.text, path.at, path.names[-1], owner.name)
        sql = self.sql(found, through)
        if found.formula and through in self._shared:
            # The formula itself counts with what its reader cannot see, but not for a record that is hidden as a whole.
            sql = f"(CASE WHEN {self.identity(through)} IS NOT NULL THEN {sql} END)"
        return Resolved(path, owner, found, through, sql)

    def _can_read(self, owner: ObjectInfo, found: FieldInfo) -> bool:
        return owner is NAME or self.compilation.reader.can_read(owner.name, found.name)

    def add(self, source: Source) -> None:
        """A further object in FROM: a name for a way through parents."""
        names = self.without_prefix(source.path.names)
        try:
            self.walk(names, source.path.at)
        except SoqlError as error:
            at = source.path.at
            raise no_such_relationship(self.compilation.text, at, source.path.text, child=True) from error
        self._names[(source.alias or names[-1]).lower()] = names

    def sql(self, found: FieldInfo, through: tuple[str, ...]) -> str:
        """The expression for a field of an object that was walked to."""
        if found.formula:
            return self.compilation.formula(found, self, through)
        if found.type in COMPOUND_TYPES:
            return "NULL"
        if through in self._pointers:
            reference, pointer = self._pointers[through]
            return lookup(candidates(self.compilation.catalog, reference), pointer, found.name)
        return f'{self._joins[through][1]}."{found.name}"'

    def identity(self, through: tuple[str, ...]) -> str:
        if through in self._pointers:
            return self._pointers[through][1]
        return f'{self._joins[through][1]}."Id"'

    def owner(self, through: tuple[str, ...]) -> ObjectInfo:
        return self._joins[through][0]

    def walk(
        self, names: tuple[str, ...], at: int, *, start: tuple[str, ...] = (), trusted: bool = False
    ) -> tuple[ObjectInfo, tuple[str, ...]]:
        """Joins the parents that the relationship names lead through. Formulas are trusted to read any field."""
        if len(names) > _MOST_PARENTS and not trusted:
            raise no_such_relationship(self.compilation.text, at, names[_MOST_PARENTS])
        through = start
        for name in names:
            through = self._join(through, name.removesuffix(_SYSTEM), at, trusted)
        return self._joins[through][0], through

    def reference(self, through: tuple[str, ...], name: str, at: int, *, trusted: bool = False) -> FieldInfo:
        """The reference field behind a relationship of an object that was walked to."""
        owner = self.owner(through)
        found = owner.relationship(name)
        if found is None or not (trusted or self._can_read(owner, found)):
            raise no_such_relationship(self.compilation.text, at, name)
        return found

    def _join(self, through: tuple[str, ...], name: str, at: int, trusted: bool) -> tuple[str, ...]:
        reference = self.reference(through, name, at, trusted=trusted)
        hides = self._hides(reference)
        longer = (*through, reference.relationship_name + (_SYSTEM if trusted and hides else ""))
        if longer in self._joins:
            return longer
        if is_polymorphic(reference):
            self._pointers[longer] = (reference, self.sql(reference, through))
            self._joins[longer] = (NAME, "")
            return longer
        parent = self.compilation.catalog.object(reference.reference_to[0])
        if parent is None:
            raise not_implemented(self.compilation.text, at, f"the path through {name}, whose object is not here,")
        self.join(longer, parent, self.sql(reference, through), at, trusted=trusted)
        if not trusted and (hides or through in self._shared):
            self._shared.add(longer)
        return longer

    def _hides(self, reference: FieldInfo) -> bool:
        """Whether sharing may hide the parent that a reference leads to from the reader."""
        parent = None if is_polymorphic(reference) else self.compilation.catalog.object(reference.reference_to[0])
        return parent is not None and bool(self.compilation.reader.sees(parent, "t", lambda value: "NULL"))

    def join(self, key: tuple[str, ...], parent: ObjectInfo, pointer: str, at: int, *, trusted: bool = False) -> None:
        """Joins an object by the SQL of its id, under a key of its own; a record that is not shared is not there."""
        if len(self._join_sql) == _MOST_JOINS:
            reason = f"a query can name at most {_MOST_JOINS} parents"
            raise located("MALFORMED_QUERY", self.compilation.text, at, reason)
        joined = self.compilation.alias()
        condition = "" if trusted else self.compilation.reader.sees(parent, joined, self.compilation.bind)
        shared = f" AND {condition}" if condition else ""
        self._joins[key] = (parent, joined)
        self._join_sql.append(f'LEFT JOIN "{parent.name}" AS {joined} ON {joined}."Id" = {pointer}{shared}')

    def without_prefix(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """`a.Name` and `Account.Name` in a query of Account a are just `Name`; `p.Name` may be `Pool__r.Name`."""
        first = names[0].lower()
        if len(names) > 1 and first in self._names:
            return (*self._names[first], *names[1:])
        if len(names) > 1 and first in (self.alias.lower(), self.info.name.lower()) and first:
            return names[1:]
        return names
