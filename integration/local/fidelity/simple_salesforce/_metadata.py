"""The Metadata API by SOAP: a package deployed, its faults told, what is there listed."""

import io
import zipfile
from typing import Any

from simple_salesforce.exceptions import SalesforceResourceNotFound

from integration.local.fidelity._calls import Calls, holds, refused, same
from integration.local.fidelity.simple_salesforce._world import World

METADATA_CALLS: Calls[World] = Calls()
_SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
_DONE = ("Succeeded", "Failed", "SucceededPartial", "Canceled")
_PACKAGE = f"""<?xml version="1.0" encoding="UTF-8"?>
<Package {_SPACE}><types><members>Gate__c</members><name>CustomObject</name></types><version>62.0</version></Package>"""
_OBJECT = f"""<?xml version="1.0" encoding="UTF-8"?>
<CustomObject {_SPACE}>
    <deploymentStatus>Deployed</deploymentStatus>
    <fields>
        <fullName>Key__c</fullName><externalId>true</externalId><label>Key</label>
        <length>20</length><type>%s</type><unique>true</unique>
    </fields>
    <label>Gate</label>
    <nameField><label>Gate Name</label><type>Text</type></nameField>
    <pluralLabel>Gates</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
</CustomObject>"""


def _packed(kind: str) -> io.BytesIO:
    """A package of one object whose field is of that type."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("package.xml", _PACKAGE)
        archive.writestr("objects/Gate__c.object", _OBJECT % kind)
    return packed


def _deployed(sf: Any, kind: str, **options: Any) -> dict[str, Any]:
    started = sf.deploy(_packed(kind), sandbox=True, **options)
    holds(started["asyncId"] and started["asyncId"].startswith("0Af"), f"the deployment's id is {started['asyncId']}")
    for _ in range(100):
        found: dict[str, Any] = sf.checkDeployStatus(started["asyncId"])
        if found["state"] in _DONE:
            return found
    return found


@METADATA_CALLS("Salesforce.mdapi")
def mdapi(world: World) -> None:
    same(world.deployer.mdapi.metadata_url.rpartition("/services/")[2], "Soap/m/62.0/")


@METADATA_CALLS("SfdcMetadataApi.describe_metadata")
def describe_metadata(world: World) -> None:
    found = world.deployer.mdapi.describe_metadata()
    kinds = {each.xmlName: each.directoryName for each in found.metadataObjects}
    same((kinds["CustomObject"], kinds["PermissionSet"]), ("objects", "permissionsets"))


@METADATA_CALLS("SfdcMetadataApi.list_metadata")
def list_metadata(world: World) -> None:
    api = world.deployer.mdapi
    query = api._client.get_type("ns0:ListMetadataQuery")(type="CustomObject")
    found = {each.fullName: each.fileName for each in api.list_metadata([query])}
    same(found["Candidate__c"], "objects/Candidate__c.object")


@METADATA_CALLS("Salesforce.deploy")
def deploy(world: World) -> None:
    found = _deployed(world.deployer, "Text", checkOnly=True)
    same(found["state"], "Succeeded")
    refused(SalesforceResourceNotFound, world.sf.Gate__c.describe)
    same(_deployed(world.deployer, "Text")["state"], "Succeeded")
    made = world.sf.Gate__c.create({"Name": "Deployed", "Key__c": "k"})["id"]
    same(world.sf.Gate__c.get_by_custom_id("Key__c", "k")["Id"], made)


@METADATA_CALLS("Salesforce.checkDeployStatus")
def check_deploy_status(world: World) -> None:
    found = _deployed(world.deployer, "Txet", rollbackOnError=True)
    detail = found["deployment_detail"]
    same((found["state"], detail["failed_count"], detail["deployed_count"]), ("Failed", "1", "0"))
    same({(each["file"], each["status"]) for each in detail["errors"]}, {("objects/Gate__c.object", "Error")})
    holds(any("Txet" in each["message"] for each in detail["errors"]), str(detail["errors"]))
    same(found["unit_test_detail"]["total_count"], "0")


@METADATA_CALLS("SfdcMetadataApi.deploy")
def deploy_below(world: World) -> None:
    identifier, state = world.deployer.mdapi.deploy(_packed("Text"), True)
    same((identifier[:3], state), ("0Af", "Queued"))


@METADATA_CALLS("SfdcMetadataApi.check_deploy_status")
def check_below(world: World) -> None:
    identifier, _ = world.deployer.mdapi.deploy(_packed("Text"), True)
    state, _, detail, tests = world.deployer.mdapi.check_deploy_status(identifier)
    same((state, detail["failed_count"], tests["failed_count"]), ("Succeeded", "0", "0"))


def _retrieving(world: World) -> str:
    """The id of a retrieval of one object; the first argument is only a part of the address."""
    identifier, _ = world.deployer.mdapi.retrieve("start", unpackaged={"CustomObject": ["Candidate__c"]})
    return str(identifier)


@METADATA_CALLS("SfdcMetadataApi.retrieve")
def retrieve(world: World) -> None:
    same(_retrieving(world)[:3], "09S")


@METADATA_CALLS("SfdcMetadataApi.check_retrieve_status")
def check_retrieve_status(world: World) -> None:
    same(world.deployer.mdapi.check_retrieve_status(_retrieving(world)), ("Succeeded", None, []))


@METADATA_CALLS("SfdcMetadataApi.retrieve_retrieve_result")
def retrieve_result(world: World) -> None:
    found = world.deployer.mdapi.retrieve_retrieve_result(_retrieving(world), "false")
    same(found.findtext("{http://soap.sforce.com/2006/04/metadata}done"), "true")


@METADATA_CALLS("SfdcMetadataApi.retrieve_zip")
def retrieve_zip(world: World) -> None:
    state, _, _, content = world.deployer.mdapi.retrieve_zip(_retrieving(world))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {each.rpartition("unpackaged/")[2] for each in archive.namelist()}
    same((state, names), ("Succeeded", {"package.xml", "objects/Candidate__c.object"}))
