"""The story, act by act. Every act first looks what is done already, so a story that broke off goes on where it was."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import requests

from integration import soql
from integration.app import App
from integration.demo import people, seed
from integration.demo.people import Person, TalentFile
from integration.demo.recruiter import Recruiter, StoryBroke
from integration.demo.seed import Scene
from integration.demo.visitor import SCANNER, Mailbox, Page, Visitor
from integration.local import clock
from integration.local.stack import Status
from integration.model.vocabulary import CampaignStatus, ConsentState, ImportStatus, PageStatus, RequisitionStatus
from integration.records import (
    Application,
    Candidate,
    CandidateImport,
    Consent,
    ContactPoint,
    JobPosting,
    JobRequisition,
    LandingPage,
    RecruitingCampaign,
    parent,
)

T = TypeVar("T")

READING_SECONDS = 5
"""A form that comes back faster than this was filled in by a program."""
_AT_ONCE = 6


@dataclass(frozen=True)
class Cast:
    """Who does what; numbers of visitors."""

    by_channel: dict[str, range]
    registers: range
    """These join the pool on the landing page."""
    confirms: range
    """These press the button in the confirmation mail."""
    applies: range
    """These apply by a link of the welcome series."""
    hired: int
    met_again: range
    """These stand in the file of the fair too; one of them unsubscribes in the middle of the blast."""


CAST = Cast(
    by_channel={"indeed": range(0, 18), "nurse-jobs": range(18, 30)},
    registers=range(4, 26),
    confirms=range(6, 26),
    applies=range(6, 11),
    hired=7,
    met_again=range(14, 26),
)


class Story:
    """One run of the story on a running stack."""

    def __init__(self, status: Status, app: App, say: Callable[[str], None], *, file_size: int, run: int = 0) -> None:
        self.status, self.app, self._say, self._file_size = status, app, say, file_size
        self.recruiter, self.mailbox = Recruiter(status), Mailbox(status.mailbox)
        self.run = run or self._run_number()
        self.scene: Scene = seed.set_up(self.recruiter, self.run)
        self.file: TalentFile = people.talent_file(
            file_size, [people.visitor(self.run, number) for number in CAST.met_again]
        )

    def acts(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """(what happens, the act); an act returns what came of it."""
        yield "The job is opened and posted to two channels", self.open_job
        yield "The landing page of the pool goes live, the welcome series waits for members", self.go_live
        yield "People come by tracked links, join, and confirm their address", self.visitors_join
        yield f"A file of {self._file_size:,} people from the fair is imported", self.import_file
        yield "The open-day mail goes to everybody from the fair; one person unsubscribes midway", self.send_blast
        yield "People read, click and apply; a mail scanner clicks too", self.people_read
        yield "Seven days pass: the rest of the welcome series goes out, people apply", self.week_passes
        yield "The applicant tracking system reports an interview and a hire", self.hire
        yield "Totals are rolled up onto the records", self.roll_up

    def _run_number(self) -> int:
        ours = soql.compare(JobRequisition.ATS_ID, "LIKE", "HH-1%")
        found = self.recruiter.query(soql.select(JobRequisition.API_NAME, [JobRequisition.ATS_ID], where=ours))
        last = max((int(str(row[JobRequisition.ATS_ID])[3:]) - 1000 for row in found), default=1)
        hired = soql.both(
            soql.compare(Application.HIRED_AT, "!=", None),
            soql.equals(parent(Application.REQUISITION, JobRequisition.ATS_ID), f"HH-{1000 + last}"),
        )
        return last + 1 if self.recruiter.count(Application.API_NAME, hired) else last

    # The acts

    def open_job(self) -> str:
        requisition = self.scene.requisition
        if self._status_of(JobRequisition.API_NAME, requisition) != RequisitionStatus.OPEN:
            self.recruiter.command(JobRequisition.API_NAME, requisition, "Open")
        references = [self._posting(key)[JobPosting.REFERENCE] for key in self.scene.postings]
        for key, reference in zip(self.scene.postings, references, strict=True):
            self._wait("the feed", partial(self._stands_in_feed, key, str(reference)))
        return f"live: {self.status.site}/jobs/{references[0]} and in {len(references)} feeds"

    def _stands_in_feed(self, key: str, reference: str) -> bool:
        return reference in self._text(f"/feeds/{key}.xml")

    def _leads_to_page(self, key: str) -> bool:
        return f"/p/nurses-{self.run}" in self._text(f"/jobs/{self._posting(key)[JobPosting.REFERENCE]}")

    def go_live(self) -> str:
        page = self.scene.page
        if self._status_of(LandingPage.API_NAME, page) != PageStatus.LIVE:
            self.recruiter.command(LandingPage.API_NAME, page, "Publish")
        for key in self.scene.postings:
            self._wait("the way from the job to the page", partial(self._leads_to_page, key))
        self._launch(self.scene.drip)
        return f"live: {self.status.site}/p/nurses-{self.run}"

    def visitors_join(self) -> str:
        waiting = [number for number in CAST.confirms if not self._is_confirmed(number)]
        if waiting:
            self._visit()
            self._each(waiting, self._confirm)
            self._advance(timedelta(minutes=1))  # the first mail goes with the next minute
        joined = {people.visitor(self.run, number).email for number in CAST.confirms}
        self._wait(
            "the first welcome mails",
            lambda: joined <= {entry["recipient"] for entry in self.mailbox.ledger(self.scene.drip)},
            nudge="drip",
        )
        return f"{len(CAST.confirms)} of {len(CAST.registers)} confirmed; the first welcome mail is there"

    def import_file(self) -> str:
        fields = {CandidateImport.NAME: f"Nursing fair (story {self.run})"}
        values = {
            CandidateImport.POOL: self.scene.talent_pool,
            CandidateImport.SOURCE: self.scene.channels["fair"],
            CandidateImport.FILE_NAME: "nursing-fair.csv",
        }
        record = self.recruiter.ensure(CandidateImport.API_NAME, fields, values)
        if self._status_of(CandidateImport.API_NAME, record) == ImportStatus.DRAFT:
            self.recruiter.attach(record, "nursing-fair.csv", self.file.data)
            self.recruiter.command(CandidateImport.API_NAME, record, "Preview")
        if self._status_of(CandidateImport.API_NAME, record) == ImportStatus.PREVIEWED:
            self.recruiter.command(CandidateImport.API_NAME, record, "Load")
        self._wait(
            "the import",
            lambda: self._status_of(CandidateImport.API_NAME, record) == ImportStatus.DONE,
            progress=lambda: str(self._field(CandidateImport.API_NAME, record, CandidateImport.MESSAGE) or ""),
        )
        counts = self.recruiter.get(
            CandidateImport.API_NAME, record, CandidateImport.ROWS, CandidateImport.CREATED, CandidateImport.UPDATED,
            CandidateImport.MERGED, CandidateImport.REJECTED,
        )  # fmt: skip
        return ", ".join(f"{name.removesuffix('__c').lower()} {int(value or 0):,}" for name, value in counts.items())

    def send_blast(self) -> str:
        self._launch(self.scene.blast)
        self._wait("a quarter of the mails", lambda: self._sent() >= self.file.people // 4 or self._is_done())
        leaver = self.leaver() or self._leave()
        self._wait(
            "the end of the blast",
            self._is_done,
            progress=lambda: f"{self._sent():,} of {self.file.people:,}",
            nudge="drip",
            seconds=1_200,
        )
        return f"{self._sent():,} mails; {leaver.first} {leaver.last} unsubscribed midway and gets nothing more"

    def leaver(self) -> Person | None:
        """Who unsubscribed in the middle of the blast."""
        addresses = [people.visitor(self.run, number).email for number in CAST.met_again]
        where = soql.both(
            soql.is_in(parent(Consent.CANDIDATE, Candidate.EMAIL), addresses),
            soql.equals(Consent.STATE, ConsentState.WITHDRAWN),
        )
        email = parent(Consent.CANDIDATE, Candidate.EMAIL)
        for row in self.recruiter.query(soql.select(Consent.API_NAME, [email], where=where, limit=1)):
            return self._person(str(row["Candidate__r"][Candidate.EMAIL]))
        return None

    def _leave(self) -> Person:
        """One presses the mail program's own button: of those who still wait for this mail, if anybody does."""
        got = {entry["recipient"] for entry in self.mailbox.ledger(self.scene.blast)}
        met = [people.visitor(self.run, number) for number in CAST.met_again]
        leaver = next((person for person in met if person.email not in got), met[0])
        with self._visitor(leaver.email) as visitor:
            status = visitor.unsubscribe_by_one_click(self.mailbox.mails(leaver.email)[0])
        if status != 200:
            raise StoryBroke(f"The unsubscribe of {leaver.email} was answered with {status}.")
        return leaver

    def _person(self, email: str) -> Person:
        return next(person for number in CAST.met_again if (person := people.visitor(self.run, number)).email == email)

    def people_read(self) -> str:
        self._advance(timedelta(hours=2))
        readers = [entry for number, entry in enumerate(self._blast_ledger()) if number % 25 == 0][:120]
        self._each(readers, lambda entry: self._read(entry["recipient"], self.scene.blast, click=_lot(entry, 3)))
        appliers = [entry for entry in readers if _lot(entry, 3)][:6]
        self._each(appliers, lambda entry: self._apply_from(entry["recipient"], self.scene.blast))
        scanned = [entry for number, entry in enumerate(self._blast_ledger()) if number % 25 == 1][:10]
        self._each(scanned, lambda entry: self._scan(entry["recipient"]))
        return f"{len(readers)} opened, {sum(_lot(entry, 3) for entry in readers)} clicked, {len(appliers)} applied"

    def week_passes(self) -> str:
        leaver = self.leaver()
        for days, number in ((3, 2), (4, 3)):
            self._advance(timedelta(days=days))
            for n in CAST.confirms:
                if people.visitor(self.run, n) != leaver:
                    self.mailbox.wait_for(people.visitor(self.run, n).email, self.scene.drip, number)
        self._advance(timedelta(hours=2))
        self._each(CAST.applies, lambda n: self._read(people.visitor(self.run, n).email, self.scene.drip, click=False))
        self._each(CAST.applies, lambda n: self._apply_from(people.visitor(self.run, n).email, self.scene.drip))
        return f"three mails each; {len(CAST.applies)} applied by a link of the third"

    def hire(self) -> str:
        person = people.visitor(self.run, CAST.hired)
        for event in ("application.stage_changed", "candidate.hired"):
            self._report(event, person)
        hired = soql.both(
            soql.compare(Application.HIRED_AT, "!=", None), soql.equals(Application.REQUISITION, self.scene.requisition)
        )
        self._wait("the hire", lambda: self.recruiter.count(Application.API_NAME, hired) == 1)
        return f"{person.first} {person.last} is hired"

    def roll_up(self) -> str:
        self._advance(timedelta(minutes=10))
        return "done"

    # What the acts are made of

    def _launch(self, campaign: str) -> None:
        if self._status_of(RecruitingCampaign.API_NAME, campaign) == CampaignStatus.DRAFT:
            for command in ("Check", "Request approval", "Approve"):
                self.recruiter.command(RecruitingCampaign.API_NAME, campaign, command)
        if self._status_of(RecruitingCampaign.API_NAME, campaign) == CampaignStatus.APPROVED:
            self.recruiter.command(RecruitingCampaign.API_NAME, campaign, "Launch")

    def _visit(self) -> None:
        """All open the form first, so that the time to read it passes once for all."""
        numbers = [number for numbers in CAST.by_channel.values() for number in numbers]
        visitors = {number: self._visitor(people.visitor(self.run, number).email) for number in numbers}
        try:
            pages = self._each(numbers, lambda number: self._arrive(visitors[number], number))
            time.sleep(READING_SECONDS)
            joining = [(number, page) for number, page in zip(numbers, pages, strict=True) if number in CAST.registers]
            self._each(joining, lambda pair: self._join(visitors[pair[0]], *pair))
        finally:
            for visitor in visitors.values():
                visitor.__exit__()

    def _visitor(self, email: str, **options: str) -> Visitor:
        """Somebody at home: the same address, the same network."""
        household = int(hashlib.sha256(email.encode()).hexdigest()[:8], 16)
        return Visitor(self.status.site, household=household, **options)

    def _arrive(self, visitor: Visitor, number: int) -> Page:
        key = next(key for key, numbers in CAST.by_channel.items() if number in numbers)
        job = visitor.open(str(self._posting(key)[JobPosting.TRACKED_URL]))
        return visitor.open(job.link("Stay in touch")) if number in CAST.registers else job

    def _join(self, visitor: Visitor, number: int, page: Page) -> None:
        consent = page.tree.xpath("//input[@name='consent']/@value")
        visitor.submit(page, {**people.visitor(self.run, number).form, "consent": consent[0]})

    def _confirm(self, number: int) -> None:
        email = people.visitor(self.run, number).email
        mail = self.mailbox.wait_for(email, "optin")
        with self._visitor(email) as visitor:
            page = visitor.open(next(link for link in mail.links() if "/confirm/" in link or "/c/" in link))
            visitor.submit(page, {})

    def _is_confirmed(self, number: int) -> bool:
        key = soql.equals(ContactPoint.KEY, f"email:{people.visitor(self.run, number).email}")
        confirmed = soql.equals(ContactPoint.STATUS, "Confirmed")
        return bool(self.recruiter.count(ContactPoint.API_NAME, soql.both(key, confirmed)))

    def _read(self, recipient: str, campaign: str, *, click: bool) -> None:
        mail = self.mailbox.wait_for(recipient, campaign)
        with self._visitor(recipient) as visitor:
            visitor.look(mail.pixel)
            if click:
                visitor.open(mail.links()[0])

    def _scan(self, recipient: str) -> None:
        mail = self.mailbox.wait_for(recipient, self.scene.blast)
        with self._visitor(recipient, agent=SCANNER) as scanner:
            for link in mail.links():
                if link.startswith(self.status.site):
                    scanner.look(link)

    def _apply_from(self, recipient: str, campaign: str) -> None:
        """Clicks the mail's link, opens the form on the job page and applies."""
        key = soql.equals(parent(Application.CANDIDATE, "Email__c"), recipient)
        applied = soql.both(key, soql.equals(Application.REQUISITION, self.scene.requisition))
        if self.recruiter.count(Application.API_NAME, applied):
            return
        [person] = self.recruiter.query(
            soql.select(
                Candidate.API_NAME,
                [Candidate.FIRST_NAME, Candidate.LAST_NAME],
                where=soql.equals(Candidate.EMAIL, recipient),
            )
        )
        mail = self.mailbox.wait_for(recipient, campaign)
        with self._visitor(recipient) as visitor:
            form = visitor.open(visitor.open(mail.links()[0]).link("Apply"))
            time.sleep(READING_SECONDS)
            names = {"first_name": person[Candidate.FIRST_NAME], "last_name": person[Candidate.LAST_NAME]}
            visitor.submit(form, {**names, "email": recipient})
        self._wait("an application", lambda: bool(self.recruiter.count(Application.API_NAME, applied)))

    def _report(self, event: str, person: Person) -> None:
        """A webhook as the applicant tracking system signs it (Standard Webhooks)."""
        body = json.dumps(self._webhook(event, person)).encode()
        number, at = f"story-{self.run}-{event}", str(int(self.app.clock.now().timestamp()))
        secret = self.app.secrets.secret(self.app.config.ats_secret)["generic"]
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{number}.{at}.".encode() + body, hashlib.sha256)
        headers = {
            "webhook-id": number,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
            "content-type": "application/json",
        }
        answer = requests.post(f"{self.status.site}/hooks/ats/generic", body, headers=headers, timeout=30)
        if not answer.ok:
            raise StoryBroke(f"The webhook {event} was answered with {answer.status_code}: {answer.text[:200]}")

    def _webhook(self, event: str, person: Person) -> dict[str, object]:
        at = self.app.clock.now().isoformat(timespec="seconds")
        data = {"requisition_id": f"HH-{1000 + self.run}", "email": person.email, "at": at}
        return {"type": event, "timestamp": at, "data": {**data, "stage": "Interview"} if "stage" in event else data}

    def _posting(self, key: str) -> dict[str, object]:
        return self.recruiter.get(
            JobPosting.API_NAME, self.scene.postings[key], JobPosting.REFERENCE, JobPosting.TRACKED_URL
        )

    def _field(self, object_name: str, record_id: str, field: str) -> object:
        return self.recruiter.get(object_name, record_id, field)[field]

    def _status_of(self, object_name: str, record_id: str) -> str:
        return str(self._field(object_name, record_id, "Status__c"))

    def _blast_ledger(self) -> list[dict[str, str]]:
        return sorted(self.mailbox.ledger(self.scene.blast), key=lambda entry: entry["recipient"])

    def _sent(self) -> int:
        return len(self.mailbox.ledger(self.scene.blast))

    def _is_done(self) -> bool:
        return self._status_of(RecruitingCampaign.API_NAME, self.scene.blast) == CampaignStatus.DONE

    def _advance(self, span: timedelta) -> None:
        """Lets the provider finish telling, then moves the clock and waits for all that became due."""
        self._wait("the last provider events", lambda: not self.mailbox.untold())
        try:
            clock.drain(self.status)
            clock.advance(self.status, span)
        except clock.NotDrained as stuck:
            raise StoryBroke(str(stuck)) from stuck

    def _text(self, path: str) -> str:
        return requests.get(self.status.site + path, timeout=30).text

    def _each(self, things: Sequence[T], act: Callable[[T], object]) -> list[Page]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(act, things))  # type: ignore[arg-type]

    def _wait(
        self,
        what: str,
        is_there: Callable[[], bool],
        *,
        progress: Callable[[], str] | None = None,
        nudge: str = "",
        seconds: float = 240,
    ) -> None:
        """`nudge` names a function that runs every minute and is run at once instead, so that nobody waits for it."""
        deadline = time.monotonic() + seconds
        while not is_there():
            if time.monotonic() > deadline:
                raise StoryBroke(f"{what} did not come within {seconds:g} seconds.")
            if progress is not None:
                self._say(progress())
            if nudge:
                clock.run(self.status, nudge)
            time.sleep(0.5)


def _lot(entry: dict[str, str], one_in: int) -> bool:
    """The same people in every run of the program."""
    return int(hashlib.sha256(entry["recipient"].encode()).hexdigest()[:4], 16) % one_in == 0
