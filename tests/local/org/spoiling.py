"""Bodies as clients should not send them, from a seed; and what a record must hold when one was taken all the same."""

import gzip
import json
import random
from datetime import UTC, datetime

FIELDS = {
    "Name": "text",
    "Key__c": "text",
    "Code__c": "text",
    "Legacy__c": "text",
    "Mail__c": "text",
    "Site__c": "text",
    "Text__c": "long",
    "Kind__c": "text",
    "Tags__c": "many",
    "Colour__c": "text",
    "Size__c": "number",
    "Open__c": "flag",
    "Closes_On__c": "date",
    "Seen_At__c": "moment",
    "From__c": "time",
    "Geo__Latitude__s": "part",
    "Geo__Longitude__s": "part",
    "Parent__c": "id",
}
GOOD = {
    "text": ["plain", "Zoë 🌙", "x" * 19, 'a,b\n"c"', "<b>&amp;</b>", "0012", "true", "#N/A", "=1+1"],
    "long": ["line\nline", " kept "],
    "many": ["Red", "Red;Blue"],
    "number": [0, 1.5, -2, 12.345, "7"],
    "flag": [True, False],
    "date": ["2026-03-01"],
    "moment": ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000+0200"],
    "time": ["09:30:00.000Z"],
    "part": [51.9],
    "id": [None],
}
NASTY = [
    None, "", " ", "\0", "\ud800", "\udc00x", "\ufeffx", "\u202e", "x" * 5_000, True, False, 0, -1, 10**30,
    10**400, 1e308, -0.0, 1e-320, "1e5", "١٢", "NaN", "Infinity", "1,5", "0x10", "2026-02-31", "31.12.2026",
    "0000-00-00", "9999-12-31", "2026-01-01T25:00:00Z",
    "2026-01-01T00:00:00+99:99", "24:00:00", "12:00", [], [1], {}, {"a": 1}, {"Key__c": "x"},
    "a" * 15, "a0000000000000A", "001000000000001AAA", "'; DROP TABLE Pool__c; --", "@{x.id}", "${1}", "{0}", "%s",
    "Red;;Blue",
]  # fmt: skip
NAMES = [
    "Nope__c",
    "name",
    "KEY__C",
    "Id",
    "id",
    "OwnerId",
    "CreatedDate",
    "IsDeleted",
    "Label__c",
    "Parent__r",
    "attributes",
]
NAMES += ["", " Name", "Name ", "Pool__c", "Geo__c", "SystemModstamp", "ｎame", "allOrNone", "records"]
TYPES = [
    "text/plain",
    "application/xml",
    "application/json; charset=latin-1",
    "text/csv",
    "multipart/form-data",
    "x",
    "",
]


