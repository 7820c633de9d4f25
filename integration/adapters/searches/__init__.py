"""Outside sources of a prospect search: one file each. `connect` makes the one of a name, for one search.

The service's secret for searches is flat JSON, every entry optional: github, stack_exchange, orcid, openalex,
people_data_labs (keys); people_data_labs_monthly_cap; directory_url; ldap_url, ldap_base, ldap_user, ldap_password,
ldap_ca.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from integration.adapters.searches.addresses import Origin, origin_of
from integration.adapters.searches.edge import Answer, Edge, Pause
from integration.adapters.searches.turns import Turns
from integration.errors import Rejected, shortened
from integration.model.vocabulary import SearchSource
from integration.ports import Clock, Files, ProspectSource, Table

MONTHLY_CAP = 1_000


@dataclass(frozen=True)
class Access:
    """What the sources are reached with."""

    clock: Clock
    pace: Table
    kept: Files
    secret: Mapping[str, str] = field(default_factory=dict)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Name of a source in lower case with underscores -> address, where it is not the public one."""
    private_hosts: tuple[str, ...] = ()
    """`host:port` inside a private network that the operator lets searches read."""
    contact: str = ""
    """Who we are: an e-mail or web address that sources can turn to."""
    rate: float = 1.0
    """Multiplies the published rates."""
    sleep: Callable[[float], None] = time.sleep

    def edge(self, source: str, pause: Pause = lambda answer: None) -> Edge:
        turns = Turns(self.pace, self.clock, source, factor=self.rate, sleep=self.sleep)
        return Edge(source, turns, self.clock, agent=self.agent, trusted=self.trusted, pause=pause)

    @property
    def agent(self) -> str:
        return f"Warmbench/1.0 (+{self.contact})" if self.contact else "Warmbench/1.0"

    @property
    def trusted(self) -> frozenset[Origin]:
        """Where the operator's own settings lead."""
        named = [origin_of(url) for url in self.endpoints.values() if url]
        return frozenset([*named, *(origin_of(f"//{host}") for host in self.private_hosts)])

    @property
    def mail_contact(self) -> str:
        return self.contact if "@" in self.contact and not urlsplit(self.contact).scheme else ""


def connect(name: str, access: Access) -> ProspectSource:
    """The source of this name; raises Rejected when there is none. One object serves one search."""
    makers = {
        SearchSource.GITHUB: _github,
        SearchSource.STACK_EXCHANGE: _stack_exchange,
        SearchSource.ORCID: _orcid,
        SearchSource.OPENALEX: _openalex,
        SearchSource.PEOPLE_DATA_LABS: _people_data_labs,
        SearchSource.LDAP: _ldap,
    }
    maker = next((make for source, make in makers.items() if source == name), None)
    if maker is None:
        raise Rejected(f"{shortened(name)} is no source of searches.", field="source", value=shortened(name))
    return maker(access)


def _endpoint(access: Access, name: str, public: str) -> str:
    return access.endpoints.get(name) or public


def _github(access: Access) -> ProspectSource:
    from integration.adapters.searches import github

    def pause(answer: Answer) -> float | None:
        return github.pause(answer, access.clock.now().timestamp())

    edge = access.edge(SearchSource.GITHUB, pause)
    endpoint = _endpoint(access, "github", github.ENDPOINT)
    return github.GitHub(edge, endpoint=endpoint, token=access.secret.get("github", ""))


def _stack_exchange(access: Access) -> ProspectSource:
    from integration.adapters.searches import stack_exchange

    edge = access.edge(SearchSource.STACK_EXCHANGE, stack_exchange.pause)
    endpoint = _endpoint(access, "stack_exchange", stack_exchange.ENDPOINT)
    return stack_exchange.StackExchange(edge, endpoint=endpoint, key=access.secret.get("stack_exchange", ""))


def _orcid(access: Access) -> ProspectSource:
    from integration.adapters.searches import orcid

    endpoint = _endpoint(access, "orcid", orcid.ENDPOINT)
    return orcid.Orcid(access.edge(SearchSource.ORCID), endpoint=endpoint, token=access.secret.get("orcid", ""))


def _openalex(access: Access) -> ProspectSource:
    from integration.adapters.searches import openalex

    return openalex.OpenAlex(
        access.edge(SearchSource.OPENALEX),
        endpoint=_endpoint(access, "openalex", openalex.ENDPOINT),
        contact=access.mail_contact,
        key=access.secret.get("openalex", ""),
    )


def _people_data_labs(access: Access) -> ProspectSource:
    from integration.adapters.searches import people_data_labs

    cap = access.secret.get("people_data_labs_monthly_cap", "")
    return people_data_labs.PeopleDataLabs(
        access.edge(SearchSource.PEOPLE_DATA_LABS),
        access.kept,
        endpoint=_endpoint(access, "people_data_labs", people_data_labs.ENDPOINT),
        key=access.secret.get("people_data_labs", ""),
        monthly_cap=int(cap) if cap.isdecimal() else MONTHLY_CAP,
    )


def _ldap(access: Access) -> ProspectSource:
    from integration.adapters.searches import ldap

    return ldap.LdapDirectory(access.clock, access.secret)
