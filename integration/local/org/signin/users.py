"""The users of the org, what they may do, and the rows that a fresh database begins with."""

import sqlite3
from dataclasses import dataclass
from typing import Literal

from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.ids import new_id
from integration.local.org.security import Access, Bind, Level
from integration.local.org.store import Store, quoted

Kind = Literal["admin", "integration", "recruiter", "manager", "viewer"]

ORGANIZATION_NAME = "Warmbench Local"
ORGANIZATION_ID = "00D000000000001EAA"


@dataclass(frozen=True)
class Seat:
    """A user that every org has."""

    kind: Kind
    first_name: str
    last_name: str
    permission_set: str
    profile: str
    time_zone: str = "Europe/Dublin"

    @property
    def username(self) -> str:
        return f"{self.kind}@warmbench.local"


SEATS = (
    Seat("admin", "Demo", "Admin", "Warmbench_Recruiting_Admin", "System Administrator"),
    Seat(
        "integration",
        "Warmbench",
        "Integration",
        "Warmbench_Integration",
        "Minimum Access - API Only Integrations",
        "UTC",
    ),
    Seat("recruiter", "Demo", "Recruiter", "Warmbench_Recruiter", "Standard User"),
    Seat("manager", "Demo", "Manager", "Warmbench_Recruiting_Manager", "Standard User"),
    Seat("viewer", "Demo", "Viewer", "Warmbench_Recruiting_Viewer", "Standard User"),
)


@dataclass(frozen=True)
class User:
    """Who is asking."""

    id: str
    username: str
    name: str
    email: str
    profile: str
    time_zone: str
    locale: str
    role_id: str
    access: Access
    """What the profile and the assigned permission sets allow."""

    @property
    def is_admin(self) -> bool:
        return self.access.is_admin

    def can_query(self, object_name: str) -> bool:
        """Whether the object exists for this user."""
        return self.access.on(object_name).read

    def can_read(self, object_name: str, field_name: str) -> bool:
        """Whether the field exists for this user."""
        return field_name in self.access.on(object_name).readable

    def sees(self, info: ObjectInfo, table: str, bind: Bind, level: Level = "read") -> str:
        """What records of `table` must fulfil for this user to read, edit or own them; empty: all do."""
        return self.access.sharing.condition(self, info, table, level, bind)


def load_user(connection: sqlite3.Connection, catalog: Catalog, user_id: str) -> User | None:
    """An active user by id, with the rights of the moment."""
    row = connection.execute(
        "SELECT u.Id, u.Username, u.Name, u.Email, p.Name, u.TimeZoneSidKey, u.LocaleSidKey, u.UserRoleId"
        " FROM User u LEFT JOIN Profile p ON p.Id = u.ProfileId"
        " WHERE u.Id = ? AND u.IsActive = 1 AND u.IsDeleted = 0",
        (user_id,),
    ).fetchone()
    if not row:
        return None
    assigned = connection.execute(
        "SELECT s.Name FROM PermissionSetAssignment a JOIN PermissionSet s ON s.Id = a.PermissionSetId"
        " WHERE a.AssigneeId = ? AND a.IsDeleted = 0",
        (user_id,),
    )
    profile = row[4] or ""
    return User(
        id=row[0],
        username=row[1],
        name=row[2],
        email=row[3],
        profile=profile,
        time_zone=row[5] or "UTC",
        locale=row[6] or "en_US",
        role_id=row[7] or "",
        access=catalog.security.access(profile, [name for (name,) in assigned]),
    )


def user_id_of(connection: sqlite3.Connection, username: str) -> str:
    """The id of the active user of that name, or an empty text."""
    row = connection.execute(
        "SELECT Id FROM User WHERE Username = ? AND IsActive = 1 AND IsDeleted = 0", (username,)
    ).fetchone()
    return str(row[0]) if row else ""


