"""What queries return, held against evaluator.py on random records; hypothesis makes the same ones each time."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from integration.local.fidelity._check import Check
from integration.local.fidelity.soql.evaluator import (
    DATE_PARTS,
    Condition,
    Kind,
    Row,
    agree,
    apart,
    holds,
    sorted_rows,
    written,
)
from integration.local.fidelity.soql.examples import (
    ASCII,
    MEMBER,
    PERSON,
    ZONES,
    conditions,
    orders,
    worlds,
)
from integration.local.fidelity.soql.grouping import groups_are_right, repeatable, subtotals_are_right, totals_are_right
from integration.local.fidelity.soql.small_org import SmallOrg, World

Filled = tuple[list[Any], list[Any], list[Any]]
Keys = list[tuple[str, Kind, bool, bool]]


@cache
def _org() -> SmallOrg:
    return SmallOrg()


def _fill(world: Filled) -> World:
    return _org().fill(*world)


def _ids(text: str, zone: str = "UTC") -> list[Any]:
    return [record["Id"] for record in _org().query(text, zone)]


def shown(value: Any) -> Any:
    """A value as the REST API shows it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return value.isoformat() if isinstance(value, date) else value


@repeatable
@given(world=worlds(), condition=conditions(MEMBER), zone=ZONES)
def conditions_keep_the_right_rows(world: Filled, condition: Condition, zone: str) -> None:
    filled = _fill(world)
    found = _ids(f"SELECT Id FROM Member__c WHERE {written(condition)}", zone)
    agree(set(found), {row["Id"] for row in filled.members if holds(condition, row, ZoneInfo(zone))})


@repeatable
@given(world=worlds(ASCII), keys=orders(MEMBER), limit=st.none() | st.integers(0, 5), offset=st.integers(0, 3))
def rows_are_sorted_and_cut(world: Filled, keys: Keys, limit: int | None, offset: int) -> None:
    filled = _fill(world)
    text = f"SELECT Id FROM Member__c ORDER BY {_order(keys)}"
    text += f" LIMIT {limit}" if limit is not None else ""
    end = None if limit is None else offset + limit
    expected = [row["Id"] for row in sorted_rows(filled.members, keys)][offset:end]
    agree(_ids(f"{text} OFFSET {offset}"), expected)


def _order(keys: Keys) -> str:
    return ", ".join(
        f"{path}{' DESC' if descending else ''}{' NULLS LAST' if blanks_last else ''}"
        for path, _, descending, blanks_last in keys
    )


@repeatable
@given(world=worlds(), paths=st.lists(st.sampled_from(sorted(MEMBER)), min_size=1, max_size=5, unique=True))
def parents_are_nested(world: Filled, paths: list[str]) -> None:
    filled = {row["Id"]: row for row in _fill(world).members}
    for record in _org().query(f"SELECT Id, {', '.join(paths)} FROM Member__c"):
        row = filled[record["Id"]]
        for path in paths:
            agree(_read(record, path), shown(row[path]))
            agree(
                path.startswith("Pool__r") and record["Pool__r"] is None,
                path.startswith("Pool__r") and not row["Pool__c"],
            )


