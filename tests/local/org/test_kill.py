"""Twenty kills in the middle of writing: what was acknowledged is there, what was not is there whole or not at all.

This is `kill -9` of the serving processes. The database syncs at checkpoints only (`synchronous = NORMAL`), so the loss
of power can cost the last commits, though never the file.
"""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
import requests

from integration.local.serving import free_port
from tests.local.org.test_serve import Served

pytestmark = pytest.mark.slow
KILLS = 20
GROUP = 20
BULK_ROWS = 1_500


class Writers:
    """Threads that write until they are stopped and note what the org acknowledged."""

    def __init__(self, url, token):
        self._url = f"{url}/services/data/v62.0/"
        self._token = token
        self._stopping = threading.Event()
        self._local = threading.local()
        self.tags = {}
        """Acknowledged single creates: name by id."""
        self.groups = {}
        """Every all-or-none group that was sent: whether it was acknowledged."""
        self.pools = {}
        """Every pool made and commanded in one composite call: whether it was acknowledged."""
        self.keys = set()
        """Acknowledged upserts."""
        self.jobs = {}
        """Jobs whose end of upload was acknowledged: the first part of their rows' keys."""
        self.faults = []
        works = (self._single, self._single, self._group, self._composite, self._upsert, self._upserts, self._job)
        self._threads = [threading.Thread(target=self._run, args=each) for each in enumerate(works)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def acknowledged(self):
        """How many of each kind."""
        whole = [sum(each.values()) for each in (self.groups, self.pools)]
        return [len(self.tags), *whole, len(self.keys), len(self.jobs)]

    def _run(self, number, work):
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._token}"
            self._local.session = session
            for turn in range(10**9):
                if self._stopping.is_set():
                    return
                try:
                    work(f"{number}-{turn:05}")
                except requests.RequestException:
                    time.sleep(0.02)
                except Exception as error:
                    self.faults.append(repr(error))
                    return

    def _call(self, method, path, **options):
        answer = self._local.session.request(method, self._url + path, timeout=30, **options)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text[:300])
        return answer

    def _single(self, name):
        self.tags[self._call("POST", "sobjects/Tag__c", json={"Name": f"S{name}"}).json()["id"]] = f"S{name}"

    def _group(self, name):
        self.groups[name] = False
        records = [{"attributes": {"type": "Tag__c"}, "Name": f"G{name}.{place:02}"} for place in range(GROUP)]
        answer = self._call("POST", "composite/sobjects", json={"allOrNone": True, "records": records}).json()
        assert all(each["success"] for each in answer), answer
        self.groups[name] = True

    def _composite(self, name):
        self.pools[name] = False
        made = {"Name": f"C{name}", "Kind__c": "Static"}
        path = "/services/data/v62.0/sobjects/Talent_Pool__c"
        parts = [
            {"method": "POST", "url": path, "referenceId": "pool", "body": made},
            {
                "method": "PATCH",
                "url": f"{path}/@{{pool.id}}",
                "referenceId": "command",
                "body": {"Command__c": "Refresh"},
            },
        ]
        answer = self._call("POST", "composite", json={"allOrNone": True, "compositeRequest": parts}).json()
        assert [part["httpStatusCode"] for part in answer["compositeResponse"]] == [201, 204], answer
        self.pools[name] = True

    def _upsert(self, name):
        key = f"U{name}"
        for _ in range(2):
            self._call("PATCH", f"sobjects/Candidate__c/Candidate_Key__c/{key}", json={"Last_Name__c": key})
            self.keys.add(key)

    def _upserts(self, name):
        keys = [f"V{name}.{place}" for place in range(50)]
        records = [
            {"attributes": {"type": "Candidate__c"}, "Candidate_Key__c": key, "Last_Name__c": key} for key in keys
        ]
        answer = self._call("PATCH", "composite/sobjects/Candidate__c/Candidate_Key__c", json={"records": records})
        assert all(each["success"] for each in answer.json()), answer.text
        self.keys.update(keys)

    def _job(self, name):
        asked = {"object": "Candidate__c", "operation": "upsert", "externalIdFieldName": "Candidate_Key__c"}
        job = f"jobs/ingest/{self._call('POST', 'jobs/ingest', json=asked).json()['id']}"
        rows = "".join(f"B{name}.{place},Lee\n" for place in range(BULK_ROWS))
        self._call("PUT", f"{job}/batches", data=f"Candidate_Key__c,Last_Name__c\n{rows}".encode())
        self._call("PATCH", job, json={"state": "UploadComplete"})
        self.jobs[job] = f"B{name}."
        self._stopping.wait(1)


