"""An LDAP directory of the operator's choice: always encrypted, read in pages, one filter from the translated query.

The connection stands in the service's secret for searches: ldap_url (ldaps://host or ldap://host, which begins with
STARTTLS), ldap_base, ldap_user, ldap_password and, for a certificate authority of the company's own, ldap_ca (PEM).
"""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ldap3 import AUTO_BIND_NONE, NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPInvalidFilterError
from ldap3.operation.search import parse_filter

from integration.adapters.searches.answers import LONGEST, LONGEST_TEXT
from integration.adapters.searches.edge import TIMEOUT
from integration.errors import Rejected, TryAgain, shortened
from integration.model.countries import COUNTRIES
from integration.model.vocabulary import SearchSource
from integration.ports import Clock, Hit, Translation

_NAMES = "cn displayName givenName sn"
_WORK = "mail title department company o ou telephoneNumber mobile description labeledURI"
_PLACE = "l st c co"
ATTRIBUTES = f"{_NAMES} {_WORK} {_PLACE} uid entryUUID".split()
SEARCHABLE = frozenset(name.lower() for name in [*ATTRIBUTES, "objectClass", "employeeType"])
_PAGE = 200
_ENCRYPTED = {"ldaps": 636, "ldap": 389}
_NAMED = re.compile(r"\(\s*([A-Za-z0-9][\w.;-]*)\s*(?:[~<>]?=|:)")
_LEAF = re.compile(r"\((?!\s*[&|!(])")
_BAD_ESCAPE = re.compile(r"\\(?![0-9A-Fa-f]{2})")
_BAD_LOGIN, _NO_SUCH_BASE, _TOO_MANY, _TIME_OVER = 49, 32, 4, 3
_PASSING = {51, 52, 80}
_NOT_ALLOWED = {50, 8, 13, 48, 53}

Connect = Callable[[Mapping[str, str]], Connection]


class LdapDirectory:
    """ports.ProspectSource. `connect` makes the connection, signed in or not yet."""

    def __init__(self, clock: Clock, secret: Mapping[str, str], connect: Connect | None = None) -> None:
        self._clock, self._secret = clock, secret
        self._connect = connect or encrypted
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        wanted = checked_filter(translation.query)
        missing = [name for name in ("ldap_url", "ldap_base") if not self._secret.get(name)]
        if missing:
            raise Rejected(
                f"No LDAP directory is set up. Ask the operator to put {' and '.join(missing)} into the service's "
                "secret for searches, or leave this source out.",
                field="source",
            )
        try:
            connection = self._connect(self._secret)
            try:
                yield from self._found(connection, wanted, limit)
            finally:
                connection.unbind()
        except LDAPException as fault:  # its text may hold the filter and the address
            raise TryAgain(f"The LDAP directory did not answer ({type(fault).__name__})", seconds=60) from None

    def _found(self, connection: Connection, wanted: str, limit: int) -> Iterator[Hit]:
        if not connection.bind():
            raise meaning(connection.result)
        found, cookie = 0, None
        while True:
            connection.search(
                self._secret["ldap_base"],
                wanted,
                SUBTREE,
                attributes=ATTRIBUTES,
                paged_size=min(_PAGE, limit - found),
                paged_cookie=cookie,
                time_limit=int(TIMEOUT[1]),
            )
            now = self._clock.now().isoformat()
            for entry in connection.response or []:
                if entry.get("type") == "searchResEntry" and found < limit:
                    yield hit_of(entry["dn"], entry["attributes"], now)
                    found += 1
            code = connection.result["result"]
            if code in (_TOO_MANY, _TIME_OVER):
                self.notes.append(
                    f"The LDAP directory stopped after {found:,} people by its own limit. Narrow the query."
                )
                return
            if code:
                raise meaning(connection.result)
            cookie = _cookie(connection.result)
            if not cookie or found >= limit:
                return


