"""Records as pages show them: rows of a list, values of a layout, inputs of a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3

from integration.local.console.drawing import Drawing, name_path
from integration.metadata.schema import Field

_LONG = {"LongTextArea", "Html", "TextArea"}
_INPUTS = {"Date": "date", "DateTime": "datetime-local", "Time": "time", "Email": "email", "Url": "url",
           "Phone": "tel", "Number": "number",
           "Currency": "number", "Percent": "number", "AutoNumber": "text"}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One value: text, and where it leads."""

    label: str
    text: str
    href: str = ""
    help: str = ""
    is_long: bool = False
    markup: str = ""
    """Rich text, cleaned of what could run."""
    is_external: bool = False


@dataclass(frozen=True)
class Input:
    """One field of a form."""

    name: str
    label: str
    kind: str
    """text, number, date …, checkbox, picklist, lookup or long."""
    value: str
    required: bool
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def at(row: Mapping[str, Any], path: str) -> Any:
    """The value at `Owner.Name` of a nested row."""
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def shown(drawing: Drawing, object_name: str, path: str, row: Mapping[str, Any]) -> Shown:
    """A value of a row."""
    field, value = drawing.field(object_name, path), at(row, path)
    label, help_text = drawing.label(object_name, path), field.help if field else ""
    if path == "Name":
        return Shown(label, str(value or "(no name)"), f"/r/{object_name}/{row['Id']}")
    if field is None or value is None:
        return Shown(label, written(field, value), help=help_text)
    if field.reference_to:
        href = f"/r/{field.reference_to}/{value}" if drawing.object(field.reference_to) else ""
        return Shown(label, str(at(row, name_path(path)) or value), href, help_text)
    if field.type == "Url" and str(value).startswith(("http://", "https://")):
        return Shown(label, str(value), str(value), help_text, is_external=True)
    markup = nh3.clean(str(value)) if field.type == "Html" else ""
    return Shown(label, written(field, value), help=help_text, is_long=field.type in _LONG, markup=markup)


def written(field: Field | None, value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field is not None and field.type in {"Number", "Currency", "Percent"}:
        return f"{value:,.{field.scale}f}"
    if field is not None and field.type == "Location" and isinstance(value, Mapping):
        return f"{value.get('latitude')}, {value.get('longitude')}"
    if field is not None and field.type == "Picklist":
        return next((entry.label for entry in field.picklist if entry.name == value), str(value))
    if isinstance(value, str) and len(value) == 28 and value.endswith("+0000"):
        return value[:16].replace("T", " ") + " UTC"
    return str(value)


def inputs(
    drawing: Drawing, object_name: str, row: Mapping[str, Any], problems: Mapping[str, str], choices: Mapping[str, Any]
) -> list[tuple[str, list[Input]]]:
    """(section, its fields) of the form of one record; `choices` holds what lookups can point at."""
    sections = []
    for section in drawing.sections[object_name]:
        items = [
            item for column in section.columns for item in column if item.is_editable and item.field != "Command__c"
        ]
        fields = [
            _input(drawing, object_name, item.field, item.is_required, row, problems, choices.get(item.field, ()))
            for item in items
        ]
        if fields:
            sections.append((section.label, fields))
    return sections


def _input(
    drawing: Drawing,
    object_name: str,
    name: str,
    required: bool,
    row: Mapping[str, Any],
    problems: Mapping[str, str],
    lookups: tuple[tuple[str, str], ...],
) -> Input:
    field = drawing.field(object_name, name)
    value = row.get(name)
    kind, choices = _kind(field), lookups
    if field is not None and field.type in {"Picklist", "MultiselectPicklist"}:
        choices = tuple((entry.name, entry.label) for entry in field.picklist)
        if value is None:
            value = next((entry.name for entry in field.picklist if entry.default and not row.get("Id")), "")
    if field is not None and field.type == "Checkbox" and value is None and not row.get("Id"):
        value = field.default == "true"
    return Input(
        name=name,
        label=drawing.label(object_name, name),
        kind=kind,
        value=_typed(field, value),
        required=required or (field is not None and field.required),
        help=field.help if field else "",
        choices=choices,
        problem=problems.get(name, ""),
    )


def _kind(field: Field | None) -> str:
    if field is None:
        return "text"
    if field.type == "Checkbox":
        return "checkbox"
    if field.type == "MultiselectPicklist":
        return "picklists"
    if field.type == "Picklist":
        return "picklist"
    if field.reference_to:
        return "lookup"
    return "long" if field.type in _LONG else _INPUTS.get(field.type, "text")


def _typed(field: Field | None, value: Any) -> str:
    """A value as its input wants it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if field is not None and field.type == "DateTime":
        return str(value)[:16]
    if field is not None and field.type == "Time":
        return str(value)[:5]
    if field is not None and field.type in {"Number", "Currency", "Percent"}:
        return f"{value:.{field.scale}f}"
    return str(value)


def given(field: Field | None, text: str) -> Any:
    """What a person typed, as the API takes it; empty is null."""
    if field is not None and field.type == "Checkbox":
        return text == "true"
    if text == "":
        return None
    if field is not None and field.type in {"Number", "Currency", "Percent"}:
        try:
            return float(text)
        except ValueError:
            return text  # the org names the field and what it wants
    if field is not None and field.type == "DateTime" and len(text) == 16:
        return f"{text}:00.000+0000"
    if field is not None and field.type == "Time" and len(text) == 5:
        return f"{text}:00.000Z"
    return text.replace("\r\n", "\n")
