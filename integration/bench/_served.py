"""A served org under measurement: its processor time, its memory at most, and a client that keeps its connection."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from integration.bench._frame import most_memory
from integration.local.fidelity._org import ServedOrg, served_org

DATA = "/services/data/v63.0/"
_FIRST = ("Ada", "Jürgen", "Zoë", "Marie-Claire", "Aoife", "Ahmed", "Nita", "Pavel")
_LAST = ("Byrne", "Müller", "de la Cruz", "Kowalska", "Ngo", "van Dijk", "Smith")
_CITIES = (("Cork", "IE"), ("Berlin", "DE"), ("Lyon", "FR"), ("Porto", "PT"))
_TITLES = ("Engineer", "Nurse", "Buyer", "Welder", "Planner")


class Server:
    """The processes of one `warmbench org`, and a way in as the service's user."""

    def __init__(self, org: ServedOrg, folder: Path, processes: list[psutil.Process]) -> None:
        self.org = org
        self.database = folder / "org.db"
        self._processes = processes
        self._connection = HTTPConnection(str(urlsplit(org.url).netloc), timeout=600)
        self._token = self._signed_in()

    def _signed_in(self) -> str:
        secret = f"client_id={self.org.client_id}&client_secret={self.org.client_secret}"
        body = f"grant_type=client_credentials&{secret}".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/services/oauth2/token", body, headers)
        return str(json.loads(self._connection.getresponse().read())["access_token"])

    def answer(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> HTTPResponse:
        """An answer whose content is still to be read; anything but success is an error of the bench."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        self._connection.request(method, DATA + path, body, headers)
        answer = self._connection.getresponse()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.read(500).decode(errors='replace')}")
        return answer

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The content of an answer."""
        return json.loads(self.answer(method, path, json.dumps(body) if body is not None else None).read() or b"null")

    def close(self) -> None:
        self._connection.close()

    def cpu_seconds(self) -> float:
        """What all its processes have used so far."""
        times = [process.cpu_times() for process in self._processes]
        return float(sum(each.user + each.system for each in times))

    def most_memory(self) -> float:
        """MiB, the high-water mark of the process that serves."""
        return max(most_memory(process.pid) for process in self._processes)


@contextmanager
def serving() -> Iterator[Server]:
    """An org on a database of its own until the block ends."""
    before = set(psutil.Process().children(recursive=True))
    with TemporaryDirectory() as name, served_org(Path(name)) as org:
        server = Server(org, Path(name), list(set(psutil.Process().children(recursive=True)) - before))
        try:
            yield server
        finally:
            server.close()


def key_of(number: int) -> str:
    """The external id of a made-up candidate; keys do not come in order, as those of real people do not."""
    return f"01BENCH{number * 7_919 % 10_000_019:019}"


def candidate(number: int) -> dict[str, str]:
    """A made-up person with the ten fields that an import usually fills."""
    city, country = _CITIES[number % len(_CITIES)]
    return {
        "Candidate_Key__c": key_of(number),
        "First_Name__c": _FIRST[number % len(_FIRST)],
        "Last_Name__c": f"{_LAST[number % len(_LAST)]} {number}",
        "Email__c": f"person{number}@people.example",
        "Phone__c": f"+3538612{number % 100_000:05}",
        "City__c": city,
        "Country__c": country,
        "Title__c": _TITLES[number % len(_TITLES)],
        "Employer__c": f"Company {number % 5_000}",
        "Language__c": "en",
    }


def as_csv(rows: Iterable[dict[str, str]]) -> bytes:
    """The file of a bulk job."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(candidate(0)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