def _read(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = None if record is None else record[name]
    return record


@repeatable
@given(
    world=worlds(ASCII),
    condition=conditions(MEMBER),
    keys=orders(MEMBER),
    limit=st.none() | st.integers(0, 3),
)
def children_stand_below_their_parents(world: Filled, condition: Condition, keys: Keys, limit: int | None) -> None:
    filled = _fill(world)
    inner = f"SELECT Id, State__c FROM Memberships__r WHERE {written(condition)} ORDER BY {_order(keys)}"
    inner += f" LIMIT {limit}" if limit is not None else ""
    found = {}
    for record in _org().query(f"SELECT Id, ({inner}) FROM Person__c"):
        children: Any = record["Memberships__r"]
        if children:
            agree((children["totalSize"], children["done"]), (len(children["records"]), True))
        found[record["Id"]] = [(each["Id"], each["State__c"]) for each in children["records"]] if children else []
    kept = sorted_rows((row for row in filled.members if holds(condition, row, ZoneInfo("UTC"))), keys)
    for person in filled.people:
        expected = [(row["Id"], row["State__c"]) for row in kept if row["Person__c"] == person["Id"]]
        agree(found[person["Id"]], expected[:limit])


@repeatable
@given(world=worlds(), inner=conditions(MEMBER), outer=conditions(PERSON), negated=st.booleans())
def semijoins_keep_the_right_rows(world: Filled, inner: Condition, outer: Condition, negated: bool) -> None:
    filled = _fill(world)
    operator = "NOT IN" if negated else "IN"
    where = f"Id {operator} (SELECT Person__c FROM Member__c WHERE {written(inner)}) AND ({written(outer)})"
    named = {row["Person__c"] for row in filled.members if holds(inner, row, ZoneInfo("UTC"))}
    expected = {
        row["Id"] for row in filled.people if (row["Id"] in named) != negated and holds(outer, row, ZoneInfo("UTC"))
    }
    agree(set(_ids(f"SELECT Id FROM Person__c WHERE {where}")), expected)


@repeatable
@given(
    world=worlds(),
    function=st.sampled_from(sorted(DATE_PARTS)),
    number=st.integers(1, 31),
    zone=ZONES,
    is_local=st.booleans(),
)
def date_functions_read_the_calendar(world: Filled, function: str, number: int, zone: str, is_local: bool) -> None:
    filled = _fill(world)
    value = f"2026-11-{min(number, 30):02}" if function == "DAY_ONLY" else str(number)
    inner = "convertTimezone(Seen_At__c)" if is_local else "Seen_At__c"
    found = _ids(f"SELECT Id FROM Person__c WHERE {function}({inner}) <= {value}", zone)
    clock = ZoneInfo(zone if is_local else "UTC")
    limit = value if function == "DAY_ONLY" else number
    agree(set(found), {row["Id"] for row in filled.people if _part(row, function, clock, limit)})


def _part(row: Row, function: str, clock: ZoneInfo, limit: Any) -> bool:
    moment = row["Seen_At__c"]
    return moment is not None and bool(DATE_PARTS[function](moment.astimezone(clock)) <= limit)


_LATITUDES, _LONGITUDES = st.integers(-90, 90).map(float), st.integers(-180, 180).map(float)


@repeatable
@given(places=st.lists(st.tuples(_LATITUDES, _LONGITUDES), max_size=5), here=st.tuples(_LATITUDES, _LONGITUDES))
def distances_are_those_on_a_sphere(places: list[tuple[float, float]], here: tuple[float, float]) -> None:
    org = _org()
    org.fill([], [], [])
    known = {}
    for latitude, longitude in places:
        row = org.add("Person__c", {"Geo__Latitude__s": latitude, "Geo__Longitude__s": longitude})
        known[row["Id"]] = apart((latitude, longitude), here)
    text = f"DISTANCE(Geo__c, GEOLOCATION({here[0]}, {here[1]}), 'km')"
    found = {str(record["Id"]): record["d"] for record in org.query(f"SELECT Id, {text} d FROM Person__c")}
    agree([key for key, expected in known.items() if abs(float(str(found[key])) - expected) >= 0.01], [])
    near = set(_ids(f"SELECT Id FROM Person__c WHERE {text} < 5000.5"))
    sure = {key: expected < 5000.5 for key, expected in known.items() if abs(expected - 5000.5) > 0.1}
    agree({key: key in near for key in sure}, sure)


@repeatable
@given(world=worlds(), subjects=st.lists(st.integers(0, 12), max_size=6))
def references_to_several_objects_are_followed(world: Filled, subjects: list[int]) -> None:
    filled = _fill(world)
    targets = [*filled.people, *filled.pools, None]
    text = """SELECT Id, TYPEOF What WHEN Person__c THEN Name, Rating__c WHEN Pool__c THEN Size__c END
              FROM Task WHERE What.Type != 'Pool__c' OR What.Name != null"""
    known = {}
    for number in subjects:
        target = targets[number % len(targets)]
        known[_org().add("Task", {"WhatId": target["Id"] if target else None})["Id"]] = target
    found = {record["Id"]: record["What"] for record in _org().query(text)}
    kept = {key: row for key, row in known.items() if row not in filled.pools or row["Name"] is not None}
    agree(found.keys(), kept.keys())
    for key, row in kept.items():
        what: Any = found[key]
        names = ("Name", "Rating__c") if row in filled.people else ("Size__c",)
        agree(what is None, row is None)
        if row:
            agree([what[name] for name in names], [row[name] for name in names])


PROOFS: dict[str, Callable[[], None]] = {
    "conditions": conditions_keep_the_right_rows,
    "ORDER BY, LIMIT, OFFSET": rows_are_sorted_and_cut,
    "parents": parents_are_nested,
    "child subqueries": children_stand_below_their_parents,
    "semi-joins": semijoins_keep_the_right_rows,
    "date functions": date_functions_read_the_calendar,
    "DISTANCE": distances_are_those_on_a_sphere,
    "TYPEOF": references_to_several_objects_are_followed,
    "aggregates": totals_are_right,
    "GROUP BY, HAVING": groups_are_right,
    "ROLLUP, CUBE": subtotals_are_right,
}
"""By what is held against Python."""


def checks() -> list[Check]:
    """One for each proof; the detail is the smallest example that hypothesis found."""
    return [Check(f"results: {name}", _failure(prove)) for name, prove in PROOFS.items()]


def _failure(prove: Callable[[], None]) -> str:
    try:
        prove()
    except Exception as failure:  # whatever went wrong is the finding
        notes = " ".join(getattr(failure, "__notes__", ()))
        return f"{type(failure).__name__}: {failure} {notes}"[:600]
    return ""
