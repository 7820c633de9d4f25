"""Journey 2: a file of people in, with everything killed in the middle, and out again, on the whole stack."""

import csv
import io
import time
from dataclasses import dataclass

import pytest

from integration import soql
from integration.demo.recruiter import Recruiter
from integration.model.vocabulary import ImportStatus
from integration.records import Candidate, CandidateImport, ContactPoint, PoolMembership, TalentPool

pytestmark = [pytest.mark.stack, pytest.mark.slow]
PEOPLE, REPEATED, BAD = 3_000, 30, 37
PATIENCE = 240
COUNTS = (
    CandidateImport.ROWS,
    CandidateImport.CREATED,
    CandidateImport.UPDATED,
    CandidateImport.MERGED,
    CandidateImport.REJECTED,
)
HEADER = "First name,Last name,E-mail,Mobile,Job title\n"


def rows():
    for number in range(PEOPLE):
        at = "@@" if number % 80 == 0 and number // 80 < BAD else "@"
        yield f"Ann{number},Lee,ann{number}{at}journey2.example,+35386{number:07},Nurse\n"
    for number in range(REPEATED):
        yield f"Ann{number * 80 + 1},Lee,ANN{number * 80 + 1}@journey2.example,,Head nurse\n"


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come")


@dataclass
class Loaded:
    """An import, and what was to be seen when it had ended."""

    id: str
    counts: tuple
    in_org: tuple
    message: str
    rejects: str


class Journey:
    """What the recruiter does, and sees."""

    def __init__(self, stack):
        self.stack = stack
        self.pool = self.recruiter.create(TalentPool.API_NAME, {"Name": "Journey 2", TalentPool.KIND: "Static"})

    @property
    def recruiter(self):
        return Recruiter(self.stack.status)

    def file(self, name, data):
        record = self.recruiter.create(CandidateImport.API_NAME, {"Name": name, CandidateImport.POOL: self.pool})
        self.recruiter.attach(record, f"{name}.csv", data)
        return record

    def field(self, record, name):
        return self.recruiter.get(CandidateImport.API_NAME, record, name)[name]

    def counts(self, record):
        row = self.recruiter.get(CandidateImport.API_NAME, record, *COUNTS)
        return tuple(int(row[name]) for name in COUNTS)

    def load(self, record):
        self.recruiter.command(CandidateImport.API_NAME, record, "Load")
        self.wait_until_done(record)

    def wait_until_done(self, record):
        wait_for(lambda: self.field(record, CandidateImport.STATUS) == ImportStatus.DONE, "the end of the load")

    def rejects(self, record):
        version, _ = self.stack.app.salesforce.attached_file(record)
        return b"".join(self.stack.app.salesforce.read_file(version)).decode("utf-8-sig")

    def in_org(self):
        """(candidates, contact points, memberships) of this file's people."""
        mail = soql.compare(Candidate.EMAIL, "LIKE", "ann%@journey2.example")
        return (
            self.recruiter.count(Candidate.API_NAME, mail),
            self.recruiter.count(ContactPoint.API_NAME, soql.compare(ContactPoint.VALUE, "LIKE", "%journey2.example")),
            self.recruiter.count(PoolMembership.API_NAME, soql.equals(PoolMembership.POOL, self.pool)),
        )


@pytest.fixture(scope="module")
def journey(stack):
    return Journey(stack)


@pytest.fixture(scope="module")
def loaded(journey):
    """The file, loaded although the whole stack was killed on the way."""
    record = journey.file("fair", (HEADER + "".join(rows())).encode())
    told = journey.recruiter.command(CandidateImport.API_NAME, record, "Preview")
    assert "Of the first 2,000 rows, 25 would be rejected" in told
    assert journey.in_org() == (0, 0, 0)
    journey.recruiter.update(CandidateImport.API_NAME, record, {CandidateImport.COMMAND: "Load"})
    wait_for(lambda: 0 < (journey.field(record, CandidateImport.PROGRESS) or 0) < 100, "some progress")
    journey.stack.kill()
    journey.stack.start()
    journey.wait_until_done(record)
    message = journey.field(record, CandidateImport.MESSAGE)
    return Loaded(record, journey.counts(record), journey.in_org(), message, journey.rejects(record))


def test_rows_add_up_as_if_nothing_had_been_killed(loaded):
    people = PEOPLE - BAD
    assert loaded.counts == (PEOPLE + REPEATED, people, 0, REPEATED, BAD)
    assert loaded.in_org == (people, people, people)
    assert loaded.message.startswith(f"{PEOPLE + REPEATED:,} rows: {people:,} created, 0 updated")


def test_the_rejects_come_back_and_are_in_once_corrected_and_all_can_be_undone(journey, loaded):
    back = loaded.rejects
    lines = list(csv.DictReader(io.StringIO(back)))
    assert len(lines) == BAD
    assert {(line["Column"], line["Code"]) for line in lines} == {("E-mail", "EMAIL_INVALID")}
    assert all(line["Line"] and line["Reason"] and line["Remedy"] for line in lines)
    second = journey.file("corrected", back.replace("@@", "@").encode())
    journey.load(second)
    assert journey.counts(second) == (BAD, BAD, 0, 0, 0)
    assert journey.in_org() == (PEOPLE, PEOPLE, PEOPLE)
    for record, count in ((second, BAD), (loaded.id, PEOPLE - BAD)):
        told = journey.recruiter.command(CandidateImport.API_NAME, record, "Undo")
        assert told.startswith(f"Undone: {count:,} candidates removed")
    assert journey.in_org() == (0, 0, 0)
