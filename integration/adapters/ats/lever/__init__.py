"""Lever: the public postings for jobs and applications, the Data API for changes and for who has not applied.

Entries of a connection's secret, each optional; a part whose entries are missing is switched off:
`site` (the name in jobs.lever.co/<site>: jobs) · `api_key` (changes, and looking up what was handed over) ·
`postings_key` (applications, with `site`) · `perform_as` (a Lever user's id, in whose name people without a job are
made) · `region` (`eu` for accounts of jobs.eu.lever.co) · `mails` (`yes`: Lever thanks applicants, too).
Addresses: `postings_url`, `api_url`.
"""

from typing import TYPE_CHECKING

from integration.adapters.ats.lever.api import Api
from integration.adapters.ats.lever.changes import Changes
from integration.adapters.ats.lever.hooks import Hooks
from integration.adapters.ats.lever.intake import Intake
from integration.adapters.ats.lever.site import Site
from integration.errors import Rejected
from integration.ports import Ats

if TYPE_CHECKING:
    from integration.adapters.ats import Access

SYSTEM = "Lever"
_HOSTS = {"": "https://api.lever.co", "eu": "https://api.eu.lever.co"}


def lever(access: "Access") -> Ats:
    """The parts that the secret has entries for; raises Rejected for one without any."""
    secret = access.secret
    host = _HOSTS.get(secret.get("region", "").strip().lower())
    if host is None:
        raise Rejected(
            "The connection's secret names a region that Lever does not have. Ask your operator to write eu or to take "
            "region out.",
            field="Secret name",
            value=secret["region"],
        )
    if not secret.get("site") and not secret.get("api_key"):
        raise Rejected(
            "The connection's secret has neither site nor api_key. Ask your operator to add them.", field="Secret name"
        )
    calls = access.calls(SYSTEM)
    site = changes = intake = None
    if secret.get("site"):
        site = Site(calls, access.url("postings", f"{host}/v0/postings"), secret["site"])
    if secret.get("api_key"):
        api = Api(calls, access.url("api", f"{host}/v1"), secret["api_key"])
        changes = Changes(api, access.clock)
        if (site is not None and secret.get("postings_key")) or secret.get("perform_as"):
            intake = Intake(api, changes, secret, site=site.address if site is not None else "")
    return Ats(jobs=site, changes=changes, intake=intake, hints=Hooks())
