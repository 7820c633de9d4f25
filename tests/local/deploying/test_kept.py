"""What was deployed survives a restart; the folder comes first again only when it changed."""

import io
import zipfile

import pytest

from integration.local.org.app import OrgApp
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Schema
from tests.local.deploying.conftest import an_object, field, package, zipped


def restart(served, org, schema=None):
    org.app.close()
    return served(schema)


def test_deployed_field_and_its_values_survive(served):
    org = served()
    org.deploy(package(Pool__c=an_object(field("New__c"), own=False)))
    org.sf.Pool__c.create({"Name": "a", "New__c": "kept"})
    again = restart(served, org)
    assert again.sf.query("SELECT New__c FROM Pool__c")["records"][0]["New__c"] == "kept"


def test_unchanged_folder_does_not_undo_a_deployment(served):
    org = served()
    org.deploy(package(Pool__c=an_object(field("Code__c", body="<length>77</length>"), own=False)))
    again = restart(served, org)
    (code,) = (each for each in again.sf.Pool__c.describe()["fields"] if each["name"] == "Code__c")
    assert code["length"] == 77


def test_changed_folder_is_laid_over_what_was_deployed(served, folder):
    org = served()
    text = an_object(field("Code__c", body="<length>77</length>"), field("New__c"), own=False)
    org.deploy(package(Pool__c=text))
    path = folder / "objects/Pool__c/fields/Code__c.field-meta.xml"
    path.write_text(path.read_text().replace("<length>40", "<length>90"))
    again = restart(served, org)
    (code,) = (each for each in again.sf.Pool__c.describe()["fields"] if each["name"] == "Code__c")
    assert (code["length"], "New__c" in again.fields("Pool__c")) == (90, True)


def test_without_a_folder_the_org_is_what_was_deployed(served):
    org = served(Schema())
    org.deploy(package(Extra__c=an_object(field("Note__c"), label="Extra")))
    again = restart(served, org, Schema())
    assert "Note__c" in again.fields("Extra__c")


def test_folder_with_unknown_elements_stops_the_org_with_file_and_line(folder):
    path = folder / "objects/Pool__c/fields/Code__c.field-meta.xml"
    path.write_text(
        path.read_text().replace(
            "<length>40", "<bogus>1</bogus>\n<populateExistingRows>true</populateExistingRows><length>40"
        )
    )
    with pytest.raises(UnsupportedMetadata) as refused:
        OrgApp(read(folder))
    lines = str(refused.value).splitlines()[1:]
    assert [line.partition("fields/")[2] for line in lines] == [
        "Code__c.field-meta.xml:4: unknown element <bogus> in CustomField",
        "Code__c.field-meta.xml:5: the embedded org does not implement <populateExistingRows> in CustomField",
    ]


@pytest.mark.parametrize("name", ["../evil.object", "/etc/passwd", "objects/../../x", "objects\\x", "a//b"])
def test_zip_with_names_that_lead_elsewhere_is_refused(org, name):
    result = org.deploy(zipped({name: "x", "package.xml": "<Package/>"}))
    assert result["status"] == "Failed"
    assert "unacceptable name" in result["errorMessage"]


def test_zip_bomb_is_refused(org, monkeypatch):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("package.xml", "<Package/>")
        for number in range(3):
            archive.writestr(f"objects/B{number}.object", b"\0" * 70_000_000)
    assert len(data.getvalue()) < 1_000_000
    assert "unpacks to more than" in org.deploy(data.getvalue())["errorMessage"]


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_zip_is_refused(org, data):
    assert "cannot be read" in org.deploy(data)["errorMessage"]


def test_zip_without_a_manifest_is_refused(org):
    assert org.deploy(zipped({"objects/Pool__c.object": "x"}))["errorMessage"] == "No package.xml found"


def test_external_entities_are_not_read(org, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + an_object().partition("?>\n")[2]
    result = org.deploy(package(Extra__c=evil.replace("<label>Pool<", "<label>&e;<")))
    assert "a secret" not in str(result)