def kill(served):
    """The worker and its parent at once, as the kernel does when memory runs out."""
    if served.process.poll() is not None:
        return
    parent = served.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for process in [*map(int, children), parent]:
        os.kill(process, signal.SIGKILL)
    served.process.stdout.close()
    served.process.wait()


def check_file(database, scratch):
    """On a copy, so that the org itself meets the file as the kill left it."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for each in database.parent.glob(f"{database.name}*"):
        shutil.copy(each, scratch)
    with closing(sqlite3.connect(scratch / database.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def rows(served, soql):
    found, address = [], f"query?q={requests.utils.quote(soql)}"
    while address:
        page = served.call("GET", address).json()
        found += page["records"]
        address = page.get("nextRecordsUrl", "").removeprefix("/services/data/v62.0/")
    return found


def events(served):
    found, headers = [], {"Authorization": f"Bearer {served.access['token']}"}
    while True:
        after = found[-1]["sequence"] if found else 0
        address = f"{served.url}/warmbench/events?after={after}&wait=0"
        page = requests.get(address, headers=headers, timeout=30).json()["events"]
        if not page:
            return found
        found += page


def check_tags(served, written):
    names = {row["Id"]: row["Name"] for row in rows(served, "SELECT Id, Name FROM Tag__c")}
    assert {record_id: names.get(record_id) for record_id in written.tags} == written.tags
    members = Counter(name[1:].partition(".")[0] for name in names.values() if name.startswith("G"))
    assert set(members.values()) <= {GROUP}
    assert {name for name, acknowledged in written.groups.items() if acknowledged} <= set(members)


def check_commands(served, written):
    pools = {row["Id"]: row["Name"][1:] for row in rows(served, "SELECT Id, Name FROM Talent_Pool__c")}
    assert {name for name, acknowledged in written.pools.items() if acknowledged} <= set(pools.values())
    commands = rows(served, "SELECT Id, Name, Record_Id__c FROM Recruiting_Command__c")
    assert sorted(row["Record_Id__c"] for row in commands) == sorted(pools)
    assert len({row["Name"] for row in commands}) == len(commands)
    told = [event["payload"]["Command_Id__c"] for event in events(served)]
    assert sorted(told) == sorted(row["Id"] for row in commands)


def check_candidates(served, written):
    keys = [row["Candidate_Key__c"] for row in rows(served, "SELECT Candidate_Key__c FROM Candidate__c")]
    assert len(keys) == len(set(keys))
    assert written.keys <= set(keys)
    loaded = Counter(f"{key.partition('.')[0]}." for key in keys if key.startswith("B"))
    for job, first in written.jobs.items():
        shown = finished(served, job)
        counts = (shown["state"], shown["numberRecordsProcessed"], shown["numberRecordsFailed"])
        assert counts == ("JobComplete", BULK_ROWS, 0)
        assert loaded[first] == BULK_ROWS
        assert served.call("GET", f"{job}/successfulResults").text.count("\n") == 1 + BULK_ROWS


def finished(served, job):
    for _ in range(600):
        shown = served.call("GET", job).json()
        if shown["state"] in ("JobComplete", "Failed"):
            break
        time.sleep(0.05)
    return shown


def test_twenty_kills_lose_nothing_and_leave_nothing_half_done(tmp_path):
    chance, port = random.Random(20), free_port()
    served = Served(tmp_path, port=port)
    written = Writers(served.url, served.access["token"])
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.5))
            kill(served)
            check_file(tmp_path / "org.db", tmp_path / "copy")
            served = Served(tmp_path, port=port)
        written.stop()
        assert written.faults == []
        for job in written.jobs:
            finished(served, job)
        check_tags(served, written)
        check_commands(served, written)
        check_candidates(served, written)
    finally:
        written.stop()
        kill(served)
    assert min(written.acknowledged()) > 0
