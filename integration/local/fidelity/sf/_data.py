"""`sf data` and `sf sobject`: records one by one, in bulk, as trees, and found again."""

import csv
import json
from pathlib import Path

from integration.local.fidelity._calls import Calls, holds, same
from integration.local.fidelity.sf._cli import Cli

DATA: Calls[Cli] = Calls()
_ROWS = 2_200
_WAIT = ("--wait", "5")
_BULK = ("--sobject", "Tag__c", "--line-ending", "LF", *_WAIT)


@DATA("sobject list")
def _list(sf: Cli) -> None:
    custom = sf.result("sobject", "list", "--sobject", "custom")
    holds({"Candidate__c", "Tag__c"} <= set(custom), f"Candidate__c is not among {custom[:5]}")


@DATA("sobject describe")
def _describe(sf: Cli) -> None:
    fields = {each["name"]: each for each in sf.result("sobject", "describe", "--sobject", "Tag__c")["fields"]}
    same((fields["Key__c"]["type"], fields["Key__c"]["externalId"]), ("string", True))


@DATA("data create record")
def _create(sf: Cli) -> None:
    made = sf.result("data", "create", "record", "--sobject", "Tag__c", "--values", "Name=Python Key__c=python")
    same((made["success"], len(made["id"])), (True, 18))


@DATA("data get record")
def _get(sf: Cli) -> None:
    read = sf.result("data", "get", "record", "--sobject", "Tag__c", "--where", "Key__c=python")
    same((read["Name"], read["Kind__c"]), ("Python", "Tag"))


@DATA("data update record")
def _update(sf: Cli) -> None:
    words = "--sobject", "Tag__c", "--where", "Key__c=python", "--values", "Kind__c=Skill"
    same(sf.result("data", "update", "record", *words)["success"], True)


@DATA("data query")
def _query(sf: Cli) -> None:
    done = sf.run("data", "query", "--query", "SELECT Name, Kind__c FROM Tag__c", "--result-format", "csv")
    same((done.returncode, done.stdout.split()), (0, ["Name,Kind__c", "Python,Skill"]))


@DATA("data query (refused)")
def _refused_query(sf: Cli) -> None:
    said = sf.answered("data", "query", "--query", "SELECT Nope__c FROM Tag__c")
    same((said["status"], said["name"]), (1, "INVALID_FIELD"))


@DATA("data delete record")
def _delete(sf: Cli) -> None:
    sf.result("data", "delete", "record", "--sobject", "Tag__c", "--where", "Key__c=python")
    same(sf.rows("SELECT Name FROM Tag__c"), [])


@DATA("data import bulk")
def _import_bulk(sf: Cli) -> None:
    lines = ["Name,Key__c", *(f"Bulk {number},bulk-{number}" for number in range(_ROWS))]
    file = sf.file("import.csv", "\n".join([*lines, ""]))
    told = sf.result("data", "import", "bulk", "--file", file, *_BULK)
    same((told["processedRecords"], told["successfulRecords"], told["failedRecords"]), (_ROWS, _ROWS, 0))


@DATA("data export bulk")
def _export_bulk(sf: Cli) -> None:
    file = sf.folder / "export.csv"
    query = "SELECT Id, Name, Key__c FROM Tag__c WHERE Key__c LIKE 'bulk-%' ORDER BY Key__c"
    words = "--query", query, "--output-file", str(file), "--result-format", "csv", *_WAIT
    told = sf.result("data", "export", "bulk", *words)
    same((told["totalSize"], len(_read(file))), (_ROWS, _ROWS))


@DATA("data upsert bulk")
def _upsert_bulk(sf: Cli) -> None:
    file = sf.file("upsert.csv", "Name,Key__c,Kind__c\nBulk 0,bulk-0,Skill\nNew,new,Skill\n")
    told = sf.result("data", "upsert", "bulk", "--file", file, "--external-id", "Key__c", *_BULK)
    same((told["jobInfo"]["numberRecordsProcessed"], told["jobInfo"]["numberRecordsFailed"]), (2, 0))
    found = sf.rows("SELECT Key__c FROM Tag__c WHERE Kind__c = 'Skill' ORDER BY Key__c")
    same([row["Key__c"] for row in found], ["bulk-0", "new"])


@DATA("data update bulk")
def _update_bulk(sf: Cli) -> None:
    ids = [row["Id"] for row in _read(sf.folder / "export.csv")[:3]]
    file = sf.file("update.csv", "\n".join(["Id,Name", *(f"{each},Renamed" for each in ids), ""]))
    told = sf.result("data", "update", "bulk", "--file", file, *_BULK)
    same((told["processedRecords"], told["failedRecords"]), (3, 0))
    same(len(sf.rows("SELECT Id FROM Tag__c WHERE Name = 'Renamed'")), 3)


@DATA("data delete bulk")
def _delete_bulk(sf: Cli) -> None:
    ids = [row["Id"] for row in _read(sf.folder / "export.csv")]
    file = sf.file("delete.csv", "\n".join(["Id", *ids, ""]))
    told = sf.result("data", "delete", "bulk", "--file", file, *_BULK)
    same((told["jobInfo"]["numberRecordsProcessed"], told["jobInfo"]["numberRecordsFailed"]), (_ROWS, 0))
    same(len(sf.rows("SELECT Id FROM Tag__c WHERE Key__c LIKE 'bulk-%'")), 0)


@DATA("data import tree")
def _import_tree(sf: Cli) -> None:
    point = {
        "attributes": {"type": "Contact_Point__c", "referenceId": "point"},
        "Kind__c": "Email",
        "Value__c": "ann@example.com",
    }
    candidate = {
        "attributes": {"type": "Candidate__c", "referenceId": "ann"},
        "First_Name__c": "Ann",
        "Last_Name__c": "Treefield",
        "Candidate_Key__c": "tree-ann",
        "Contact_Points__r": {"records": [point]},
    }
    file = sf.file("tree.json", json.dumps({"records": [candidate]}))
    made = sf.result("data", "import", "tree", "--files", file)
    same(sorted(each["type"] for each in made), ["Candidate__c", "Contact_Point__c"])
    found = sf.rows("SELECT Value__c FROM Contact_Point__c WHERE Candidate__r.Candidate_Key__c = 'tree-ann'")
    same(found, [{"Value__c": "ann@example.com"}])


@DATA("data export tree")
def _export_tree(sf: Cli) -> None:
    query = (
        "SELECT Last_Name__c, (SELECT Value__c FROM Contact_Points__r) FROM Candidate__c"
        " WHERE Candidate_Key__c = 'tree-ann'"
    )
    sf.result("data", "export", "tree", "--query", query, "--output-dir", str(sf.folder / "tree"))
    (file,) = (sf.folder / "tree").glob("*.json")
    (record,) = json.loads(file.read_text())["records"]
    same(record["Contact_Points__r"]["records"][0]["Value__c"], "ann@example.com")


@DATA("data search")
def _search(sf: Cli) -> None:
    query = "FIND {Treefield} IN ALL FIELDS RETURNING Candidate__c(Id, Last_Name__c)"
    found = sf.result("data", "search", "--query", query)["searchRecords"]
    same([row.get("Last_Name__c") for row in found], ["Treefield"])


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))
