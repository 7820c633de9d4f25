"""Working off ingest jobs: chunk by chunk, each committed together with its results, so that a stop loses nothing."""

import queue
import sqlite3
import sys
import threading
import traceback
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from integration.local.org.bulk import jobs, uploads
from integration.local.org.bulk.content import InvalidFile, Unreadable, rows_of
from integration.local.org.bulk.jobs import Job
from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.delete import delete
from integration.local.org.errors import ApiError
from integration.local.org.faults import during
from integration.local.org.incoming import Columns, Incoming, Operation
from integration.local.org.save import CHUNK, Saved
from integration.local.org.signin.users import User, load_user
from integration.local.org.transaction import Transaction

if TYPE_CHECKING:
    from integration.local.org.app import OrgApp


class Worker:
    """A thread that works off one job after the other."""

    def __init__(self, org: "OrgApp") -> None:
        self._org = org
        self._waiting: queue.Queue[str] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bulk jobs", daemon=True)
        self._thread.start()

    def add(self, job_id: str) -> None:
        self._waiting.put(job_id)

    def stop(self) -> None:
        """Ends after the chunk in hand."""
        self._stopping.set()
        self._waiting.put("")
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            job_id = self._waiting.get()
            if job_id:
                self._work_off(job_id)

    def _work_off(self, job_id: str) -> None:
        try:
            work_off(self._org, job_id, self._stopping)
        except Exception as error:
            # A bug of ours, or a full disk: this job fails, the next ones are worked off.
            traceback.print_exception(error, file=sys.stderr)
            with suppress(sqlite3.Error):
                _fail(self._org, job_id, f"InternalServerError : {type(error).__name__}")


def unfinished(org: "OrgApp") -> list[str]:
    """Jobs that were closed and not worked off, oldest first."""
    states = ("UploadComplete", "InProgress")
    return [job["id"] for job in reversed(jobs.every(org.store, "ingest")) if job["state"] in states]


def work_off(org: "OrgApp", job_id: str, stopping: threading.Event | None = None) -> None:
    """Saves the rows of one job, from where it was left."""
    job = jobs.find(org.store, "ingest", job_id)
    with org.store.reading() as connection:
        user = load_user(connection, org.catalog, job["createdById"])
    try:
        if user is None:
            raise InvalidFile("InvalidUser : the user of this job is not active")
        with during(f"/jobs/ingest/{job_id}"):
            _Work(org, job, user).run(stopping)
    except Unreadable as error:
        _fail(org, job_id, str(error), unreadable=True)
    except InvalidFile as error:
        _fail(org, job_id, str(error))
    except ApiError as error:
        _fail(org, job_id, f"InvalidBatch : {error.message}")


def _fail(org: "OrgApp", job_id: str, text: str, **more: bool) -> None:
    with org.store.writing() as connection:
        job = jobs.find(org.store, "ingest", job_id)
        jobs.put(connection, {**job, "state": "Failed", "errorMessage": text, **more})


class _Work:
    def __init__(self, org: "OrgApp", job: Job, user: User) -> None:
        self._org = org
        self._job_id = job["id"]
        self._operation = job["operation"]
        self._user = user
        self._object_name: str = job["object"]
        self._key_name: str = job.get("externalIdFieldName", "")
        self._rows = rows_of(job, uploads.opened(org.store, job.get("upload")))
        self._header = next(self._rows, [])
        self._read_catalog()

    def _read_catalog(self) -> None:
        info, key = self._org.catalog.object(self._object_name), None
        if info is not None and self._key_name:
            key = info.field(self._key_name)
        if info is None or (self._key_name and key is None):
            raise InvalidFile(f"InvalidJob : {self._object_name} or its key is no longer part of the org")
        self._info: ObjectInfo = info
        self._key: FieldInfo | None = key
        self._columns = self._read_header()

    def _read_header(self) -> Columns:
        if self._header and self._operation in ("delete", "hardDelete", "update"):
            names = [name.strip().lower() for name in self._header]
            if "id" not in names or (self._operation != "update" and names != ["id"]):
                raise InvalidFile(f"InvalidBatch : a {self._operation} needs the column Id" + _alone(self._operation))
        operation: Operation = self._operation if self._operation in ("insert", "upsert") else "update"
        key = self._key.name if self._key else ""
        seen = self._user.access.seen(self._info)
        return Columns(self._org.catalog, seen, self._header, operation, key)

    def run(self, stopping: threading.Event | None) -> None:
        """Chunks until there are none, the job is aborted or the org stops."""
        done = jobs.find(self._org.store, "ingest", self._job_id).get("numberRecordsProcessed", 0)
        deque(islice(self._rows, done), maxlen=0)
        last = self._org.faults.job_ends_after(self._info.name)
        while stopping is None or not stopping.is_set():
            chunk = list(islice(self._rows, CHUNK if last is None else min(CHUNK, max(0, last - done))))
            if not chunk and last is not None:
                raise InvalidFile("InternalServerError : the job fails on demand")
            with self._org.shape.held():
                if self._org.catalog.object(self._object_name) is not self._info:
                    self._read_catalog()
                if not self._one_chunk(chunk):
                    return
            done += len(chunk)

    def _one_chunk(self, chunk: list[list[str]]) -> bool:
        """Whether to go on."""
        with self._org.engine.transaction(self._user, self._org.now()) as transaction:
            job = jobs.find(self._org.store, "ingest", self._job_id)
            if job["state"] not in ("UploadComplete", "InProgress"):
                return False
            job["state"] = "InProgress" if chunk else "JobComplete"
            if chunk:
                self._note(transaction, job, chunk, self._save(transaction, chunk))
            jobs.put(transaction.connection, job)
        self._org.announce()
        return bool(chunk)

    def _save(self, transaction: Transaction, chunk: list[list[str]]) -> Sequence[Saved]:
        if self._operation in ("delete", "hardDelete"):
            return delete(transaction, [cells[0] for cells in chunk], for_good=self._operation == "hardDelete")
        from integration.local.org.rest import save_rows

        rows: list[Incoming] = [self._columns.read(cells) for cells in chunk]
        return save_rows(transaction, self._info, rows, self._operation, key=self._key)

    def _note(self, transaction: Transaction, job: Job, chunk: list[list[str]], saved: Sequence[Saved]) -> None:
        first = job.get("numberRecordsProcessed", 0)
        good: list[list[str]] = []
        bad: list[list[str]] = []
        id_column = next((place for place, name in enumerate(self._header) if name.strip().lower() == "id"), -1)
        for cells, outcome in zip(chunk, saved, strict=True):
            if outcome.error:
                given = cells[id_column] if id_column >= 0 else ""
                bad.append([given, outcome.error.as_cell(), *cells])
            else:
                good.append([outcome.id, "true" if outcome.created else "false", *cells])
        for kind, rows in (("successful", good), ("failed", bad)):
            if rows:
                jobs.add_page(transaction.connection, self._job_id, kind, first, rows)  # type: ignore[arg-type]
        job["numberRecordsProcessed"] = first + len(chunk)
        job["numberRecordsFailed"] = job.get("numberRecordsFailed", 0) + len(bad)


def _alone(operation: str) -> str:
    return "" if operation == "update" else " and no other"
