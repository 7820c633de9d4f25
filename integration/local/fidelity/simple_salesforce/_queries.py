"""SOQL by REST: pages, deleted rows, and the values that simple-salesforce writes into a query."""

from datetime import UTC, datetime, timedelta

from simple_salesforce.format import format_external_id, format_soql

from integration.local.fidelity._calls import Calls, same
from integration.local.fidelity.simple_salesforce._world import World

QUERIES: Calls[World] = Calls()
_ALL_TAGS = "SELECT Key__c FROM Tag__c WHERE Key__c LIKE 'page-%' ORDER BY Key__c"


@QUERIES("Salesforce.query")
def query(world: World) -> None:
    world.candidate("query", Last_Name__c="Queryson", Lifecycle__c="Prospect")
    answer = world.sf.query(
        "SELECT Id, Owner.Username, (SELECT Id FROM Contact_Points__r) FROM Candidate__c"
        " WHERE Last_Name__c = 'queryson'"
    )
    same((answer["totalSize"], answer["done"]), (1, True))
    (row,) = answer["records"]
    same((row["Owner"]["Username"], row["Contact_Points__r"]), ("admin@warmbench.local", None))


@QUERIES("Salesforce.query (aggregates)")
def aggregates(world: World) -> None:
    for number, stage in enumerate(("Prospect", "Alumni", "Alumni")):
        world.candidate(f"sum {number}", Title__c="Summand", Lifecycle__c=stage, Rating__c=number + 1)
    answer = world.sf.query(
        "SELECT Lifecycle__c, COUNT(Id) n, SUM(Rating__c) FROM Candidate__c WHERE Title__c = 'Summand'"
        " GROUP BY Lifecycle__c ORDER BY Lifecycle__c DESC"
    )
    found = {row["Lifecycle__c"]: (row["attributes"]["type"], row["n"], row["expr0"]) for row in answer["records"]}
    same(found, {"Alumni": ("AggregateResult", 2, 5.0), "Prospect": ("AggregateResult", 1, 1.0)})


@QUERIES("Salesforce.query (include_deleted)")
def query_deleted(world: World) -> None:
    world.sf.Candidate__c.delete(world.candidate("bin"))
    soql = "SELECT IsDeleted FROM Candidate__c WHERE Candidate_Key__c = 'bin'"
    same(world.sf.query(soql)["records"], [])
    same([row["IsDeleted"] for row in world.sf.query(soql, include_deleted=True)["records"]], [True])


@QUERIES("Salesforce.query_more")
def query_more(world: World) -> None:
    number = world.tags
    first = world.sf.query(_ALL_TAGS)
    same((first["totalSize"], len(first["records"]), first["done"]), (number, 2000, False))
    rest = world.sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    again = world.sf.query_more(first["nextRecordsUrl"].rpartition("/")[2])
    same((len(rest["records"]), rest["done"]), (number - 2000, True))
    same(again["records"], rest["records"], "the same page by its identifier")
    same(rest["records"][0]["Key__c"], "page-2000")


@QUERIES("Salesforce.query_more (include_deleted)")
def query_more_deleted(world: World) -> None:
    first = world.sf.query(_ALL_TAGS, include_deleted=True)
    rest = world.sf.query_more(first["nextRecordsUrl"].rpartition("/")[2], include_deleted=True)
    same((len(first["records"]), len(rest["records"])), (2000, world.tags - 2000))


@QUERIES("Salesforce.query_all")
def query_all(world: World) -> None:
    answer = world.sf.query_all(_ALL_TAGS)
    same((answer["totalSize"], answer["done"]), (world.tags, True))
    same([row["Key__c"] for row in answer["records"]], [f"page-{number:04}" for number in range(world.tags)])


@QUERIES("Salesforce.query_all_iter")
def query_all_iter(world: World) -> None:
    rows = world.sf.query_all_iter(_ALL_TAGS, headers={"Sforce-Query-Options": "batchSize=500"})
    same([row["Key__c"] for row in rows], [f"page-{number:04}" for number in range(world.tags)])


@QUERIES("Salesforce.parse_result_to_json")
def parse_result(world: World) -> None:
    sf = world.login(session_id=world.org.token, instance_url=world.org.url, object_pairs_hook=list)
    answer = dict(sf.query("SELECT Name FROM Organization"))
    same(dict(answer["records"][0])["Name"], "Warmbench Local")


@QUERIES("format_soql")
def quoted_values(world: World) -> None:
    names = ["O'Hara", 'Back\\slash "and" quote', "Line\nbreak\ttab", "100% sure_"]
    for number, name in enumerate(names):
        world.candidate(f"quote {number}", Last_Name__c=name, Rating__c=number + 1)
    soql = "SELECT COUNT() FROM Candidate__c WHERE Candidate_Key__c LIKE 'quote%' AND "
    for name in names:
        same(world.sf.query(format_soql(soql + "Last_Name__c = {}", name))["totalSize"], 1, name)
    same(world.sf.query(format_soql(soql + "Last_Name__c IN {}", names))["totalSize"], 4)
    same(world.sf.query(format_soql(soql + "Last_Name__c LIKE '{:like}%'", "100% sure_"))["totalSize"], 1)
    same(world.sf.query(format_soql(soql + "Rating__c >= {} AND Do_Not_Contact__c = {}", 3, False))["totalSize"], 2)
    start = datetime.now(UTC) - timedelta(hours=1)
    same(world.sf.query(format_soql(soql + "CreatedDate > {} AND City__c = {}", start, None))["totalSize"], 4)
    same(world.sf.query(format_soql(soql + "{:literal} > {}", "CreatedDate", start))["totalSize"], 4)


@QUERIES("format_external_id")
def external_id(world: World) -> None:
    path = format_external_id("Candidate_Key__c", "a/b c?d#é%")
    same(world.sf.Candidate__c.upsert(path, {"Last_Name__c": "Slash"}), 201)
    same(world.sf.Candidate__c.get(path)["Candidate_Key__c"], "a/b c?d#é%")
