"""simple-salesforce just as it comes, at the org's https address, told to trust its certificate."""

from typing import Any

import requests
from simple_salesforce.api import Salesforce

from integration.local.fidelity._calls import Calls, same
from integration.local.fidelity._org import ServedOrg

TLS: Calls[ServedOrg] = Calls()


@TLS("Salesforce (over https)")
def over_https(org: ServedOrg) -> None:
    session = requests.Session()
    session.trust_env = False  # REQUESTS_CA_BUNDLE would win over `verify`
    session.verify = str(org.certificate)
    sf: Any = Salesforce(instance_url=org.url, session_id=org.token, session=session)
    same(sf.query("SELECT Name FROM Organization")["records"][0]["Name"], "Warmbench Local")
    rows = [{"Name": f"Secure {number}"} for number in range(300)]
    same(sf.bulk2.Tag__c.insert(records=rows, wait=0.05)[0]["numberRecordsProcessed"], 300)
