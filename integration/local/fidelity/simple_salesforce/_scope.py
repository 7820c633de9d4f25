"""Public methods of simple-salesforce that are not called, each with the reason."""

_BULK1 = "Bulk API 1.0 is not part of the embedded org; Bulk API 2.0 is"
_METADATA = (
    "the library calls the Metadata API with a SOAP client of its own that cannot be led to a local http address"
)
_APEX = "there is no Apex in the product, and none in the embedded org"

OUT_OF_SCOPE = {
    "Salesforce.apexecute": _APEX,
    "Salesforce.mdapi": _METADATA,
    "Salesforce.deploy": _METADATA,
    "Salesforce.checkDeployStatus": _METADATA,
    "SFType.describe_layout": "page layouts are drawn by Lightning alone; the embedded org does not serve them",
    **dict.fromkeys(
        (
            f"SFBulkType.{name}"
            for name in ("insert", "update", "upsert", "delete", "hard_delete", "query", "query_all", "submit_dml")
        ),
        _BULK1,
    ),
    "SFBulkHandler.submit_dml": _BULK1,
    "SFBulkType.worker": _BULK1,
}
