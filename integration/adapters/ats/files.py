"""A system without an API: CSV files in the data bucket, under `ats/exchange/<key of the connection>/`.

`in/jobs.csv`          every open job; a job that is not in it any more is closed
`in/applications.csv`  how every application stands
`out/<mark>.csv`       one person handed over, with `out/<mark>.pdf` or `.docx` beside it; written once, never changed

Columns bear our names (model/field_map.py) or those that the connection's field map gives them. UTF-8, separated by
comma or semicolon. How files get in and out (SFTP, a copy job) is the operator's choice.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integration.errors import Rejected, TryAgain, shortened
from integration.model import location
from integration.model.ats import (
    AtsApplication,
    AtsChange,
    AtsJob,
    AtsPerson,
    ChangePage,
    HandedOver,
    HandOver,
    Hint,
    JobPlace,
)
from integration.model.ats_event import stage_of
from integration.model.field_map import FieldMap
from integration.model.vocabulary import EmploymentType, Stage
from integration.ports import Ats, Clock, Files, StaleCursor

ROOT = "ats/exchange/"
MOST_BYTES = 50 * 1024 * 1024
MOST_PROBLEMS = 20
PAGE = 500
_OUT = (
    "mark",
    "job_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "title",
    "employer",
    "location",
    "profiles",
    "source",
    "consents",
    "applied_at",
    "resume",
)
Row = Mapping[str, str]


def files(stored: Files, clock: Clock, connection: str, field_map: FieldMap) -> Ats:
    """The parts for which a file lies there; hand-overs always."""
    folder = CsvFolder(stored, clock, f"{ROOT}{connection}/", field_map)
    return Ats(
        jobs=folder if folder.has("jobs") else None,
        changes=folder if folder.has("applications") else None,
        intake=CsvIntake(stored, f"{ROOT}{connection}/out/"),
    )


class CsvFolder:
    """Jobs and applications of one connection's folder."""

    def __init__(self, stored: Files, clock: Clock, folder: str, field_map: FieldMap) -> None:
        self._stored, self._clock, self._folder, self._map = stored, clock, folder, field_map

    def has(self, name: str) -> bool:
        return self._path(name) in set(self._stored.keys(self._path(name)))

    def jobs(self) -> list[AtsJob]:
        rows, _ = self._rows("jobs", needed=("job_id", "title"))
        jobs = [_job(row) for row in rows]
        if bad := [number for number, job in enumerate(jobs, 2) if not job.id or not job.title]:
            # A part of the jobs would close the others.
            raise Rejected(f"jobs.csv has no job_id or title in line {bad[0]}. Nothing was changed; put it right.")
        return jobs

    def changes(self, since: str = "") -> Iterator[ChangePage]:
        rows, digest = self._rows("applications", needed=("application_id", "job_id", "stage"))
        if since == digest:
            yield ChangePage((), cursor=digest)
            return
        if since and len(since) != len(digest):
            raise StaleCursor(since[:20])
        page: list[AtsChange] = []
        problems: list[str] = []
        for line, row in enumerate(rows, 2):
            try:
                page.append(self._application(row))
            except ValueError as bad:
                problems.append(f"applications.csv, line {line}: {bad}")
            if len(page) == PAGE:
                yield ChangePage(tuple(page))
                page = []
        yield ChangePage(tuple(page), cursor=digest, problems=tuple(problems[:MOST_PROBLEMS]))

    def look(self, hint: Hint) -> Sequence[AtsChange]:
        wanted = {*hint.applications}
        found = [change for page in self.changes() for change in page.changes]
        return [one for one in found if isinstance(one, AtsApplication) and one.id in wanted]

    def people(self, ids: Sequence[str]) -> Mapping[str, AtsPerson]:
        found = [change for page in self.changes() for change in page.changes]
        people = [one.person for one in found if isinstance(one, AtsApplication) and one.person]
        return {one.id: one for one in people if one.id in set(ids)}

    def _application(self, row: Row) -> AtsApplication:
        """Raises ValueError with what is wrong, in plain words."""
        number, candidate = row.get("application_id", ""), row.get("candidate_id", "") or row.get("email", "")
        if not number or not candidate:
            raise ValueError("application_id, or candidate_id and email, are empty")
        stage = stage_of(row.get("stage", ""), self._map.stages)
        applied, hired = row.get("applied_at", ""), row.get("hired_at", "")
        # A file without times tells how things stand now.
        at = _moment(row["at"], "at") if row.get("at") else self._clock.now()
        return AtsApplication(
            id=number,
            candidate=candidate,
            job=row.get("job_id", ""),
            stage=stage,
            at=at,
            stage_word=row.get("stage", ""),
            applied_at=_moment(applied, "applied_at") if applied else None,
            hired_at=(_moment(hired, "hired_at") if hired else at) if stage is Stage.HIRED else None,
            mark=row.get("mark", ""),
            person=AtsPerson(
                id=candidate,
                first=row.get("first_name", ""),
                last=row.get("last_name", ""),
                emails=tuple(filter(None, [row.get("email", "")])),
            ),
        )

    def _rows(self, name: str, *, needed: Sequence[str]) -> tuple[list[Row], str]:
        """(rows under our names, a digest of the file and the map)."""
        data = self._stored.read(self._path(name))
        if data is None:
            raise TryAgain(f"{name}.csv is not there now", seconds=600)
        if len(data) > MOST_BYTES:
            raise Rejected(f"{name}.csv is larger than {MOST_BYTES // 1024 // 1024} MB.")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Rejected(f"{name}.csv is not UTF-8. Save it as CSV in UTF-8.") from None
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        names = {header: self._map.name_of(header) for header in reader.fieldnames or []}
        for one in needed:
            if one not in names.values():
                raise Rejected(
                    f"{name}.csv has no column {one}. Its columns are {shortened(', '.join(names), 200)}; rename "
                    "one or add it to the connection's field map.",
                    field="Field map",
                    value=one,
                )
        rows = [_row(row, names) for row in reader]
        return rows, hashlib.sha256(data + repr(self._map).encode()).hexdigest()

    def _path(self, name: str) -> str:
        return f"{self._folder}in/{name}.csv"


