"""Every public method of simple-salesforce that the product or its users would call, with no product code between.

Each method is one check, or stands in OUT_OF_SCOPE with the reason; a test holds both against the library.
"""

from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity._org import served_org
from integration.local.fidelity.simple_salesforce._bulk2 import BULK2
from integration.local.fidelity.simple_salesforce._login import LOGINS
from integration.local.fidelity.simple_salesforce._metadata import METADATA_CALLS
from integration.local.fidelity.simple_salesforce._org import ORG_CALLS
from integration.local.fidelity.simple_salesforce._queries import QUERIES
from integration.local.fidelity.simple_salesforce._records import RECORDS
from integration.local.fidelity.simple_salesforce._refusals import REFUSALS
from integration.local.fidelity.simple_salesforce._scope import OUT_OF_SCOPE
from integration.local.fidelity.simple_salesforce._tls import TLS
from integration.local.fidelity.simple_salesforce._world import World, metadata, service_certificate

CALLS = (LOGINS, ORG_CALLS, RECORDS, QUERIES, BULK2, METADATA_CALLS, REFUSALS)


def run(folder: Path) -> list[Check]:
    """Against an org of the gate's own over http, then one call over https."""
    key_file, certificate_file = service_certificate(folder)
    options = "--metadata", str(metadata(folder)), "--client-certificate", str(certificate_file)
    with served_org(folder, *options) as org:
        world = World.of(org, folder, key_file)
        found = [check for calls in CALLS for check in calls.run(world)]
    (folder / "tls").mkdir()
    with served_org(folder / "tls", tls=True) as org:
        found += TLS.run(org)
    return found + [Check(name, f"not called: {reason}") for name, reason in OUT_OF_SCOPE.items()]
