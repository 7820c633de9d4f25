"""Who left: from a leaver list to the alumni pool after the cool-off, by their own consent, never who is unwanted."""

import json

import pytest

from integration import campaigns, pools, sweep
from integration.campaigns.audience import NOT_AGREED, why_left_out
from integration.campaigns.explaining import explain
from integration.candidates import leaving, rights
from integration.pools import alumni, exporting
from integration.pools.estimating import estimate
from integration.ports import Queue
from integration.records import OPERATIONS_ROW, Candidate, CandidateImport, Operations, PoolMembership, TalentPool
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, pool
from tests.unit.mail.story import person as member_of
from tests.unit.people.importing import load, message, new_import, rejects, run

LIST = "Name,Email,Last working day,Reason for leaving,Regrettable,Do not rehire\n"
FIELDS = (
    Candidate.ID, Candidate.LIFECYCLE, Candidate.LEFT_ON, Candidate.REGRETTABLE, Candidate.DO_NOT_REHIRE,
    Candidate.DO_NOT_CONTACT, Candidate.LAWFUL_BASIS, Candidate.FIELD_SOURCES, Candidate.LIFECYCLE_HISTORY,
)  # fmt: skip


def who(app, email):
    [row] = app.salesforce.query(select(Candidate.API_NAME, FIELDS, where=equals(Candidate.EMAIL, email)))
    return row


def members(app):
    where = equals("Pool__r.Key__c", alumni.KEY)
    fields = ["Candidate__r.Email__c", PoolMembership.STATE]
    rows = app.salesforce.query(select(PoolMembership.API_NAME, fields, where=where))
    return {str(row["Candidate__r.Email__c"]) for row in rows if row[PoolMembership.STATE] == "Member"}


def next_day(app):
    app.clock.move(days=1)
    sweep.sweep(app)
    for _ in range(2):
        for body in app_queue_messages(app, Queue.CHANGES):
            if "turned" in body:
                pools.turned(app, body["turned"], body["then"], body["now"])
            elif "alumni" in body:
                pools.keep_alumni(app)
            elif "candidates" in body:
                pools.changed(app, body["candidates"], [], body.get("pools", []))


def test_a_leaver_list_makes_alumni_of_employees_once(app):
    load(app, "Name,Email,Lifecycle\nAnn Lee,ann@a.example,Employee\nBo Ray,bo@b.example,Contingent\n")
    feed = LIST + "Ann Lee,ann@a.example,2026-02-28,Moved away,yes,\nBo Ray,bo@b.example,2026-02-27,,no,\n"
    for _ in range(2):
        load(app, feed)
    ann, bo = who(app, "ann@a.example"), who(app, "bo@b.example")
    assert (ann[Candidate.LIFECYCLE], ann[Candidate.LEFT_ON]) == ("Alumni", "2026-02-28")
    assert (ann[Candidate.REGRETTABLE], bo[Candidate.REGRETTABLE]) == (True, False)
    assert bo[Candidate.LIFECYCLE] == "Former contingent"
    lines = ann[Candidate.LIFECYCLE_HISTORY].splitlines()
    assert ": Employee to Alumni, left the company, by Import" in lines[0]
    assert len(lines) == 2


def test_who_came_back_is_not_sent_away_by_an_old_list(app):
    load(app, LIST + "Ann Lee,ann@a.example,2026-01-31,,yes,\n")
    app.salesforce.update(Candidate.API_NAME, who(app, "ann@a.example")["Id"], {Candidate.LIFECYCLE: "Employee"})
    load(app, LIST + "Ann Lee,ann@a.example,2025-12-31,,yes,\nAnn Lee,ann@a.example,2026-01-31,,yes,\n")
    assert who(app, "ann@a.example")[Candidate.LIFECYCLE] == "Employee"


def test_a_leaver_of_tomorrow_comes_back_with_the_reason(app):
    record = new_import(app, LIST + "Ann Lee,ann@a.example,2026-03-31,,yes,\nBo Ray,bo@b.example,2026-02-27,,yes,\n")
    assert run(app, record)[-1] == 1, message(app, record)
    assert "DATE_INVALID" in rejects(app, record)


def test_after_the_cool_off_the_regretted_are_in_the_pool_alumni(app, org):
    feed = "Ann Lee,ann@a.example,2026-02-28,,yes,\nBo Ray,bo@b.example,2026-02-28,,no,\n"
    load(app, LIST + feed + "Cy Orr,cy@c.example,2026-02-28,,yes,yes\n")
    next_day(app)
    assert members(app) == set()
    app.clock.move(days=80)
    next_day(app)
    assert members(app) == set(), "82 days"
    app.clock.move(days=9)
    next_day(app)
    assert members(app) == {"ann@a.example"}


