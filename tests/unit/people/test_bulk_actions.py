"""One act over many candidates: what is chosen, done, left, failed, exported and taken back."""

import csv
import json
from dataclasses import replace

import pytest

from integration import pools
from integration.errors import Rejected, TryAgain
from integration.model.vocabulary import AddedBy
from integration.pools import bulk, bulk_memberships
from integration.records import BulkAction, Candidate, CandidateTag, PoolMembership, TalentPool
from integration.soql import select
from tests.unit.people.importing import new_pool
from tests.unit.people.pooling import CORK, dynamic, members, membership, person, tag, work_off

COUNTS = (BulkAction.TOTAL, BulkAction.DONE, BulkAction.UNCHANGED, BulkAction.FAILED)


def action(app, kind, ids=(), **values):
    return app.salesforce.create(
        BulkAction.API_NAME, {BulkAction.ACTION: kind, BulkAction.RECORD_IDS: "\n".join(ids), **values}
    )


def counts(app, made):
    row = app.salesforce.get(BulkAction.API_NAME, made, COUNTS)
    return tuple(int(row[name]) for name in COUNTS)


def read(app, made, *fields):
    row = app.salesforce.get(BulkAction.API_NAME, made, fields)
    return [row[field] for field in fields]


def tagged(app):
    return {
        row[CandidateTag.CANDIDATE]
        for row in app.salesforce.query(select(CandidateTag.API_NAME, [CandidateTag.CANDIDATE]))
    }


def test_fifty_people_are_added_to_a_pool_by_one_action(app):
    people, pool = [person(app) for _ in range(50)], new_pool(app, "Engineers")
    pools.join(app, pool, people[:1], AddedBy.IMPORT)
    made = action(app, "Add to pool", people, Target__c="engineers")
    assert bulk.run(app, made) == "49 of 50 done. 1 were so already."
    assert counts(app, made) == (50, 49, 1, 0)
    assert members(app, pool) == set(people)
    assert read(app, made, BulkAction.STATUS, BulkAction.PROGRESS) == ["Done", 100]


def test_a_bulk_action_is_commanded_like_everything_else(app, org):
    from integration import commands

    one = person(app)
    new_pool(app, "Engineers")
    recruiter = org.client("recruiter").Bulk_Action__c
    made = recruiter.create({"Action__c": "Add to pool", "Record_Ids__c": one, "Target__c": "Engineers"})["id"]
    recruiter.update(made, {"Command__c": "Run"})
    commands.run(app, org.rows("SELECT Id FROM Recruiting_Command__c")[0]["Id"])
    assert read(app, made, BulkAction.MESSAGE, BulkAction.STATUS) == ["1 of 1 done.", "Done"]


def test_everybody_whom_a_filter_fits_is_meant(app):
    cork, pool = person(app, City__c="Cork"), new_pool(app, "Engineers")
    person(app, City__c="Kerry")
    made = action(app, "Add to pool", Filter__c=json.dumps(CORK), Pool__c=pool)
    bulk.run(app, made)
    assert members(app, pool) == {cork}


def test_what_fails_is_listed_and_the_others_are_done(app):
    one, rejected, pool = person(app), person(app), new_pool(app)
    pools.join(app, pool, [rejected], AddedBy.MANUAL)
    row = membership(app, pool, rejected)["Id"]
    app.salesforce.update(PoolMembership.API_NAME, row, {PoolMembership.STATE: "Rejected"})
    made = action(app, "Add to pool", [one, rejected, "nonsense", pool, "a09000000000001"], Pool__c=pool)
    assert bulk.run(app, made) == "1 of 5 done. 4 failed: see Failures."
    [failures] = read(app, made, BulkAction.FAILURES)
    assert set(failures.splitlines()) == {
        f"{rejected}: was rejected for the pool",
        "nonsense: this is not a record id",
        f"{pool}: no candidate and no membership has this id",
        "a09000000000001: no candidate and no membership has this id",
    }
    assert members(app, pool) == {one}


def test_ids_of_memberships_stand_for_their_candidates(app):
    one, first, second = person(app), new_pool(app, "First"), new_pool(app, "Second")
    pools.join(app, first, [one], AddedBy.MANUAL)
    bulk.run(app, action(app, "Add to pool", [membership(app, first, one)["Id"], one], Pool__c=second))
    assert members(app, second) == {one}


def test_proposals_are_accepted_and_rejected_by_list_action(handled):
    app = handled
    people, pool = [person(app, City__c="Cork") for _ in range(3)], dynamic(app, CORK, Review__c="Review first")
    pools.refresh(app, pool)
    accepted, rejected = (
        action(app, "Accept", people[:2], Pool__c=pool),
        action(app, "Reject", people[2:], Pool__c=pool),
    )
    assert (bulk.run(app, accepted), bulk.run(app, rejected)) == ("2 of 2 done.", "1 of 1 done.")
    assert membership(app, pool, people[0])[PoolMembership.JOINED_AT]
    pools.refresh(app, pool)
    work_off(app)
    assert (members(app, pool), members(app, pool, "Rejected")) == (set(people[:2]), {people[2]})
    assert set(pools.members_on(app, pool, app.clock.now().date())) == set(people[:2])


