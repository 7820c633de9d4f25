"""The database underneath: transactions, full disks, metadata that changed between two starts."""

import dataclasses

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Field, Schema, ValidationRule
from tests.local.org.conftest import GUARD, MEMBER, POOL, SMALL, URL, Small, object_type


def changed(small_object, *fields, **values):
    return dataclasses.replace(
        small_object, fields={**small_object.fields, **{each.name: each for each in fields}}, **values
    )


def test_error_inside_undoes_the_whole_transaction(small):
    def write():
        with small.app.store.writing() as connection:
            connection.execute("INSERT INTO Pool__c (Id, Name) VALUES ('x', 'y')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_inner_part_can_be_undone_alone(small):
    with small.app.engine.transaction(small.app.user("admin"), small.app.now()) as transaction:
        transaction.create("Pool__c", {"Name": "kept"})
        with transaction.savepoint() as point:
            transaction.create("Pool__c", {"Name": "undone"})
            point.undone = True
    assert [row["Name"] for row in small.sf.query("SELECT Name FROM Pool__c")["records"]] == ["kept"]


def test_full_disk_is_told_and_leaves_nothing_half_done(tmp_path, capsys):
    app = OrgApp(SMALL, tmp_path / "org.db", url=URL)
    with session_for(app, URL) as session:
        small = Small(app, session)
        with app.store.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        rows = [
            {"attributes": {"type": "Pool__c"}, "Name": f"P{number}", "Text__c": "x" * 900} for number in range(200)
        ]
        answer = small.call("POST", "composite/sobjects", json={"records": rows})
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (500, "UNKNOWN_EXCEPTION")
        assert "database or disk is full" in capsys.readouterr().err
        assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0
        connection.execute(f"PRAGMA max_page_count = {pages + 5000}")
        assert all(each["success"] for each in small.call("POST", "composite/sobjects", json={"records": rows}).json())
    app.close()


def test_new_fields_and_objects_join_an_existing_database(tmp_path):
    file = tmp_path / "org.db"
    first = OrgApp(Schema(objects={"Pool__c": POOL}), file, url=URL)
    with session_for(first, URL) as session:
        record_id = Small(first, session).sf.Pool__c.create({"Name": "a"})["id"]
    first.close()
    wider = changed(POOL, Field("New__c", "New", "Text", length=10), Field("Flag__c", "Flag", "Checkbox"))
    second = OrgApp(Schema(objects={"Aaa__c": object_type("Aaa__c", []), "Pool__c": wider}), file, url=URL)
    with session_for(second, URL) as session:
        sf = Small(second, session).sf
        read = sf.Pool__c.get(record_id)
        other = sf.Aaa__c.create({"Name": "b"})["id"]
    second.close()
    assert (read["New__c"], read["Flag__c"]) == (None, False)
    assert other[:3] != record_id[:3]


def test_ids_of_an_undone_request_are_not_given_again(small):
    made = [small.sf.Pool__c.create({"Name": "a"})["id"]]
    small.refusal("Pool__c", {"Key__c": "x" * 30})
    made.append(small.sf.Pool__c.create({"Name": "b"})["id"])
    assert made == sorted(set(made))


@pytest.mark.parametrize(
    "broken",
    [
        changed(POOL, rules=(ValidationRule("Odd", "NOSUCH(Name)", "m"),)),
        changed(POOL, Field("Bad__c", "Bad", "Text", formula="Nope__c & 'x'")),
        changed(POOL, Field("Bad__c", "Bad", "Text", length=5, default="NOSUCH()")),
    ],
)
def test_metadata_that_cannot_be_run_stops_the_org(broken):
    with pytest.raises(UnsupportedMetadata, match="Pool__c"):
        OrgApp(Schema(objects={each.name: each for each in (broken, MEMBER, GUARD)}))
