"""Two thousand spoiled bodies at every door: no 500, no stack trace, nothing taken that is not kept as it was sent."""

import csv
import gzip
import io
import json
from urllib.parse import urlencode

import pytest

from tests.local.org.spoiling import FIELDS, Spoiler, held

pytestmark = pytest.mark.slow
BODIES = 2_000
ANY_CASE = {name.lower(): name for name in FIELDS}
ALL = ",".join(FIELDS)
V = "/services/data/v62.0/"


class Doors:
    """Each method sends one spoiled body to one door, and looks at what was taken."""

    def __init__(self, small, seed):
        self.small = small
        self.spoiler = Spoiler(seed)
        self.pool = small.sf.Pool__c.create({"Name": "first", "Key__c": "first"})["id"]
        self.taken = 0

    def send(self, method, path, headers, data):
        answer = self.small.call(method, path, headers=headers, data=data)
        assert answer.status_code < 500 or answer.status_code == 501, (method, path, headers, data[:500])
        if answer.status_code >= 400 and answer.headers["Content-Type"].startswith("application/json"):
            answer.json()
        return answer

    def check(self, record_id, sent, given=()):
        """The record holds what was sent, field by field."""
        self.taken += 1
        answer = self.small.call("GET", f"sobjects/Pool__c/{record_id}?fields={ALL}")
        assert answer.status_code == 200, (answer.text, sent)
        shown = answer.json()
        for name, value in sent.items():
            if name in ("attributes", *given):
                continue
            if name.lower() == "parent__r":
                assert value is None or shown["Parent__c"], (name, value)
                continue
            if name.lower() == "id" and value in (None, ""):
                continue
            assert name.lower() in ANY_CASE, f"{name!r} was taken and is no field that can be written: {sent}"
            own = ANY_CASE[name.lower()]
            found = None if own == "Name" and shown[own] == record_id[:15] else shown[own]
            assert found == held(own, value), (name, value, found)

    def created(self):
        headers, data = self.spoiler.json(self.spoiler.record())
        answer = self.send("POST", "sobjects/Pool__c", headers, data)
        if answer.status_code == 201:
            self.check(answer.json()["id"], read(headers, data))

    def changed(self):
        headers, data = self.spoiler.json(self.spoiler.record())
        if self.send("PATCH", f"sobjects/Pool__c/{self.pool}", headers, data).status_code == 204:
            self.check(self.pool, read(headers, data))

    def upserted(self):
        headers, data = self.spoiler.json(self.spoiler.record())
        answer = self.send("PATCH", f"sobjects/Pool__c/Legacy__c/u{self.taken}", headers, data)
        if answer.status_code in (200, 201):
            self.check(answer.json()["id"], read(headers, data))

    def collection(self):
        records = [self.spoiler.record({"type": "Pool__c"}) for _ in range(3)]
        headers, data = self.spoiler.json({"allOrNone": self.spoiler.chance.random() < 0.3, "records": records})
        self.outcomes(self.send("POST", "composite/sobjects", headers, data), headers, data)

    def collection_of_changes(self):
        made = [self.small.sf.Pool__c.create({"Name": "x"})["id"] for _ in range(2)]
        records = [{**self.spoiler.record({"type": "Pool__c"}), "Id": each} for each in made]
        headers, data = self.spoiler.json({"records": records})
        self.outcomes(self.send("PATCH", "composite/sobjects", headers, data), headers, data, given=("Id", "id"))

    def collection_of_upserts(self):
        records = [{**self.spoiler.record(), "Key__c": f"v{self.taken}-{place}"} for place in range(3)]
        headers, data = self.spoiler.json({"records": records})
        answer = self.send("PATCH", "composite/sobjects/Pool__c/Key__c", headers, data)
        self.outcomes(answer, headers, data, given=("Id", "id"))

    def outcomes(self, answer, headers, data, given=()):
        if answer.status_code != 200:
            return
        body = read(headers, data)
        assert body.keys() <= {"allOrNone", "records"}, body
        assert len(answer.json()) == len(body["records"])
        if body.get("allOrNone") and not all(each["success"] for each in answer.json()):
            assert not any(each["success"] for each in answer.json())
        for entry, record in zip(answer.json(), body["records"], strict=True):
            if entry["success"]:
                self.check(entry["id"], record, given)

    def composite(self):
        part = {"method": "POST", "url": f"{V}sobjects/Pool__c", "referenceId": "a", "body": self.spoiler.record()}
        other = {**part, "referenceId": "b", "body": {**self.spoiler.record(), "Parent__c": "@{a.id}"}}
        headers, data = self.spoiler.json({"allOrNone": True, "compositeRequest": [part, other]})
        answer = self.send("POST", "composite", headers, data)
        if answer.status_code != 200:
            return
        body, parts = read(headers, data), answer.json()["compositeResponse"]
        assert body.keys() <= {"allOrNone", "compositeRequest", "collateSubrequests"}, body
        assert all(each["httpStatusCode"] < 500 for each in parts), parts
        if body.get("allOrNone") and any(each["httpStatusCode"] >= 400 for each in parts):
            assert all(each["httpStatusCode"] >= 400 for each in parts), parts
        for asked, each in zip(body["compositeRequest"], parts, strict=True):
            if each["httpStatusCode"] == 201:
                self.check(each["body"]["id"], asked["body"], given=("Parent__c",))

    def batch(self):
        part = {"method": "POST", "url": "v62.0/sobjects/Pool__c", "richInput": self.spoiler.record()}
        headers, data = self.spoiler.json({"batchRequests": [part], "haltOnError": True})
        answer = self.send("POST", "composite/batch", headers, data)
        if answer.status_code == 200:
            for asked, each in zip(read(headers, data)["batchRequests"], answer.json()["results"], strict=True):
                assert each["statusCode"] < 500
                if each["statusCode"] == 201:
                    self.check(each["result"]["id"], asked["richInput"])

    def tree(self):
        record = self.spoiler.record({"type": "Pool__c", "referenceId": "r1"})
        headers, data = self.spoiler.json({"records": [record]})
        answer = self.send("POST", "composite/tree/Pool__c", headers, data)
        if answer.status_code == 201:
            ids = {each["referenceId"]: each["id"] for each in answer.json()["results"]}
            for each in read(headers, data)["records"]:
                self.check(ids[each["attributes"]["referenceId"]], each)

    def job(self):
        asked = {"object": "Pool__c", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"}
        headers, data = self.spoiler.json(asked)
        answer = self.send("POST", "jobs/ingest", headers, data)
        if answer.status_code == 200:
            for name, value in read(headers, data).items():
                assert value is None or answer.json()[name] == value, (name, value, answer.json())

    def upload(self):
        job = self.small.call("POST", "jobs/ingest", json={"object": "Pool__c", "operation": "insert"}).json()["id"]
        headers, data = self.spoiler.csv()
        if self.send("PUT", f"jobs/ingest/{job}/batches", headers, data).status_code != 201:
            return
        close = self.spoiler.json({"state": "UploadComplete"})
        if self.send("PATCH", f"jobs/ingest/{job}", *close).status_code == 200:
            self.loaded(job, opened(headers, data))

    def loaded(self, job, data):
        shown = self.small.call("GET", f"jobs/ingest/{job}").json()
        if shown["state"] != "JobComplete":
            assert shown["state"] in ("Failed", "Aborted"), shown
            assert shown["errorMessage"]
            return
        header, *rows = [cells for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if cells] or [
            []
        ]
        results = self.small.call("GET", f"jobs/ingest/{job}/successfulResults").content.decode()
        good = list(csv.reader(io.StringIO(results, newline="")))[1:]
        assert len(rows) == shown["numberRecordsProcessed"] == len(good) + shown["numberRecordsFailed"], (data, shown)
        for cells in good:
            sent = {name.strip(): cell for name, cell in zip(header, cells[2:], strict=True) if cell}
            assert len({name.lower() for name in sent}) == len(sent)
            self.check_cells(cells[0], sent)

    def check_cells(self, record_id, sent):
        self.taken += 1
        shown = self.small.call("GET", f"sobjects/Pool__c/{record_id}?fields={ALL}").json()
        for name, cell in sent.items():
            if name.lower() in ANY_CASE:
                own = ANY_CASE[name.lower()]
                wanted = held(own, None if cell == "#N/A" else cell, from_text=True)
                found = None if own == "Name" and shown[own] == record_id[:15] else shown[own]
                assert found == wanted, (name, cell)
            else:
                assert "." in name or cell == "#N/A", (name, cell)

    def multipart_job(self):
        asked = json.dumps(self.spoiler.spoiled({"object": "Pool__c", "operation": "insert"})).encode()
        headers, rows = self.spoiler.csv()
        chance = self.spoiler.chance
        asked = asked if chance.random() < 0.3 else b'{"object": "Pool__c", "operation": "insert"}'
        headers, data = self.parts([("job", asked), ("content", rows)])
        answer = self.send("POST", "jobs/ingest", headers, data)
        if answer.status_code == 200 and headers.get("Content-Encoding") is None and rows in data:
            self.loaded(answer.json()["id"], rows)

    def file(self):
        content = self.spoiler.chance.randbytes(50)
        about = json.dumps({"PathOnClient": "a.bin", "Title": "a"}).encode()
        headers, data = self.parts([("entity_content", about), ("VersionData", content)])
        answer = self.send("POST", "sobjects/ContentVersion", headers, data)
        if answer.status_code == 201 and content in opened(headers, data):
            kept = self.small.call("GET", f"sobjects/ContentVersion/{answer.json()['id']}/VersionData").content
            assert kept == content

    def parts(self, found):
        lines = b""
        for name, value in found:
            quoted = f'form-data; name="{name}"; filename="{name}"'.encode()
            lines += b"--edge\r\nContent-Disposition: " + quoted + b"\r\n\r\n" + value + b"\r\n"
        if self.spoiler.chance.random() < 0.1:
            lines += lines
        return self.spoiler.packed(lines + b"--edge--\r\n", "multipart/form-data; boundary=edge")

    def query_job(self):
        headers, data = self.spoiler.json({"operation": "query", "query": "SELECT Id FROM Pool__c"})
        self.send("POST", "jobs/query", headers, data)

    def event(self):
        headers, data = self.spoiler.json({"Record__c": "x"})
        answer = self.send("POST", "sobjects/Changed__e", headers, data)
        if answer.status_code == 201:
            payload, sent = self.small.app.events_after(0)[-1]["payload"], read(headers, data)
            assert {name.lower() for name in sent} <= {"record__c", "attributes"}, sent
            assert payload.get("Record__c") == held("Name", next(iter(sent.values())))

    def others(self):
        chance = self.spoiler.chance
        method, path, body = chance.choice(
            [
                ("POST", "parameterizedSearch", {"q": "first", "sobjects": [{"name": "Pool__c", "fields": ["Id"]}]}),
                ("POST", "composite/sobjects/Pool__c", {"ids": [self.pool], "fields": ["Name"]}),
                ("POST", "/warmbench/faults", {"kind": "lock", "object": "Guard__c", "times": 1}),
                ("POST", "/warmbench/clock", {"offset_seconds": 0}),
                ("PATCH", "jobs/query/750000000000000AAA", {"state": "Aborted"}),
                ("POST", f"sobjects/User/{self.small.app.user('recruiter').id}/password", {"NewPassword": "Abcdefg1!"}),
            ]
        )
        self.send(method, path, *self.spoiler.json(body))
        self.small.app.faults.clear()
        self.small.app.set_clock(0)

    def login(self):
        chance = self.spoiler.chance
        form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
        grants = ["password", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials", "é"]
        form |= {"grant_type": chance.choice(grants), "assertion": "a.b.c", "username": "admin", "password": "\0"}
        data = urlencode(form).encode()
        headers, data = self.spoiler.packed(data, "application/x-www-form-urlencoded")
        assert self.send("POST", "/services/oauth2/token", headers, data).status_code >= 400

    def soap(self):
        inner = "<login xmlns='urn:partner.soap.sforce.com'><username>a</username><password>b</password></login>"
        shell = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>{}</e:Body></e:Envelope>"
        headers, data = self.spoiler.packed(shell.format(inner).encode(), "text/xml")
        answer = self.small.call("POST", "/services/Soap/u/59.0", headers=headers, data=data)
        assert answer.status_code < 500 or b"Fault" in answer.content, (data, answer.text)


def opened(headers, data):
    packing = headers.get("Content-Encoding", "").lower()
    return gzip.decompress(data) if packing == "gzip" else data


def read(headers, data):
    """The body as a strict reader sees it: nothing twice, no NaN."""

    def pairs(found):
        assert len(dict(found)) == len(found), f"a name stands twice: {found}"
        return dict(found)

    def constant(word):
        raise AssertionError(word)

    assert headers["Content-Type"] in ("application/json", "")
    return json.loads(opened(headers, data), object_pairs_hook=pairs, parse_constant=constant)


DOORS = [name for name in vars(Doors) if not name.startswith("_")]
DOORS = [name for name in DOORS if name not in ("send", "check", "outcomes", "loaded", "check_cells", "parts")]


@pytest.mark.parametrize("door", DOORS)
def test_spoiled_body_is_refused_or_kept_as_it_was_sent(small, capsys, door):
    doors = Doors(small, f"{door} of 2026")
    for _ in range(BODIES // len(DOORS) + 1):
        getattr(doors, door)()
    assert "Traceback" not in capsys.readouterr().err
