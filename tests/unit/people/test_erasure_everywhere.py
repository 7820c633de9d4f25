"""After an erasure nothing that any store, queue or file of ours holds names the person, and every count is what it
was."""

import contextlib
import gzip
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from integration import events, rollup
from integration.adapters import aws
from integration.candidates import Person, find_or_create
from integration.errors import TryAgain
from integration.model.event import Event, Kind
from integration.model.identity import Name, email, phone
from integration.pools import bulk
from integration.ports import Queue
from integration.privacy import everywhere
from integration.privacy.erasing import erase
from integration.prospecting import imports
from integration.records import (
    Application,
    BulkAction,
    CampaignStep,
    Candidate,
    JobRequisition,
    PrivacyRequest,
    RecruitingCampaign,
)
from integration.soql import select
from tests.app_fixture import app_queue_messages
from tests.unit.people import importing
from tests.unit.people.killing import killed_at
from tests.unit.people.test_erasure import ORIGIN, request
from tests.unit.people.workbooks import workbook
from tests.unit.track.test_rollup import BROWSER

FIRST, LAST, MAIL = "Zephyrine", "Quillfeather", "zeph.quill@canary.example"
CANARIES = ("zephyrine", "quillfeather", "zeph.quill", "9471357")
HEADER = ["First name", "Last name", "E-mail", "Phone", "Notes"]
ROWS = [
    ["Ann", "Lee", "ann@a.example", "+353 86 765 4321", "first"],
    [FIRST, LAST, MAIL, "+353 86 947 1357", "she said:\nhello"],
    ["Bob", "May", "bob@b.example", "", "x"],
    [FIRST, LAST, "zeph@@quillfeather", "+353869471357", "rejected"],
    ["Cid", "Fox", "cid@@c.example", "", "rejected too"],
]


def as_csv(rows, delimiter=";", encoding="cp1252"):
    quoted = [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    return ("\r\n".join(quoted) + "\r\n").encode(encoding)


def candidate(app):
    where = f"SELECT Id, Candidate_Key__c FROM Candidate__c WHERE Email__c = '{MAIL}'"
    [row] = app.salesforce.query(where)
    return row["Id"], row[Candidate.CANDIDATE_KEY]


def everything_aws(app):
    """Name -> text of every object, item and waiting message."""
    found = {}
    for bucket in (app.config.data_bucket, app.config.site_bucket):
        for entry in aws.s3().list_object_versions(Bucket=bucket).get("Versions", ()):
            body = aws.s3().get_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])["Body"].read()
            body = gzip.decompress(body) if entry["Key"].endswith(".gz") else body
            found[f"{entry['Key']} {entry['VersionId']}"] = body.decode("latin-1")
    for table in app.config.tables.values():
        for item in aws.dynamodb().scan(TableName=table)["Items"]:
            found[f"{table} {item['pk']['S']} {item['sk']['S']}"] = json.dumps(item)
    for queue in Queue:
        found[f"queue {queue}"] = json.dumps(app_queue_messages(app, queue))
    return found


def as_text(cell):
    """A cell of the org's database; of a workbook what is packed in it."""
    if not isinstance(cell, bytes):
        return str(cell)
    if not cell.startswith(b"PK"):
        return cell.decode("latin-1")
    with zipfile.ZipFile(io.BytesIO(cell)) as packed:
        return " ".join(packed.read(name).decode() for name in packed.namelist())


def everything_in(org):
    """Table and row -> text of all that the org's database holds, deleted rows and bytes of files too."""
    found = {}
    with org.app.store.reading() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for number, row in enumerate(connection.execute(f'SELECT * FROM "{table}"')):
                found[f"{table} {number}"] = " ".join(map(as_text, row))
    return found


def canaries_in(text):
    """Of what is spelled with blanks and brackets too."""
    folded = text.casefold()
    plain = re.sub(r"[\s().-]", "", folded)
    return [canary for canary in CANARIES if canary in folded or canary in plain]


def named(app, org):
    """Every place in which the person is named still."""
    everything = {**everything_aws(app), **everything_in(org)}
    return {place: found for place, text in everything.items() if (found := canaries_in(f"{place} {text}"))}


def imported(app, data=None, **values):
    """An import in which the person stands twice: once made, once rejected."""
    one = importing.new_import(app, as_csv([HEADER, *ROWS]) if data is None else data, **values)
    imports.preview(app, one)
    importing.run(app, one)
    return one


def mailed(app):
    """A campaign in which everybody was mailed and clicked; what its record and totals say."""
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "C", RecruitingCampaign.KIND: "Blast"})
    step = app.salesforce.create(CampaignStep.API_NAME, {CampaignStep.CAMPAIGN: campaign, CampaignStep.ORDER: 1})
    keys = [row[Candidate.CANDIDATE_KEY] for row in app.salesforce.query("SELECT Candidate_Key__c FROM Candidate__c")]
    plan = {"pk": f"campaign#{campaign}", "sk": "plan", "audience": len(keys), "chunks": 1}
    app.sends.put({**plan, "steps": [{"id": step, "version": "1"}]})
    mail = {"campaign": campaign, "step": step, "version": "1", "user_agent": BROWSER, "method": "GET"}
    story = [
        Event(
            id=f"{kind}{key}",
            kind=kind,
            at=(app.clock.now() + timedelta(minutes=minutes + number)).isoformat(),
            candidate=key,
            link="1" if kind is Kind.CLICK else "",
            **mail,
        )
        for number, key in enumerate(keys)
        for kind, minutes in ((Kind.SEND, 0), (Kind.DELIVERY, 0), (Kind.CLICK, 11))
    ]
    events.receive(app, [(event.id, event) for event in story])
    app.clock.move(days=1)
    rollup.run(app)
    return campaign


