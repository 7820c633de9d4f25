"""Text search over REST: statements, and the same by parameters."""

from collections.abc import Mapping
from typing import Any

from integration.local.org import sosl
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.web import Call, Reply

_OBJECT_OPTIONS = ("fields", "where", "orderBy", "limit", "offset")
_IGNORED = frozenset({"spellcorrection", "updatetracking", "updateviewstat"})
"""They change no result of an org that neither corrects spelling nor counts views."""
_MISSING = frozenset(
    {"datacategory", "datacategories", "division", "metadata", "networkids", "pricebookid", "snippet", "offset"}
)


def search(call: Call) -> Reply:
    """GET /search?q="""
    text = call.query.get("q")
    if not text:
        raise ApiError(400, "MALFORMED_SEARCH", "A search must be given with the parameter q")
    return _answer(call, sosl.parse(text))


def _answer(call: Call, wanted: sosl.Search) -> Reply:
    org = call.org
    with org.store.reading() as connection:
        records = sosl.search(connection, org.catalog, wanted, user=call.person, now=org.now(), version=call.version)
    return Reply(200, records if float(call.version) < 37 else {"searchRecords": records})


def by_parameters(call: Call) -> Reply:
    """GET /parameterizedSearch?q=&sobject=&Pool__c.fields=, or POST with all in the body."""
    given = call.json_object() if call.method == "POST" else _from_address(call)
    text = given.get("q")
    if not isinstance(text, str) or not text:
        raise ApiError(400, "MISSING_ARGUMENT", "The text to search for must be given with the parameter q")
    known = {"q", "in", "fields", "sobjects", "overallLimit", "defaultLimit"}
    for name in given:
        if name.lower() in _MISSING:
            raise not_implemented(f"the parameter {name} of searches")
        if name not in known and name.lower() not in _IGNORED:
            raise ApiError(400, "INVALID_INPUT", f"{name} is not a parameter of searches")
    wanted = sosl.Search(
        text,
        sosl.parse_terms(text),
        _group(given.get("in", "ALL")),
        tuple(sosl.parse_object(each) for each in _objects(given)),
        _number("overallLimit", given.get("overallLimit", sosl.MOST_RESULTS)),
    )
    return _answer(call, wanted)


def _from_address(call: Call) -> dict[str, Any]:
    """The parameters of a GET in the form that a POST has."""
    given: dict[str, Any] = {}
    objects = {name.lower(): {"name": name} for name in call.query.getlist("sobject") + call.query.getlist("sobjects")}
    for name, value in call.query.items():
        owner, dot, option = name.partition(".")
        if dot and owner.lower() in objects:
            objects[owner.lower()][option] = value
        elif name not in ("sobject", "sobjects"):
            given[name] = value
    if objects:
        given["sobjects"] = list(objects.values())
    return given


def _objects(given: Mapping[str, Any]) -> list[str]:
    """Each object with its options, as it would stand after RETURNING."""
    objects = given.get("sobjects", [])
    if not isinstance(objects, list) or not all(isinstance(each, str | Mapping) for each in objects):
        raise ApiError(400, "INVALID_INPUT", "sobjects must be a list of objects with names")
    if not objects and "fields" in given:
        raise ApiError(400, "MISSING_ARGUMENT", "fields need at least one sobject")
    return [_object({"name": each} if isinstance(each, str) else each, given) for each in objects]


def _object(options: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    name = options.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise ApiError(400, "INVALID_INPUT", "Each of sobjects must have the name of an object")
    for option in options:
        if option != "name" and option not in _OBJECT_OPTIONS:
            raise ApiError(400, "INVALID_INPUT", f"{option} is not a parameter of an object that is searched")
    text = f"{name}({_names(options.get('fields', given.get('fields', 'Id')))}"
    for option, words in (("where", "WHERE"), ("orderBy", "ORDER BY")):
        if option in options:
            text += f" {words} {_text(option, options[option])}"
    limit = options.get("limit", given.get("defaultLimit"))
    if limit is not None:
        text += f" LIMIT {_number('limit', limit)}"
    if "offset" in options:
        text += f" OFFSET {_number('offset', options['offset'], least=0)}"
    return text + ")"


def _names(fields: Any) -> str:
    names = fields.split(",") if isinstance(fields, str) else fields
    if not isinstance(names, list) or not names or not all(isinstance(each, str) for each in names):
        raise ApiError(400, "INVALID_INPUT", "fields must be a list of names")
    return ", ".join(names)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ApiError(400, "INVALID_INPUT", f"{name} must be a text")
    return value


def _group(value: Any) -> str:
    group = str(value).upper().removesuffix("FIELDS").strip()
    if group not in sosl.GROUPS:
        raise ApiError(400, "INVALID_SEARCH_SCOPE", f"in must be one of {', '.join(sosl.GROUPS)}, not {value}")
    return group


def _number(name: str, value: Any, *, least: int = 1) -> int:
    text = "" if isinstance(value, bool) else str(value)
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= sosl.MOST_RESULTS:
        raise ApiError(400, "INVALID_INPUT", f"{name} must be between {least} and {sosl.MOST_RESULTS}, not {value}")
    return int(text)
