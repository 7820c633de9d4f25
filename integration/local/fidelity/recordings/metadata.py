"""The product's metadata with the custom object that the recordings describe."""

import shutil
from pathlib import Path

from integration.local.places import ROOT

_OBJECT = """<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
    <deploymentStatus>Deployed</deploymentStatus>
    <label>My Custom Object</label>
    <nameField>
        <label>Name</label>
        <type>Text</type>
    </nameField>
    <pluralLabel>My Custom Object</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
</CustomObject>
"""


def metadata_with_recorded_object(folder: Path) -> Path:
    """A copy below `folder`."""
    copy = folder / "metadata"
    shutil.copytree(ROOT / "sf_metadata" / "main" / "default", copy)
    home = copy / "objects" / "Custom__c"
    home.mkdir()
    (home / "Custom__c.object-meta.xml").write_text(_OBJECT)
    return copy