def seed(store: Store, catalog: Catalog, now: str) -> None:
    """Makes the organisation and its users, each once; permission sets follow the metadata."""
    with store.writing() as connection:
        seeder = _Seeder(store, catalog, connection, now)
        seeder.permission_sets()
        if not connection.execute("SELECT 1 FROM Organization").fetchone():
            seeder.organization()
        # A database made by an earlier release has fewer seats.
        taken = {name for (name,) in connection.execute("SELECT Username FROM User")}
        for seat in SEATS:
            if seat.username not in taken:
                seeder.user(seat)


def follow_permission_sets(store: Store, catalog: Catalog, connection: sqlite3.Connection, now: str) -> None:
    """Gives an org that is running the permission sets that were deployed, and the seats those that are meant for them.

    A real org leaves the second to its admin.
    """
    seeder = _Seeder(store, catalog, connection, now)
    made = seeder.permission_sets()
    for seat in SEATS:
        if seat.permission_set in made and (user_id := user_id_of(connection, seat.username)):
            seeder.assign(seat, user_id)


class _Seeder:
    def __init__(self, store: Store, catalog: Catalog, connection: sqlite3.Connection, now: str) -> None:
        self._store = store
        self._catalog = catalog
        self._connection = connection
        self._now = now
        # The first user made is the admin's; whoever is seeded was created by it.
        self._creator = new_id("005", 1)

    def _insert(self, object_name: str, **values: object) -> str:
        info = self._catalog.objects[object_name]
        record_id = str(values.pop("Id", "") or self._store.next_id(info))
        row = {
            "Id": record_id,
            "CreatedDate": self._now,
            "CreatedById": self._creator,
            "LastModifiedDate": self._now,
            "LastModifiedById": self._creator,
            "SystemModstamp": self._now,
            **values,
        }
        columns = ", ".join(map(quoted, row))
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO {quoted(object_name)} ({columns}) VALUES ({marks})"  # noqa: S608
        self._connection.execute(sql, list(row.values()))
        return record_id

    def permission_sets(self) -> set[str]:
        """Makes those that are missing; their names."""
        present = {name for (name,) in self._connection.execute("SELECT Name FROM PermissionSet")}
        for each in self._catalog.schema.permission_sets.values():
            if each.name not in present:
                self._insert("PermissionSet", Name=each.name, Label=each.label)
        return self._catalog.schema.permission_sets.keys() - present

    def organization(self) -> None:
        self._insert(
            "Organization",
            Id=ORGANIZATION_ID,
            Name=ORGANIZATION_NAME,
            InstanceName="LOCAL",
            IsSandbox=1,
            OrganizationType="Developer Edition",
            LanguageLocaleKey="en_US",
            TimeZoneSidKey="Europe/Dublin",
            DefaultLocaleSidKey="en_IE",
        )

    def user(self, seat: Seat) -> None:
        user_id = self._insert(
            "User",
            Name=f"{seat.first_name} {seat.last_name}",
            Username=seat.username,
            FirstName=seat.first_name,
            LastName=seat.last_name,
            Email=seat.username,
            Alias=seat.kind[:8],
            IsActive=1,
            UserType="Standard",
            TimeZoneSidKey=seat.time_zone,
            LocaleSidKey="en_IE",
            LanguageLocaleKey="en_US",
            ProfileId=self._profile(seat.profile),
        )
        self.assign(seat, user_id)

    def assign(self, seat: Seat, user_id: str) -> None:
        """Gives a seat its permission set, if the metadata has it."""
        row = self._connection.execute("SELECT Id FROM PermissionSet WHERE Name = ?", (seat.permission_set,)).fetchone()
        if row:
            self._insert("PermissionSetAssignment", PermissionSetId=row[0], AssigneeId=user_id)

    def _profile(self, name: str) -> str:
        row = self._connection.execute("SELECT Id FROM Profile WHERE Name = ?", (name,)).fetchone()
        return row[0] if row else self._insert("Profile", Name=name, UserType="Standard")
