"""Pools over a million candidates: working one out as a whole against a bare SQL scan, and 1,000 changes against that.

The candidates lie in the embedded org's own SQLite file. The product's code asks it in SOQL, through the org's parser
and compiler but without HTTP, JSON and the 2,000 rows of a page: what is measured is the judging, not a network. The
peer runs one SELECT that a database programmer would write for the rule on the same file and collects the ids. Nobody
writes memberships on either side. A change is one candidate whose field was changed: facts are read, held against the
marks of the last time (kept in memory here, in DynamoDB in AWS), the rules that name the field are asked, the new marks
are kept. Processor time of this process, SQLite included.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from integration.bench._frame import Row
from integration.local.org.app import OrgApp
from integration.local.org.ids import new_id
from integration.local.org.soql import run as run_soql
from integration.local.org.store import open_connection
from integration.metadata.read import read
from integration.model.segment import Rule
from integration.model.segment_fields import Field
from integration.model.segment_parsing import parse
from integration.pools import book, judging
from integration.pools.directory import Directory
from integration.pools.facts import IDS_PER_QUERY, facts_of
from integration.pools.fitting import fitting
from integration.ports import Item, Record

PEOPLE = 1_000_000
CHANGES = 1_000
REBUILD_GOAL = 1.5
CHANGES_GOAL = 0.04
TODAY = date(2026, 3, 31)
_METADATA = Path(__file__).parents[2] / "sf_metadata" / "main" / "default"
_FIELDS = {
    "City__c": Field("City__c", "City", "text"),
    "Rating__c": Field("Rating__c", "Rating", "number"),
    "Lifecycle__c": Field("Lifecycle__c", "Lifecycle", "choice"),
    "Collected_At__c": Field("Collected_At__c", "Collected at", "date", is_moment=True),
    "Title__c": Field("Title__c", "Job title", "text"),
}
RULES: Mapping[str, tuple[dict[str, Any], str]] = {
    "a few of all": (
        {
            "all": [
                {"field": "City__c", "is": "in", "value": ["Cork", "Porto"]},
                {"field": "Rating__c", "is": "at least", "value": 4},
                {"field": "Lifecycle__c", "is": "equals", "value": "Alumni"},
            ]
        },
        "City__c COLLATE NOCASE IN ('Cork', 'Porto') AND Rating__c >= 4 AND Lifecycle__c = 'Alumni'",
    ),
    "nearly half": (
        {
            "any": [
                {"field": "Collected_At__c", "is": "in the last", "value": "90 days"},
                {"field": "Rating__c", "is": "equals", "value": 5},
            ]
        },
        "(Collected_At__c >= '2025-12-31' AND Collected_At__c < '2026-04-01') OR Rating__c = 5",
    ),
    "a word of the title": (
        {
            "all": [
                {"field": "Title__c", "is": "contains", "value": "nurse"},
                {"field": "City__c", "is": "equals", "value": "Lyon"},
            ]
        },
        "Title__c LIKE '%nurse%' AND City__c = 'Lyon' COLLATE NOCASE",
    ),
    "known for long": (
        {
            "all": [
                {"field": "Collected_At__c", "is": "more than ago", "value": "2 years"},
                {"field": "Lifecycle__c", "is": "not equals", "value": "Employee"},
                {"field": "City__c", "is": "in", "value": ["Graz", "Turin"]},
            ]
        },
        "Collected_At__c < '2024-03-31' AND (Lifecycle__c IS NULL OR Lifecycle__c <> 'Employee')"
        " AND City__c COLLATE NOCASE IN ('Graz', 'Turin')",
    ),
    "tagged, but not applicants": (
        {
            "all": [
                {"skill": "python"},
                {"field": "Rating__c", "is": "at least", "value": 3},
                {"not": {"field": "Lifecycle__c", "is": "equals", "value": "Applicant"}},
            ]
        },
        "Rating__c >= 3 AND (Lifecycle__c IS NULL OR Lifecycle__c <> 'Applicant') AND Id IN (SELECT ct.Candidate__c"
        " FROM Candidate_Tag__c ct JOIN Tag__c t ON t.Id = ct.Tag__c WHERE t.Name = 'python' AND t.Kind__c = 'Skill')",
    ),
}


def run(runs: int) -> list[Row]:
    """Row 10 of the goals."""
    with people(PEOPLE) as (app, connection):
        return measured(app, connection, runs, CHANGES)


def measured(app: Any, connection: sqlite3.Connection, runs: int, changes: int) -> list[Row]:
    """Each rule as a whole, then all of them for some changed candidates."""
    directory = Directory(app)
    rules = {name: parse(rule, _FIELDS, directory) for name, (rule, _) in RULES.items()}
    rows, whole, bare = [], 0.0, 0.0
    for name, rule in rules.items():
        sql = f"SELECT Id FROM Candidate__c WHERE IsDeleted = 0 AND ({RULES[name][1]})"  # noqa: S608
        ours, theirs = _held_against(partial(fitting, app, rule, TODAY), partial(_scan, connection, sql), runs)
        rows.append(Row(f"rebuild: {name}", "ms", ours * 1_000, REBUILD_GOAL, theirs * 1_000))
        whole, bare = whole + ours, bare + theirs
    rows.append(Row(f"rebuild: all {len(rules)} pools", "ms", whole * 1_000, REBUILD_GOAL, bare * 1_000))
    changed = _Changes(app, connection, rules, changes)
    changed.judge()  # everybody is new the first time
    cost = median(changed.once(number) for number in range(runs))
    name = f"{changes:,} changes, against the rebuild of all"
    rows.append(Row(name, "ms", cost * 1_000, CHANGES_GOAL, whole * 1_000))
    return rows


def _held_against(product: Callable[[], set[str]], peer: Callable[[], set[str]], runs: int) -> tuple[float, float]:
    """Seconds of each, in turn. Raises when the two do not find the same people."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        found = []
        for work, spent in zip((product, peer), times, strict=True):
            start = time.process_time()
            found.append(work())
            spent.append(time.process_time() - start)
        if found[0] != found[1] or not found[0]:
            raise SystemExit(f"the rule finds {len(found[0])} people, the scan {len(found[1])}")
    return median(times[0]), median(times[1])


