"""Stock simple-salesforce against an org at a plain http address, without any code of the product.

python tests/simple_salesforce_alone.py URL TOKEN
"""

import sys
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce, SalesforceResourceNotFound


class PlainHttp(HTTPAdapter):
    """simple-salesforce writes https:// before every address; the local org speaks http."""

    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


def connect(url, token):
    session = requests.Session()
    session.mount(f"https://{urlsplit(url).netloc}", PlainHttp())
    return Salesforce(instance_url=url, session_id=token, session=session, version="62.0")


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}")


def main(url, token):
    sf = connect(url, token)
    channel = sf.Channel__c.create({"Name": "A board", "Key__c": "a-board", "Kind__c": "Job board"})["id"]
    check("create and read", sf.Channel__c.get(channel)["Name"] == "A board")
    sf.Channel__c.update(channel, {"Name": "Another board"})
    check("update", sf.Channel__c.get(channel)["Name"] == "Another board")
    check("query", sf.query("SELECT COUNT() FROM Channel__c")["totalSize"] == 1)

    check("upsert creates", sf.Candidate__c.upsert("Candidate_Key__c/one", {"Last_Name__c": "Byrne"}) == 201)
    check("upsert updates", sf.Candidate__c.upsert("Candidate_Key__c/one", {"Last_Name__c": "Burke"}) == 200)
    check("read by key", sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "one")["Last_Name__c"] == "Burke")

    people = [{"Candidate_Key__c": f"k{number:05}", "Last_Name__c": f"Person {number}"} for number in range(4500)]
    job = sf.bulk2.Candidate__c.upsert(records=people, external_id_field="Candidate_Key__c", wait=0.1)[0]
    check("bulk upsert", (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (4500, 0))
    first = sf.query("SELECT Id, Name FROM Candidate__c ORDER BY Name")
    check("the first page has 2,000 rows", len(first["records"]) == 2000 and not first["done"])
    second = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    check("the next page follows", len(second["records"]) == 2000)
    check("all pages", len(sf.query_all("SELECT Id FROM Candidate__c")["records"]) == 4501)
    soql = "SELECT Id, Candidate_Key__c FROM Candidate__c"
    pages = list(sf.bulk2.Candidate__c.query(soql, max_records=3000, wait=0.1))
    check("bulk query", [page.count("\n") for page in pages] == [3001, 1502])

    check("describe", any(field["name"] == "Candidate_Key__c" for field in sf.Candidate__c.describe()["fields"]))
    check("limits", sf.limits()["DailyApiRequests"]["Remaining"] > 0)
    sf.Channel__c.delete(channel)
    try:
        sf.Channel__c.get(channel)
    except SalesforceResourceNotFound:
        check("a deleted record is gone", True)
    else:
        check("a deleted record is gone", False)


if __name__ == "__main__":
    main(*sys.argv[1:])