def test_the_cool_off_is_a_setting_and_a_rule_of_ones_own_stays(app, org):
    load(app, LIST + "Ann Lee,ann@a.example,2026-02-20,,yes,\n")
    operations = {Operations.NAME: "Warmbench", Operations.KEY: OPERATIONS_ROW, Operations.ALUMNI_COOL_OFF_DAYS: 7}
    app.salesforce.upsert_many(Operations.API_NAME, Operations.KEY, [operations])
    next_day(app)
    assert members(app) == {"ann@a.example"}
    [row] = app.salesforce.query(select(TalentPool.API_NAME, [TalentPool.ID, TalentPool.RULE]))
    own = {"all": [{"field": "Lifecycle__c", "is": "equals", "value": "Alumni"}]}
    app.salesforce.update(TalentPool.API_NAME, row[TalentPool.ID], {TalentPool.RULE: json.dumps(own)})
    changed = {Operations.KEY: OPERATIONS_ROW, Operations.ALUMNI_COOL_OFF_DAYS: 30}
    app.salesforce.upsert_many(Operations.API_NAME, Operations.KEY, [changed])
    next_day(app)
    kept = app.salesforce.get(TalentPool.API_NAME, row[TalentPool.ID], [TalentPool.RULE])[TalentPool.RULE]
    assert json.loads(kept) == own


def test_whom_only_their_employment_brought_get_no_mail_until_they_agree(app, org):
    load(app, LIST + "Ann Lee,ann@a.example,2026-02-28,,yes,\n")
    ann = who(app, "ann@a.example")
    assert ann[Candidate.LAWFUL_BASIS] == "Contract"
    person = {**ann, Candidate.CANDIDATE_KEY: "K", Candidate.EMAIL: "ann@a.example"}
    assert why_left_out(person, app.clock.now()) == NOT_AGREED
    consent = org.client("recruiter").Consent__c.create(
        {
            "Candidate__c": ann["Id"],
            "Purpose__c": "Talent community",
            "State__c": "Given",
            "At__c": "2026-03-02T09:00:00Z",
        }
    )["id"]
    rights.consent_changed(app, consent)
    person |= who(app, "ann@a.example")
    assert why_left_out(person, app.clock.now()) == ""


def test_who_is_not_to_be_rehired_gets_no_mail_and_nobody_reads_why(app, org):
    """Estimate, explanation, export, sources of fields and rules say nothing that only managers may know."""
    bench = pool(app)
    data = "Ann Lee,ann@a.example,2026-02-28,Theft,yes,yes\nBo Ray,bo@b.example,2026-02-28,,yes,\n"
    load(app, LIST + data, **{CandidateImport.POOL: bench})
    ann = who(app, "ann@a.example")
    assert (ann[Candidate.DO_NOT_REHIRE], ann[Candidate.DO_NOT_CONTACT], ann[Candidate.REGRETTABLE]) == (
        True,
        True,
        False,
    )
    assert "Rehire" not in ann[Candidate.FIELD_SOURCES]
    assert "Leaving" not in ann[Candidate.FIELD_SOURCES]
    member_of(app, 3, bench)
    estimate(app, bench)
    told = app.salesforce.get(TalentPool.API_NAME, bench, [TalentPool.ESTIMATE])[TalentPool.ESTIMATE]
    assert "1 are not to be contacted" in told
    assert "hire" not in told
    one = campaign(app, bench)
    campaigns.launch(app, one)
    deliver(app, Queue.MAIL)
    assert [mail["To"] for mail in app_sent_mail(app)] == ["person3@people.example"]
    app.salesforce.update("Recruiting_Campaign__c", one, {"Explain_Candidate__c": ann["Id"]})
    assert "not to be contacted" in explain(app, one)
    explained = app.salesforce.get("Recruiting_Campaign__c", one, ["Explanation__c"])["Explanation__c"]
    assert "hire" not in explained.casefold()
    assert "Theft" not in explained
    assert not leaving.HIDDEN & {name for _, name in exporting.COLUMNS}
    with pytest.raises(Exception, match="Do_Not_Rehire__c"):
        org.client("recruiter").query("SELECT Do_Not_Rehire__c FROM Candidate__c")
    seen = org.client("recruiter").Candidate__c.get(ann["Id"])
    assert not leaving.HIDDEN & seen.keys()
    assert org.client("manager").Candidate__c.get(ann["Id"]).keys() >= leaving.HIDDEN


def test_a_managers_tick_ticks_do_not_contact_too(app, org):
    ann, _ = member_of(app, 1)
    org.client("manager").Candidate__c.update(ann, {"Do_Not_Rehire__c": True})
    rights.changed(app, ann)
    assert app.salesforce.get(Candidate.API_NAME, ann, [Candidate.DO_NOT_CONTACT])[Candidate.DO_NOT_CONTACT] is True
