"""Which hosts may be asked: a name is resolved once, every address of it must be public, and the connection goes there.

The check sits where the socket is opened, so a name that changes its mind between check and use (DNS rebinding), a
redirect and an odd spelling (127.1, 0x7f.1, 2130706433, ::ffff:127.0.0.1) all meet it. What an operator has named
himself (`trusted`) may be private: the stand-ins of a local stack, a directory inside the company's network.
"""

import ipaddress
import socket
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from integration.errors import Rejected, shortened

Origin = tuple[str, int]
"""Host in lower case and port."""
LONGEST_ADDRESS = 2_000
_STANDARD_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # IPv4 through NAT64


def origin_of(url: str) -> Origin:
    """Where an address of the operator's settings leads."""
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or _STANDARD_PORTS.get(parts.scheme, 0)


def checked_url(url: str, *, field: str = "url") -> str:
    """An address that a person gave, when it is one of the web; raises Rejected."""

    def refused(why: str) -> Rejected:
        return Rejected(f"{shortened(url)} cannot be read: {why}.", field=field, value=shortened(url))

    if len(url) > LONGEST_ADDRESS:
        raise refused(f"it is longer than {LONGEST_ADDRESS:,} characters")
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refused("it is no web address") from None
    if parts.scheme not in _STANDARD_PORTS or not host:
        raise refused("give an address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise refused("an address must not hold a user or password; the operator keeps those in the service's secret")
    if port is not None and port < _FIRST_FREE_PORT and port not in _STANDARD_PORTS.values():
        raise refused(f"port {port} is not one of the web")
    return url.strip()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _EMBEDDING:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def resolved(host: str, port: int, trusted: Collection[Origin] = ()) -> list[tuple[int, Any]]:
    """(family, socket address) of a host; raises Rejected when one of them is private and the host is not trusted."""
    found: list[tuple[int, Any]] = [
        (each[0], each[4]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    if (host.lower(), port) not in trusted and not all(is_public(str(place[0])) for _, place in found):
        raise Rejected(
            f"{shortened(host)} lies inside a private network and is not read. Give the address of a public server, or "
            "ask the operator to allow this host for searches.",
            field="url",
            value=shortened(host),
        )
    return found


class CheckedAdapter(HTTPAdapter):
    """Carries the requests of a session; every socket is opened by the rules of `resolved`."""

    def __init__(self, trusted: Collection[Origin] = ()) -> None:
        self._trusted = frozenset(trusted)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _checked_pools(self._trusted)


def session(trusted: Collection[Origin], agent: str) -> requests.Session:
    """A session without cookies kept, proxies or passwords of this machine."""
    made = requests.Session()
    made.trust_env = False
    made.headers["User-Agent"] = agent
    for scheme in _STANDARD_PORTS:
        made.mount(f"{scheme}://", CheckedAdapter(trusted))
    return made


def _checked_pools(trusted: frozenset[Origin]) -> dict[str, Any]:
    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _opened(self, trusted)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _opened(self, trusted)

    return {
        "http": type("CheckedHttpPool", (HTTPConnectionPool,), {"ConnectionCls": Http}),
        "https": type("CheckedHttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": Https}),
    }


def _opened(connection: Any, trusted: frozenset[Origin]) -> socket.socket:
    """A socket to the first address that answers; the certificate is still checked against the name."""
    try:
        places = resolved(connection.host, connection.port, trusted)
    except (socket.gaierror, UnicodeError) as fault:
        raise NameResolutionError(connection.host, connection, fault) from fault  # type: ignore[arg-type]
    last: Exception = OSError("no address")
    for family, place in places:
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(connection.timeout)
            made.connect(place)
        except OSError as fault:
            made.close()
            last = fault
        else:
            return made
    if isinstance(last, TimeoutError):
        raise ConnectTimeoutError(connection, "the connection timed out") from last
    raise NewConnectionError(connection, "no connection could be made") from last
