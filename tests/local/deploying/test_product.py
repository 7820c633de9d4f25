"""Warmbench deployed into an org without metadata, and that org beside one that began with the folder."""

import base64

import pytest
from lxml import etree

from integration.local.org.app import OrgApp
from integration.local.org.deploying.packing import packed
from integration.local.org.inprocess import session_for
from integration.metadata.read import read
from integration.metadata.schema import Schema
from tests.local.deploying.conftest import Deployable, an_object, field, package
from tests.local.org.conftest import URL
from tests.org_fixture import METADATA

FILES = {path.relative_to(METADATA).as_posix(): path.read_bytes() for path in METADATA.rglob("*-meta.xml")}
SPACE = "http://soap.sforce.com/2006/04/metadata"


@pytest.fixture(scope="module")
def installed():
    app = OrgApp(Schema(), url=URL)
    with session_for(app, URL) as session:
        org = Deployable(app, session)
        org.result = org.deploy(packed(FILES)[0])
        yield org
    app.close()


@pytest.fixture(scope="module")
def started():
    app = OrgApp(read(METADATA), url=URL)
    with session_for(app, URL) as session:
        yield Deployable(app, session)
    app.close()


def test_every_component_is_deployed(installed):
    result = installed.result
    assert (result["status"], result["details"]["componentFailures"]) == ("Succeeded", [])
    assert result["numberComponentsDeployed"] == len(FILES)
    assert not any("problem" in each for each in result["details"]["componentSuccesses"])


def test_describes_are_equal(installed, started):
    assert installed.sf.describe() == started.sf.describe()
    for name in started.app.catalog.schema.objects:
        address = f"sobjects/{name}/describe"
        assert installed.call("GET", address).json() == started.call("GET", address).json()


def test_seats_have_their_permission_sets(installed, started):
    query = "SELECT Assignee.Username, PermissionSet.Name FROM PermissionSetAssignment ORDER BY Assignee.Username"
    found = [
        [(row["Assignee"]["Username"], row["PermissionSet"]["Name"]) for row in org.sf.query(query)["records"]]
        for org in (installed, started)
    ]
    assert found[0] == found[1] != []


def test_flows_run(installed):
    recruiter = installed.client("recruiter")
    pool = recruiter.Talent_Pool__c.create({"Name": "Backend"})["id"]
    recruiter.Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    assert [each["event"] for each in installed.app.events_after(0)] != []


def soap(org, body, token=None):
    """One call of the Metadata API; its result elements by name."""
    envelope = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
        f'<SessionHeader xmlns="{SPACE}"><sessionId>{token or org.token}</sessionId></SessionHeader></e:Header>'
        f"<e:Body>{body.replace('>', f' xmlns={chr(34)}{SPACE}{chr(34)}>', 1)}</e:Body></e:Envelope>"
    )
    answer = org.session.post(f"{org.url}/services/Soap/m/63.0", data=envelope, headers={"Content-Type": "text/xml"})
    return answer, etree.fromstring(answer.content)


def test_package_is_taken_over_soap(started):
    data = base64.b64encode(package(Extra__c=an_object(field("Odd__c", "Nonsense"), label="Extra"))).decode()
    options = "<DeployOptions><rollbackOnError>true</rollbackOnError></DeployOptions>"
    _, told = soap(started, f"<deploy><ZipFile>{data}</ZipFile>{options}</deploy>")
    body = f"<checkDeployStatus><asyncProcessId>{told.findtext('.//{*}id')}</asyncProcessId>"
    _, told = soap(started, f"{body}<includeDetails>true</includeDetails></checkDeployStatus>")
    assert told.findtext(".//{*}status") == "Failed"
    assert told.findtext(".//{*}componentFailures/{*}fullName") == "Extra__c.Odd__c"


def test_soap_call_without_a_session_is_refused(started):
    answer, told = soap(started, "<describeMetadata></describeMetadata>", token="nobody")
    assert (answer.status_code, told.findtext(".//faultcode")) == (500, None)
    assert "INVALID_SESSION_ID" in answer.text


def test_soap_call_that_is_not_implemented_is_told(started, capsys):
    answer, _ = soap(started, "<renameMetadata></renameMetadata>")
    assert answer.status_code == 500
    assert "does not implement the Metadata API's call renameMetadata" in capsys.readouterr().err


def test_retrieved_field_is_the_deployed_one(started):
    types = "<types><members>Tag__c.Key__c</members><name>CustomField</name></types>"
    _, told = soap(started, f"<retrieve><retrieveRequest><unpackaged>{types}</unpackaged></retrieveRequest></retrieve>")
    _, told = soap(
        started,
        f"<checkRetrieveStatus><asyncProcessId>{told.findtext('.//{*}id')}</asyncProcessId></checkRetrieveStatus>",
    )
    data = base64.b64decode(told.findtext(".//{*}zipFile"))
    result = started.deploy(data, checkOnly=True)
    flags = {each["fullName"]: each["changed"] for each in result["details"]["componentSuccesses"]}
    assert flags == {"package.xml": True, "Tag__c.Key__c": False}


def test_listed_metadata_names_the_flows(started):
    _, told = soap(started, "<listMetadata><queries><type>Flow</type></queries></listMetadata>")
    assert "Talent_Pool_Command" in [each.text for each in told.iter("{*}fullName")]
