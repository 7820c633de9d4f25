"""Mass import end to end in the embedded org: mapping, conservation, repetition, undo."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.errors import Rejected
from integration.model.vocabulary import MembershipState
from integration.ports import Queue
from integration.prospecting import imports
from integration.prospecting.imports.chunk import SLICE_ROWS
from integration.prospecting.imports.places import load_of
from integration.records import (
    Candidate,
    CandidateImport,
    Consent,
    ContactPoint,
    ImportProfile,
    PoolMembership,
    TalentPool,
)
from integration.sending import Reason, suppress, why_not
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import counts, field, load, message, new_import, new_pool, rejects, run, work

HEADER = "First name,Last name,E-mail,Phone,Title\n"
ANN = "Ann,Lee,ann@a.example,+353861234567,Tester\n"
BOB = "Bob,May,bob@b.example,,Baker\n"

LINKEDIN = (
    "\ufeffNotes:\r\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing."\r\n'
    "\r\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    "Ann,Lee,https://www.linkedin.com/in/ann-lee,,Acme,Tester,12 Mar 2024\r\n"
    "Bob,May,https://www.linkedin.com/in/bob,bob@b.example,Bakery,Baker,7-Feb-22\r\n"
    ",,,,,,\r\n"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value\n"
    "Ann,Mary,Lee,Acme,Tester,* myContacts,* Work,ann@a.example ::: lee@a.example,Mobile,+353 86 123 4567\n"
)
OUTLOOK = (
    '"Anrede";"Vorname";"Nachname";"Firma";"Position";"E-Mail-Adresse";"Mobiltelefon";"Land"\r\n'
    '"Frau";"Änne";"Groß";"Größer GmbH";"Prüferin";"aenne@a.example";"0151 23456789";"Deutschland"\r\n'
)


def all_of(app, object_name, *fields):
    return app.salesforce.query(select(object_name, fields))


def one(app, email, *fields):
    return app.salesforce.query(select(Candidate.API_NAME, fields, where=equals(Candidate.EMAIL, email)))[0]


def test_linkedin_connections_below_their_preamble(app):
    import_id = new_import(app, LINKEDIN)
    told = imports.preview(app, import_id)
    assert "header in line 4" in told
    assert "Position → Title" in told
    assert run(app, import_id) == (2, 2, 0, 0, 0)
    keys = {row[ContactPoint.KEY] for row in all_of(app, ContactPoint.API_NAME, ContactPoint.KEY)}
    assert "profile:linkedin.com/in/ann-lee" in keys


def test_google_contacts_with_several_values_in_a_cell(app):
    assert load(app, GOOGLE)[0] == (1, 1, 0, 0, 0)
    row = one(app, "ann@a.example", Candidate.FIRST_NAME, Candidate.EMPLOYER, Candidate.PHONE)
    assert row == {
        Candidate.FIRST_NAME: "Ann Mary",
        Candidate.EMPLOYER: "Acme",
        Candidate.PHONE: "+353861234567",
    }
    assert len(all_of(app, ContactPoint.API_NAME, ContactPoint.KEY)) == 3


def test_german_outlook_in_cp1252_with_semicolons(app):
    assert load(app, OUTLOOK.encode("cp1252"))[0] == (1, 1, 0, 0, 0)
    row = one(app, "aenne@a.example", Candidate.LAST_NAME, Candidate.COUNTRY, Candidate.PHONE)
    assert row == {Candidate.LAST_NAME: "Groß", Candidate.COUNTRY: "DE", Candidate.PHONE: "+4915123456789"}


def test_preview_writes_nothing_but_the_mapping(app):
    import_id = new_import(app, HEADER + ANN + "Bob,May,bob@,,\n")
    told = imports.preview(app, import_id)
    assert "E-mail → E-mail" in told
    assert "Of 2 rows, 1 would be rejected: line 3, E-mail" in told
    assert json.loads(field(app, import_id, CandidateImport.MAPPING))["columns"]["Title"] == "title"
    assert field(app, import_id, CandidateImport.STATUS) == "Previewed"
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 0


def test_a_recruiters_mapping_is_used(app):
    mapping = {"columns": {"Who": "full_name", "Where to write": "email", "Title": "-"}}
    data = "Who,Where to write,Title\nAnn Lee,ann@a.example,Tester\n"
    assert load(app, data, Mapping__c=json.dumps(mapping))[0] == (1, 1, 0, 0, 0)
    assert one(app, "ann@a.example", Candidate.LAST_NAME, Candidate.TITLE) == {
        Candidate.LAST_NAME: "Lee",
        Candidate.TITLE: None,
    }


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("{", "line 1"),
        ("[]", "must look like"),
        ('{"columns": {"E-mail": "e-mail"}}', "“e-mail” is not a column"),
        ('{"delimiter": "x"}', "delimiter"),
        ('{"encoding": "klingon"}', "klingon"),
        ('{"dates": "year first"}', "day first"),
        ('{"existing": "burn"}', "overwrite"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(app, mapping, told):
    with pytest.raises(Rejected, match=told):
        imports.load(app, new_import(app, HEADER + ANN, Mapping__c=mapping))


def test_a_saved_profile_says_what_columns_mean(app):
    profile = app.salesforce.create(
        ImportProfile.API_NAME, {"Name": "Fair", "Mapping__c": '{"columns": {"Who": "full_name", "Box": "email"}}'}
    )
    assert load(app, "Who,Box\nAnn Lee,ann@a.example\n", Profile__c=profile)[0] == (1, 1, 0, 0, 0)


def test_imported_people_join_the_pool_and_are_announced(app):
    pool = new_pool(app)
    load(app, HEADER + ANN + BOB, Pool__c=pool)
    rows = all_of(app, PoolMembership.API_NAME, PoolMembership.STATE, PoolMembership.ADDED_BY, PoolMembership.ID)
    assert {(row[PoolMembership.STATE], row[PoolMembership.ADDED_BY]) for row in rows} == {("Member", "Import")}
    assert app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.MEMBER_COUNT])[TalentPool.MEMBER_COUNT] == 2
    announced = [one for sent in app_queue_messages(app, Queue.CHANGES) for one in sent.get("memberships", [])]
    assert sorted(announced) == sorted(row[PoolMembership.ID] for row in rows)


def test_given_values_fill_empty_fields_only(app):
    load(app, HEADER + "Ann,Lee,ann@a.example,,Tester\n")
    result, told = load(app, HEADER + "Anna,Lee,ann@a.example,+353861234567,Baker\n")
    assert result == (1, 0, 1, 0, 0)
    row = one(app, "ann@a.example", Candidate.FIRST_NAME, Candidate.TITLE, Candidate.PHONE)
    assert row == {Candidate.FIRST_NAME: "Ann", Candidate.TITLE: "Tester", Candidate.PHONE: "+353861234567"}
    assert "(0 without a change)" in told


def test_overwrite_replaces_when_the_recruiter_says_so(app):
    load(app, HEADER + ANN)
    load(app, HEADER + "Ann,Lee,ann@a.example,,Baker\n", Mapping__c='{"existing": "overwrite"}')
    assert one(app, "ann@a.example", Candidate.TITLE)[Candidate.TITLE] == "Baker"


def test_do_not_contact_stays_and_suppression_too(app):
    load(app, HEADER + ANN)
    row = one(app, "ann@a.example", Candidate.ID, Candidate.CANDIDATE_KEY)
    app.salesforce.update(Candidate.API_NAME, row[Candidate.ID], {Candidate.DO_NOT_CONTACT: True})
    suppress(app, "", Reason.UNSUBSCRIBED, app.clock.now(), address="ann@a.example")
    data = "First name,Last name,E-mail,Do not contact\nAnn,Lee,ann@a.example,no\n"
    load(app, data, Mapping__c='{"existing": "overwrite"}')
    assert one(app, "ann@a.example", Candidate.DO_NOT_CONTACT)[Candidate.DO_NOT_CONTACT] is True
    assert why_not(app, row[Candidate.CANDIDATE_KEY], "ann@a.example") is Reason.UNSUBSCRIBED


def test_an_opt_out_in_the_file_stops_mail(app):
    load(app, "First name,Last name,E-mail,Opted out\nAnn,Lee,ann@a.example,yes\nBob,May,bob@b.example,\n")
    ann = one(app, "ann@a.example", Candidate.CANDIDATE_KEY, Candidate.DO_NOT_CONTACT)
    assert ann[Candidate.DO_NOT_CONTACT] is True
    assert why_not(app, ann[Candidate.CANDIDATE_KEY], "ann@a.example") is Reason.DO_NOT_CONTACT


def test_who_left_the_pool_is_not_brought_back(app):
    pool = new_pool(app)
    load(app, HEADER + ANN, Pool__c=pool)
    [row] = all_of(app, PoolMembership.API_NAME, PoolMembership.ID)
    app.salesforce.update(PoolMembership.API_NAME, row["Id"], {PoolMembership.STATE: MembershipState.LEFT.value})
    load(app, HEADER + ANN, Pool__c=pool)
    assert all_of(app, PoolMembership.API_NAME, PoolMembership.STATE) == [{PoolMembership.STATE: "Left"}]


def test_a_chunk_twice_and_a_killed_one_count_once(app, monkeypatch):
    pool = new_pool(app)
    import_id = new_import(app, HEADER + ANN + BOB + ANN, Pool__c=pool)
    imports.load(app, import_id)
    one_load = load_of(app, import_id)
    [first] = app_queue_messages(app, Queue.IMPORTS)
    # The worker dies after it has written to the org, before it has kept its result.
    with monkeypatch.context() as patched:
        patched.setattr(app.data, "write", _dies_at(one_load.result(0), app.data.write))
        with pytest.raises(KeyboardInterrupt):
            imports.work(app, import_id, first["load"], first["chunk"])
    for _ in range(2):
        imports.work(app, import_id, first["load"], first["chunk"])
    work(app)
    imports.work(app, import_id, first["load"], first["chunk"])
    assert counts(app, import_id) == (3, 2, 0, 1, 0)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert app.salesforce.count("SELECT COUNT() FROM Pool_Membership__c") == 2


def test_undo_after_a_killed_attempt_takes_back_its_memberships_too(app, monkeypatch):
    """Cy was a member before and stays one; Bob was known and joined, Ann is new: both attempts' work is undone."""
    pool = new_pool(app)
    cy = "Cy,Poe,cy@c.example,,\n"
    load(app, HEADER + BOB)
    load(app, HEADER + cy, Pool__c=pool)
    import_id = new_import(app, HEADER + ANN + BOB + cy, Pool__c=pool)
    imports.load(app, import_id)
    [first] = app_queue_messages(app, Queue.IMPORTS)
    with monkeypatch.context() as patched:
        patched.setattr(app.data, "write", _dies_at(load_of(app, import_id).result(0), app.data.write))
        with pytest.raises(KeyboardInterrupt):
            imports.work(app, import_id, first["load"], first["chunk"])
    imports.work(app, import_id, first["load"], first["chunk"])
    assert counts(app, import_id) == (3, 1, 2, 0, 0)
    assert imports.undo(app, import_id) == "Undone: 1 candidate removed, 0 restored."
    [member] = all_of(app, PoolMembership.API_NAME, PoolMembership.CANDIDATE)
    assert member[PoolMembership.CANDIDATE] == one(app, "cy@c.example", Candidate.ID)[Candidate.ID]


