"""Where a visitor came from when no tag of ours says so: a table of engines by host; what it does not know is kept."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_TABLE = Path(__file__).with_name("engines.txt")
LONGEST_HOST = 100


@dataclass(frozen=True)
class Origin:
    """What brought a visitor."""

    kind: str
    """A word of Channel__c.Kind__c; empty for a site that the table does not know."""
    key: str
    """The engine's key, which is the key of its channel where there is one; of an unknown site its host."""
    name: str


DIRECT = Origin("Direct", "direct", "Direct")


def origin_of(url: str, referrer: str, own_host: str) -> Origin:
    """A utm_source tag wins, then the referrer, else it is a direct visit. Our own pages are no referrer."""
    tagged = parse_qs(urlsplit(url).query).get("utm_source", [""])[0].strip().lower()[:LONGEST_HOST]
    if tagged:
        return _by_key(tagged)
    host = foreign_host(referrer, own_host)
    return of_host(host) if host else DIRECT


def foreign_host(referrer: str, own_host: str) -> str:
    """The host of a referrer that is not our own, as it may be kept: no path, no query. Empty when there is none."""
    try:
        parts = urlsplit(referrer.strip())
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "android-app") or not host or host == own_host.lower():
        return ""
    return host[:LONGEST_HOST]


def of_host(host: str) -> Origin:
    """The engine of a host, or the host itself."""
    exact, countries = _engines()
    labels = host.lower().split(".")
    for start in range(len(labels)):
        if found := exact.get(".".join(labels[start:])):
            return found
    for start, label in enumerate(labels[:-1]):
        # google.com, google.ie and google.co.uk; google.evil.example is another's.
        if label in countries and len(labels) - start <= 3 and all(len(each) <= 3 for each in labels[start + 1 :]):
            return countries[label]
    return Origin("", host, host)


def _by_key(tag: str) -> Origin:
    exact, countries = _engines()
    known = {found.key: found for found in (*exact.values(), *countries.values())}
    return known.get(tag) or (of_host(tag) if "." in tag else Origin("", tag, tag))


@cache
def _engines() -> tuple[dict[str, Origin], dict[str, Origin]]:
    """(host -> engine, first label of hosts of many countries -> engine)."""
    exact, countries = {}, {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        host, key, name, kind = line.split("\t")
        if host.endswith(".*"):
            countries[host.removesuffix(".*")] = Origin(kind, key, name)
        else:
            exact[host.removeprefix(".")] = Origin(kind, key, name)
    return exact, countries
