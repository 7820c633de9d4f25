"""One state machine for everybody's lifecycle: what leads where, who may say what, and that every move is kept."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simple_salesforce.exceptions import SalesforceMalformedRequest

from integration import ats, campaigns, drips, sweep
from integration.model import lifecycle
from integration.model.lifecycle import MOVES, Cause
from integration.model.vocabulary import Lifecycle
from integration.prospecting import imports
from integration.records import ATSConnection, Candidate, JobRequisition
from integration.soql import equals, select
from tests.unit.mail.story import campaign, pool
from tests.unit.mail.story import person as member_of
from tests.unit.people.importing import load, message, new_import, rejects, run

WORDS = tuple(Lifecycle)
AT = datetime(2026, 3, 20, 10, tzinfo=UTC)
FIELDS = [Candidate.ID, Candidate.LIFECYCLE, Candidate.LIFECYCLE_HISTORY]


def person(app, **values):
    return app.salesforce.create(
        Candidate.API_NAME, {"Last_Name__c": "Lee", "Candidate_Key__c": f"K{len(values)}", **values}
    )


def standing(app, email="ann@a.example"):
    [row] = app.salesforce.query(select(Candidate.API_NAME, FIELDS, where=equals(Candidate.EMAIL, email)))
    return row[Candidate.LIFECYCLE], (row[Candidate.LIFECYCLE_HISTORY] or "").splitlines()


def test_nobody_who_worked_here_becomes_an_outsider_again():
    reached = {Lifecycle.EMPLOYEE, Lifecycle.CONTINGENT}
    while grown := {after for before in reached for after in MOVES[before]} - reached:
        reached |= grown
    assert reached == set(Lifecycle) - {Lifecycle.PROSPECT, Lifecycle.APPLICANT}


@pytest.mark.parametrize("cause", [Cause.APPLIED, Cause.HIRED, Cause.LEFT])
def test_what_an_event_leads_to_is_a_move_that_there_is(cause):
    for word in WORDS:
        if (after := lifecycle.led(word, cause)) is not None:
            assert after in MOVES[word]
            assert lifecycle.led(after, cause) is None, "a second time it changes nothing"


def test_a_refusal_says_which_moves_there_are():
    with pytest.raises(lifecycle.IllegalMove, match="from Alumni to Prospect"):
        lifecycle.check("Alumni", "Prospect")


def test_the_rule_of_the_org_refuses_what_the_table_refuses(app, org):
    """All 36 pairs as a recruiter, by the form: rule and module say the same."""
    recruiter = org.client("recruiter").Candidate__c
    differ = []
    for number, (before, after) in enumerate(itertools.product(WORDS, WORDS)):
        one = recruiter.create({"Last_Name__c": f"L{number}", "Lifecycle__c": before.value})["id"]
        try:
            recruiter.update(one, {"Lifecycle__c": after.value})
            is_taken = True
        except SalesforceMalformedRequest as refused:
            is_taken = "Lifecycle cannot go there" not in str(refused)
        if is_taken is not (after is before or after in MOVES[before]):
            differ.append((before, after, is_taken))
    assert differ == []


def test_a_manager_can_correct_a_mistake(org):
    one = org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee", "Lifecycle__c": "Employee"})["id"]
    org.client("manager").Candidate__c.update(one, {"Lifecycle__c": "Prospect"})
    assert org.client("manager").Candidate__c.get(one)["Lifecycle__c"] == "Prospect"


def test_a_move_by_hand_is_noted_with_who_and_when(app, org):
    one = person(app)
    org.client("recruiter").Candidate__c.update(one, {"Lifecycle__c": "Alumni"})
    sweep.sweep(app)
    row = app.salesforce.get(Candidate.API_NAME, one, FIELDS)
    [line] = row[Candidate.LIFECYCLE_HISTORY].splitlines()
    assert ": Prospect to Alumni, stated, by " in line
    assert not line.endswith("by ")
    sweep.sweep(app)
    assert app.salesforce.get(Candidate.API_NAME, one, FIELDS)[Candidate.LIFECYCLE_HISTORY] == line


def test_a_list_may_move_people_on_and_its_illegal_rows_come_back(app):
    load(app, "Name,Email,Lifecycle\nAnn Lee,ann@a.example,Employee\nBo Ray,bo@b.example,Prospect\n")
    mapping = {"Mapping__c": '{"existing": "overwrite"}'}
    again = new_import(
        app, "Name,Email,Lifecycle\nAnn Lee,ann@a.example,Applicant\nBo Ray,bo@b.example,Applicant\n", **mapping
    )
    assert run(app, again)[-1] == 1, message(app, again)
    told = rejects(app, again)
    assert "LIFECYCLE_MOVE" in told
    assert "cannot go from Employee to Applicant. From Employee it goes to Alumni only." in told
    assert standing(app)[0] == "Employee"
    word, lines = standing(app, "bo@b.example")
    assert word == "Applicant"
    assert ": Prospect to Applicant, stated, by " in lines[0]


def test_an_undo_gives_the_word_back_and_keeps_the_history(app):
    load(app, "Name,Email,Lifecycle\nAnn Lee,ann@a.example,Employee\n")
    mapping = {"Mapping__c": '{"existing": "overwrite"}'}
    again = new_import(app, "Name,Email,Lifecycle\nAnn Lee,ann@a.example,Alumni\n", **mapping)
    run(app, again)
    assert standing(app)[0] == "Alumni"
    imports.undo(app, again)
    word, lines = standing(app)
    assert word == "Employee"
    assert [line.split(": ", 1)[1].split(",")[0:2] for line in lines[:2]] == [
        ["Alumni to Employee", " taken back"],
        ["Employee to Alumni", " stated"],
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(list(Cause)), st.text(max_size=20)), max_size=12))
def test_every_move_stands_in_the_history_whatever_its_author_is_called(steps):
    text, now, seen = "", Lifecycle.PROSPECT, []
    for after, cause, by in steps:
        if after is not now:
            seen.append(after)
        text = lifecycle.noted(text, now, after, cause, at=AT, by=by)
        now = after
        assert lifecycle.latest(text) == (now if seen else "")
    assert len(text.splitlines()) == len(seen)


def test_a_long_history_loses_whole_lines_the_oldest_first():
    text = ""
    for before, after in itertools.islice(itertools.cycle([("Employee", "Alumni"), ("Alumni", "Employee")]), 900):
        text = lifecycle.noted(text, before, after, Cause.SAID, at=AT, by="x" * 50)
    assert len(text) <= lifecycle.LONGEST
    assert {len(line) for line in text.splitlines()} == {len(text.splitlines()[0])}


def test_a_hire_moves_whoever_came_back_once_and_ends_their_drips(app, org):
    app.salesforce.create(JobRequisition.API_NAME, {"Name": "Job", "Title__c": "Tester", "ATS_Id__c": "R-1"})
    app.salesforce.create(ATSConnection.API_NAME, {"Name": "Generic", "Key__c": "generic", "Kind__c": "Generic"})
    bench = pool(app)
    drip = campaign(app, bench, kind="Drip", delays=(0, 3))
    campaigns.launch(app, drip)
    ann, member = member_of(app, 1, bench, Lifecycle__c="Alumni", ATS_Id__c="A-1", Lawful_Basis__c="Consent")
    drips.enrol(app, [member])
    data = {"requisition_id": "R-1", "candidate_id": "A-1", "at": "2026-03-20T10:00:00Z"}
    told = {"type": "candidate.hired", "timestamp": "2026-03-20T10:00:00Z", "data": data}
    for number in ("m1", "m2"):
        ats.receive(app, "generic", number, told)
    row = app.salesforce.get(Candidate.API_NAME, ann, FIELDS)
    assert row[Candidate.LIFECYCLE] == "Employee"
    [line] = row[Candidate.LIFECYCLE_HISTORY].splitlines()
    assert line == "2026-03-20 10:00 UTC: Alumni to Employee, hired, by the applicant tracking system"
    [enrollment] = app.salesforce.query("SELECT State__c, Exit_Reason__c FROM Campaign_Enrollment__c")
    assert tuple(enrollment.values()) == ("Exited", "Hired")
