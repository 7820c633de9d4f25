"""Whose network a request came from, where that says something."""

from functools import cache, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from integration.model.verdict.agents import lines


class Place(NamedTuple):
    kind: str = ""
    """`gateway`, `cloud`, or blank: nothing is known of it."""
    owner: str = ""


_NOWHERE = Place()


@lru_cache(20_000)
def place_of(network: str) -> Place:
    """Of a network as the tracker keeps it, or of a full address."""
    try:
        given = ip_network(network, strict=False)
    except ValueError:
        return _NOWHERE
    for known, place in _known():
        if known.version == given.version and given.subnet_of(known):  # type: ignore[arg-type]  # same version
            return place
    return _NOWHERE


@lru_cache(20_000)
def coarse(network: str) -> str:
    """A full address cut to /24 or /48 as the tracker cuts it; what is no address stays as it is."""
    try:
        given = ip_network(network, strict=False)
    except ValueError:
        return network
    most = 24 if given.version == 4 else 48
    return str(given.supernet(new_prefix=most)) if given.prefixlen > most else str(given)


@cache
def _known() -> list[tuple[IPv4Network | IPv6Network, Place]]:
    table = [line.split(" | ") for line in lines("networks.txt")]
    return [(ip_network(network), Place(kind, owner)) for kind, owner, network in table]
