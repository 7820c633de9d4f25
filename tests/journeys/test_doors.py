"""Bad input in every door: the message names field, value and remedy, the record shows it, its neighbours work on."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from lxml import html
from simple_salesforce.exceptions import SalesforceError

from integration.demo import seed
from integration.demo.recruiter import Recruiter, StoryBroke
from integration.model import webhook
from integration.records import (
    ATSConnection,
    Brand,
    CampaignAudience,
    CampaignStep,
    CandidateImport,
    Channel,
    JobPosting,
    JobRequisition,
    LandingPage,
    MessageTemplate,
    RecruitingCampaign,
    RecruitingCommand,
    TalentPool,
)
from integration.soql import equals, select

pytestmark = [pytest.mark.stack, pytest.mark.slow]
AT_ONCE = 4
CONSENT = "Talent community"
HEADER = b"First name,Last name,E-mail\n"

JOB, POSTING, PAGE = JobRequisition.API_NAME, JobPosting.API_NAME, LandingPage.API_NAME
TEMPLATE, CAMPAIGN, IMPORT = MessageTemplate.API_NAME, RecruitingCampaign.API_NAME, CandidateImport.API_NAME
POOL, ATS = TalentPool.API_NAME, ATSConnection.API_NAME

TEXT = "<mj-section><mj-column><mj-text>Hi {{ %s }}</mj-text></mj-column></mj-section>"
ODD_BLOCK = '[{"type": "carousel"}]'
LOUD = {"Salary_Min__c": 5, "Salary_Max__c": 3, "Salary_Currency__c": "EUR"}

# (object, command, what is wrong about it, what is made or attached before, words of the message)
REFUSED = [
    (JOB, "Open", {"Description__c": None}, "", "a description before you open it"),
    (JOB, "Open", LOUD, "", "Salary to must not be less than salary from"),
    (POSTING, "Publish", {"Channel__c": "inactive"}, "", "channel Closed board is not active. Activate it"),
    (POSTING, "Publish", {"Requisition__c": "nowhere"}, "", "location"),
    (POSTING, "Publish", {"Channel__c": None}, "", "Choose both a requisition and a channel"),
    (PAGE, "Publish", {"Slug__c": "Bad Slug!"}, "", "small letters, digits and hyphens, for example"),
    (PAGE, "Publish", {"Blocks__c": "[{nope"}, "", "Blocks is not JSON (line 1): write"),
    (PAGE, "Publish", {"Blocks__c": ODD_BLOCK}, "", "unknown type “carousel”. Known types are hero"),
    (PAGE, "Publish", {"Brand__c": "pale"}, "", "#dddddd on the background #ffffff has a contrast of 1.4"),
    (PAGE, "Publish", {"Pool__c": None}, "", "no pool. Choose the pool that people join"),
    (TEMPLATE, "Check", {"Body__c": TEXT % "zzz"}, "", "Body, line 1: zzz is not a known word. Use one of: "),
    (TEMPLATE, "Check", {"Body__c": "<mj-section>"}, "", "<mj-section> is not closed. Add </mj-section>"),
    (TEMPLATE, "Check", {"Text__c": None}, "", "Text: the text part is missing. Write"),
    (CAMPAIGN, "Check", {}, "", "Audience: no pool is included. Add"),
    (CAMPAIGN, "Check", {}, "audience", "Steps: there is no step. Add one"),
    (CAMPAIGN, "Check", {"Brand__c": None}, "all", "Brand: the campaign has no brand, so no sender. Choose one"),
    (CAMPAIGN, "Check", {"Time_Zone__c": "Mars/Base"}, "all", "Time zone: “Mars/Base” is no time zone. Write one"),
    (CAMPAIGN, "Launch", {}, "all", "while the campaign is Draft. A Recruiting Manager has to approve"),
    (CAMPAIGN, "Pause", {}, "all", "while the campaign is Draft. Only a running campaign"),
    (CAMPAIGN, "Send test", {}, "all", "no proper test address. Enter one under Test address"),
    (IMPORT, "Preview", {}, None, "No file is attached. Attach a list"),
    (IMPORT, "Load", {}, b"\n", "The file is empty. Attach"),
    (IMPORT, "Load", {}, HEADER, "a header and no rows below it. Attach"),
    (IMPORT, "Load", {}, bytes(range(256)) * 20, "no text. Save the list as “CSV UTF-8”"),
    (IMPORT, "Load", {}, b"foo,bar\n1,2\n", "No column holds a name: “First name”"),
    (
        IMPORT,
        "Load",
        {"Mapping__c": "{nope"},
        HEADER + b"A,B,c@d.example\n",
        "not valid JSON (line 1, column 2). Correct",
    ),
    (IMPORT, "Load", {"Mapping__c": '{"a": 1}'}, HEADER + b"A,B,c@d.example\n", "“a” means nothing in Mapping: use"),
    (IMPORT, "Undo", {}, HEADER + b"A,B,c@d.example\n", "Nothing was loaded by this import"),
    (
        POOL,
        "Refresh",
        {"Kind__c": "Dynamic", "Rule__c": "{nope"},
        "",
        "rule is not valid JSON (line 1, column 2). Correct",
    ),
    (POOL, "Refresh", {"Kind__c": "Dynamic", "Rule__c": '{"field": "shoe"}'}, "", "“shoe” is not a field that a rule"),
]
TAKEN = [
    (JOB, "Open", {}, "", "Open."),
    (PAGE, "Publish", {}, "", "is live at"),
    (TEMPLATE, "Check", {}, "", "found nothing wrong"),
    (CAMPAIGN, "Check", {}, "all", "found nothing wrong"),
    (POOL, "Refresh", {}, "", "0 members"),
    (ATS, "Sync now", {}, "", "0 still wait"),
]


class Desk:
    """Makes a record of each kind that would do, with one thing wrong about it, and commands it."""

    def __init__(self, status):
        self.status = status
        self.org = Recruiter(status)
        colors = {"Text_Color__c": "#dddddd", "Primary_Color__c": "#eeeeee"}
        self.ids = {
            None: None,
            "brand": self.org.ensure(Brand.API_NAME, {"Key__c": "doors"}, seed._BRAND),
            "pale": self.org.ensure(Brand.API_NAME, {"Key__c": "pale"}, {**seed._BRAND, **colors}),
            "pool": self.org.create(POOL, {"Name": "Doors", "Kind__c": "Static"}),
            "template": self.org.create(TEMPLATE, self.good(TEMPLATE)),
            "active": self.channel("open-board", "Open board", True),
            "inactive": self.channel("closed-board", "Closed board", False),
        }
        self._someone_to_reach()
        self.ids["nowhere"] = self.org.create(JOB, self.good(JOB))
        self.org.command(JOB, self.ids["nowhere"], "Open")

    def _someone_to_reach(self):
        record = self.make(IMPORT, {}, HEADER + b"Ada,Door,ada.door@people.example\n")
        self.org.command(IMPORT, record, "Load")
        deadline = time.monotonic() + 90
        while self.org.get(IMPORT, record, "Status__c")["Status__c"] != "Done" and time.monotonic() < deadline:
            time.sleep(0.3)

    def channel(self, key, name, active):
        values = {"Name": name, "Active__c": active, "Kind__c": "Job board", "Adapter__c": "generic"}
        return self.org.create(Channel.API_NAME, {"Key__c": key, **values})

    def good(self, kind):
        unique, today = uuid.uuid4().hex[:12], datetime.now(UTC).date()
        form = {"type": "form", "purposes": [CONSENT]}
        words = {"Name": "Doors", "Language__c": "en"}
        return {
            JOB: {"Name": "Doors", "Title__c": "Nurse", "Company__c": "Harbour Hospital", "ATS_Id__c": unique,
                  "Description__c": "<p>You look after people.</p>", "Opened_On__c": today.isoformat(),
                  "Valid_Through__c": (today + timedelta(days=30)).isoformat()},
            POSTING: {"Requisition__c": "nowhere", "Channel__c": "active"},
            PAGE: {**words, "Slug__c": f"doors-{unique}", "Brand__c": "brand", "Pool__c": "pool", "Headline__c": "Hi",
                   "Consent_Text__c": "I agree.", "Double_Opt_In__c": True, "Blocks__c": json.dumps([form])},
            TEMPLATE: {**words, "Subject__c": "Hi", "Body__c": TEXT % "first_name", "Text__c": "Hi {{ first_name }}"},
            CAMPAIGN: {"Name": "Doors", "Kind__c": "Blast", "Brand__c": "brand"},
            IMPORT: {"Pool__c": "pool"},
            POOL: {"Name": "Doors", "Kind__c": "Static"},
            ATS: {"Name": "Doors", "Key__c": unique, "Kind__c": "Generic"},
        }[kind]  # fmt: skip

    def make(self, kind, wrong, before):
        values = {**self.good(kind), **wrong}
        named = {name: self.ids.get(value, value) for name, value in values.items()}
        record = self.org.create(kind, named)
        if kind == CAMPAIGN and before:
            included = {"Campaign__c": record, "Pool__c": self.ids["pool"], "Mode__c": "Include"}
            self.org.create(CampaignAudience.API_NAME, included)
        if kind == CAMPAIGN and before == "all":
            step = {"Campaign__c": record, "Template__c": self.ids["template"], "Order__c": 1, "Delay_Days__c": 0}
            self.org.create(CampaignStep.API_NAME, step)
        if kind == IMPORT and before is not None:
            self.org.attach(record, "people.csv", before)
        return record

    def outcome(self, case):
        """(what the person was told, what was wrong about how it was shown)."""
        kind, command, wrong, before, _ = case
        desk = Recruiter(self.status)
        try:
            record = self.make(kind, wrong, before)
            message = desk.command(kind, record, command)
            return message or desk.get(kind, record, "Message__c")["Message__c"], "it was done"
        except SalesforceError as refusal:
            return refusal.content[0]["message"], ""
        except StoryBroke as failed:
            message = desk.get(kind, record, "Message__c")["Message__c"]
            fields = [RecruitingCommand.STATUS, RecruitingCommand.MESSAGE]
            [row] = desk.query(
                select(RecruitingCommand.API_NAME, fields, where=equals(RecruitingCommand.RECORD_ID, record))
            )
            shown = (row[RecruitingCommand.STATUS], row[RecruitingCommand.MESSAGE]) == ("Failed", message)
            return message, "" if shown else f"shown on the record only: {failed}"


def outcomes(desk, cases):
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(zip(cases, people.map(desk.outcome, cases), strict=True))


@pytest.fixture(scope="module")
def desk(stack):
    return Desk(stack.status)


def test_bad_records_are_refused_in_words_beside_good_ones_that_work(desk):
    told = outcomes(desk, [*REFUSED, *TAKEN])
    wrong = [
        (case, message, fault)
        for case, (message, fault) in told
        if case[-1] not in message or fault != ("it was done" if case in TAKEN else "")
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def page(stack, desk):
    """A live landing page: its address."""
    record = desk.make(PAGE, {}, "")
    desk.org.command(PAGE, record, "Publish")
    return str(desk.org.get(PAGE, record, "URL__c")["URL__c"])


@pytest.fixture
def form(page):
    """The form as a browser would send it, well filled in."""
    [form] = [form for form in html.fromstring(requests.get(page, timeout=30).content).forms if form.method == "POST"]
    time.sleep(2.2)  # forms that come back within two seconds are a robot's
    person = {"first_name": "Ada", "last_name": "Door", "email": f"ada.{uuid.uuid4().hex[:8]}@example.org"}
    return {**dict(form.form_values()), **person, "consent": CONSENT}


def send(page, values, **options):
    return requests.post(page, values, timeout=60, allow_redirects=False, **options)


def test_forms_tell_what_is_wrong_and_take_the_next(page, form, mailbox):
    refused = [
        (send(page, {**form, "email": "nope"}), 400, "Enter one like name@example.com"),
        (send(page, {**form, "consent": ""}), 400, "Tick the box"),
        (send(page, {**form, "last_name": "x" * 500}), 400, "Last name has 500 characters; at most"),
        (send(page, {**form, "form": form["form"][:-3]}), 400, "Please send it once more"),
        (send(page, {**form, "message": "x" * 100_000}), 413, "Please shorten it"),
        (send(page, form, headers={"origin": "https://evil.example"}), 403, "open the page again"),
    ]
    for answer, status, words in refused:
        assert (answer.status_code, words in answer.text) == (status, True), words
    assert send(page, {**form, "message": "x" * 20_000_000}).status_code == 413
    assert [send(page, form).status_code for _ in range(2)] == [303, 303]
    deadline = time.monotonic() + 60
    while not mailbox("/messages", to=form["email"]) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert len(mailbox("/messages", to=form["email"])) == 1


@pytest.mark.parametrize("path", ["/nope", "/jobs/nope", "/p/nope", "/p/%ff", "/feeds/nope.xml", "/confirm/abc",
                                  "/preferences/abc", "/c/abc", "/c/abc/def", "/u/abc", "/o/abc.gif"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_addresses_that_lead_nowhere_end_in_plain_words(stack, method, path):
    answer = requests.request(method, stack.status.site + path, timeout=30)
    assert answer.status_code in {404, 405}
    assert "Traceback" not in answer.text
    assert method != "GET" or "cut" in answer.text


@pytest.fixture
def hook(stack, desk):
    """Sends a webhook of the applicant tracking system; what is signed wrongly is told by keyword."""
    desk.org.ensure(ATS, {"Key__c": "generic"}, {"Name": "Our ATS", "Kind__c": "Generic"})
    app = stack.app
    [known] = webhook.secrets_of("generic", app.secrets.secret(app.config.ats_secret))

    def post(body, *, age=0, secret=known, without=""):
        number, at = uuid.uuid4().hex, str(int(app.clock.now().timestamp()) - age)
        signed = webhook.signature(webhook.signing_key(secret), number, at, body)
        headers = {"webhook-id": number, "webhook-timestamp": at, "webhook-signature": signed}
        headers.pop(without, "")
        return requests.post(f"{stack.status.site}/hooks/ats/generic", body, headers=headers, timeout=30)

    return post


def test_webhooks_that_do_not_verify_are_refused_with_the_remedy(hook):
    refused = [
        (hook(b"{}", without="webhook-signature"), 401, "Check the connection's name"),
        (hook(b"{}", age=3_600), 401, "the clock"),
        (hook(b"{}", secret="not the secret of this connection"), 401, "the secret"),
        (hook(b"{nope"), 400, "Send one event as a JSON object"),
    ]
    for answer, status, words in refused:
        assert (answer.status_code, words in answer.json()["message"]) == (status, True), words


def test_a_webhook_for_an_unknown_job_waits_and_the_connection_says_so(hook, desk):
    data = {"requisition_id": "NOPE-1", "email": "ada@example.org", "at": "2026-03-01T00:00:00Z"}
    body = json.dumps({"type": "application.hired", "timestamp": data["at"], "data": data}).encode()
    assert hook(body).status_code == 202
    deadline, message = time.monotonic() + 60, ""
    while "NOPE-1" not in message and time.monotonic() < deadline:
        [row] = desk.org.query(select(ATS, [ATSConnection.MESSAGE], where=equals(ATSConnection.KEY, "generic")))
        message = str(row[ATSConnection.MESSAGE])
        time.sleep(0.3)
    assert "NOPE-1" in message


def test_forged_news_of_mail_is_refused(stack):
    for body in (b"", b"{}", b"{nope", b"[]", b'{"Type": "Notification", "Message": "{}", "Signature": "x"}'):
        assert requests.post(f"{stack.status.site}/hooks/mail", body, timeout=30).status_code == 403
