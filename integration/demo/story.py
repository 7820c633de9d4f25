"""The story, act by act. Every act first looks what is done already, so a story that broke off goes on where it was."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from integration import soql
from integration.app import App
from integration.demo import ats, people, seed
from integration.demo.crowd import Crowd
from integration.demo.people import CAST, Person, TalentFile
from integration.demo.recruiter import Recruiter
from integration.demo.visitor import Mailbox
from integration.demo.world import World, each
from integration.local.stack import Status
from integration.model.vocabulary import CampaignStatus, ImportStatus, PageStatus, RequisitionStatus
from integration.records import (
    Application,
    CandidateImport,
    JobPosting,
    JobRequisition,
    LandingPage,
    RecruitingCampaign,
    SourceResult,
    parent,
)


class Story:
    """One run of the story on a running stack."""

    def __init__(self, status: Status, app: App, say: Callable[[str], None], *, file_size: int, run: int = 0) -> None:
        recruiter = Recruiter(status)
        run = run or _run_number(recruiter)
        scene = seed.set_up(recruiter, run, app.clock.now().date())
        self.world = World(status, app, say, recruiter, Mailbox(status.mailbox), run, scene)
        self.crowd = Crowd(self.world)
        self.file: TalentFile = people.talent_file(file_size, [self.crowd.person(n) for n in CAST.met_again])

    def acts(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """(what happens, the act); an act returns what came of it."""
        yield "The job is opened and posted to two channels", self.open_job
        yield "The landing page of the pool goes live, the welcome series waits for members", self.go_live
        yield "People come by tracked links, join, and confirm their address", self.visitors_join
        yield f"A file of {self.file.rows:,} people from the fair is imported", self.import_file
        yield "The open-day mail goes to everybody from the fair; one person unsubscribes midway", self.send_blast
        yield "People read, click and apply; a mail scanner clicks too", self.people_read
        yield "Seven days pass: the rest of the welcome series goes out, people apply", self.week_passes
        yield "The applicant tracking system reports an interview and a hire", self.hire
        yield "Totals are rolled up onto the records", self.roll_up

    # The acts

    def open_job(self) -> str:
        requisition = self.world.scene.requisition
        if self.world.status_of(JobRequisition.API_NAME, requisition) != RequisitionStatus.OPEN:
            self.world.recruiter.command(JobRequisition.API_NAME, requisition, "Open")
        references = [self.world.posting(key)[JobPosting.REFERENCE] for key in self.world.scene.postings]
        for key, reference in zip(self.world.scene.postings, references, strict=True):
            self.world.wait("the feed", partial(self._stands_in_feed, key, str(reference)))
        return f"live: {self.world.status.site}/jobs/{references[0]} and in {len(references)} feeds"

    def _stands_in_feed(self, key: str, reference: str) -> bool:
        return reference in self.world.text(f"/feeds/{key}.xml")

    def _leads_to_page(self, key: str) -> bool:
        return f"/p/nurses-{self.world.run}" in self.world.text(
            f"/jobs/{self.world.posting(key)[JobPosting.REFERENCE]}"
        )

    def go_live(self) -> str:
        page = self.world.scene.page
        if self.world.status_of(LandingPage.API_NAME, page) != PageStatus.LIVE:
            self.world.recruiter.command(LandingPage.API_NAME, page, "Publish")
        for key in self.world.scene.postings:
            self.world.wait("the way from the job to the page", partial(self._leads_to_page, key))
        self._launch(self.world.scene.drip)
        return f"live: {self.world.status.site}/p/nurses-{self.world.run}"

    def visitors_join(self) -> str:
        waiting = [number for number in CAST.confirms if not self.crowd.is_confirmed(number)]
        if waiting:
            self.crowd.visit()
            each(waiting, self.crowd.confirm)
            self.world.advance(timedelta(minutes=1))  # the first mail goes with the next minute
        joined = {self.crowd.person(number).email for number in CAST.confirms}
        self.world.wait(
            "the first welcome mails",
            lambda: joined <= {entry["recipient"] for entry in self.world.mailbox.ledger(self.world.scene.drip)},
            nudge="drip",
        )
        return f"{len(CAST.confirms)} of {len(CAST.registers)} confirmed; the first welcome mail is there"

    def import_file(self) -> str:
        fields = {CandidateImport.NAME: f"Nursing fair (story {self.world.run})"}
        values = {
            CandidateImport.POOL: self.world.scene.talent_pool,
            CandidateImport.SOURCE: self.world.scene.channels["fair"],
            CandidateImport.FILE_NAME: "nursing-fair.csv",
        }
        record = self.world.recruiter.ensure(CandidateImport.API_NAME, fields, values)
        if self.world.status_of(CandidateImport.API_NAME, record) == ImportStatus.DRAFT:
            self.world.recruiter.attach(record, "nursing-fair.csv", self.file.data)
            self.world.recruiter.command(CandidateImport.API_NAME, record, "Preview")
        if self.world.status_of(CandidateImport.API_NAME, record) == ImportStatus.PREVIEWED:
            self.world.recruiter.command(CandidateImport.API_NAME, record, "Load")
        self.world.wait(
            "the import",
            lambda: self.world.status_of(CandidateImport.API_NAME, record) == ImportStatus.DONE,
            progress=lambda: str(self.world.field(CandidateImport.API_NAME, record, CandidateImport.MESSAGE) or ""),
        )
        counts = self.world.recruiter.get(
            CandidateImport.API_NAME, record, CandidateImport.ROWS, CandidateImport.CREATED, CandidateImport.UPDATED,
            CandidateImport.MERGED, CandidateImport.REJECTED,
        )  # fmt: skip
        return ", ".join(f"{name.removesuffix('__c').lower()} {int(value or 0):,}" for name, value in counts.items())

    def send_blast(self) -> str:
        self._launch(self.world.scene.blast)
        self.world.wait("a quarter of the mails", lambda: self._sent() >= self.file.people // 4 or self._is_done())
        leaver = self.crowd.leaver() or self.crowd.leave()
        self.world.wait(
            "the end of the blast",
            self._is_done,
            progress=lambda: f"{self._sent():,} of {self.file.people:,}",
            nudge="drip",
            seconds=1_200,
        )
        return f"{self._sent():,} mails; {leaver.first} {leaver.last} unsubscribed midway and gets nothing more"

    def people_read(self) -> str:
        self.world.advance(timedelta(hours=2))
        readers = [entry for number, entry in enumerate(self._blast_ledger()) if number % 25 == 0][:120]
        each(readers, lambda entry: self.crowd.read(entry["recipient"], self.world.scene.blast, click=_lot(entry, 3)))
        appliers = [entry for entry in readers if _lot(entry, 3)][:6]
        each(appliers, lambda entry: self.crowd.apply_from(entry["recipient"], self.world.scene.blast))
        scanned = [entry for number, entry in enumerate(self._blast_ledger()) if number % 25 == 1][:10]
        each(scanned, lambda entry: self.crowd.scan(entry["recipient"]))
        return f"{len(readers)} opened, {sum(_lot(entry, 3) for entry in readers)} clicked, {len(appliers)} applied"

    def week_passes(self) -> str:
        leaver = self.crowd.leaver()
        for days, number in ((3, 2), (4, 3)):
            self.world.advance(timedelta(days=days))
            for n in CAST.confirms:
                if self.crowd.person(n) != leaver:
                    self.world.mailbox.wait_for(self.crowd.person(n).email, self.world.scene.drip, number)
        self.world.advance(timedelta(hours=2))
        each(CAST.applies, lambda n: self.crowd.read(self.crowd.person(n).email, self.world.scene.drip, click=False))
        each(CAST.applies, lambda n: self.crowd.apply_from(self.crowd.person(n).email, self.world.scene.drip))
        return f"three mails each; {len(CAST.applies)} applied by a link of the third"

    def hire(self) -> str:
        person = self.crowd.person(CAST.hired)
        for event in ("application.stage_changed", "candidate.hired"):
            ats.report(
                self.world.status, self.world.app, f"story-{self.world.run}-{event}", self._webhook(event, person)
            )
        hired = soql.both(
            soql.compare(Application.HIRED_AT, "!=", None),
            soql.equals(Application.REQUISITION, self.world.scene.requisition),
        )
        self.world.wait("the hire", lambda: self.world.recruiter.count(Application.API_NAME, hired) == 1)
        return f"{person.first} {person.last} is hired"

    def roll_up(self) -> str:
        self.world.advance(timedelta(minutes=10))
        outcomes = soql.both(
            soql.equals(Application.REQUISITION, self.world.scene.requisition),
            soql.compare(Application.APPLIED_AT, "!=", None),
        )
        whole = self.world.recruiter.count(Application.API_NAME, outcomes)
        self.world.wait("the attributed totals", lambda: round(self._shared()) == whole, nudge="rollup")
        return f"{whole} applications are shared among all touches before them"

    def _shared(self) -> float:
        where = soql.equals(SourceResult.REQUISITION, self.world.scene.requisition)
        field = SourceResult.ATTRIBUTED_APPLICATIONS
        rows = self.world.recruiter.query(soql.select(SourceResult.API_NAME, [field], where=where))
        return sum(float(row[field] or 0) for row in rows)

    # What the acts are made of

    def _launch(self, campaign: str) -> None:
        if self.world.status_of(RecruitingCampaign.API_NAME, campaign) == CampaignStatus.DRAFT:
            for command in ("Check", "Request approval", "Approve"):
                self.world.recruiter.command(RecruitingCampaign.API_NAME, campaign, command)
        if self.world.status_of(RecruitingCampaign.API_NAME, campaign) == CampaignStatus.APPROVED:
            self.world.recruiter.command(RecruitingCampaign.API_NAME, campaign, "Launch")

    def _blast_ledger(self) -> list[dict[str, str]]:
        return sorted(self.world.mailbox.ledger(self.world.scene.blast), key=lambda entry: entry["recipient"])

    def _sent(self) -> int:
        return len(self.world.mailbox.ledger(self.world.scene.blast))

    def _is_done(self) -> bool:
        return self.world.status_of(RecruitingCampaign.API_NAME, self.world.scene.blast) == CampaignStatus.DONE

    def _webhook(self, event: str, person: Person) -> dict[str, object]:
        at = self.world.app.clock.now().isoformat(timespec="seconds")
        data = {"requisition_id": seed.ats_id(self.world.run), "email": person.email, "at": at}
        return {"type": event, "timestamp": at, "data": {**data, "stage": "Interview"} if "stage" in event else data}


def _run_number(recruiter: Recruiter) -> int:
    """The run that is not finished yet, or a new one."""
    ours = soql.compare(JobRequisition.ATS_ID, "LIKE", "HH-1%")
    found = recruiter.query(soql.select(JobRequisition.API_NAME, [JobRequisition.ATS_ID], where=ours))
    last = max((int(str(row[JobRequisition.ATS_ID])[3:]) - 1000 for row in found), default=1)
    hired = soql.both(
        soql.compare(Application.HIRED_AT, "!=", None),
        soql.equals(parent(Application.REQUISITION, JobRequisition.ATS_ID), seed.ats_id(last)),
    )
    return last + 1 if recruiter.count(Application.API_NAME, hired) else last


def _lot(entry: dict[str, str], one_in: int) -> bool:
    """The same people in every run of the program."""
    return int(hashlib.sha256(entry["recipient"].encode()).hexdigest()[:4], 16) % one_in == 0
