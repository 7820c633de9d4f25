"""What the people of the story do: come, join, confirm, read, click, apply, leave."""

import hashlib
import time

from integration import soql
from integration.demo import people
from integration.demo.people import CAST, Person
from integration.demo.recruiter import StoryBroke
from integration.demo.visitor import SCANNER, Page, Visitor
from integration.demo.world import World, each
from integration.model.vocabulary import ConsentState
from integration.records import Application, Candidate, Consent, ContactPoint, JobPosting, parent

READING_SECONDS = 3
"""A form that comes back faster than two seconds was filled in by a program."""


class Crowd:
    """Everybody who is not a recruiter."""

    def __init__(self, world: World) -> None:
        self._world = world

    def person(self, number: int) -> Person:
        return people.visitor(self._world.run, number)

    def visit(self) -> None:
        """All open the form first, so that the time to read it passes once for all."""
        numbers = [number for numbers in CAST.by_channel.values() for number in numbers]
        visitors = {number: self._at_home(self.person(number).email) for number in numbers}
        try:
            pages = each(numbers, lambda number: self._arrive(visitors[number], number))
            time.sleep(READING_SECONDS)
            joining = [(number, page) for number, page in zip(numbers, pages, strict=True) if number in CAST.registers]
            each(joining, lambda pair: self._join(visitors[pair[0]], *pair))
        finally:
            for visitor in visitors.values():
                visitor.__exit__()

    def _at_home(self, email: str, **options: str) -> Visitor:
        """Somebody at home: the same address, the same network."""
        household = int(hashlib.sha256(email.encode()).hexdigest()[:8], 16)
        return Visitor(self._world.status.site, household=household, **options)

    def _arrive(self, visitor: Visitor, number: int) -> Page:
        key = next(key for key, numbers in CAST.by_channel.items() if number in numbers)
        job = visitor.open(str(self._world.posting(key)[JobPosting.TRACKED_URL]))
        return visitor.open(job.link("Stay in touch")) if number in CAST.registers else job

    def _join(self, visitor: Visitor, number: int, page: Page) -> None:
        consent = page.tree.xpath("//input[@name='consent']/@value")
        visitor.submit(page, {**self.person(number).form, "consent": consent[0]})

    def confirm(self, number: int) -> None:
        email = self.person(number).email
        mail = self._world.mailbox.wait_for(email, "optin")
        with self._at_home(email) as visitor:
            page = visitor.open(next(link for link in mail.links() if "/confirm/" in link or "/c/" in link))
            visitor.submit(page, {})

    def is_confirmed(self, number: int) -> bool:
        key = soql.equals(ContactPoint.KEY, f"email:{self.person(number).email}")
        confirmed = soql.equals(ContactPoint.STATUS, "Confirmed")
        return bool(self._world.recruiter.count(ContactPoint.API_NAME, soql.both(key, confirmed)))

    def read(self, recipient: str, campaign: str, *, click: bool) -> None:
        mail = self._world.mailbox.wait_for(recipient, campaign)
        with self._at_home(recipient) as visitor:
            visitor.look(mail.pixel)
            if click:
                visitor.open(mail.links()[0])

    def scan(self, recipient: str) -> None:
        mail = self._world.mailbox.wait_for(recipient, self._world.scene.blast)
        with self._at_home(recipient, agent=SCANNER) as scanner:
            for link in mail.links():
                if link.startswith(self._world.status.site):
                    scanner.look(link)

    def apply_from(self, recipient: str, campaign: str) -> None:
        """Clicks the mail's link, opens the form on the job page and applies."""
        key = soql.equals(parent(Application.CANDIDATE, "Email__c"), recipient)
        applied = soql.both(key, soql.equals(Application.REQUISITION, self._world.scene.requisition))
        if self._world.recruiter.count(Application.API_NAME, applied):
            return
        [person] = self._world.recruiter.query(
            soql.select(
                Candidate.API_NAME,
                [Candidate.FIRST_NAME, Candidate.LAST_NAME],
                where=soql.equals(Candidate.EMAIL, recipient),
            )
        )
        mail = self._world.mailbox.wait_for(recipient, campaign)
        with self._at_home(recipient) as visitor:
            form = visitor.open(visitor.open(mail.links()[0]).link("Apply"))
            time.sleep(READING_SECONDS)
            names = {"first_name": person[Candidate.FIRST_NAME], "last_name": person[Candidate.LAST_NAME]}
            visitor.submit(form, {**names, "email": recipient})
        self._world.wait("an application", lambda: bool(self._world.recruiter.count(Application.API_NAME, applied)))

    def leaver(self) -> Person | None:
        """Who unsubscribed in the middle of the blast."""
        addresses = [self.person(number).email for number in CAST.met_again]
        where = soql.both(
            soql.is_in(parent(Consent.CANDIDATE, Candidate.EMAIL), addresses),
            soql.equals(Consent.STATE, ConsentState.WITHDRAWN),
        )
        email = parent(Consent.CANDIDATE, Candidate.EMAIL)
        for row in self._world.recruiter.query(soql.select(Consent.API_NAME, [email], where=where, limit=1)):
            return self._met(str(row["Candidate__r"][Candidate.EMAIL]))
        return None

    def leave(self) -> Person:
        """One presses the mail program's own button: of those who still wait for this mail, if anybody does."""
        got = {entry["recipient"] for entry in self._world.mailbox.ledger(self._world.scene.blast)}
        met = [self.person(number) for number in CAST.met_again]
        leaver = next((person for person in met if person.email not in got), met[0])
        with self._at_home(leaver.email) as visitor:
            status = visitor.unsubscribe_by_one_click(self._world.mailbox.mails(leaver.email)[0])
        if status != 200:
            raise StoryBroke(f"The unsubscribe of {leaver.email} was answered with {status}.")
        return leaver

    def _met(self, email: str) -> Person:
        return next(person for number in CAST.met_again if (person := self.person(number)).email == email)
