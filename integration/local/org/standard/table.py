"""Reads `tables/*.txt`, our table of Salesforce's standard objects.

The first line of a file is  label | plural | id prefix | name field | words:  owned (has an owner), readonly, kept
(cannot be deleted), unbinned (no IsDeleted). Each further line is a field,  name | label | type | words | choices:

    type     text 40, area, longarea, picklist, combobox, email, phone, url, number 18 2, currency, percent, int,
             checkbox, date, datetime, address, base64, autonumber {0000}, reference Account/Contact or * for any
    words    required, read, once (on create only), later (on change only), unique, restricted, of X (part of the
             compound field X), as X and children X (relationship names), cascade, restrict, default X, and the
             traits of catalog.FieldInfo
    choices  the values of a picklist, * before the default; or  = formula
"""

from collections.abc import Sequence
from pathlib import Path

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.metadata.schema import PicklistValue

FOLDER = Path(__file__).with_name("tables")
_TYPES = {
    "address": "Address",
    "area": "TextArea",
    "autonumber": "AutoNumber",
    "base64": "Base64",
    "checkbox": "Checkbox",
    "combobox": "Combobox",
    "currency": "Currency",
    "date": "Date",
    "datetime": "DateTime",
    "email": "Email",
    "int": "Integer",
    "longarea": "LongTextArea",
    "number": "Number",
    "percent": "Percent",
    "phone": "Phone",
    "picklist": "Picklist",
    "reference": "Lookup",
    "text": "Text",
    "url": "Url",
}
_WITH_VALUE = ("of", "as", "children", "default")
_KNOWN = ("required", "read", "once", "later", "unique", "restricted", "cascade", "restrict")


def read_object(path: Path) -> ObjectInfo:
    """One object with its own fields, in the order of the file."""
    first, *lines = path.read_text().splitlines()
    label, plural, prefix, name_field, words = _cells(first, 5)
    fields = [_field(line) for line in lines]
    traits = _words(words)
    return ObjectInfo(
        path.stem,
        label,
        plural,
        prefix,
        {each.name: each for each in fields},
        custom=False,
        name_field=name_field,
        createable="readonly" not in traits,
        updateable="readonly" not in traits,
        deletable=not {"readonly", "kept"} & set(traits),
        owned="owned" in traits,
        binned="unbinned" not in traits,
    )


def _cells(line: str, number: int) -> list[str]:
    cells = [each.strip() for each in line.split("|", number - 1)]
    return cells + [""] * (number - len(cells))


def _words(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _field(line: str) -> FieldInfo:
    name, label, kind, words, choices = _cells(line, 5)
    type_name, *sizes = kind.split()
    given = _words(words)
    said = {word.split()[0]: word.partition(" ")[2] for word in given if word.split()[0] in _WITH_VALUE}
    formula = choices.removeprefix("=").strip() if choices.startswith("=") else ""
    picklist = () if formula else _picklist(choices)
    length, precision, scale = _sizes(type_name, sizes)
    constraint = "Cascade" if "cascade" in given else "Restrict" if "restrict" in given else "SetNull"
    default = said.get("default") or next((f'"{each.name}"' for each in picklist if each.default), "")
    return FieldInfo(
        name,
        label,
        _TYPES[type_name],
        length=length,
        precision=precision,
        scale=scale,
        required="required" in given,
        unique="unique" in given,
        restricted="restricted" in given,
        picklist=picklist,
        default=default,
        formula=formula,
        display_format=sizes[0] if type_name == "autonumber" else "",
        reference_to=_references(sizes) if type_name == "reference" else (),
        relationship_name=said.get("as", ""),
        child_relationship=said.get("children", ""),
        delete_constraint=constraint if type_name == "reference" else "",
        createable=not {"read", "later"} & set(given) and type_name != "address",
        updateable=not {"read", "once"} & set(given) and type_name != "address",
        compound=said.get("of", ""),
        traits=frozenset(word for word in given if word not in _KNOWN and word.split()[0] not in _WITH_VALUE),
    )


def _sizes(type_name: str, sizes: Sequence[str]) -> tuple[int, int, int]:
    """Length, precision and scale."""
    if type_name in ("reference", "autonumber"):
        return (18 if type_name == "reference" else 30), 0, 0
    numbers = [int(each) for each in sizes]
    if type_name == "int":
        return 0, numbers[0] if numbers else 8, 0
    if len(numbers) == 2:
        return 0, numbers[0], numbers[1]
    return (numbers[0] if numbers else 0), 0, 0


def _references(sizes: Sequence[str]) -> tuple[str, ...]:
    return () if sizes == ["*"] else tuple(sizes[0].split("/"))


def _picklist(choices: str) -> tuple[PicklistValue, ...]:
    values = _words(choices)
    return tuple(PicklistValue(value.lstrip("*"), value.lstrip("*"), value.startswith("*")) for value in values)
