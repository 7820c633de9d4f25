"""Public methods of simple-salesforce that are not called, each with the reason."""

_BULK1 = "Bulk API 1.0 is not part of the embedded org; Bulk API 2.0 is"
_BULK1_CALLS = "delete hard_delete insert query query_all submit_dml update upsert worker"
_CRUD = "metadata comes into the embedded org by deployment alone"
_CRUD_CALLS = "create delete describe read rename update upsert"

OUT_OF_SCOPE = {
    "Salesforce.apexecute": "there is no Apex in the product, and none in the embedded org",
    "SFType.describe_layout": "page layouts are drawn by Lightning alone; the embedded org does not serve them",
    "SfdcMetadataApi.download_unit_test_logs": "there are no Apex tests; it prints what checkDeployStatus returns",
    "SFBulkHandler.submit_dml": _BULK1,
    **{f"SFBulkType.{name}": _BULK1 for name in _BULK1_CALLS.split()},
    **{f"MetadataType.{name}": _CRUD for name in _CRUD_CALLS.split()},
}