def _dies_at(key, write):
    def written(name, data, **options):
        if name == key:
            raise KeyboardInterrupt
        return write(name, data, **options)

    return written


def test_load_again_while_loading_goes_on_with_the_same_load(app):
    import_id = new_import(app, HEADER + ANN + BOB)
    imports.load(app, import_id)
    assert run(app, import_id) == (2, 2, 0, 0, 0)


def test_undo_removes_whom_it_made_and_restores_what_it_changed(app):
    pool = new_pool(app)
    load(app, HEADER + "Ann,Lee,ann@a.example,,\n")
    before = one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE, Candidate.FIRST_NAME)
    import_id = new_import(app, HEADER + ANN + BOB, Pool__c=pool)
    assert run(app, import_id) == (2, 1, 1, 0, 0)
    assert imports.undo(app, import_id) == "Undone: 1 candidate removed, 1 restored."
    assert one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE, Candidate.FIRST_NAME) == before
    assert [row[ContactPoint.KEY] for row in all_of(app, ContactPoint.API_NAME, ContactPoint.KEY)] == [
        "email:ann@a.example"
    ]
    assert app.salesforce.count("SELECT COUNT() FROM Pool_Membership__c") == 0
    assert field(app, import_id, CandidateImport.STATUS) == "Undone"


