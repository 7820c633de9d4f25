"""Results of a campaign written back: the API calls that a million engagement events cost, as the org counts them.

The hardest case: each mail was delivered, opened and clicked by a person, one event in ten comes twice, so that every
third event makes a result, a first click and a date of its own. Counted is everything from the first call to the look
at the ended jobs. Then the numbers in the org are counted again, and once more after a part is folded again. The peers
are performed on a small scale: a call for each event, and collections of 200 events.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from integration import events
from integration.bench._flush import NOW, Folder, Marks
from integration.bench._frame import Row
from integration.bench._served import Server, key_of, serving
from integration.bench.org import load
from integration.model.event import Event, Kind
from integration.model.ledger import all_shards, shard_of

SIZES = (1_000_000,)
CALLS_GOAL = 15.0
MEMORY_GOAL = 1_024.0
"""MiB: the function's in serverless.yml."""
_EVENTS_A_PERSON = 3
_PEER_EVENTS = 400
_ROWS_A_JOB = 100_000
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def run(runs: int, rows: Sequence[int] = SIZES) -> list[Row]:
    """Row 12 of the goals. Calls do not vary as time does, so one run of each size is enough."""
    return [row for count in rows for row in _measured(count)]


def _measured(count: int) -> list[Row]:
    with serving() as server, TemporaryDirectory() as name:
        folder, people = Path(name), count // _EVENTS_A_PERSON
        world = _World(server, folder, people)
        one_by_one, collections = world.peers()
        world.tell()
        calls, figures = world.written_back()
        world.check()
        world.once_more()
        world.check()
    label = f"{count:,} events of {people:,} people"
    peers = f"a call an event: {one_by_one:,.0f}, collections: {collections:,.0f}"
    seconds = f"{figures['seconds']:,.0f} s of processor time"
    return [
        Row(f"{label}, API calls a million events ({peers})", "calls", calls * 1e6 / count, CALLS_GOAL),
        Row(f"{label}, most memory ({seconds})", "MiB", figures["memory"], MEMORY_GOAL),
    ]


