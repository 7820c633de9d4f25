"""Random records and queries, by hypothesis."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from integration.local.fidelity.soql import evaluator as ev
from integration.local.fidelity.soql.evaluator import Compared, Condition, Joined, Kind, Negated, Pattern, Word

ASCII = st.text("aAbB%_'\\ ", min_size=1, max_size=3).filter(str.strip)
LETTERS = ASCII | st.text("aéÉ", min_size=1, max_size=2)
DAYS = st.dates(date(2026, 11, 13), date(2026, 12, 1)) | st.dates(date(2023, 9, 1), date(2030, 1, 31))
MOMENTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 26)) | st.datetimes(  # noqa: DTZ001
    datetime(2025, 6, 1),  # noqa: DTZ001
    datetime(2028, 2, 1),  # noqa: DTZ001
)
NUMBERS = st.integers(-2, 2).map(float)
TOPICS = st.sets(st.sampled_from(["x", "xy", "z"]), min_size=1, max_size=2).map(lambda chosen: ";".join(sorted(chosen)))
ZONES = st.sampled_from(["UTC", "Europe/Dublin", "America/New_York", "Pacific/Auckland"])
VALUES: dict[str, SearchStrategy[Any]] = {
    "text": LETTERS,
    "number": NUMBERS,
    "flag": st.booleans(),
    "day": DAYS,
    "moment": MOMENTS.map(lambda at: at.replace(microsecond=0, tzinfo=UTC)),
    "multi": TOPICS,
}

PERSON: dict[str, Kind] = {
    "Name": ev.TEXT,
    "Rating__c": ev.NUMBER,
    "Do_Not_Contact__c": ev.FLAG,
    "Due_On__c": ev.DAY,
    "Seen_At__c": ev.MOMENT,
    "Topics__c": ev.MULTI,
}
POOL: dict[str, Kind] = {"Name": ev.TEXT, "Private__c": ev.FLAG, "Size__c": ev.NUMBER}
MEMBER: dict[str, Kind] = {
    "State__c": ev.TEXT,
    **{f"Person__r.{name}": kind for name, kind in PERSON.items()},
    **{f"Pool__r.{name}": kind for name, kind in POOL.items()},
}

_UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR")
_PERIODS = [f"{step}_{unit}" for step in ("LAST", "THIS", "NEXT") for unit in _UNITS if unit != "DAY"]
WORDS = st.sampled_from(["YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS", *_PERIODS]) | st.builds(
    lambda form, unit, count: f"{form.format(unit)}:{count}",
    st.sampled_from(["LAST_N_{}S", "NEXT_N_{}S", "N_{}S_AGO"]),
    st.sampled_from(_UNITS),
    st.integers(1, 5),
)


def _record(fields: dict[str, Kind], text: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            name: text if name == "Name" else VALUES[kind.name] if kind is ev.FLAG else st.none() | VALUES[kind.name]
            for name, kind in fields.items()
        }
    )


@st.composite
def worlds(draw: st.DrawFn, text: SearchStrategy[str] = LETTERS) -> tuple[list[Any], list[Any], list[Any]]:
    """People, pools and the links between them, as SmallOrg.fill takes them."""
    people = draw(st.lists(_record(PERSON, text), min_size=1, max_size=5))
    pools = draw(st.lists(_record(POOL, text), max_size=3))
    to_pool = st.none() | st.integers(0, len(pools) - 1) if pools else st.none()
    links = draw(st.lists(st.tuples(st.integers(0, 4), to_pool, st.none() | text), max_size=8))
    return people, pools, links


@st.composite
def _comparison(draw: st.DrawFn, fields: dict[str, Kind]) -> Compared:
    path = draw(st.sampled_from(sorted(fields)))
    kind = fields[path]
    operator = draw(st.sampled_from(kind.operators))
    values = VALUES[kind.name]
    if operator == "WORD":
        return Compared(path, kind, draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="])), (Word(draw(WORDS)),))
    if operator == "LIKE":
        parts = draw(st.lists(st.sampled_from(["%", "_", "a", "B", "É", r"\%", r"\_"]), max_size=4))
        return Compared(path, kind, operator, (Pattern(tuple(parts)),))
    if operator in ("IN", "NOT IN", "INCLUDES", "EXCLUDES"):
        nullable = values if operator.endswith("CLUDES") else st.none() | values
        return Compared(path, kind, operator, tuple(draw(st.lists(nullable, min_size=1, max_size=3))))
    if operator in ("=", "!="):
        return Compared(path, kind, operator, (draw(st.none() | values),))
    # How letters beyond ASCII are ordered is a matter of the locale.
    return Compared(path, kind, operator, (draw(ASCII if kind is ev.TEXT else values),))


def conditions(fields: dict[str, Kind]) -> SearchStrategy[Condition]:
    return st.recursive(
        _comparison(fields),
        lambda inner: (
            st.builds(Negated, inner)
            | st.builds(Joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
        ),
        max_leaves=6,
    )


def orders(fields: dict[str, Kind]) -> SearchStrategy[list[tuple[str, Kind, bool, bool]]]:
    """Sort keys of paths that can be sorted, each once, the id last so that nothing is left to chance."""
    sortable = sorted(name for name, kind in fields.items() if kind not in (ev.MULTI, ev.FLAG))
    keys = st.lists(
        st.tuples(st.sampled_from(sortable), st.booleans(), st.booleans()), max_size=3, unique_by=lambda key: key[0]
    )
    return keys.map(lambda chosen: [*((p, fields[p], d, last) for p, d, last in chosen), ("Id", ev.TEXT, False, False)])
