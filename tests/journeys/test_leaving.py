"""Journey 5 in a browser: who unsubscribes, pauses or asks to be erased in the middle of a mailing is left alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import requests

from integration import soql
from integration.demo import seed
from integration.demo.visitor import Mailbox
from integration.demo.world import World
from integration.local import clock
from integration.records import (
    Application,
    CampaignAudience,
    CampaignStep,
    Candidate,
    CandidateImport,
    Consent,
    ContactPoint,
    JobRequisition,
    PrivacyRequest,
    RecruitingCampaign,
    TalentPool,
    parent,
)
from tests.journeys import traces
from tests.journeys.desk import Desks
from tests.journeys.screen import Screen

pytestmark = [pytest.mark.stack, pytest.mark.slow]
RUN = 62
"""The number under which the demo's scene is set up here."""
PEOPLE, A_SECOND = 240, 6.0
SENT_BEFORE = 15
"""Mails that are out when the first leaves: most of the mailing is still to come."""
GRACE = timedelta(seconds=5)
"""A mail that left us in the last seconds may still arrive, as the page says."""
EARLY = 8
"""Who got the first letter: 0 to 3 leave by a page, two for each way, so that one still waits for the second; 4 is
erased; 6 and 7 press the mail program's button."""
LAST = "Quillfeather"
HEADER = "First name,Last name,E-mail,Phone,City\n"


_FIRST = ["Abigail", "Bertram", "Clemence", "Dorothea", "Ethelred", "Florence", "Gilbert", "Henrietta"]


def first_name(number):
    return _FIRST[number % len(_FIRST)]


def email(number):
    return f"{LAST.lower()}{number}@people.example.org"


def last_name(number):
    """No two alike, for names alone may be a namesake's."""
    return f"{LAST}{''.join(chr(97 + int(digit)) for digit in f'{number:03}')}"


def row(number):
    return f"{first_name(number)},{last_name(number)},{email(number)},+35386{number:07d},Cork\n"


@dataclass
class Left:
    """What somebody did, and when it was answered by the stack's clock."""

    number: int
    at: datetime


@dataclass
class Journey:
    world: World
    desks: Desks
    open_screen: object
    screens: list = field(default_factory=list)

    @property
    def recruiter(self):
        return self.desks.recruiter

    def screen(self, number):
        screen = self.open_screen(email(number))
        self.screens.append(screen)
        return screen

    def load(self, name, rows, pool):
        values = {"Name": name, CandidateImport.POOL: pool, CandidateImport.SOURCE: self.world.scene.channels["fair"]}
        record = self.recruiter.create(CandidateImport.API_NAME, values)
        self.recruiter.attach(record, f"{name}.csv", (HEADER + "".join(rows)).encode())
        self.recruiter.command(CandidateImport.API_NAME, record, "Load")
        self.world.wait(name, lambda: self.world.status_of(CandidateImport.API_NAME, record) == "Done")
        return record

    def ledger(self, campaign):
        return self.world.mailbox.ledger(campaign)

    def is_done(self, campaign):
        return self.world.status_of(RecruitingCampaign.API_NAME, campaign) == "Done"

    def counts(self, record):
        fields = (CandidateImport.CREATED, CandidateImport.UPDATED, CandidateImport.MERGED, CandidateImport.REJECTED)
        found = self.recruiter.get(CandidateImport.API_NAME, record, *fields)
        return [int(found[name] or 0) for name in fields]

    def looks_at(self, name, record_id, title):
        screen = self.screens[0]
        screen.open(f"{self.world.status.console}/r/{name}/{record_id}")
        screen.look(f"console-{title}")
        return screen


@pytest.fixture(scope="module")
def stack(one_stack):
    return one_stack


@pytest.fixture(scope="module")
def journey(stack, browser, album):
    desks, app = Desks(stack.status), stack.app
    scene = seed.set_up(desks.recruiter, RUN, app.clock.now().date(), admin=desks.admin)
    world = World(stack.status, app, lambda _: None, desks.recruiter, Mailbox(stack.status.mailbox), RUN, scene)
    journey = Journey(world, desks, lambda to: Screen(browser, album, stack.status.mailbox, email=to))
    yield journey
    for screen in journey.screens:
        screen.close()


@pytest.fixture(scope="module")
def written_to(journey):
    """A first letter to a few: their screens, with it open."""
    scene, world = journey.world.scene, journey.world
    journey.recruiter.command(JobRequisition.API_NAME, scene.requisition, "Open")
    reference = world.posting("indeed")["Reference__c"]
    world.wait("the job", lambda: f"/jobs/{reference}" in world.text("/sitemap.xml"))
    pool = journey.recruiter.create(TalentPool.API_NAME, {"Name": "Everybody", TalentPool.KIND: "Static"})
    # Mailings go out in the order in which people were entered: those who will leave come last.
    journey.load("Everybody", [row(number) for number in reversed(range(PEOPLE))], pool)
    journey.load("Regulars", [row(number) for number in range(EARLY)], scene.talent_pool)
    journey.desks.launch(scene.blast)
    world.wait("the first letter", lambda: journey.is_done(scene.blast), nudge="drip")
    return {number: _with_letter(journey, number) for number in range(5)}