def test_undo_leaves_what_somebody_worked_with(app, org):
    import_id = new_import(app, HEADER + ANN + BOB)
    run(app, import_id)
    ann, bob = (one(app, email, Candidate.ID)[Candidate.ID] for email in ("ann@a.example", "bob@b.example"))
    now = app.clock.now().isoformat()
    consent = {"Candidate__c": ann, "Key__c": "c1", "Purpose__c": "Newsletter", "State__c": "Given", "At__c": now}
    app.salesforce.create(Consent.API_NAME, consent)
    org.client("recruiter").Candidate__c.update(bob, {Candidate.TITLE: "Master baker"})
    told = imports.undo(app, import_id)
    assert told.startswith("Undone: 0 candidates removed, 0 restored. 2 were left")
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2


def test_undo_leaves_whom_somebody_edited_although_we_wrote_last(app, org):
    """The later write of the integration user hides who changed the title; the title tells it all the same."""
    import_id = new_import(app, HEADER + ANN + BOB)
    run(app, import_id)
    bob = one(app, "bob@b.example", Candidate.ID)[Candidate.ID]
    org.client("recruiter").Candidate__c.update(bob, {Candidate.EMPLOYER: "Bakery"})
    app.salesforce.update(Candidate.API_NAME, bob, {Candidate.LANGUAGE: None})
    told = imports.undo(app, import_id)
    assert told.startswith("Undone: 1 candidate removed, 0 restored. 1 was left as it is, because somebody")
    assert one(app, "bob@b.example", Candidate.EMPLOYER) == {Candidate.EMPLOYER: "Bakery"}