def told_of(app, campaign):
    """What a recruiter reads of the campaign, and the totals it was made from."""
    fields = [RecruitingCampaign.SENT, RecruitingCampaign.DELIVERED, RecruitingCampaign.HUMAN_CLICKS]
    sums = {key: json.loads(app.data.read(key))["totals"] for key in app.data.keys("rollup/campaign=")}
    return app.salesforce.get(RecruitingCampaign.API_NAME, campaign, fields), sums


def found_by_others(app, candidate_id):
    """The person applied, was exported and found, and wrote to us."""
    opening = app.salesforce.create(JobRequisition.API_NAME, {"Name": "Baker"})
    values = {Application.CANDIDATE: candidate_id, Application.REQUISITION: opening, Application.KEY: "a1"}
    app.salesforce.create(Application.API_NAME, values)
    export = {BulkAction.ACTION: "Export", BulkAction.RECORD_IDS: candidate_id}
    bulk.run(app, app.salesforce.create(BulkAction.API_NAME, export))
    hit = {"source": "GitHub", "source_id": "7", "full_name": f"{FIRST} {LAST}", "emails": [MAIL]}
    other = {**hit, "full_name": "Ann Lee", "emails": ["ann@a.example"]}
    files = {
        "searches/s1/r1/github.jsonl": f"{json.dumps(hit)}\n{json.dumps(other)}",
        "sources/paid/1.json": json.dumps([hit]),
        "ats/waiting/x/1.json": json.dumps({"candidate": {"email": MAIL}}),
        "inbound/1": f"From: {FIRST} {LAST} <{MAIL}>\r\n\r\nHello",
        "inbound/2": "From: Ann <ann@a.example>\r\n\r\nHello",
        f"ats/out/{candidate_id}/m1": f"résumé of {LAST}",
        "ats/out/a00000000000009AAA/m2": "résumé of Ann",
        "ats/exchange/x/out/m1.csv": f"email\n{MAIL}\n",
        "ats/exchange/x/out/m1.pdf": f"résumé of {LAST}",
        "ats/exchange/x/in/applications.csv": f'email;note\n{MAIL};"said:\n""{LAST}"""\nann@a.example;"a\nb"\n',
    }
    for key, text in files.items():
        app.data.write(key, text.encode(), content_type="text/plain")


def test_S27_no_byte_of_an_erased_person_is_left_in_any_object_table_queue_or_row(app, org):
    imported(app)
    imported(app, workbook(("People", [HEADER, *ROWS])), name="people.xlsx")
    found, key = candidate(app)
    mailed(app)
    found_by_others(app, found)
    assert len(named(app, org)) > 15, "the person stands in many places before"
    asked = request(app, found)
    erase(app, asked)
    assert named(app, org) == {}
    assert key not in " ".join(text for name, text in everything_aws(app).items() if name.startswith(("raw/", "roll")))
    # Everybody else is where they were.
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert b"ann@a.example" in app.data.read("searches/s1/r1/github.jsonl")
    assert list(app.data.keys("inbound/")) == ["inbound/2"]
    assert list(app.data.keys("ats/out/")) == ["ats/out/a00000000000009AAA/m2"]
    assert list(app.data.keys("ats/exchange/")) == ["ats/exchange/x/in/applications.csv"]
    assert app.data.read("ats/exchange/x/in/applications.csv") == b'email;note\nann@a.example;"a\nb"\n'
    assert files_named(app, "people.csv")[1].splitlines()[0] == ",".join(HEADER)
    assert certified(app, asked) == [
        "- answers of sources: 1",
        "- copies of résumés: 1",
        "- files between us and the ATS: 2",
        "- files of opens and clicks: 2",
        "- files on records: 5",
        "- imported files: 2",
        "- lists of rejected rows: 2",
        "- mails that came in: 1",
        "- parts of imports: 2",
        "- results of searches: 1",
        "- webhooks that waited: 1",
    ]


def certified(app, asked):
    """The lines of the certificate that count what was written again."""
    told = app.salesforce.get(PrivacyRequest.API_NAME, asked, [PrivacyRequest.CERTIFICATE])[PrivacyRequest.CERTIFICATE]
    return told.partition("Written again without the person:\n")[2].partition("Marks")[0].splitlines()


def files_named(app, name):
    rows = app.salesforce.query(select("ContentVersion", ["Id", "PathOnClient"], order_by=["CreatedDate", "Id"]))
    found = [row["Id"] for row in rows if row["PathOnClient"] == name]
    return [b"".join(app.salesforce.read_file(one)).decode("utf-8-sig") for one in found]


