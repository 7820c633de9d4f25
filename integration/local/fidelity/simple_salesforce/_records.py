"""One record at a time: every method of SFType."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from integration.local.fidelity._calls import Calls, holds, same
from integration.local.fidelity.simple_salesforce._world import World

RECORDS: Calls[World] = Calls()


def _around_now() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(minutes=10), now + timedelta(minutes=10)


@RECORDS("SFType.session_id")
def session_id(world: World) -> None:
    same(world.sf.Candidate__c.session_id, world.org.token)


@RECORDS("SFType.metadata")
def metadata(world: World) -> None:
    world.candidate("recent")
    answer = world.sf.Candidate__c.metadata()
    same((answer["objectDescribe"]["name"], answer["objectDescribe"]["custom"]), ("Candidate__c", True))
    holds(isinstance(answer["recentItems"], list), "recentItems is no list")


@RECORDS("SFType.describe")
def describe(world: World) -> None:
    fields = {each["name"]: each for each in world.sf.Candidate__c.describe()["fields"]}
    found = {name: fields["Candidate_Key__c"][name] for name in ("type", "externalId", "unique", "nillable", "length")}
    same(found, {"type": "string", "externalId": True, "unique": True, "nillable": True, "length": 26})
    same(fields["First_Source__c"]["referenceTo"], ["Channel__c"])
    values = [each["value"] for each in fields["Lifecycle__c"]["picklistValues"]]
    holds("Prospect" in values, f"the picklist has {values}")


@RECORDS("SFType.create")
def create(world: World) -> None:
    answer = world.sf.Candidate__c.create({"Last_Name__c": "O'Brien-Łąka", "Country__c": "IE", "Rating__c": 4})
    same((answer["success"], answer["errors"], len(answer["id"])), (True, [], 18))
    found = world.sf.Candidate__c.get(answer["id"])
    same((found["Last_Name__c"], found["Country__c"], found["Rating__c"]), ("O'Brien-Łąka", "IE", 4.0))


@RECORDS("SFType.create (parents by external id)")
def create_below(world: World) -> None:
    parent = world.candidate("parent")
    point = {"Candidate__r": {"Candidate_Key__c": "parent"}, "Kind__c": "Phone", "Value__c": "+353 1 5550100"}
    made = world.sf.Contact_Point__c.create({**point, "Key__c": "phone-parent"})
    same(world.sf.Contact_Point__c.get(made["id"])["Candidate__c"], parent)


@RECORDS("SFType.get")
def get(world: World) -> None:
    made = world.candidate("get", Email__c="get@example.com")
    found = world.sf.Candidate__c.get(made)
    url = f"/services/data/v62.0/sobjects/Candidate__c/{made}"
    same(dict(found["attributes"]), {"type": "Candidate__c", "url": url})
    same((found["Id"], found["Email__c"], found["IsDeleted"]), (made, "get@example.com", False))
    some = world.sf.Candidate__c.get(made[:15], params={"fields": "Email__c"})
    same(set(some) - {"attributes"}, {"Id", "Email__c"}, "the fields asked for")


@RECORDS("SFType.get_by_custom_id")
def get_by_custom_id(world: World) -> None:
    made = world.candidate("custom-id/1")
    same(world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "custom-id/1")["Id"], made)


@RECORDS("SFType.upsert")
def upsert(world: World) -> None:
    path = "Candidate_Key__c/upsert"
    same(world.sf.Candidate__c.upsert(path, {"Last_Name__c": "Murphy"}), 201)
    same(world.sf.Candidate__c.upsert(path, {"Last_Name__c": "Murray"}), 200)
    same(world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "upsert")["Last_Name__c"], "Murray")


@RECORDS("SFType.upsert (raw_response)")
def upsert_raw(world: World) -> None:
    path, values = "Candidate_Key__c/raw", {"Last_Name__c": "Raw"}
    answers = [world.sf.Candidate__c.upsert(path, values, raw_response=True).json() for _ in range(2)]
    same(
        [(each["success"], each["created"], each["errors"]) for each in answers], [(True, True, []), (True, False, [])]
    )
    same(answers[0]["id"], answers[1]["id"])


@RECORDS("SFType.update")
def update(world: World) -> None:
    made = world.candidate("update", City__c="Cork", Title__c="Clerk")
    same(world.sf.Candidate__c.update(made, {"City__c": "Galway", "Title__c": None}), 204)
    found = world.sf.Candidate__c.get(made)
    same((found["City__c"], found["Title__c"]), ("Galway", None))
    same(world.sf.Candidate__c.update(made, {}, raw_response=True).content, b"", "the body of a 204")


@RECORDS("SFType.delete")
def delete(world: World) -> None:
    first, second = world.candidate("delete 1"), world.candidate("delete 2")
    same(world.sf.Candidate__c.delete(first), 204)
    same(world.sf.Candidate__c.delete(second, raw_response=True).status_code, 204)
    same(world.sf.query("SELECT COUNT() FROM Candidate__c WHERE Candidate_Key__c LIKE 'delete%'")["totalSize"], 0)


@RECORDS("SFType.deleted")
def deleted(world: World) -> None:
    made = world.candidate("deleted")
    world.sf.Candidate__c.delete(made)
    answer = world.sf.Candidate__c.deleted(*_around_now())
    same(set(answer), {"deletedRecords", "earliestDateAvailable", "latestDateCovered"})
    found = {each["id"]: each["deletedDate"] for each in answer["deletedRecords"]}
    holds(found.get(made), f"{made} is not among {found}")


@RECORDS("SFType.updated")
def updated(world: World) -> None:
    made = world.candidate("updated")
    answer = world.sf.Candidate__c.updated(*_around_now())
    same(set(answer), {"ids", "latestDateCovered"})
    holds(made in answer["ids"], f"{made} is not among the updated")


@RECORDS("SFType.parse_result_to_json")
def parse_result(world: World) -> None:
    made = world.candidate("parse", Rating__c=3)
    sf = world.login(session_id=world.org.token, instance_url=world.org.url, parse_float=str)
    answer = sf.Candidate__c.update(made, {}, raw_response=True)
    same(answer.status_code, 204)
    found: Any = sf.query(f"SELECT Rating__c FROM Candidate__c WHERE Id = '{made}'")["records"][0]
    same(found["Rating__c"], "3.0", "a number with its decimal point")


@RECORDS("SFType.upload_base64")
def upload_base64(world: World) -> None:
    file = world.folder / "upload.bin"
    file.write_bytes(b"\x00\x01upload")
    # The only field it sends is the named one, so it suits objects that need no other.
    answer = world.sf.Tag__c.upload_base64(str(file), base64_field="Name")
    same(answer.status_code, 201)
    same(world.sf.Tag__c.get(answer.json()["id"])["Name"], base64.b64encode(b"\x00\x01upload").decode())


@RECORDS("SFType.update_base64")
def update_base64(world: World) -> None:
    file = world.folder / "update.bin"
    file.write_bytes(b"\x00\x01update")
    tag = world.sf.Tag__c.create({"Name": "before"})["id"]
    same(world.sf.Tag__c.update_base64(tag, str(file), base64_field="Name"), 204)
    same(world.sf.Tag__c.get(tag)["Name"], base64.b64encode(b"\x00\x01update").decode())


@RECORDS("SFType.get_base64")
def get_base64(world: World) -> None:
    content = bytes(range(256)) * 40
    version = {"Title": "Résumé", "PathOnClient": "résumé.pdf", "VersionData": base64.b64encode(content).decode()}
    made = world.sf.ContentVersion.create(version)["id"]
    same(world.sf.ContentVersion.get_base64(made, "VersionData"), content)