def encrypted(secret: Mapping[str, str]) -> Connection:
    """A connection whose certificate was checked; raises Rejected for an address that is not one of LDAP."""
    parts = urlsplit(secret["ldap_url"])
    if parts.scheme not in _ENCRYPTED or not parts.hostname:
        raise Rejected(
            f"{shortened(secret['ldap_url'])} is no address of an LDAP directory. Ask the operator to write "
            "ldaps://host or ldap://host into ldap_url.",
            field="source",
        )
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_data=secret.get("ldap_ca") or None, version=ssl.PROTOCOL_TLS_CLIENT)
    server = Server(
        parts.hostname,
        port=parts.port or _ENCRYPTED[parts.scheme],
        use_ssl=parts.scheme == "ldaps",
        tls=tls,
        get_info=NONE,
        connect_timeout=TIMEOUT[0],
    )
    connection = Connection(
        server,
        user=secret.get("ldap_user") or None,
        password=secret.get("ldap_password") or None,
        auto_bind=AUTO_BIND_NONE,
        read_only=True,
        auto_referrals=False,  # a referral names any host
        receive_timeout=TIMEOUT[1],
    )
    if parts.scheme == "ldap" and not connection.start_tls():
        raise Rejected("The LDAP directory refuses encryption (STARTTLS) and is not read. Ask its operator.")
    return connection


def checked_filter(wanted: str) -> str:
    """People that match a filter, when it is one and asks for nothing but what a directory shows of people."""
    named = _NAMED.findall(wanted)
    try:
        if _BAD_ESCAPE.search(wanted) or len(_LEAF.findall(wanted)) != len(named):
            raise ValueError
        parse_filter(wanted or "(cn=*)", None, False, False, None, False)
    except (LDAPInvalidFilterError, LDAPException, IndexError, ValueError, TypeError):
        raise Rejected(
            "The query makes no LDAP filter. Change the query.", field="query", value=shortened(wanted)
        ) from None
    for name in named:
        if name.lower() not in SEARCHABLE:
            raise Rejected(f"The LDAP directory is not searched by {shortened(name)}.", field="query", value=name)
    return f"(&(objectClass=person){wanted})" if wanted else "(objectClass=person)"


def meaning(result: Mapping[str, Any]) -> Exception:
    """A refusal in our words."""
    code, said = int(result["result"]), shortened(str(result.get("description", "")))
    if code == _BAD_LOGIN:
        return Rejected(
            "The LDAP directory does not accept our user. Ask the operator to check ldap_user and ldap_password."
        )
    if code == _NO_SUCH_BASE:
        return Rejected("The LDAP directory has no such branch. Ask the operator to check ldap_base.")
    if code in _NOT_ALLOWED:
        return Rejected(f"The LDAP directory does not let our user search ({said}). Ask its operator.")
    if code in _PASSING:
        return TryAgain(f"The LDAP directory is busy ({said})", seconds=60)
    return Rejected(f"The LDAP directory refuses this query ({said}). Change the query.", field="query")


def hit_of(dn: str, attributes: Mapping[str, Any], seen_at: str) -> Hit:
    """One entry."""

    def all_of(name: str) -> tuple[str, ...]:
        value: Any = next((each for key, each in attributes.items() if key.lower() == name.lower()), [])
        values = value if isinstance(value, list) else [value]
        return tuple(str(each)[:LONGEST].strip() for each in values if isinstance(each, str) and each.strip())

    def one(*names: str) -> str:
        return next((value for name in names for value in all_of(name)), "")

    country = one("c", "co")
    return Hit(
        source=SearchSource.LDAP,
        source_id=one("entryUUID") or dn,
        full_name=one("displayName", "cn"),
        first=one("givenName"),
        last=one("sn"),
        title=one("title"),
        employer=one("company", "o"),
        location=", ".join(part for part in (one("l"), one("st"), one("co")) if part),
        country=country.upper() if len(country) == 2 else COUNTRIES.get(country.casefold(), ""),
        emails=tuple(each for each in all_of("mail") if "@" in each),
        phones=all_of("telephoneNumber") + all_of("mobile"),
        profiles=tuple(each.split()[0] for each in all_of("labeledURI") if re.match(r"https?://", each)),
        text="\n".join(all_of("department") + all_of("ou") + all_of("description"))[:LONGEST_TEXT],
        seen_at=seen_at,
    )


def _cookie(result: Mapping[str, Any]) -> Any:
    control = (result.get("controls") or {}).get("1.2.840.113556.1.4.319") or {}
    return (control.get("value") or {}).get("cookie")