def _with_letter(journey, number):
    screen = journey.screen(number)
    screen.find_mail(f"Open day in theatre on Saturday, {first_name(number)}")
    return screen


@pytest.fixture(scope="module")
def mailing(journey, written_to):
    """A slow mailing to many, ready to go."""
    scene, recruiter = journey.world.scene, journey.recruiter
    [pool] = [one["Id"] for one in recruiter.query(f"SELECT Id FROM {TalentPool.API_NAME} WHERE Name = 'Everybody'")]
    c = RecruitingCampaign
    values = {"Name": "A second letter", c.KIND: "Blast", c.BRAND: scene.brand, c.CHANNEL: scene.channels["mail"],
              c.REQUISITION: scene.requisition, c.THROTTLE: A_SECOND}  # fmt: skip
    campaign = recruiter.create(c.API_NAME, values)
    audience = {CampaignAudience.CAMPAIGN: campaign, CampaignAudience.POOL: pool, CampaignAudience.MODE: "Include"}
    recruiter.create(CampaignAudience.API_NAME, audience)
    letter = recruiter.get(CampaignStep.API_NAME, scene.steps["Open day"], CampaignStep.TEMPLATE)
    step = {CampaignStep.CAMPAIGN: campaign, CampaignStep.ORDER: 1, CampaignStep.DELAY_DAYS: 0, **letter}
    recruiter.create(CampaignStep.API_NAME, step)
    return campaign


@pytest.fixture(scope="module")
def left(journey, written_to, mailing):
    """While the mailing runs one unsubscribes by the mail's link, one pauses, one presses the mail program's button."""
    by_link, by_pause = (0, 1), (2, 3)
    for number in by_link:
        written_to[number].follow_in_mail("Unsubscribe")
        written_to[number].is_headed("Stop these mails?")
    for number in by_pause:
        written_to[number].follow_in_mail("Preferences")
        written_to[number].is_headed("Your mails from us")
    written_to[0].look("stop-these-mails")
    written_to[2].look("preferences")
    journey.desks.launch(mailing)
    journey.world.wait("the first mails", lambda: len(journey.ledger(mailing)) >= SENT_BEFORE)
    waiting = _waiting(journey, mailing)
    found = {}
    found["link"] = _leaves(journey, written_to, waiting, by_link, "Yes, stop these mails", "Done: no more mails")
    found["pause"] = _leaves(journey, written_to, waiting, by_pause, "Pause all mail for 90 days", "Done")
    number = next((one for one in (6, 7) if email(one) in waiting), 7)
    answer = requests.post(_one_click_address(journey, number), {"List-Unsubscribe": "One-Click"}, timeout=30)
    assert answer.status_code == 200
    found["post"] = Left(number, journey.world.app.clock.now())
    assert not journey.is_done(mailing), "the mailing was over before they left"
    written_to[found["link"].number].look("no-more-mails")
    journey.looks_at(RecruitingCampaign.API_NAME, mailing, "campaign-running")
    journey.world.wait("the end of the mailing", lambda: journey.is_done(mailing), nudge="drip", seconds=900)
    clock.drain(journey.world.status)
    journey.world.advance(timedelta(minutes=10))
    return found


def _waiting(journey, mailing):
    got = {entry["recipient"] for entry in journey.ledger(mailing)}
    return {email(number) for number in range(PEOPLE)} - got


def _leaves(journey, screens, waiting, pair, button, heading):
    number = next((one for one in pair if email(one) in waiting), pair[-1])
    screens[number].press(button)
    screens[number].is_headed(heading)
    return Left(number, journey.world.app.clock.now())


def _one_click_address(journey, number):
    [mail] = journey.world.mailbox.mails(email(number), journey.world.scene.blast)
    return mail.header("List-Unsubscribe").split(">")[0].strip("< ")