def _scan(connection: sqlite3.Connection, sql: str) -> set[str]:
    return {row[0] for row in connection.execute(sql)}


class _Changes:
    """So many candidates whose rating, or title, changed; nobody else is looked at."""

    def __init__(self, app: Any, connection: sqlite3.Connection, rules: Mapping[str, Rule], changes: int) -> None:
        self._app, self._connection = app, connection
        self._book = book.of_rules(Directory(app), dict(rules))
        chance = random.Random(2)  # noqa: S311
        every = [row[0] for row in connection.execute("SELECT Id FROM Candidate__c")]
        self._ids = sorted(chance.sample(every, changes))

    def once(self, number: int) -> float:
        """Seconds for the judging of all, after their rating was changed."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "UPDATE Candidate__c SET Rating__c = ? WHERE Id = ?", [(number % 5 + 1, one) for one in self._ids]
        )
        self._connection.execute("COMMIT")
        start = time.process_time()
        judged = self.judge()
        spent = time.process_time() - start
        if not judged:
            raise SystemExit("no rule was asked")
        return spent

    def judge(self) -> int:
        """As judging does, without the writing of memberships; how often a rule was asked."""
        asked = 0
        for start in range(0, len(self._ids), IDS_PER_QUERY):
            part = self._ids[start : start + IDS_PER_QUERY]
            seen = judging.seen_of(self._app, part)
            facts = facts_of(self._app, part, self._book.needs, TODAY)
            work, marks = judging.touched(self._book, facts, seen, ())
            for pool, candidates in work.items():
                rule = self._book.rules[pool]
                asked += len(candidates)
                {one for one in candidates if rule.matches(facts[one])}
            judging.remember(self._app, marks, seen)
        return asked


class _Org:
    """The part of the Salesforce port that judging reads through, on the embedded org's file."""

    def __init__(self, org: OrgApp, connection: sqlite3.Connection) -> None:
        self._org, self._connection = org, connection
        self._user: Any = org.user("integration")

    def rows(self, soql: str) -> Iterator[Record]:
        result = run_soql(self._connection, self._org.catalog, soql, user=self._user, now=self._org.now())
        raw: Any = result.raw()
        names = [(column.name, column.index, column.show) for column in result.columns]
        if len(names) == 1 and names[0][2] is None:
            [(name, index, _)] = names
            return ({name: row[index]} for row in raw)
        shown: Any = ({name: row[at] if show is None else show(row[at]) for name, at, show in names} for row in raw)
        found: Iterator[Record] = shown
        return found

    def query(self, soql: str) -> list[Record]:
        return list(self.rows(soql))

    def together(self, soqls: Sequence[str]) -> list[list[Record]]:
        return [self.query(soql) for soql in soqls]


