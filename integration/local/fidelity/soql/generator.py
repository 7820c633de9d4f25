"""Statements made at random from the grammar, each with the constructs that went into it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_OBJECTS = ("Account", "Contact", "Pool__c", "Member__c", "Group", "Order", "Warm__Bench__c", "User")
_FIELDS = ("Id", "Name", "Stage__c", "Amount", "CreatedDate", "Due_On__c", "foo1", "Order", "Count", "Today", "View")
_PARENTS = ("Owner", "Pool__r", "Account", "What", "CreatedBy", "Reference")
_ALIASES = ("a", "n", "total", "Sum", "offset_of", "x1", "Rows", "Scope")
_AGGREGATES = ("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX")
_DATE_FUNCTIONS = (
    "CALENDAR_MONTH", "CALENDAR_QUARTER", "CALENDAR_YEAR", "DAY_IN_MONTH", "DAY_IN_WEEK", "DAY_IN_YEAR", "DAY_ONLY",
    "FISCAL_MONTH", "FISCAL_QUARTER", "FISCAL_YEAR", "HOUR_IN_DAY", "WEEK_IN_MONTH", "WEEK_IN_YEAR",
)  # fmt: skip
_DAYS = (
    "YESTERDAY", "TODAY", "TOMORROW", "LAST_WEEK", "THIS_WEEK", "NEXT_WEEK", "LAST_MONTH", "THIS_MONTH", "NEXT_MONTH",
    "LAST_90_DAYS", "NEXT_90_DAYS", "THIS_QUARTER", "LAST_QUARTER", "NEXT_QUARTER", "THIS_YEAR", "LAST_YEAR",
    "NEXT_YEAR", "THIS_FISCAL_QUARTER", "LAST_FISCAL_QUARTER", "NEXT_FISCAL_QUARTER", "THIS_FISCAL_YEAR",
    "LAST_FISCAL_YEAR", "NEXT_FISCAL_YEAR",
)  # fmt: skip
_UNITS = ("DAYS", "WEEKS", "MONTHS", "QUARTERS", "YEARS", "FISCAL_QUARTERS", "FISCAL_YEARS")
_TEXTS = ("'x'", "''", r"'it\'s'", r"'a\\b'", "'100%'", "'ö'", r"'\n'", "'select from'", "'a,b(c)'")
_SCOPES = ("everything", "mine", "delegated", "team", "my_territory", "my_team_territory", "mru", "mineAndMyGroups")
_ORDERED = ("=", "!=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Statement:
    """A query and what is in it."""

    text: str
    constructs: frozenset[str]


class Generator:
    """Endless statements; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (repeatable, not secret)
        self._constructs: set[str] = set()

    def statement(self) -> Statement:
        self._constructs = set()
        text = self._grouped() if self._chance(0.25) else self._rows(depth=0)
        return Statement(text, frozenset(self._constructs))

    def _chance(self, likelihood: float) -> bool:
        return self._random.random() < likelihood

    def _one(self, choices: Sequence[str]) -> str:
        return self._random.choice(choices)

    def _several(self, make: Callable[[], str], most: int = 3) -> str:
        return ", ".join(make() for _ in range(self._random.randint(1, most)))

    def _uses(self, construct: str) -> None:
        self._constructs.add(construct)

    def _maybe(self, likelihood: float, construct: str, make: Callable[[], str]) -> str:
        if not self._chance(likelihood):
            return ""
        self._uses(construct)
        return " " + make()

    def _path(self) -> str:
        if self._chance(0.2):
            self._uses("parent path")
            return ".".join([*(self._one(_PARENTS) for _ in range(self._random.randint(1, 3))), self._one(_FIELDS)])
        return self._one(_FIELDS)

    def _rows(self, depth: int) -> str:
        items = self._several(lambda: self._item(depth))
        text = f"SELECT {items} FROM {self._source(depth)}"
        text += self._maybe(0.1, "USING SCOPE", lambda: f"USING SCOPE {self._one(_SCOPES)}") if not depth else ""
        text += self._maybe(0.6, "WHERE", lambda: f"WHERE {self._condition(depth)}")
        if not depth:
            text += self._maybe(0.15, "WITH", self._with)
        text += self._maybe(0.3, "ORDER BY", lambda: f"ORDER BY {self._several(self._order)}")
        text += self._maybe(0.3, "LIMIT", lambda: f"LIMIT {self._random.randint(0, 3000)}")
        if not depth:
            text += self._maybe(0.1, "OFFSET", lambda: f"OFFSET {self._random.randint(0, 3000)}")
            text += self._maybe(0.05, "ALL ROWS", lambda: "ALL ROWS")
            text += self._maybe(0.1, "FOR", lambda: f"FOR {self._one(('VIEW', 'REFERENCE', 'UPDATE'))}")
            text += self._maybe(0.05, "UPDATE", lambda: f"UPDATE {self._one(('TRACKING', 'VIEWSTAT'))}")
        return text

    def _source(self, depth: int) -> str:
        text = self._one(_OBJECTS) + self._maybe(0.2, "object alias", lambda: self._one(_ALIASES))
        if not depth and self._chance(0.07):
            self._uses("several objects")
            text += f", {self._one(_ALIASES)}.{self._one(_PARENTS)} {self._one(_ALIASES)}"
        return text

    def _item(self, depth: int) -> str:
        roll = self._random.random()
        if roll < 0.7:
            return self._path()
        if roll < 0.8 and depth < 2:
            self._uses("child subquery")
            return f"({self._rows(depth + 1)})"
        if roll < 0.84:
            self._uses("TYPEOF")
            return self._type_of()
        if roll < 0.87:
            self._uses("FIELDS")
            return f"FIELDS({self._one(('ALL', 'STANDARD', 'CUSTOM'))})"
        return self._function()

    def _type_of(self) -> str:
        whens = " ".join(
            f"WHEN {self._one(_OBJECTS)} THEN {self._several(self._path)}" for _ in range(self._random.randint(1, 2))
        )
        otherwise = f" ELSE {self._several(self._path)}" if self._chance(0.5) else ""
        return f"TYPEOF {self._one(_PARENTS)} {whens}{otherwise} END"

    def _function(self) -> str:
        make = self._random.choice((self._label, self._format, self._currency, self._distance))
        return make() + self._maybe(0.6, "field alias", lambda: self._one(_ALIASES))

    def _label(self) -> str:
        self._uses("toLabel")
        return f"toLabel({self._path()})"

    def _currency(self) -> str:
        self._uses("convertCurrency")
        return f"convertCurrency({self._path()})"

    def _format(self) -> str:
        self._uses("FORMAT")
        return f"FORMAT({self._random.choice((self._path, self._currency, self._aggregate))()})"

    def _distance(self) -> str:
        self._uses("DISTANCE")
        place = f"GEOLOCATION({self._random.randint(-90, 90)}, {self._random.randint(-1800, 1800) / 10})"
        unit = self._one(("mi", "km"))
        return f"DISTANCE({self._path()}, {place}, '{unit}')"

    def _aggregate(self) -> str:
        self._uses("aggregate")
        return f"{self._one(_AGGREGATES)}({self._path()})"

    def _date(self) -> str:
        self._uses("date function")
        inner = f"convertTimezone({self._path()})" if self._chance(0.3) else self._path()
        return f"{self._one(_DATE_FUNCTIONS)}({inner})"

    def _grouped(self) -> str:
        self._uses("GROUP BY")
        if self._chance(0.1):
            self._uses("COUNT()")
            return f"SELECT COUNT() FROM {self._source(1)}" + self._maybe(
                0.5, "WHERE", lambda: f"WHERE {self._condition(0)}"
            )
        keys = [self._date() if self._chance(0.3) else self._path() for _ in range(self._random.randint(1, 3))]
        aggregates = [
            self._aggregate() + self._maybe(0.5, "field alias", lambda: self._one(_ALIASES))
            for _ in range(self._random.randint(1, 2))
        ]
        by, subtotals = ", ".join(keys), ""
        if self._chance(0.3) and not any("(" in key for key in keys):
            self._uses("ROLLUP, CUBE")
            by = f"{self._one(('ROLLUP', 'CUBE'))}({by})"
            subtotals = f", GROUPING({keys[0]}) {self._one(_ALIASES)}"
        text = f"SELECT {', '.join([*keys, *aggregates])}{subtotals} FROM {self._source(1)}"
        text += self._maybe(0.4, "WHERE", lambda: f"WHERE {self._condition(0)}")
        text += f" GROUP BY {by}"
        text += self._maybe(0.4, "HAVING", lambda: f"HAVING {self._aggregate()} > {self._number()}")
        text += self._maybe(0.3, "ORDER BY", lambda: f"ORDER BY {self._aggregate()} {self._one(('ASC', 'DESC'))}")
        return text + self._maybe(0.3, "LIMIT", lambda: "LIMIT 10")

    def _with(self) -> str:
        if self._chance(0.7):
            return f"WITH {self._one(('SECURITY_ENFORCED', 'USER_MODE', 'SYSTEM_MODE'))}"
        self._uses("WITH DATA CATEGORY")
        selector = self._one(("AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"))
        return f"WITH DATA CATEGORY Place__c {selector} {self._one(('Cork__c', '(Cork__c, Kerry__c)'))}"

    def _order(self) -> str:
        make = self._random.choice((self._path, self._path, self._path, self._date, self._distance))
        return f"{make()}{self._one(('', '', ' ASC', ' DESC'))}{self._one(('', '', ' NULLS FIRST', ' NULLS LAST'))}"

    def _condition(self, depth: int, level: int = 0) -> str:
        roll = self._random.random()
        if level > 2 or roll < 0.45:
            return self._leaf(depth)
        if roll < 0.55:
            self._uses("NOT")
            return f"NOT {self._inside(depth, level)}"
        operator = self._one((" AND ", " OR "))
        self._uses(operator.strip())
        return operator.join(self._inside(depth, level) for _ in range(self._random.randint(2, 3)))

    def _inside(self, depth: int, level: int) -> str:
        return self._leaf(depth) if self._chance(0.5) else f"({self._condition(depth, level + 1)})"

    def _leaf(self, depth: int) -> str:
        roll = self._random.random()
        if roll < 0.5:
            return f"{self._path()} {self._one(_ORDERED)} {self._value()}"
        if roll < 0.6:
            self._uses("LIKE")
            return f"{self._path()} LIKE {self._one(_TEXTS)}"
        if roll < 0.75:
            self._uses("IN")
            return f"{self._path()} {self._one(('IN', 'NOT IN'))} ({self._several(self._value)})"
        if roll < 0.83:
            self._uses("INCLUDES, EXCLUDES")
            return f"{self._path()} {self._one(('INCLUDES', 'EXCLUDES'))} ('a;b', 'c')"
        if roll < 0.88 and not depth:
            self._uses("semi-join")
            return f"{self._path()} {self._one(('IN', 'NOT IN'))} ({self._rows(depth=2)})"
        if roll < 0.94:
            return f"{self._date()} {self._one(_ORDERED)} {self._number()}"
        return f"{self._distance()} < {self._number()}"

    def _value(self) -> str:
        make = self._random.choice((self._text, self._number, self._word, self._day, self._money))
        return make()

    def _text(self) -> str:
        self._uses("text")
        return self._one(_TEXTS)

    def _number(self) -> str:
        self._uses("number")
        return self._one(("0", "1", "-2", "+3", "2.5", "-0.25", "1000000"))

    def _word(self) -> str:
        self._uses("true, false, null")
        return self._one(("true", "FALSE", "null"))

    def _day(self) -> str:
        self._uses("date")
        count = self._random.randint(1, 40)
        written = ("2026-11-26", "2026-11-26T10:20:30Z", "2026-11-26T10:20:30.500Z", "2026-11-26T10:20:30+01:00")
        counted = (f"LAST_N_{self._one(_UNITS)}:{count}", f"NEXT_N_{self._one(_UNITS)}:{count}")
        ago = f"N_{self._one(_UNITS)}_AGO:{count}"
        return self._one((self._one(written), self._one(_DAYS), self._one(counted), ago))

    def _money(self) -> str:
        self._uses("currency")
        return self._one(("USD5000", "EUR1", "gbp20"))