@pytest.fixture(scope="module")
def erased(journey, written_to, left):
    """One who applied asks on the own page to be erased: the request, once it is done."""
    number, screen = 4, written_to[4]
    screen.follow_in_mail("See the job")
    screen.follow("Apply for this job")
    for label, text in (
        ("E-mail", email(number)),
        ("First name", first_name(number)),
        ("Last name", last_name(number)),
    ):
        screen.fill(label, text)
    screen.read()
    screen.press("Send application")
    screen.is_headed("Thank you for your application")
    of_person = soql.equals(parent(Application.CANDIDATE, Candidate.EMAIL), email(number))
    journey.world.wait("the application", lambda: bool(journey.recruiter.count(Application.API_NAME, of_person)))
    screen.find_mail(f"Open day in theatre on Saturday, {first_name(number)}")
    screen.follow_in_mail("Preferences")
    screen.follow("What we hold of you")
    screen.read()
    screen.press("Show what you hold")
    screen.has_section("Your details")
    screen.sees(email(number))
    screen.look("what-we-hold")
    screen.tick("I am sure. It cannot be undone.")
    screen.read()
    screen.press("Erase everything you hold of me")
    screen.is_headed("We are erasing what we hold of you")
    screen.look("being-erased")
    done = soql.equals(PrivacyRequest.STATUS, "Done")
    journey.world.wait("the erasure", lambda: journey.recruiter.count(PrivacyRequest.API_NAME, done) == 1)
    clock.drain(journey.world.status)
    fields = ["Id", PrivacyRequest.CERTIFICATE, PrivacyRequest.MESSAGE]
    [request] = journey.recruiter.query(soql.select(PrivacyRequest.API_NAME, fields, where=done))
    return request


def test_nobody_who_left_gets_a_mail_later(journey, mailing, left):
    at = {entry["recipient"]: datetime.fromisoformat(entry["at"]) for entry in journey.ledger(mailing)}
    for how, leaver in left.items():
        assert at.get(email(leaver.number), leaver.at) <= leaver.at + GRACE, how
    assert any(email(leaver.number) not in at for leaver in left.values())


def test_everybody_else_got_it_once_and_all_are_accounted_for(journey, mailing, left):
    recipients = [entry["recipient"] for entry in journey.ledger(mailing)]
    spared = {email(number) for number in range(PEOPLE)} - set(recipients)
    assert len(recipients) == len(set(recipients))
    assert spared <= {email(leaver.number) for leaver in left.values()}
    c = RecruitingCampaign
    fields = [c.AUDIENCE_SIZE, c.SENT, c.SUPPRESSED, c.FAILED, c.IN_DOUBT, c.PENDING]
    found = journey.recruiter.get(c.API_NAME, mailing, *fields)
    assert [int(found[name] or 0) for name in fields] == [PEOPLE, PEOPLE - len(spared), len(spared), 0, 0, 0]


def test_the_pages_tell_what_holds_and_the_record_too(journey, written_to, left):
    for how, words in (("link", "You get no mail from us."), ("pause", "Your mails are paused until")):
        screen = _with_letter(journey, left[how].number)
        screen.follow_in_mail("Preferences")
        screen.sees(words)
        screen.look(f"preferences-{how}")
    screen.read()
    screen.press("End the pause now")
    screen.is_headed("Done")
    for how in ("link", "post"):
        where = soql.equals(parent("Candidate__c", Candidate.EMAIL), email(left[how].number))
        states = journey.recruiter.query(soql.select(Consent.API_NAME, [Consent.STATE], where=where))
        assert "Withdrawn" in [one[Consent.STATE] for one in states], how


def test_the_erased_person_is_nowhere_and_the_certificate_says_so(journey, erased):
    words = [last_name(4), email(4), "86" + f"{4:07d}"]
    assert "Certificate of erasure" in erased[PrivacyRequest.CERTIFICATE]
    assert "no row of the person is left" in erased[PrivacyRequest.CERTIFICATE]
    assert traces.in_org(journey.world.status, words) == []
    assert traces.in_aws(journey.world.status, words) == []
    assert traces.in_org(journey.world.status, [last_name(5)]), "the search finds nobody at all"
    screen = journey.looks_at(PrivacyRequest.API_NAME, erased["Id"], "privacy-request")
    screen.sees("Certificate of erasure")


def test_a_new_import_does_not_bring_the_person_back(journey, erased):
    again = row(4).replace(email(4), email(4).upper())
    record = journey.load("Once more", [again, row(PEOPLE)], journey.world.scene.talent_pool)
    assert journey.counts(record) == [1, 0, 0, 1]
    version, _ = journey.world.app.salesforce.attached_file(record)
    rejects = b"".join(journey.world.app.salesforce.read_file(version)).decode("utf-8-sig")
    assert "ERASED" in rejects
    assert LAST.lower() not in rejects.lower()
    here = (soql.equals(Candidate.LAST_NAME, last_name(4)), soql.equals(ContactPoint.VALUE, email(4)))
    assert [journey.recruiter.count(name, where) for name, where in zip(
        (Candidate.API_NAME, ContactPoint.API_NAME), here, strict=True)] == [0, 0]  # fmt: skip
    journey.looks_at(CandidateImport.API_NAME, record, "import").sees("1")


def test_axe_finds_nothing_serious_and_no_page_complains(journey, erased, album):
    assert album.findings == {}
    assert [screen.troubles for screen in journey.screens if screen.troubles] == []
