"""The records that a recorded exchange speaks of, made in the org before it is replayed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import requests

_PREFIXES = {"001": "Account", "003": "Contact", "00Q": "Lead", "006": "Opportunity", "00U": "Event"}
"""In the order in which one may refer to the other."""
_REQUIRED: dict[str, dict[str, Any]] = {
    "Account": {"Name": "Staged"},
    "Contact": {"LastName": "Staged"},
    "Lead": {"LastName": "Staged", "Company": "Staged"},
    "Opportunity": {"Name": "Staged", "StageName": "Prospecting", "CloseDate": "2026-01-01"},
    "Event": {"DurationInMinutes": 60, "ActivityDateTime": "2026-01-01T10:00:00Z"},
}
_PARENTS = {"Who": "WhoId", "What": "WhatId", "Account": "AccountId"}
_CHILDREN = {"Opportunities": "ContactId"}
_RECORDED_ID = re.compile(r'"(00[136QU][a-zA-Z0-9]{15})"')
_EQUAL = re.compile(r"\bwhere (\w+) ?= ?'(\w+)'", re.IGNORECASE)
_COUNT = re.compile(r"select[ +]+count(?:\(\)|%28Id%29|\(Id\))[ +]+from[ +]+(\w+)", re.IGNORECASE)


@dataclass
class _Record:
    """One record as the recording shows it; `refers` leads from a field to the recorded id of another."""

    type: str
    values: dict[str, Any] = field(default_factory=dict)
    refers: dict[str, str] = field(default_factory=dict)


class StageFailed(Exception):
    """A record could not be made, so the exchange cannot be replayed."""


class Stage:
    """Makes records and clears them away."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self._session = session
        self._base = base
        self._made: list[str] = []
        self._createable: dict[str, set[str]] = {}

    def prepare(self, path: str, body: str, answer: Any) -> dict[str, str]:
        """Recorded id -> the id of the record that stands for it."""
        wanted: dict[str, _Record] = {}
        _from_answer(answer, wanted)
        _from_upsert(path, body, answer, wanted)
        if "/sobjects" in path:
            for recorded in _RECORDED_ID.findall(body):
                wanted.setdefault(recorded, _Record(_PREFIXES[recorded[:3]]))
        for name, number in _counted(path, body, answer):
            wanted |= {f"{name} {place}": _Record(name) for place in range(number)}
        for name, value in _EQUAL.findall(unquote_plus(path)):
            for record in wanted.values():
                record.values.setdefault(name, value)
        ids: dict[str, str] = {}
        for object_name in _PREFIXES.values():
            for recorded, record in wanted.items():
                if record.type == object_name:
                    ids[recorded] = self._make(record, ids)
        return ids

    def _make(self, record: _Record, ids: dict[str, str]) -> str:
        refers = {name: ids[recorded] for name, recorded in record.refers.items() if recorded in ids}
        known = self._fields(record.type)
        values = {name: value for name, value in record.values.items() if name in known and value is not None}
        payload = {**_REQUIRED[record.type], **values, **refers}
        reply = self._session.post(f"{self._base}/sobjects/{record.type}", json=payload, timeout=60)
        if not reply.ok:
            raise StageFailed(f"{record.type}: {reply.text[:300]}")
        self._made.append(reply.json()["id"])
        return self._made[-1]

    def _fields(self, object_name: str) -> set[str]:
        if object_name not in self._createable:
            described = self._session.get(f"{self._base}/sobjects/{object_name}/describe", timeout=60).json()
            fields = described["fields"] if isinstance(described, dict) else []
            self._createable[object_name] = {each["name"] for each in fields if each["createable"]}
        return self._createable[object_name]

    def clear(self) -> None:
        """Deletes what was made here and what the replayed requests made."""
        for object_name in reversed(_PREFIXES.values()):
            reply = self._session.get(f"{self._base}/query", params={"q": f"SELECT Id FROM {object_name}"}, timeout=60)
            ids = [each["Id"] for each in reply.json()["records"]] if reply.ok else []
            for start in range(0, len(ids), 200):
                part = ",".join(ids[start : start + 200])
                self._session.delete(f"{self._base}/composite/sobjects", params={"ids": part}, timeout=60)
        self._made.clear()


def _from_answer(answer: Any, wanted: dict[str, _Record]) -> None:
    """Every record that an answer to a query shows."""
    for entry in answer if isinstance(answer, list) else list(answer.values()) if isinstance(answer, dict) else []:
        if isinstance(entry, dict | list):
            _from_answer(entry, wanted)
    if isinstance(answer, dict) and isinstance(answer.get("attributes"), dict):
        _collect(answer, wanted)


def _collect(shown: dict[str, Any], wanted: dict[str, _Record]) -> str:
    attributes = shown["attributes"]
    recorded = str(attributes.get("url", "")).rpartition("/")[2]
    if attributes["type"] not in _REQUIRED:
        return recorded
    record = wanted.setdefault(recorded, _Record(attributes["type"]))
    for name, value in shown.items():
        if isinstance(value, dict) and "records" in value:
            for child in value["records"]:
                wanted.setdefault(_collect(child, wanted), _Record("")).refers[_CHILDREN[name]] = recorded
        elif isinstance(value, dict) and "attributes" in value and name in _PARENTS:
            record.refers[_PARENTS[name]] = _collect(value, wanted)
        elif not isinstance(value, dict | list) and name != "Id":
            record.values[name] = value
    return recorded


def _from_upsert(path: str, body: str, answer: Any, wanted: dict[str, _Record]) -> None:
    """What an upsert found instead of making it."""
    match = re.search(r"/composite/sobjects/(\w+)/(\w+)$", path)
    if not match or not isinstance(answer, list):
        return
    for row, outcome in zip(json.loads(body)["records"], answer, strict=True):
        if outcome.get("success") and not outcome["created"]:
            key = {} if match[2] == "Id" else {match[2]: row[match[2]]}
            wanted[outcome["id"]] = _Record(match[1], key)


def _counted(path: str, body: str, answer: Any) -> Iterator[tuple[str, int]]:
    """Objects of which only the number of records is told."""
    if not isinstance(answer, dict):
        return
    for each in answer.get("sObjects", []):
        # A real org counts now and then, so 0 is told of an object that has its first records.
        yield each["name"], max(each["count"], 1)
    counted = _COUNT.findall(body or path)
    parts = [each["body"] for each in answer["compositeResponse"]] if "compositeResponse" in answer else [answer]
    for name, part in zip(counted, parts, strict=False):
        if name in _REQUIRED and isinstance(part, dict):
            rows = part["records"]
            yield name, rows[0]["expr0"] if rows else part["totalSize"]
