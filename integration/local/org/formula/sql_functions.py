"""The functions of formulas as SQL."""

from collections.abc import Callable, Sequence

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.evaluate import FUNCTIONS as KNOWN
from integration.local.org.formula.evaluate import check_count
from integration.local.org.formula.sorts import Sort
from integration.local.org.formula.sql import Sql, blank, boolean, compare, number

SqlBuilder = Callable[[str, Sequence[Sql]], Sql]


def _joined(operator: str) -> SqlBuilder:
    return lambda name, parts: Sql("boolean", f"({f' {operator} '.join(map(boolean, parts))})")


def _not(name: str, parts: Sequence[Sql]) -> Sql:
    return Sql("boolean", f"(NOT {boolean(parts[0])})")


def _is_blank(name: str, parts: Sequence[Sql]) -> Sql:
    if parts[0].sort == "boolean":
        raise FormulaError(f"{name} does not take a checkbox")
    return Sql("boolean", f"(COALESCE({parts[0].text}, '') = '')")


def _is_null(name: str, parts: Sequence[Sql]) -> Sql:
    return Sql("boolean", "0" if parts[0].sort == "text" else f"({parts[0].text} IS NULL)")


def _blank_value(name: str, parts: Sequence[Sql]) -> Sql:
    sort = _common(name, parts)
    first = f"NULLIF({parts[0].text}, '')" if sort == "text" else parts[0].text
    return Sql(sort, f"COALESCE({first}, {parts[1].text})")


def _null_value(name: str, parts: Sequence[Sql]) -> Sql:
    return parts[0] if parts[0].sort == "text" else _blank_value(name, parts)


def _if(name: str, parts: Sequence[Sql]) -> Sql:
    sort = _common(name, parts[1:])
    return Sql(sort, f"CASE WHEN {boolean(parts[0])} THEN {parts[1].text} ELSE {parts[2].text} END")


def _case(name: str, parts: Sequence[Sql]) -> Sql:
    if len(parts) % 2:
        raise FormulaError("CASE expects an expression, pairs of value and result, and a result for the rest")
    pairs = [(parts[place], parts[place + 1]) for place in range(1, len(parts) - 1, 2)]
    sort = _common(name, [*(result for _, result in pairs), parts[-1]])
    whens = " ".join(f"WHEN {compare('=', parts[0], value)} THEN {result.text}" for value, result in pairs)
    return Sql(sort, f"CASE {whens} ELSE {parts[-1].text} END")


def _is_picklist_value(name: str, parts: Sequence[Sql]) -> Sql:
    return Sql("boolean", compare("=", parts[0], parts[1]))


def _includes(name: str, parts: Sequence[Sql]) -> Sql:
    return Sql("boolean", f"(instr(';' || {blank(parts[0])} || ';', ';' || {blank(parts[1])} || ';') > 0)")


def _common(name: str, parts: Sequence[Sql]) -> Sort:
    sorts = {"text" if each.sort == "picklist" else each.sort for each in parts} - {"null"}
    if len(sorts) > 1:
        raise FormulaError(f"{name} mixes {' and '.join(sorted(sorts))}")
    return sorts.pop() if sorts else "null"


def _to_text(name: str, parts: Sequence[Sql]) -> Sql:
    text, sort = parts[0].text, parts[0].sort
    if sort == "number":
        whole = f"CAST(CAST({text} AS INTEGER) AS TEXT)"
        broken = f"WHEN {text} IS NOT NULL THEN printf('%.15g', {text})"
        return Sql("text", f"CASE WHEN {text} = CAST({text} AS INTEGER) THEN {whole} {broken} END")
    if sort == "datetime":
        return Sql("text", f"(replace(substr({text}, 1, 19), 'T', ' ') || 'Z')")
    if sort == "time":
        return Sql("text", f"substr({text}, 1, 12)")
    if sort in ("boolean", "multipicklist"):
        raise FormulaError(f"TEXT does not take {sort}")
    return Sql("text", text)


def _texts(template: str, *sorts: str, result: Sort = "text") -> SqlBuilder:
    """A function whose arguments stand in a template: T for text, N for a number."""

    def build(name: str, parts: Sequence[Sql]) -> Sql:
        readers = {"T": blank, "N": number}
        filled = [readers[sort](part) for sort, part in zip(sorts, parts, strict=False)]
        return Sql(result, f"({template.format(*filled)})")

    return build