class _Table:
    """The `people` table, in memory."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        return {key: dict(self._items[key]) for key in keys if key in self._items}

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any]) -> bool:
        before = self._items.get((pk, sk), {})
        if any(before.get(name) != value for name, value in only_if.items()):
            return False
        self._items[pk, sk] = {**before, **values}
        return True


@contextmanager
def people(amount: int) -> Iterator[tuple[Any, sqlite3.Connection]]:
    """An app on an org with so many candidates, a tenth of them with a skill; and the way to its file."""
    with TemporaryDirectory(prefix="warmbench-pool-") as folder:
        database = Path(folder) / "org.db"
        org = OrgApp(read(_METADATA), database)
        connection = open_connection(str(database))
        _fill(org, connection, amount)
        clock = SimpleNamespace(now=lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC))
        yield SimpleNamespace(salesforce=_Org(org, connection), people=_Table(), clock=clock), connection
        connection.close()
        org.close()


def _fill(org: OrgApp, connection: sqlite3.Connection, amount: int) -> None:
    chance = random.Random(1)  # noqa: S311 (the same people in every run)
    owner = org.user("integration").id
    stamp = "2026-03-01T00:00:00.000Z"
    cities = ("Cork", "Berlin", "Lyon", "Porto", "Galway", "Graz", "Bergen", "Turin")
    jobs = ("Nurse", "Senior nurse", "Engineer", "Buyer", "Welder", "Planner", "Teacher", "Driver", "Cook", "Clerk")
    stages = ("Prospect", "Applicant", "Employee", "Alumni")

    def person(number: int) -> tuple[object, ...]:
        collected = f"20{chance.randint(23, 26)}-{chance.randint(1, 3):02}-{chance.randint(1, 28):02}T10:00:00.000Z"
        rating = chance.choice((None, 1, 2, 3, 4, 5))
        title = f"{chance.choice(jobs)} {number % 90}"
        names = (f"Person {number}", f"P{number}")
        known = (chance.choice(cities), rating, chance.choice(stages), collected, title)
        return (new_id("a0C", number), owner, stamp, owner, stamp, owner, stamp, 0, *names, *known)

    columns = ("Id, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, IsDeleted,"
               " Name, Last_Name__c, City__c, Rating__c, Lifecycle__c, Collected_At__c,"
               " Title__c")  # fmt: skip
    audit = "Id, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, IsDeleted"
    audited = (stamp, owner, stamp, owner, stamp, 0)
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO Candidate__c ({columns}) VALUES ({', '.join('?' * 15)})",  # noqa: S608
        map(person, range(amount)),
    )
    tag = (new_id("a0T", 1), *audited, owner, "python", "python", "Skill")
    connection.execute(f"INSERT INTO Tag__c ({audit}, OwnerId, Name, Key__c, Kind__c) VALUES ({'?,' * 10}?)", tag)  # noqa: S608
    connection.executemany(
        f"INSERT INTO Candidate_Tag__c ({audit}, Name, Candidate__c, Tag__c, Key__c) VALUES ({'?,' * 10}?)",  # noqa: S608
        ((new_id("a0X", number), *audited, f"CT-{number}", new_id("a0C", number), tag[0], str(number))
         for number in range(0, amount, 10)),
    )  # fmt: skip
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