class Spoiler:
    """One seed's spoiled bodies."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self._count = 0

    def record(self, attributes=None):
        """A record of the small org's pool, mostly good."""
        chance = self.chance
        names = chance.sample(list(FIELDS), chance.randint(1, 6))
        record = {name: chance.choice(GOOD[FIELDS[name]]) for name in names}
        self._count += 1
        for name in {"Key__c", "Code__c"} & record.keys():
            record[name] = f"k{self._count}"
        for name in {"Mail__c", "Kind__c"} & record.keys():
            record[name] = {"Mail__c": "a@b.example", "Kind__c": "Dynamic"}[name]
        if chance.random() < 0.5:
            record[chance.choice([*FIELDS, *NAMES])] = chance.choice(NASTY)
        return ({"attributes": attributes} if attributes else {}) | record

    def spoiled(self, body):
        """A JSON value with something in it changed, somewhere."""
        chance = self.chance
        if isinstance(body, dict) and body and chance.random() < 0.8:
            name = chance.choice(list(body))
            if chance.random() < 0.25:
                return {(f"{each}x" if each == name else each): value for each, value in body.items()}
            if chance.random() < 0.15:
                return {each: value for each, value in body.items() if each != name}
            return {**body, name: self.spoiled(body[name])}
        if isinstance(body, list) and body and chance.random() < 0.8:
            place = chance.randrange(len(body))
            return [*body[:place], self.spoiled(body[place]), *body[place + 1 :]]
        return chance.choice(NASTY)

    def json(self, body):
        """(headers, bytes) of a JSON body: whole, spoiled inside, or spoiled as text."""
        chance = self.chance
        if chance.random() < 0.4:
            body = self.spoiled(body)
        text = json.dumps(body, ensure_ascii=chance.random() < 0.7)
        way = chance.random()
        if way < 0.08 and text.count('"'):
            text = text.replace("{", '{"Name": "first", "Name": "second", ' if "}" in text else "{", 1)
        elif way < 0.12:
            text = "[" * 20_000 + text
        elif way < 0.16:
            text = text.replace(": ", ": NaN, ", 1) if chance.random() < 0.5 else text.replace("1", "1e999")
        return self.packed(text.encode("utf-8", "surrogatepass"), "application/json")

    def packed(self, data, content_type):
        """(headers, bytes), now and then cut, doubled, marked, compressed or called something else."""
        chance, headers = self.chance, {"Content-Type": content_type}
        way = chance.random()
        if way < 0.06:
            data = data[: chance.randrange(len(data) + 1)]
        elif way < 0.10 and data:
            place = chance.randrange(len(data))
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        elif way < 0.13:
            data = b"\xef\xbb\xbf" + data
        elif way < 0.15:
            data = data.decode("utf-8", "replace").encode("utf-16")
        elif way < 0.17:
            data += data
        elif way < 0.23:
            data, headers["Content-Encoding"] = gzip.compress(data), chance.choice(["gzip", "gzip", "br", "GZIP"])
            data = data[: len(data) - chance.choice([0, 0, 5])]
        elif way < 0.27:
            headers["Content-Type"] = chance.choice(TYPES)
        return headers, data

    def csv(self):
        """(headers, bytes) of an upload of pools."""
        chance = self.chance
        names = chance.sample([name for name in FIELDS if name not in ("Key__c", "Code__c", "Parent__c")], 3)
        if chance.random() < 0.2:
            names[chance.randrange(3)] = chance.choice([*NAMES, *FIELDS, "Parent__r.Key__c"])
        rows = [[self._cell(name) for name in names] for _ in range(chance.randint(0, 4))]
        if rows and chance.random() < 0.1:
            rows[0].append("more")
        end = "\r\n" if chance.random() < 0.05 else "\n"
        text = end.join(",".join(cells) for cells in [names, *rows]) + end
        return self.packed(text.encode("utf-8", "replace"), "text/csv")

    def _cell(self, name):
        value = self.chance.choice(GOOD[FIELDS.get(name, "text")] if self.chance.random() < 0.8 else NASTY)
        if not isinstance(value, str | int | float):
            return self.chance.choice(["", "#N/A", '"', "'"])
        text = str(value)[:300]
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text


def held(name, value, from_text=False):
    """What the org shows of a field after it took this value; raises ValueError where it should have refused."""
    kind = FIELDS[name]
    if kind == "flag":
        if from_text and isinstance(value, str):
            return {"true": True, "1": True, "false": False, "0": False, "": False}[value.strip().lower()]
        if value not in (None, True, False) or (isinstance(value, int) and not isinstance(value, bool)):
            raise ValueError(value)
        return bool(value)
    if isinstance(value, dict | list):
        raise ValueError(value)
    if value is None or value == "":
        return None
    return _READ[kind](value)


def _text(value):
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip() or None


def _long(value):
    return value.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(value, str) else _text(value)


def _many(value):
    return ";".join(each.strip() for each in str(value).replace("\0", "").split(";") if each.strip()) or None


def _number(scale):
    def read(value):
        if isinstance(value, bool):
            raise ValueError(value)
        return round(float(value), scale)

    return read


def _moment(value):
    at = datetime.fromisoformat(str(value).strip())
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _time(value):
    parts = (str(value).strip().removesuffix("Z") + ":00").split(".")[0].split(":")
    return ":".join(parts[:3]) + ".000Z"


_READ = {
    "text": _text,
    "long": _long,
    "many": _many,
    "number": _number(2),
    "part": _number(15),
    "date": lambda value: str(value).strip()[:10],
    "moment": _moment,
    "time": _time,
    "id": _text,
}
