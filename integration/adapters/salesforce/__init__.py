"""The org: sign-in, retries, error taxonomy, single records, collections, Bulk 2.0 and files, on simple-salesforce.

simple-salesforce 1.12 has no time-outs, loops on an expired session, drops headers when it repeats a call and holds
Bulk results in memory (reliability finding 3); this package keeps its calls and replaces that behaviour.
"""

from integration.adapters.salesforce.faults import SalesforceFault
from integration.adapters.salesforce.org import SalesforceOrg, connect

__all__ = ["SalesforceFault", "SalesforceOrg", "connect"]