def test_an_erasure_changes_no_count_of_a_campaign(app, org):
    imported(app)
    campaign = mailed(app)
    before = told_of(app, campaign)
    assert before[0][RecruitingCampaign.HUMAN_CLICKS] == 3
    erase(app, request(app, candidate(app)[0]))
    rollup.run(app)
    assert told_of(app, campaign) == before
    # A recount of everything, from the raw events alone.
    app.data.delete(list(app.data.keys("rollup/")))
    for mark in list(app.claims.query(events.DIRTY)):
        app.claims.put({**mark, "stamp": "again", "due": None})
    rollup.run(app)
    assert told_of(app, campaign) == before


def test_an_erased_person_leaves_an_import_whose_counts_lines_and_other_rejected_rows_stay(app, org):
    one = imported(app)
    before = importing.counts(app, one)
    assert before == (5, 3, 0, 0, 2)
    found, _ = candidate(app)
    erase(app, request(app, found))
    assert importing.counts(app, one) == before
    rejected = importing.rejects(app, one)
    assert "cid@@c.example" in rejected
    assert "This person asked to be forgotten" in rejected
    [text] = files_named(app, "people.csv")
    assert [line.split(";")[0].strip('"') for line in text.splitlines()] == [
        "First name",
        "Ann",
        "",
        "",
        "Bob",
        "",
        "Cid",
    ]
    # Loaded once more it changes nothing, and no undo brings the person back.
    assert importing.run(app, one) == (3, 0, 2, 0, 1)
    imports.undo(app, one)
    imports.undo(app, one)
    assert named(app, org) == {}
    assert app.salesforce.with_deleted(f"SELECT Id FROM Candidate__c WHERE Id = '{found}'") == []


def test_a_person_erased_while_an_import_runs_is_counted_as_rejected(app, org):
    known = (email(MAIL), phone("+353869471357"))
    [found] = find_or_create(app, [Person("p", Name(FIRST, LAST), known, {})], ORIGIN)
    one = importing.new_import(app, as_csv([HEADER, *ROWS]))
    imports.load(app, one)
    erase(app, request(app, found.id))
    importing.work(app)
    assert importing.counts(app, one) == (5, 2, 0, 0, 3)
    assert named(app, org) == {}


def test_a_row_whose_address_nobody_knows_any_more_is_found_by_the_candidate_it_became(app, org):
    one = imported(app, as_csv([HEADER, ROWS[0], ROWS[1]]))
    found, _ = candidate(app)
    points = app.salesforce.query(f"SELECT Id FROM Contact_Point__c WHERE Candidate__c = '{found}'")
    app.salesforce.destroy_many("Contact_Point__c", [row["Id"] for row in points])
    app.salesforce.update(Candidate.API_NAME, found, {Candidate.EMAIL: "new@canary.example", Candidate.PHONE: None})
    erase(app, request(app, found))
    [text] = files_named(app, "people.csv")
    assert (FIRST in text, "Ann" in text) == (False, True)
    assert importing.counts(app, one) == (2, 2, 0, 0, 0)


def test_the_family_that_shares_a_phone_stays_in_the_file(app, org):
    one = imported(app, as_csv([HEADER, ROWS[1], ["Oscar", LAST, "oscar@canary.example", ROWS[1][3], "a son"]]))
    erase(app, request(app, candidate(app)[0]))
    version, _ = app.salesforce.attached_file(one)
    text = b"".join(app.salesforce.read_file(version)).decode()
    assert ("oscar@canary.example" in text, FIRST in text) == (True, False)


def test_an_erasure_that_ran_as_long_as_it_may_goes_on_with_the_next_place(app, org, monkeypatch):
    imported(app)
    found_by_others(app, candidate(app)[0])
    asked = request(app, candidate(app)[0])
    monkeypatch.setattr(everywhere, "LONGEST_RUN", timedelta(seconds=-1))
    runs = 0
    while app.salesforce.get(PrivacyRequest.API_NAME, asked, [PrivacyRequest.STATUS])["Status__c"] != "Done":
        runs += 1
        with contextlib.suppress(TryAgain):
            erase(app, asked)
    assert runs > 5
    assert named(app, org) == {}


def killed_and_gone_on(app, org, number):
    """Kills an erasure at its n-th write, then runs it again; whether it came that far."""
    one = imported(app)
    asked = request(app, candidate(app)[0])
    died = killed_at(app, number, lambda: erase(app, asked))
    erase(app, asked)
    assert named(app, org) == {}
    assert importing.counts(app, one)[4] == 2
    assert "- imported files: 1" in certified(app, asked)
    return died


@pytest.mark.parametrize("number", [9, 18])
def test_an_erasure_killed_among_the_files_goes_on_where_it_stopped(app, org, number):
    assert killed_and_gone_on(app, org, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4, 40, 3))
def test_an_erasure_killed_at_any_write_goes_on_where_it_stopped(app, org, number):
    assert killed_and_gone_on(app, org, number)
