"""Stock simple-salesforce at a plain http address: it writes https:// and the hosts of Salesforce into every call."""

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from integration.local import certificate
from integration.local.fidelity._org import ServedOrg
from integration.local.org.serve import METADATA

_TAGS = 2_300


class ToTheOrg(HTTPAdapter):
    """Sends every request to the org, whatever scheme and host it names."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._target = urlsplit(url)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.url = urlunsplit(parts._replace(scheme=self._target.scheme, netloc=self._target.netloc))
        return super().send(request, *args, **kwargs)


@dataclass(frozen=True)
class World:
    """An org and two ways in: as its admin with a token, and as the service with the secret of its client."""

    org: ServedOrg
    folder: Path
    key_file: Path
    session: requests.Session
    sf: Any
    """A Salesforce; its types cannot tell an object of the org from `bulk2`."""
    service: Any

    @classmethod
    def of(cls, org: ServedOrg, folder: Path, key_file: Path) -> "World":
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", ToTheOrg(org.url))
        admin = Salesforce(instance_url=org.url, session_id=org.token, session=session, version="62.0")
        service = Salesforce(
            consumer_key=org.client_id,
            consumer_secret=org.client_secret,
            domain="warmbench.my",
            session=session,
            version="62.0",
        )
        return cls(org, folder, key_file, session, admin, service)

    def login(self, **how: Any) -> Any:
        """A client of its own that logs in so."""
        return Salesforce(session=self.session, version="62.0", **how)

    @cached_property
    def deployer(self) -> Any:
        """An admin's client for the Metadata API alone: from then on it calls everything it sends text/xml."""
        sf = self.login(session_id=self.org.token, instance_url=self.org.url)
        sf.mdapi._client.transport.session.mount("https://", ToTheOrg(self.org.url))
        return sf

    @cached_property
    def tags(self) -> int:
        """So many tags `page-0000`, `page-0001` … are there: more than a page of a query holds."""
        rows = [{"Key__c": f"page-{number:04}", "Name": f"Page {number:04}"} for number in range(_TAGS)]
        self.sf.bulk2.Tag__c.upsert(records=rows, external_id_field="Key__c", wait=0.05)
        return _TAGS

    def candidate(self, key: str, **values: Any) -> str:
        """The id of a new candidate with that key."""
        made = self.sf.Candidate__c.create({"Candidate_Key__c": key, "Last_Name__c": "Byrne", **values})
        return str(made["id"])


def metadata(folder: Path) -> Path:
    """The product's, but that two candidates may share an ATS id: no external id of its own may be shared."""
    copied = folder / "metadata"
    shutil.copytree(METADATA, copied)
    file = copied / "objects" / "Candidate__c" / "fields" / "ATS_Id__c.field-meta.xml"
    file.write_text(file.read_text().replace("<unique>true</unique>", "<unique>false</unique>"))
    return copied


def service_certificate(folder: Path) -> tuple[Path, Path]:
    """Files of a private key and its certificate for signed assertions."""
    files = folder / "service.key", folder / "service.crt"
    certificate.ensure(*files, "service")
    return files