def test_undo_restores_all_that_several_rows_changed_of_one_person(app):
    """The second and the third row stand in one chunk and are written one after the other."""
    ann, pool = "Ann,Lee,ann@a.example,,\n", new_pool(app)
    load(app, HEADER + ann)
    before = one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE)
    others = "".join(f"P{n},Q,p{n}@a.example,,\n" for n in range(SLICE_ROWS))
    rows = ann + others + "Ann,Lee,ann@a.example,,Tester\n" + others + ANN
    import_id = new_import(app, HEADER + rows, Pool__c=pool)
    run(app, import_id)
    assert one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE) != before
    imports.undo(app, import_id)
    assert one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE) == before
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 1


def test_undo_of_an_opt_out_lets_mail_go_again(app):
    load(app, HEADER + ANN)
    ann = one(app, "ann@a.example", Candidate.CANDIDATE_KEY)[Candidate.CANDIDATE_KEY]
    import_id = new_import(app, "First name,Last name,E-mail,Opted out\nAnn,Lee,ann@a.example,yes\n")
    run(app, import_id)
    assert why_not(app, ann, "ann@a.example") is Reason.DO_NOT_CONTACT
    imports.undo(app, import_id)
    assert one(app, "ann@a.example", Candidate.DO_NOT_CONTACT)[Candidate.DO_NOT_CONTACT] is False
    assert why_not(app, ann, "ann@a.example") is None


def test_undo_keeps_values_that_were_changed_since(app):
    load(app, HEADER + "Ann,Lee,ann@a.example,,\n")
    import_id = new_import(app, HEADER + ANN)
    run(app, import_id)
    row = one(app, "ann@a.example", Candidate.ID)
    app.salesforce.update(Candidate.API_NAME, row[Candidate.ID], {Candidate.TITLE: "Lead tester"})
    assert "1 was left as it is, because somebody has worked with it since" in imports.undo(app, import_id)
    assert one(app, "ann@a.example", Candidate.TITLE, Candidate.PHONE) == {
        Candidate.TITLE: "Lead tester",
        Candidate.PHONE: None,
    }


def test_nothing_to_undo_is_said(app):
    with pytest.raises(Rejected, match="nothing to undo"):
        imports.undo(app, new_import(app, HEADER + ANN))


def test_a_second_undo_says_that_the_first_one_was_enough(app):
    import_id = new_import(app, HEADER + ANN)
    run(app, import_id)
    imports.undo(app, import_id)
    with pytest.raises(Rejected, match=r"undone already: there is nothing to undo\. Load loads it again"):
        imports.undo(app, import_id)


def test_two_loads_are_undone_one_after_the_other(app):
    import_id = new_import(app, HEADER + ANN)
    run(app, import_id)
    run(app, import_id)
    assert "0 candidates removed" in imports.undo(app, import_id)
    assert "1 candidate removed" in imports.undo(app, import_id)


CELLS = st.one_of(
    st.sampled_from(["ann@a.example", "ANN@a.example ", "bob@b.example", "info@c.example", "a@b", "", "n/a", "x" * 90]),
    st.text(max_size=8),
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_rows_are_conserved(app, rows):
    """I6: rows = created + updated + merged + rejected, and each rejection has its line, column and reason."""
    text = HEADER + "Ann,Lee,ann@a.example,,\n" + "".join(",".join(row) + "\n" for row in rows)
    import_id = new_import(app, text.encode(errors="replace"))
    total, created, updated, merged, rejected = run(app, import_id)
    assert total == created + updated + merged + rejected
    if rejected:
        lines = list(csv.DictReader(io.StringIO(rejects(app, import_id))))
        assert len(lines) == rejected
        assert all(line["Line"] and line["Reason"] for line in lines)
    assert str(total) in message(app, import_id)