class _World:
    """A campaign that everybody got, its raw events, and the org that hears of it."""

    def __init__(self, server: Server, folder: Path, people: int) -> None:
        self._server, self._folder, self._people = server, folder, people
        (folder / "data").mkdir()
        for start in range(0, people, _ROWS_A_JOB):
            load(server, range(start, min(start + _ROWS_A_JOB, people)))
        self._channel = self._made("Channel__c", Name="Mails", Key__c="mail", Kind__c="E-mail")
        self._campaign = self._made("Recruiting_Campaign__c", Name="Bench", Kind__c="Blast")
        self._step = self._made("Campaign_Step__c", Campaign__c=self._campaign, Order__c=1)
        self._note_people()

    def tell(self) -> None:
        """The raw events, shard by shard; one in ten stands in a second file as well."""
        shards: dict[str, list[int]] = {shard: [] for shard in all_shards()}
        for number in range(self._people):
            shards[shard_of(key_of(number))].append(number)
        for shard, numbers in shards.items():
            found = [event for number in numbers for event in self._events(number)]
            self._put(shard, "all", found)
            self._put(shard, "repeated", found[::10])

    def peers(self) -> tuple[float, float]:
        """Calls a million events: one each, and 200 together."""
        one: dict[str, Any] = {"attributes": {"type": "Campaign_Step__c"}, "Id": self._step}
        self._count_anew()
        for _ in range(_PEER_EVENTS):
            self._server.answer("PATCH", f"sobjects/Campaign_Step__c/{self._step}", b'{"Human_Opens__c": 0}').read()
        each = self._calls()
        self._count_anew()
        for start in range(0, _PEER_EVENTS, 200):
            rows = [one | {"Human_Opens__c": start + place} for place in range(200)]
            self._server.json("PATCH", "composite/sobjects", {"allOrNone": False, "records": rows})
        return each * 1e6 / _PEER_EVENTS, self._calls() * 1e6 / _PEER_EVENTS

    def written_back(self) -> tuple[int, dict[str, float]]:
        """The calls of a flush and of the look at its jobs, and what the flush took."""
        self._mark(all_shards())
        self._count_anew()
        figures = self._run()
        if figures["shards"] != len(all_shards()):
            raise SystemExit(f"{figures['shards']} shards were folded")
        self._wait_for_jobs()
        self._run()
        return self._calls(), figures

    def once_more(self) -> None:
        """Some events come again, and the shards are folded again."""
        self._mark(all_shards()[:2])
        self._run()
        self._wait_for_jobs()
        self._run()

    def check(self) -> None:
        """The numbers in the org against the events."""
        self._server.close()  # which it opens again: the org does not keep one open that long was not used
        wanted = {
            f"Recruiting_Campaign__c WHERE Human_Clicks__c = {self._people} AND Delivered__c = {self._people}": 1,
            "Campaign_Enrollment__c WHERE Human_Opens__c = 1 AND Human_Clicks__c = 1": self._people,
            "Touchpoint__c WHERE Kind__c = 'First click of a campaign'": self._people,
            "Candidate__c WHERE Last_Engaged_At__c != null": self._people,
            f"Source_Result__c WHERE Clicks__c = {self._people}": 1,
        }
        for what, number in wanted.items():
            query = urlencode({"q": f"SELECT COUNT() FROM {what}"})  # noqa: S608
            found = self._server.json("GET", f"query?{query}")["totalSize"]
            if found != number:
                raise SystemExit(f"{found} instead of {number} in {what}")

    def _made(self, object_name: str, **values: Any) -> str:
        return str(self._server.json("POST", f"sobjects/{object_name}", values)["id"])

    def _note_people(self) -> None:
        """The ledger's record ids, as the sender would have noted them."""
        org = sqlite3.connect(f"file:{quote(str(self._server.database))}?mode=ro", uri=True)
        rows = org.execute("SELECT Candidate_Key__c, Id FROM Candidate__c")
        ledger = sqlite3.connect(self._folder / "people.db")
        ledger.execute("CREATE TABLE people (key TEXT PRIMARY KEY, id TEXT, shard TEXT)")
        ledger.executemany("INSERT INTO people VALUES (?, ?, ?)", ((key, id, shard_of(key)) for key, id in rows))
        ledger.execute("CREATE INDEX by_shard ON people (shard)")
        ledger.commit()
        ledger.close()
        org.close()

    def _events(self, number: int) -> list[Event]:
        """Delivered, opened half an hour later from a network that nobody else has, and clicked a minute after that."""
        key, delivered = key_of(number), NOW - timedelta(days=3) + timedelta(milliseconds=number * 20)
        common = {"campaign": self._campaign, "step": self._step, "version": "1", "candidate": key}
        visitor = {
            "channel": self._channel,
            "user_agent": _BROWSER,
            "network": f"2a02:{0x8000 + number // 65_536:x}:{number % 65_536:x}::/48",
            "headers": "language fetch",
            "method": "GET",
        }
        target = {"link": "1", "target": "https://jobs.warmbench.example/1", "source_month": "2026-03"}
        read, followed = (delivered + timedelta(minutes=minutes) for minutes in (31, 32))
        return [
            Event(f"{key}d", Kind.DELIVERY, delivered.isoformat(), **common),
            Event(f"{key}o", Kind.OPEN, read.isoformat(), **common, **visitor),
            Event(f"{key}c", Kind.CLICK, followed.isoformat(), **common, **visitor, **target),
        ]

    def _put(self, shard: str, name: str, found: list[Event]) -> None:
        key = f"{events.prefix(self._campaign, shard)}date={NOW.date()}/{name}.jsonl.gz"
        Folder(self._folder / "data").write(key, events.pack(found), content_type="application/gzip")

    def _mark(self, shards: Sequence[str]) -> None:
        marks = Marks(self._folder / "marks.json")
        for shard in shards:
            marks.put({"pk": events.DIRTY, "sk": f"{self._campaign}#{shard}", "stamp": str(time.time())})

    def _run(self) -> dict[str, float]:
        org = self._server.org
        way_in = {"login_url": org.url, "client_id": org.client_id, "client_secret": org.client_secret}
        steps = [{"id": self._step, "version": "1"}]
        plan = {"kind": "Blast", "audience": self._people, "chunks": 1, "steps": steps}
        given = json.dumps({"folder": str(self._folder), "way_in": way_in, "plan": plan})
        command = [sys.executable, "-m", "integration.bench._flush"]
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        figures: dict[str, float] = json.loads(done.stdout)
        return figures

    def _wait_for_jobs(self) -> None:
        """Five minutes, or as long as the org takes; seen in its database, so that looking costs no call."""
        org = sqlite3.connect(f"file:{quote(str(self._server.database))}?mode=ro", uri=True)
        unfinished = "SELECT COUNT(*) FROM _jobs WHERE json_extract(job, '$.state') IN ('UploadComplete', 'InProgress')"
        while org.execute(unfinished).fetchone()[0]:
            time.sleep(0.5)
        org.close()

    def _count_anew(self) -> None:
        self._stats("POST")

    def _calls(self) -> int:
        return int(self._stats("GET")["calls"])

    def _stats(self, method: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._server.org.token}"}
        request = Request(f"{self._server.org.url}/warmbench/stats", headers=headers, method=method)  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            found: dict[str, Any] = json.loads(answer.read())
        return found