class CsvIntake:
    """One file for each person handed over; its name is the mark, so a repeat meets itself."""

    def __init__(self, stored: Files, folder: str) -> None:
        self._stored, self._folder = stored, folder

    def find(self, wanted: HandOver) -> HandedOver | None:
        path = f"{self._folder}{wanted.mark}.csv"
        return HandedOver("") if path in set(self._stored.keys(path)) else None

    def hand_over(self, wanted: HandOver) -> HandedOver:
        resume = ""
        if wanted.resume is not None:
            resume = f"{wanted.mark}.{wanted.resume.name.rpartition('.')[2].lower()}"
            self._stored.write(f"{self._folder}{resume}", wanted.resume.data, content_type=wanted.resume.content_type)
        text = io.StringIO(newline="")
        values = {
            **{name: str(getattr(wanted, name, "") or "") for name in _OUT},
            "job_id": wanted.job,
            "first_name": wanted.first,
            "last_name": wanted.last,
            "profiles": " ".join(wanted.profiles),
            "consents": wanted.consent_words,
            "applied_at": wanted.applied_at.isoformat() if wanted.applied_at else "",
            "resume": resume,
        }
        writer = csv.DictWriter(text, _OUT)
        writer.writeheader()
        writer.writerow({name: _safe(value) for name, value in values.items()})
        path = f"{self._folder}{wanted.mark}.csv"
        self._stored.write(path, text.getvalue().encode(), content_type="text/csv", unless_exists=True)
        return HandedOver("")


def _safe(value: str) -> str:
    """No cell begins as a formula: people open these files in a spreadsheet."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _job(row: Row) -> AtsJob:
    place = location.read(row.get("location", ""))
    kind = row.get("employment_type", "").upper().replace("-", "_").replace(" ", "_")
    return AtsJob(
        id=row.get("job_id", ""),
        title=row.get("title", ""),
        description=row.get("description", ""),
        department=row.get("department", ""),
        places=(JobPlace(place.city, place.region, place.country),) if row.get("location") else (),
        employment_type=EmploymentType(kind) if kind in list(EmploymentType) else None,
        opened_on=_day(row.get("opened_on", "")),
        valid_through=_day(row.get("valid_through", "")),
        url=row.get("url", ""),
    )


def _row(row: Mapping[Any, Any], names: Mapping[str, str]) -> Row:
    """A line under our names; what stands behind its last column is left out."""
    found = {}
    for header, ours in names.items():
        value = row.get(header)
        if isinstance(value, str):
            found[ours] = value.strip() if ours == "description" else " ".join(value.split())
    return found


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _day(text: str) -> str:
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return ""


def _moment(text: str, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} “{text[:40]}” is not a time such as 2026-03-31T14:05:00Z") from None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