def test_whoever_is_removed_from_a_dynamic_pool_does_not_come_back_by_its_rule(app):
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK)
    pools.refresh(app, pool)
    bulk.run(app, action(app, "Remove from pool", [one], Pool__c=pool))
    pools.refresh(app, pool)
    assert members(app, pool) == set()


def test_a_stage_is_set_on_members_only(app):
    one, other, pool = person(app), person(app), new_pool(app)
    pools.join(app, pool, [one], AddedBy.MANUAL)
    made = action(app, "Set stage", [one, other], Pool__c=pool, Target__c="interested")
    assert bulk.run(app, made) == "1 of 2 done. 1 failed: see Failures."
    assert membership(app, pool, one)[PoolMembership.STAGE] == "Interested"
    bulk.undo(app, made)
    assert membership(app, pool, one)[PoolMembership.STAGE] != "Interested"


def test_tags_are_set_and_taken_and_pools_follow(handled):
    app = handled
    people = [person(app) for _ in range(3)]
    tag(app, people[0], "vip")
    pool = dynamic(app, {"tag": "vip"})
    made = action(app, "Tag", people, Target__c="vip")
    assert bulk.run(app, made) == "2 of 3 done. 1 were so already."
    work_off(app)
    assert members(app, pool) >= set(people[1:])
    assert bulk.undo(app, made) == "2 restored."
    assert tagged(app) == {people[0]}
    bulk.run(app, action(app, "Tag", people, Target__c="brand new"))
    bulk.run(app, action(app, "Untag", people, Target__c="Brand New"))
    assert tagged(app) == {people[0]}
    with pytest.raises(Rejected, match=r"There is no tag “vipp”. Do you mean “vip”"):
        bulk.run(app, action(app, "Untag", people, Target__c="vipp"))


def test_an_owner_is_assigned_and_taken_back_unless_somebody_changed_it_since(app, org):
    first, second, third = org.rows("SELECT Id, Username FROM User WHERE IsActive = true ORDER BY Username LIMIT 3")
    one, other = person(app, OwnerId=first["Id"]), person(app, OwnerId=first["Id"])
    made = action(app, "Assign owner", [one, other], Target__c=second["Username"])
    assert bulk.run(app, made) == "2 of 2 done."
    app.salesforce.update(Candidate.API_NAME, other, {"OwnerId": third["Id"]})
    assert bulk.undo(app, made) == "1 restored. 1 were changed by somebody since and stay as they are."
    assert app.salesforce.get(Candidate.API_NAME, one, ["OwnerId"]) == {"OwnerId": first["Id"]}


def test_S10_an_export_is_a_file_without_formulas(app):
    one = person(app, First_Name__c="=HYPERLINK(1)", Email__c="a@a.example", Rating__c=4, Title__c="@SUM(A1)")
    tag(app, one, "-vip")
    made = action(app, "Export", [one])
    assert bulk.run(app, made) == "1 of 1 done."
    version, name = app.salesforce.attached_file(made)
    rows = list(csv.DictReader(b"".join(app.salesforce.read_file(version)).decode("utf-8-sig").splitlines()))
    assert name == "Candidates.csv"
    assert len(rows) == 1
    assert not any(cell.startswith(("=", "@", "-", "+")) for cell in rows[0].values())
    assert (rows[0]["E-mail"], rows[0]["Rating"], rows[0]["First name"]) == ("a@a.example", "4", "'=HYPERLINK(1)")


def test_adding_is_taken_back_and_who_was_there_stays(app):
    one, other, pool = person(app), person(app), new_pool(app)
    pools.join(app, pool, [other], AddedBy.IMPORT)
    made = action(app, "Add to pool", [one, other], Pool__c=pool)
    bulk.run(app, made)
    assert bulk.undo(app, made).startswith("1 restored.")
    assert members(app, pool) == {other}
    assert read(app, made, BulkAction.STATUS) == ["Undone"]
    with pytest.raises(Rejected, match=r"taken back already: there is nothing to undo\. Make a new one"):
        bulk.undo(app, made)


def test_a_run_that_was_cut_off_goes_on_and_does_nothing_twice(app, monkeypatch):
    monkeypatch.setattr(bulk, "PER_PART", 2)
    people, pool = [person(app) for _ in range(5)], new_pool(app)
    made = action(app, "Add to pool", people, Pool__c=pool)
    real, calls = bulk_memberships.join, []

    def dies(*given, **more):
        calls.append(given)
        joined = real(*given, **more)
        if len(calls) == 2:
            raise KeyboardInterrupt  # the second part is written, and nobody hears of it
        return joined

    with monkeypatch.context() as patched:
        patched.setattr(bulk_memberships, "join", dies)
        with pytest.raises(KeyboardInterrupt):
            bulk.run(app, made)
    person(app)
    assert bulk.run(app, made) == "5 of 5 done."
    assert counts(app, made) == (5, 5, 0, 0)
    assert members(app, pool) == set(people)
    assert bulk.undo(app, made) == "5 restored."
    assert members(app, pool) == set()


