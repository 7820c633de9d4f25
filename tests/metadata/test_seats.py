"""S23: what the seats of Warmbench may do in an org, read from the permission sets as they are deployed."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "sf_metadata" / "main" / "default"
SETS = sorted(SOURCE.glob("permissionsets/*.permissionset-meta.xml"))
SERVICE = SOURCE / "permissionsets/Warmbench_Integration.permissionset-meta.xml"
KNOWN = {
    "Warmbench_Integration": {"ApiEnabled", "BulkApiHardDelete", "EditTask"},
}
"""Rights beyond objects and fields: the service speaks to the API, erases for good, and notes what it did as tasks."""
FORBIDDEN = ("ModifyAllData", "ViewAllData", "ManageUsers", "AuthorApex", "CustomizeApplication", "ViewSetup",
             "ViewAllUsers", "ManageSharing", "PasswordNeverExpires", "ModifyMetadata",
             "AssignPermissionSets")  # fmt: skip


def named(path):
    return path.name.partition(".")[0]


def texts(path, *tags):
    """The text at a path of tags, whatever their namespace."""
    steps = "/".join(f"{{*}}{tag}" for tag in tags)
    return [found.text for found in ET.parse(path).getroot().iterfind(steps)]


def test_S23_there_are_permission_sets_to_look_at():
    assert len(SETS) == 5
    assert SERVICE in SETS


@pytest.mark.parametrize("path", SETS, ids=named)
def test_S23_no_seat_may_see_or_change_all_data(path):
    rights = set(texts(path, "userPermissions", "name"))
    assert rights == KNOWN.get(named(path), set())
    assert not rights & set(FORBIDDEN)


@pytest.mark.parametrize("path", SETS, ids=named)
def test_S23_every_seat_sees_objects_of_ours_and_no_other(path):
    """A field of another object may be named only where it is ours as well."""
    objects = texts(path, "objectPermissions", "object")
    assert objects
    assert [name for name in objects if not name.endswith(("__c", "__e"))] == []
    assert [name for name in objects if not (SOURCE / "objects" / name).is_dir()] == []
    fields = texts(path, "fieldPermissions", "field")
    assert [name for name in fields if not name.endswith("__c")] == []


@pytest.mark.parametrize("path", [path for path in SETS if path != SERVICE], ids=named)
def test_S23_only_the_service_sees_what_was_not_shared(path):
    for right in ("viewAllRecords", "modifyAllRecords"):
        assert set(texts(path, "objectPermissions", right)) <= {"false"}


def test_S23_no_apex_runs_in_the_org():
    """Nothing that would have to say WITH USER_MODE."""
    assert list(SOURCE.rglob("*.cls*")) == list(SOURCE.rglob("*.trigger*")) == []


def test_S23_a_set_that_may_do_everything_would_be_found(tmp_path):
    broken = tmp_path / SERVICE.name
    right = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions></PermissionSet>"
    broken.write_text(SERVICE.read_text().replace("</PermissionSet>", right))
    with pytest.raises(AssertionError):
        test_S23_no_seat_may_see_or_change_all_data(broken)
