"""The org with the product's own metadata: flows, keys and rules run on every way in."""

import pytest


@pytest.fixture
def candidate(org):
    return org.client("recruiter").Candidate__c.create({"First_Name__c": "Aoife", "Last_Name__c": "Byrne"})["id"]


def test_name_is_built_before_the_save(org, candidate):
    assert org.rows("SELECT Name FROM Candidate__c") == [{"Name": "Aoife Byrne"}]


def test_key_of_a_join_is_made_of_its_two_ids(org, candidate):
    sf = org.client()
    pool = sf.Talent_Pool__c.create({"Name": "Engineers", "Kind__c": "Static"})["id"]
    sf.Pool_Membership__c.create({"Pool__c": pool, "Candidate__c": candidate, "State__c": "Member"})
    (row,) = org.rows("SELECT Key__c FROM Pool_Membership__c")
    assert set(row["Key__c"].split("|")) == {pool, candidate}


def test_command_of_a_person_becomes_a_row_and_an_event(org):
    sf = org.client("recruiter")
    pool = sf.Talent_Pool__c.create({"Name": "Engineers", "Kind__c": "Static"})["id"]
    assert org.events() == []
    sf.Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    (command,) = org.rows(
        "SELECT Id, Object__c, Record_Id__c, Command__c, Status__c, CreatedBy.Username FROM Recruiting_Command__c"
    )
    assert (command["Object__c"], command["Record_Id__c"]) == ("Talent_Pool__c", pool)
    assert (command["Command__c"], command["Status__c"]) == ("Refresh", "New")
    assert command["CreatedBy"]["Username"] == "recruiter@warmbench.local"
    (event,) = org.events()
    assert event["event"] == "Recruiting_Command__e"
    assert event["payload"]["Command_Id__c"] == command["Id"]
    assert event["payload"]["Org_Id__c"] == org.app.id


def test_command_by_bulk_runs_the_same_flow(org):
    sf = org.client("recruiter")
    rows = [{"Name": f"Pool {number}", "Kind__c": "Static", "Command__c": "Refresh"} for number in range(5)]
    job = sf.bulk2.Talent_Pool__c.insert(records=rows, wait=0)[0]
    assert job["numberRecordsFailed"] == 0
    assert len(org.events()) == len(org.rows("SELECT Id FROM Recruiting_Command__c")) == 5


def test_status_is_written_by_the_service_alone(org):
    pool = org.client("recruiter").Talent_Pool__c.create({"Name": "Engineers", "Kind__c": "Static"})["id"]
    values = {"Message__c": "Done."}
    for kind, code in (
        ("recruiter", "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("admin", "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
    ):
        refused = org.session.patch(
            f"{org.url}/services/data/v62.0/sobjects/Talent_Pool__c/{pool}",
            json=values,
            headers={"Authorization": f"Bearer {org.token_of(kind)}"},
        )
        assert refused.json()[0]["errorCode"] == code
    assert org.client("integration").Talent_Pool__c.update(pool, values) == 204


def test_every_object_can_be_described_and_queried(org):
    for name in org.app.catalog.schema.objects:
        # The event is nobody's to publish or read: flows publish it, the relay reads it.
        sf = org.client("admin" if name.endswith("__e") else "integration")
        described = getattr(sf, name).describe()
        fields = [field["name"] for field in described["fields"] if not field["name"].endswith("__s")]
        if not name.endswith("__e"):
            assert sf.query(f"SELECT {', '.join(fields)} FROM {name}")["totalSize"] == 0


def test_five_thousand_rows_by_bulk_take_seconds(org):
    import time

    rows = [
        {"Candidate_Key__c": f"k{number:05}", "First_Name__c": "P", "Last_Name__c": str(number), "Country__c": "IE"}
        for number in range(5000)
    ]
    sf = org.client()
    started = time.monotonic()
    (job,) = sf.bulk2.Candidate__c.upsert(records=rows, external_id_field="Candidate_Key__c", wait=0)
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (5000, 0)
    # A third of a second on two quiet cores; the room is for busy machines.
    assert time.monotonic() - started < 6
