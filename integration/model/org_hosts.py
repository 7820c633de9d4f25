"""Where pages of one org stand: its Lightning pages, Visualforce pages and sites, from its My Domain address."""

import re

_MY_DOMAIN = re.compile(
    r"https://(?P<name>[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?)"
    r"(?P<part>\.(?:sandbox|develop|scratch|demo|patch|trailblaze|free|pc))?\.my\.salesforce\.com",
    re.ASCII,
)
_ORIGIN = re.compile(r"https://[a-z0-9.-]{1,250}(?::\d{1,5})?|http://(?:127\.0\.0\.1|localhost)(?::\d{1,5})?", re.ASCII)
_UNMANAGED = "c"
"""Stands for the namespace in the host of Visualforce pages that belong to no package."""


def origins(home: str, namespace: str = "") -> list[str]:
    """Every origin that can show a page of this org and of no other; none for what is no origin.

    `home` is the org's address as sign-in tells it, `https://acme.my.salesforce.com`. A host that is not of that form
    (an org without My Domain, one on this machine) stands for itself alone.
    """
    told = home.lower().rstrip("/")
    found = _MY_DOMAIN.fullmatch(told)
    if found is None:
        return [told] if _ORIGIN.fullmatch(told) else []
    name, part = found["name"], found["part"] or ""
    package = namespace.lower() if re.fullmatch(r"\w{1,15}", namespace, re.ASCII) else _UNMANAGED
    return [
        told,
        f"https://{name}{part}.lightning.force.com",
        f"https://{name}--{package.replace('_', '-')}{part}.vf.force.com",
        f"https://{name}{part}.my.site.com",
    ]