def test_a_long_run_goes_on_in_the_next_attempt(app, monkeypatch):
    monkeypatch.setattr(bulk, "PER_PART", 1)
    people, pool = [person(app) for _ in range(3)], new_pool(app)
    made = action(app, "Add to pool", people, Pool__c=pool)
    show = bulk._show
    monkeypatch.setattr(bulk, "_show", lambda *given: app.clock.move(minutes=3) or show(*given))
    with pytest.raises(TryAgain, match="2 of 3 are done"):
        bulk.run(app, made)
    assert bulk.run(app, made) == "3 of 3 done."


def test_an_action_runs_once(app):
    one, pool = person(app), new_pool(app)
    made = action(app, "Add to pool", [one], Pool__c=pool)
    bulk.run(app, made)
    with pytest.raises(Rejected, match="This action is done"):
        bulk.run(app, made)


def test_somebody_elses_private_pool_is_not_there(app, org):
    private = new_pool(app, "Secret", Private__c=True)
    one = person(app)
    pools.join(app, private, [one], AddedBy.MANUAL)
    mine = org.app.user("recruiter").id
    for values in ({"Target__c": "Secret"}, {"Filter__c": '{"pool": "Secret"}', "Target__c": "x", "Record_Ids__c": ""}):
        made = action(app, "Tag" if "Filter__c" in values else "Add to pool", [one], OwnerId=mine)
        app.salesforce.update(BulkAction.API_NAME, made, values)
        with pytest.raises(Rejected, match="There is no pool “Secret”"):
            bulk.run(app, made)
    leaking = dynamic(app, {"pool": private}, "Leak", OwnerId=mine)
    with pytest.raises(Rejected, match="There is no pool"):
        pools.refresh(app, leaking)
    pools.changed(app, [one], [])
    assert members(app, leaking) == set()


def test_whom_the_owner_of_an_action_cannot_see_is_nobody(app, org, monkeypatch):
    objects = org.app.catalog.schema.objects
    monkeypatch.setitem(objects, Candidate.API_NAME, replace(objects[Candidate.API_NAME], sharing="Private"))
    me = org.app.user("recruiter").id
    mine, hidden = person(app, OwnerId=me), person(app)
    made = action(app, "Export", [mine, hidden], OwnerId=me)
    bulk.run(app, made)
    assert counts(app, made) == (2, 1, 0, 1)
    assert read(app, made, BulkAction.FAILURES) == [f"{hidden}: no candidate and no membership has this id"]
    everybody = '{"field": "Last_Name__c", "is": "equals", "value": "Lee"}'
    made = action(app, "Tag", OwnerId=me, Target__c="mine", Filter__c=everybody)
    bulk.run(app, made)
    assert tagged(app) == {mine}


def test_a_viewer_changes_nobody(app, org):
    one = person(app)
    made = action(app, "Tag", [one], OwnerId=org.app.user("viewer").id, Target__c="seen")
    assert bulk.run(app, made) == "0 of 1 done. 1 failed: see Failures."
    assert tagged(app) == set()


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("Add to pool", {}, "Choose the pool"),
        ("Add to pool", {"Target__c": "Nowhere"}, "There is no pool “Nowhere”"),
        ("Accept", {}, "Choose the pool"),
        ("Tag", {}, "Enter the tag under Target"),
        ("Tag", {"Target__c": "x" * 81}, "At most 80"),
        ("Set stage", {"Target__c": "Intrested"}, "Do you mean “Interested”"),
        ("Assign owner", {"Target__c": "Nobody's name"}, "no active user"),
        ("Export", {"Record_Ids__c": None}, "either a list of candidates or a filter"),
        ("Export", {"Filter__c": json.dumps(CORK)}, "not both"),
        ("Export", {"Record_Ids__c": None, "Filter__c": '{"field": "Shoe"}'}, "“Shoe” is not a field"),
        ("Export", {"Record_Ids__c": None, "Filter__c": json.dumps(CORK)}, "Nobody is chosen"),
    ],
)
def test_an_action_that_cannot_be_meant_is_refused_and_changes_nothing(app, kind, values, told):
    one = person(app)
    made = action(app, kind, [one])
    app.salesforce.update(BulkAction.API_NAME, made, {"Command__c": None, **values})
    with pytest.raises(Rejected) as refused:
        bulk.run(app, made)
    assert told in refused.value.message
    assert read(app, made, BulkAction.STATUS) == ["Failed"]


def test_people_cannot_join_a_folder(app):
    folder = app.salesforce.create(TalentPool.API_NAME, {"Name": "Top", TalentPool.KIND: "Folder"})
    with pytest.raises(Rejected, match="“Top” is a folder"):
        bulk.run(app, action(app, "Add to pool", [person(app)], Pool__c=folder))
