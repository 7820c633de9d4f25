"""Random conditions on random rows: SQL must keep what a plain reading of the condition in Python keeps."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import NOW, Org

TODAY = NOW.date()
ASCII = st.text("aAbB%_'\\ ", min_size=1, max_size=3).filter(str.strip)
LETTERS = ASCII | st.text("aéÉ", min_size=1, max_size=2)
DAYS = st.dates(date(2026, 11, 13), date(2026, 12, 1)) | st.dates(date(2026, 9, 1), date(2027, 1, 31))
MOMENTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 26)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
NUMBERS = st.integers(-2, 2).map(float)
TOPICS = st.sets(st.sampled_from(["x", "xy", "z"]), min_size=1, max_size=2).map(lambda chosen: ";".join(sorted(chosen)))


@dataclass(frozen=True)
class Kind:
    """A type of field: how values are made and written, and how they compare."""

    values: st.SearchStrategy
    write: object
    operators: tuple[str, ...]
    key: object = staticmethod(lambda value: value)


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


ORDER = ("=", "!=", "<", "<=", ">", ">=")
TEXT = Kind(LETTERS, quote, (*ORDER, "LIKE", "IN", "NOT IN"), str.lower)
NUMBER = Kind(NUMBERS, str, (*ORDER, "IN", "NOT IN"))
FLAG = Kind(st.booleans(), lambda value: str(value).lower(), ("=", "!="))
DAY = Kind(DAYS, str, (*ORDER, "IN", "NOT IN", "DAYS"))
MOMENT = Kind(MOMENTS, lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"), (*ORDER, "IN", "DAYS"))
MULTI = Kind(TOPICS, quote, ("=", "!=", "INCLUDES", "EXCLUDES"), str.lower)

FIELDS = {
    "Person__r.Name": TEXT,
    "Person__r.Rating__c": NUMBER,
    "Person__r.Do_Not_Contact__c": FLAG,
    "Person__r.Due_On__c": DAY,
    "Person__r.Seen_At__c": MOMENT,
    "Person__r.Topics__c": MULTI,
    "State__c": TEXT,
    "Pool__r.Private__c": FLAG,
    "Pool__r.Name": TEXT,
    "Pool__r.Member_Count__c": NUMBER,
}

LITERALS = {
    "TODAY": lambda day: day == TODAY,
    "YESTERDAY": lambda day: (TODAY - day).days == 1,
    "LAST_N_DAYS:2": lambda day: 0 <= (TODAY - day).days <= 2,
    "NEXT_N_DAYS:2": lambda day: 1 <= (day - TODAY).days <= 2,
    "THIS_MONTH": lambda day: (day.year, day.month) == (TODAY.year, TODAY.month),
    "NEXT_QUARTER": lambda day: day.year * 4 + (day.month - 1) // 3 == TODAY.year * 4 + (TODAY.month - 1) // 3 + 1,
    "THIS_WEEK": lambda day: (day.toordinal()) // 7 == TODAY.toordinal() // 7,  # ordinal 7 was a Sunday
    "LAST_WEEK": lambda day: (day.toordinal()) // 7 == TODAY.toordinal() // 7 - 1,
}
AROUND = [date.fromordinal(TODAY.toordinal() + step) for step in range(-200, 200)]
MEANT = {word: [day for day in AROUND if is_meant(day)] for word, is_meant in LITERALS.items()}


@st.composite
def leaves(draw):
    path = draw(st.sampled_from(sorted(FIELDS)))
    kind = FIELDS[path]
    operator = draw(st.sampled_from(kind.operators))
    if operator == "DAYS":
        return ("days", path, draw(st.sampled_from(("=", "!=", *ORDER[2:]))), draw(st.sampled_from(sorted(LITERALS))))
    if operator in ("IN", "NOT IN", "INCLUDES", "EXCLUDES"):
        nullable = kind.values if operator.endswith("CLUDES") else st.none() | kind.values
        return ("list", path, operator, draw(st.lists(nullable, min_size=1, max_size=3)))
    if operator == "LIKE":
        return ("like", path, draw(st.lists(st.sampled_from(["%", "_", "a", "B", "É", r"\%", r"\_"]), max_size=4)))
    if operator in ("=", "!="):
        return ("compare", path, operator, draw(st.none() | kind.values))
    # How letters beyond ASCII are ordered is a matter of the locale.
    return ("compare", path, operator, draw(ASCII if kind is TEXT else kind.values))


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=6,
)


def written(condition):
    """The condition in SOQL."""
    match condition:
        case ("not", inner):
            return f"(NOT {bracketed(inner)})"
        case ("AND" | "OR" as operator, inner):
            return f" {operator} ".join(bracketed(each) for each in inner)
        case ("days", path, operator, word):
            return f"{path} {operator} {word}"
        case ("like", path, parts):
            return f"{path} LIKE '{''.join(parts)}'"
        case ("list", path, operator, values):
            return f"{path} {operator} ({', '.join(literal(path, each) for each in values)})"
        case (_, path, operator, value):
            return f"{path} {operator} {literal(path, value)}"


def bracketed(condition):
    return f"({written(condition)})"


def literal(path, value):
    return "null" if value is None else FIELDS[path].write(value)


def holds(condition, row):
    """The same condition, read in Python: two truth values, blank fits `!=`."""
    match condition:
        case ("not", inner):
            return not holds(inner, row)
        case ("AND", inner):
            return all(holds(each, row) for each in inner)
        case ("OR", inner):
            return any(holds(each, row) for each in inner)
        case ("days", path, operator, word):
            return in_days(row[path], operator, word)
        case ("like", path, parts):
            return is_like(row[path], parts)
        case ("list", path, operator, values):
            return in_list(FIELDS[path], row[path], operator, values)
        case (_, path, operator, value):
            return compares(FIELDS[path], row[path], operator, value)


def compares(kind, mine, operator, value):
    if kind is FLAG:
        mine, value = bool(mine), bool(value)
    if mine is None or value is None:
        return {"=": mine is value, "!=": mine is not value}.get(operator, False)
    mine, value = kind.key(mine), kind.key(value)
    return {
        "=": mine == value,
        "!=": mine != value,
        "<": mine < value,
        "<=": mine <= value,
        ">": mine > value,
        ">=": mine >= value,
    }[operator]


def in_list(kind, mine, operator, values):
    if operator in ("IN", "NOT IN"):
        return any(compares(kind, mine, "=", each) for each in values) == (operator == "IN")
    chosen = set(mine.split(";")) if mine else set()
    return any(set(each.split(";")) <= chosen for each in values) == (operator == "INCLUDES")


def is_like(mine, parts):
    if not parts:
        return mine is None
    pattern = "".join({"%": ".*", "_": "."}.get(each, re.escape(each.removeprefix("\\"))) for each in parts)
    return mine is not None and re.fullmatch(pattern, mine, re.IGNORECASE | re.DOTALL) is not None


def in_days(mine, operator, word):
    day = mine.date() if isinstance(mine, datetime) else mine
    if day is None:
        return operator == "!="
    meant = MEANT[word]
    inside = day in meant
    return {
        "=": inside,
        "!=": not inside,
        "<": day < meant[0],
        "<=": day <= meant[-1],
        ">": day > meant[-1],
        ">=": day >= meant[0],
    }[operator]


PERSON = st.fixed_dictionaries(
    {
        "Name": st.none() | LETTERS,
        "Rating__c": st.none() | NUMBERS,
        "Do_Not_Contact__c": st.booleans(),
        "Due_On__c": st.none() | DAYS,
        "Seen_At__c": st.none() | MOMENTS,
        "Topics__c": st.none() | TOPICS,
    }
)
POOL = st.none() | st.fixed_dictionaries(
    {"Name": LETTERS, "Private__c": st.booleans(), "Member_Count__c": st.none() | NUMBERS}
)
ROWS = st.lists(st.tuples(PERSON, POOL, st.none() | LETTERS), min_size=1, max_size=8)
ORG = Org()
ORG.asker = type(ORG.asker)(time_zone="UTC")


def filled(rows):
    """Puts the rows into the org; each membership's id with its values by path."""
    for table in ("Member__c", "Pool__c", "Person__c"):
        ORG.connection.execute(f'DELETE FROM "{table}"')
    known = {}
    for person, pool, state in rows:
        person_id = ORG.add("Person__c", **{name: stored(value) for name, value in person.items()})
        pool_id = ORG.add("Pool__c", **{name: stored(value) for name, value in pool.items()}) if pool else None
        member = ORG.add("Member__c", Person__c=person_id, Pool__c=pool_id, State__c=state)
        known[member] = {
            "State__c": state,
            **{f"Person__r.{name}": value for name, value in person.items()},
            **{f"Pool__r.{name}": (pool or {}).get(name) for name in ("Name", "Private__c", "Member_Count__c")},
        }
    return known


def stored(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value.isoformat() if isinstance(value, date) else value


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, condition=CONDITIONS)
def test_query_keeps_what_the_condition_says(rows, condition):
    known = filled(rows)
    result = ORG.query(f"SELECT Id FROM Member__c WHERE {written(condition)}")
    expected = {member for member, row in known.items() if holds(condition, row)}
    assert {record["Id"] for record in result} == expected
