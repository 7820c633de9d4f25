"""The gate of simple-salesforce looks at the whole library: what is not tried is left out knowingly."""

import inspect

import pytest
import simple_salesforce
from simple_salesforce import api, bulk, bulk2, metadata

from integration.local.fidelity import simple_salesforce as gate

METHODS = {
    "Salesforce": api.Salesforce,
    "SFType": api.SFType,
    "SFBulk2Type": bulk2.SFBulk2Type,
    "Bulk2Client": bulk2._Bulk2Client,
    "SFBulkHandler": bulk.SFBulkHandler,
    "SFBulkType": bulk.SFBulkType,
    "SfdcMetadataApi": metadata.SfdcMetadataApi,
    "MetadataType": metadata.MetadataType,
}
INSIDE = {
    "Bulk2Client.filter_null_bytes",  # no call to the org
    "Bulk2Client.download_job_data",  # below SFBulk2Type.download
    "Bulk2Client.get_ingest_results",  # below get_failed_records
    "Bulk2Client.download_ingest_results",  # below get_failed_records to a file
    "SfdcMetadataApi.get_component_error_count",  # no call to the org
    "SalesforceError",  # what the others are made from
    "SFType",
    "SFBulkHandler",
}


def public_methods():
    for name, kind in METHODS.items():
        for member, value in vars(kind).items():
            if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property | staticmethod)):
                yield f"{name}.{member}"


def public_names():
    return {name for name, value in vars(simple_salesforce).items() if callable(value) and not name.startswith("_")}


def tried():
    return set().union(*(calls.names() for calls in (*gate.CALLS, gate.TLS)))


@pytest.mark.parametrize("name", [*public_methods(), *public_names()])
def test_everything_public_is_tried_or_left_out_knowingly(name):
    assert name in tried() | set(gate.OUT_OF_SCOPE) | INSIDE


def test_nothing_is_listed_that_the_library_does_not_have():
    known = {*public_methods(), *public_names()}
    assert (tried() | set(gate.OUT_OF_SCOPE)) - known == set()
    assert tried() & set(gate.OUT_OF_SCOPE) == set()
