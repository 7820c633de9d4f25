"""One client at work in a process of its own: python -m …_sf_clients WHAT, the way in as JSON on stdin.

Prints {cpu, memory, sleeps}: seconds of processor time, MiB beyond what rows and a signed-in client take, and when the
client slept, by the clock.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import bulk2
from simple_salesforce.api import Salesforce

from integration.adapters.salesforce import connect
from integration.bench._served import candidate

_FIELDS = "Id, Candidate_Key__c, Name, Email__c, Phone__c, City__c, Country__c, Title__c, Employer__c, Language__c"
_SOQL = f"SELECT {_FIELDS} FROM Candidate__c"  # noqa: S608
_KEY = "Candidate_Key__c"
_sleeps: list[tuple[float, float]] = []
Work = Callable[[], int]


def main(what: str, way_in: dict[str, Any]) -> dict[str, Any]:
    """Does one piece of work and says what it took."""
    rows = [candidate(number) for number in range(way_in["rows"])] if what.endswith("upsert") else []
    work = _WORKS[what](way_in, rows)
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    memory, cpu = _memory("VmRSS"), time.process_time()
    done = work()
    cpu, memory = time.process_time() - cpu, _memory("VmHWM") - memory
    if done != way_in["rows"]:
        raise SystemExit(f"{what} came to {done} rows, not {way_in['rows']}")
    return {"cpu": cpu, "memory": memory, "sleeps": _sleeps}


def _memory(line: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith(line)) / 1024


def _sleep(seconds: float) -> None:
    start = time.time()
    time.sleep(seconds)
    _sleeps.append((start, time.time()))


def _product(way_in: dict[str, Any]) -> Any:
    secret = {name: way_in[name] for name in ("login_url", "client_id", "client_secret")}
    org = connect(secret, sleep=_sleep)
    org.user_id()
    return org


def _product_upsert(way_in: dict[str, Any], rows: list[dict[str, str]]) -> Work:
    org = _product(way_in)

    def work() -> int:
        outcomes = org.upsert_many("Candidate__c", _KEY, rows)
        return len(outcomes) - len(outcomes.exceptions())

    return work


def _product_read(way_in: dict[str, Any], rows: list[dict[str, str]]) -> Work:
    org = _product(way_in)
    return lambda: _counted(org.bulk_rows(_SOQL))


def _counted(rows: Iterator[Any]) -> int:
    last = deque(enumerate(rows, start=1), maxlen=1)
    return last[0][0] if last else 0


class _PlainHttp(HTTPAdapter):
    """simple-salesforce writes https:// before every address."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = str(request.url).replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def _peer(way_in: dict[str, Any]) -> Any:
    session = requests.Session()
    session.mount(f"https://{urlsplit(way_in['login_url']).netloc}", _PlainHttp())
    bulk2.sleep = _sleep  # type: ignore[assignment, attr-defined]
    client = Salesforce(instance_url=way_in["login_url"], session_id=way_in["token"], session=session, version="63.0")
    client.limits()
    return client


def _peer_upsert(way_in: dict[str, Any], rows: list[dict[str, str]]) -> Work:
    """With its defaults; it does not look at what became of each row."""
    client = _peer(way_in)

    def work() -> int:
        jobs = client.bulk2.Candidate__c.upsert(records=rows, external_id_field=_KEY)
        return sum(job["numberRecordsProcessed"] - job["numberRecordsFailed"] for job in jobs)

    return work


def _peer_read(way_in: dict[str, Any], rows: list[dict[str, str]]) -> Work:
    client = _peer(way_in)
    return lambda: len(client.query_all(_SOQL)["records"])


_WORKS = {
    "product-upsert": _product_upsert,
    "product-read": _product_read,
    "peer-upsert": _peer_upsert,
    "peer-read": _peer_read,
}

if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