def _find(name: str, parts: Sequence[Sql]) -> Sql:
    part, text = blank(parts[0]), blank(parts[1])
    start = f"max(1, CAST({number(parts[2])} AS INTEGER))" if len(parts) > 2 else "1"
    found = f"instr(substr({text}, {start}), {part})"
    return Sql("number", f"CASE WHEN {part} = '' OR {found} = 0 THEN 0 ELSE {found} + {start} - 1 END")


def _case_safe_id(name: str, parts: Sequence[Sql]) -> Sql:
    """Stored ids have 18 characters already."""
    return Sql("text", blank(parts[0]))


_CUT = "CAST({0} AS INTEGER)"


def _numbers(template: str) -> SqlBuilder:
    return lambda name, parts: Sql("number", f"({template.format(*map(number, parts))})")


def _extreme(name: str, parts: Sequence[Sql]) -> Sql:
    """With one argument SQLite's min and max would be aggregates."""
    if len(parts) == 1:
        return Sql("number", number(parts[0]))
    return Sql("number", f"{name.lower()}({', '.join(map(number, parts))})")


def _date(name: str, parts: Sequence[Sql]) -> Sql:
    text = f"printf('%04d-%02d-%02d', {', '.join(f'CAST({number(each)} AS INTEGER)' for each in parts)})"
    blanks = " OR ".join(f"{number(each)} IS NULL" for each in parts)
    return Sql("date", f"CASE WHEN NOT ({blanks}) AND date({text}) = {text} THEN {text} END")


def _date_part(start: int, length: int) -> SqlBuilder:
    def build(name: str, parts: Sequence[Sql]) -> Sql:
        if parts[0].sort not in ("date", "null"):
            raise FormulaError(f"{name} expects date, received {parts[0].sort}")
        return Sql("number", f"CAST(substr({parts[0].text}, {start}, {length}) AS INTEGER)")

    return build


def _checked(name: str, build: SqlBuilder) -> SqlBuilder:
    def checked(called: str, parts: Sequence[Sql]) -> Sql:
        fewest, most, _ = KNOWN[name]
        check_count(name, len(parts), fewest, most)
        return build(called, parts)

    return checked


_BUILDERS: dict[str, SqlBuilder] = {
    "AND": _joined("AND"),
    "OR": _joined("OR"),
    "NOT": _not,
    "ISBLANK": _is_blank,
    "ISNULL": _is_null,
    "BLANKVALUE": _blank_value,
    "NULLVALUE": _null_value,
    "IF": _if,
    "CASE": _case,
    "ISPICKVAL": _is_picklist_value,
    "INCLUDES": _includes,
    "TEXT": _to_text,
    "LEN": _texts("length({0})", "T", result="number"),
    "LEFT": _texts("substr({0}, 1, max(0, CAST(COALESCE({1}, 0) AS INTEGER)))", "T", "N"),
    "RIGHT": _texts(
        "substr({0}, max(1, length({0}) + 1 - max(0, CAST(COALESCE({1}, 0) AS INTEGER))))",
        "T", "N",
    ),
    "MID": _texts(
        "substr({0}, max(1, CAST(COALESCE({1}, 0) AS INTEGER)), max(0, CAST(COALESCE({2}, 0) AS INTEGER)))",
        "T", "N", "N",
    ),
    "TRIM": _texts("trim({0}, char(32, 9, 10, 11, 12, 13))", "T"),
    "UPPER": _texts("upper({0})", "T"),
    "LOWER": _texts("lower({0})", "T"),
    "CONTAINS": _texts("{1} = '' OR instr({0}, {1}) > 0", "T", "T", result="boolean"),
    "BEGINS": _texts("substr({0}, 1, length({1})) = {1} COLLATE BINARY", "T", "T", result="boolean"),
    "SUBSTITUTE": _texts("replace({0}, {1}, {2})", "T", "T", "T"),
    "FIND": _find,
    "CASESAFEID": _case_safe_id,
    "ROUND": _numbers("round({0}, CAST({1} AS INTEGER))"),
    "FLOOR": _numbers(f"{_CUT} * 1.0"),
    "CEILING": _numbers(f"{_CUT} + ({{0}} > {_CUT}) - ({{0}} < {_CUT})"),
    "ABS": _numbers("abs({0})"),
    "MOD": _numbers("{0} - {1} * CAST({0} * 1.0 / {1} AS INTEGER)"),
    "MIN": _extreme,
    "MAX": _extreme,
    "DATE": _date,
    "YEAR": _date_part(1, 4),
    "MONTH": _date_part(6, 2),
    "DAY": _date_part(9, 2),
}  # fmt: skip

FUNCTIONS: dict[str, SqlBuilder] = {name: _checked(name, build) for name, build in _BUILDERS.items()}
