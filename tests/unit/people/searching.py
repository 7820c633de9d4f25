"""Plays prospect searches in the embedded org; outside stands what a test puts there, in the sources' own shapes."""

import dataclasses
import json

import responses

from integration.adapters import aws
from integration.errors import TryAgain
from integration.ports import Queue
from integration.prospecting import searches
from integration.records import ProspectResult, ProspectSearch
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages

ORCID = "https://pub.orcid.org/v3.0/expanded-search/"
OPENALEX = "https://api.openalex.org/authors"
DIRECTORY = "https://people.example/staff.json"
SECRET = "warmbench/test/searches"


class Outside:
    """ORCID, OpenAlex and a directory, as they answer now."""

    def __init__(self, mocked):
        self.mocked = mocked
        self.orcid, self.openalex, self.directory = [], [], []
        mocked.get("https://people.example/robots.txt", status=404)
        mocked.add_callback("GET", ORCID, self._orcid)
        mocked.add_callback("GET", OPENALEX, self._openalex)
        mocked.add_callback("GET", DIRECTORY, lambda request: (200, {}, json.dumps(self.directory)))

    def _orcid(self, request):
        start = int(request.params["start"])
        page = self.orcid[start : start + int(request.params["rows"])]
        return 200, {}, json.dumps({"num-found": len(self.orcid), "expanded-result": page or None})

    def _openalex(self, request):
        return (
            200,
            {},
            json.dumps({"meta": {"count": len(self.openalex), "next_cursor": None}, "results": self.openalex}),
        )

    def fails(self, url, status, **headers):
        """From now on."""
        self.mocked.remove("GET", url)
        self.mocked.get(url, status=status, headers=headers)


def researcher(number, first="Ada", last="Example", institution="Harbour University", **values):
    return {
        "orcid-id": f"0000-0002-0000-{number:04}",
        "given-names": first,
        "family-names": last,
        "credit-name": None,
        "other-name": [],
        "email": [],
        "institution-name": [institution],
        **values,
    }


def author(number, name, institution="Harbour University", orcid=None, topics=()):
    return {
        "id": f"https://openalex.org/A{number}",
        "orcid": orcid and f"https://orcid.org/0000-0002-0000-{orcid:04}",
        "display_name": name,
        "display_name_alternatives": [],
        "last_known_institutions": [{"display_name": institution, "country_code": "IE"}],
        "topics": [{"display_name": topic} for topic in topics],
        "works_count": 3,
        "cited_by_count": 4,
    }


def member(first, last, **values):
    return {"firstName": first, "lastName": last, **values}


def with_directory(app):
    """The operator has named a directory."""
    secret = json.dumps({"directory_url": DIRECTORY})
    aws.secretsmanager().create_secret(Name=SECRET, SecretString=secret)
    app.config = dataclasses.replace(app.config, searches_secret=SECRET)


def new_search(app, query, sources="ORCID", **values):
    fields = {getattr(ProspectSearch, name.upper()): value for name, value in values.items()}
    record = {"Name": "A search", ProspectSearch.QUERY: query, ProspectSearch.SOURCES: sources}
    return app.salesforce.create(ProspectSearch.API_NAME, {**record, ProspectSearch.RANK: True, **fields})


def run(app, search_id):
    """Search, and every message that follows."""
    searches.search(app, search_id)
    work(app)


def work(app, again=6):
    """Every waiting message, in turn; what is to be tried again is, a few times."""
    messages = app_queue_messages(app, Queue.SEARCHES)
    for _ in range(again):
        left = []
        for message in messages:
            try:
                searches.work(app, message["search_id"], message["run"], message["source"])
            except TryAgain:
                left.append(message)
        if not left:
            return
        messages = left


def shown(app, search_id, *names):
    fields = [getattr(ProspectSearch, name.upper()) for name in names]
    row = app.salesforce.get(ProspectSearch.API_NAME, search_id, fields)
    return row[fields[0]] if len(fields) == 1 else tuple(row[field] for field in fields)


def results(app, search_id):
    """All fields of the rows, best first."""
    fields = [value for name, value in vars(ProspectResult).items() if name.isupper() and name != "API_NAME"]
    order = [f"-{ProspectResult.SCORE}", ProspectResult.NAME]
    where = equals(ProspectResult.SEARCH, search_id)
    query = select(ProspectResult.API_NAME, ["Id", "Name", *fields], where=where, order_by=order)
    return app.salesforce.query(query)


def decide(app, row, decision):
    """As a recruiter would."""
    app.salesforce.update(ProspectResult.API_NAME, row["Id"], {ProspectResult.DECISION: decision})


def outside():
    """An outside world; use as a context."""
    return responses.RequestsMock(assert_all_requests_are_fired=False)
