"""Aggregates, groups and subtotals, held against plain Python."""

from functools import cache
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from integration.local.fidelity.soql.evaluator import Condition, Row, aggregate, agree, holds, written
from integration.local.fidelity.soql.examples import ASCII, MEMBER, conditions, worlds
from integration.local.fidelity.soql.small_org import SmallOrg

Filled = tuple[list[Any], list[Any], list[Any]]
UTC = ZoneInfo("UTC")
_SUMMED = ("Person__r.Rating__c", "Pool__r.Size__c")
_COUNTED = ("Id", "State__c", "Person__r.Name", "Pool__r.Name", "Person__r.Due_On__c", *_SUMMED)
_KEYS = ("State__c", "Person__r.Name", "Pool__r.Name", "Person__r.Due_On__c", "Person__r.Do_Not_Contact__c")
AGGREGATES = st.tuples(st.sampled_from(["SUM", "AVG", "MIN", "MAX"]), st.sampled_from(_SUMMED)) | st.tuples(
    st.sampled_from(["COUNT", "COUNT_DISTINCT"]), st.sampled_from(_COUNTED)
)
Aggregates = list[tuple[str, str]]
repeatable = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@cache
def _org() -> SmallOrg:
    return SmallOrg()


def _values(text: str) -> list[tuple[Any, ...]]:
    """Each group as a tuple; text in lower case, because which spelling stands for a group is open."""
    return [
        tuple(plain(value) for name, value in record.items() if name != "attributes") for record in _org().query(text)
    ]


def plain(value: Any) -> Any:
    """Values of the org and of Python in one form."""
    if isinstance(value, str):
        return value.lower()
    return round(value, 9) if isinstance(value, float) else value


def _selected(aggregates: Aggregates) -> str:
    return ", ".join(f"{function}({path}) a{index}" for index, (function, path) in enumerate(aggregates))


def _totals(rows: list[Row], aggregates: Aggregates) -> tuple[Any, ...]:
    return tuple(plain(aggregate(function, [row[path] for row in rows])) for function, path in aggregates)


@repeatable
@given(world=worlds(ASCII), condition=conditions(MEMBER), aggregates=st.lists(AGGREGATES, min_size=1, max_size=4))
def totals_are_right(world: Filled, condition: Condition, aggregates: Aggregates) -> None:
    rows = [row for row in _org().fill(*world).members if holds(condition, row, UTC)]
    where = f"FROM Member__c WHERE {written(condition)}"
    agree(_values(f"SELECT {_selected(aggregates)} {where}"), [_totals(rows, aggregates)])
    agree(_org().query(f"SELECT COUNT() {where}").total_size, len(rows))


def _grouped(rows: list[Row], keys: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_key(row, path) for path in keys), []).append(row)
    return groups


def _key(row: Row, path: str) -> Any:
    value = row[path]
    return plain(value.isoformat() if hasattr(value, "isoformat") else value)


KEYS = st.lists(st.sampled_from(_KEYS), min_size=1, max_size=2, unique=True).map(tuple)


@repeatable
@given(
    world=worlds(ASCII),
    keys=KEYS,
    aggregates=st.lists(AGGREGATES, min_size=1, max_size=3),
    having=st.tuples(st.sampled_from(["<", ">=", "=", "!="]), st.integers(0, 3)),
)
def groups_are_right(world: Filled, keys: tuple[str, ...], aggregates: Aggregates, having: tuple[str, int]) -> None:
    members = _org().fill(*world).members
    operator, number = having
    aggregates = [each for each in aggregates if each[1] not in keys] or [("COUNT", "Id")]
    named = ", ".join(f"{key} k{index}" for index, key in enumerate(keys))
    text = f"SELECT {named}, {_selected(aggregates)} FROM Member__c GROUP BY {', '.join(keys)}"
    expected = [
        (*key, *_totals(rows, aggregates))
        for key, rows in _grouped(members, keys).items()
        if _fits(len(rows), operator, number)
    ]
    agree(sorted(_values(f"{text} HAVING COUNT(Id) {operator} {number}"), key=repr), sorted(expected, key=repr))


def _fits(count: int, operator: str, number: int) -> bool:
    return {"<": count < number, ">=": count >= number, "=": count == number, "!=": count != number}[operator]


@repeatable
@given(
    world=worlds(ASCII),
    keys=st.lists(st.sampled_from(_KEYS), min_size=1, max_size=3, unique=True).map(tuple),
    function=st.sampled_from(["ROLLUP", "CUBE"]),
)
def subtotals_are_right(world: Filled, keys: tuple[str, ...], function: str) -> None:
    members = _org().fill(*world).members
    named = ", ".join(f"{key} k{index}, GROUPING({key}) g{index}" for index, key in enumerate(keys))
    text = f"SELECT {named}, COUNT(Id) n, COUNT_DISTINCT(Person__r.Rating__c) d FROM Member__c"
    expected = []
    for present in _levels(keys, function):
        for group, rows in _grouped(members, present).items():
            known = dict(zip(present, group, strict=True))
            cells = [cell for key in keys for cell in (known.get(key), int(key not in present))]
            totals = _totals(rows, [("COUNT", "Id"), ("COUNT_DISTINCT", "Person__r.Rating__c")])
            expected.append((*cells, *totals))
    found = _values(f"{text} GROUP BY {function}({', '.join(keys)})")
    agree(sorted(found, key=repr), sorted(expected, key=repr))


def _levels(keys: tuple[str, ...], function: str) -> list[tuple[str, ...]]:
    if function == "ROLLUP":
        return [keys[:size] for size in range(len(keys) + 1)]
    return [present for size in range(len(keys) + 1) for present in combinations(keys, size)]
