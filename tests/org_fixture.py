"""The fixture `org`: the embedded org on the real sf_metadata/, in this process, empty at the start of each test.

def test_something(org):
    org.url, org.session, org.token             # for any client: requests to org.url never leave the process
    org.client("recruiter").Candidate__c.create({...})   # stock simple-salesforce, as any seat
    org.rows("SELECT Name FROM Candidate__c")   # what is there, without attributes
    org.events()                                # platform events published so far
    org.app                                     # the OrgApp itself

With the fixture `app` in the same test the org's clock is `app.clock`.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from simple_salesforce import Salesforce

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.metadata.read import read

METADATA = Path(__file__).parent.parent / "sf_metadata" / "main" / "default"
URL = "http://org.warmbench.test"
CLIENT_ID = "warmbench"
CLIENT_SECRET = "a client secret for tests"


@dataclass
class OrgInProcess:
    """An org and a way in."""

    app: OrgApp
    session: requests.Session
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self):
        return self.app.url

    @property
    def token(self):
        """The integration user's."""
        return self.token_of("integration")

    def token_of(self, kind):
        if kind not in self._tokens:
            self._tokens[kind] = self.app.issue_token(kind)
        return self._tokens[kind]

    def client(self, kind="integration", version="62.0"):
        return Salesforce(instance_url=self.url, session_id=self.token_of(kind), session=self.session, version=version)

    def rows(self, soql):
        """Every row as a plain dict; parents nested."""
        return [_plain(row) for row in self.client("admin").query_all(soql)["records"]]

    def events(self, after=0):
        return self.app.events_after(after)


def _plain(row):
    return {
        name: _plain(value) if isinstance(value, dict) else value for name, value in row.items() if name != "attributes"
    }


@pytest.fixture(scope="session")
def org_template():
    """One org that was set up once; each test's begins as its copy."""
    template = OrgApp(read(METADATA), url=URL)
    template.register_client(CLIENT_ID, secret=CLIENT_SECRET)
    yield template
    template.close()


@pytest.fixture
def org(org_template, request):
    """A fresh org in this process."""
    now = request.getfixturevalue("app").clock.now if "app" in request.fixturenames else None
    under_test = OrgApp(org_template.catalog.schema, url=URL, now=now, template=org_template)
    with session_for(under_test, URL) as session:
        yield OrgInProcess(under_test, session)
    under_test.close()
