"""What speaks for a machine in one request alone: how it asks, who it says it is, where it comes from, how soon."""

from dataclasses import dataclass, field

from integration.model.event import Event, Kind
from integration.model.verdict.agents import AgentKind, agent_of
from integration.model.verdict.networks import place_of

AT_ONCE = {Kind.CLICK: 4.0, Kind.OPEN: 2.0, Kind.VISIT: 4.0}
"""Seconds after delivery before which no person can have done it."""
SOON = 6.0
"""Before this, hardly anybody has."""
SCANNING = 600.0
"""Seconds after delivery in which gateways scan: measured, 95 of 100 of their bursts begin within five minutes."""
HIDDEN = frozenset({"hidden", "honeypot", "trap"})
"""The number of the link that nobody can see."""
_BEARABLE = 86_400.0
"""A time that lies further before the delivery comes from a wrong clock, and proves nothing."""


@dataclass
class Evidence:
    """Any of `machine` settles it; so do two of the others; one doubt leaves it open, one hint alone says nothing."""

    machine: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    """Neither for nor against: a proxy stands between."""

    @property
    def gave_itself_away(self) -> bool:
        """By what it asked or called itself, so that whatever the same visitor does is a machine's."""
        return any(reason.startswith(_TELLING) for reason in self.machine)


_TELLING = ("asked", "fetched ahead", "followed", "calls itself")


def of_request(event: Event, lag: float | None, *, names_browsers: bool) -> Evidence:
    """`names_browsers`: whether this source tells browsers at all; if not, a missing one means nothing."""
    found = Evidence()
    _by_method(event, found)
    _by_agent(event, found, names_browsers=names_browsers)
    _by_network(event, found)
    _by_time(event, lag, found)
    return found


def _by_method(event: Event, found: Evidence) -> None:
    method = event.method.upper()
    if method in {"HEAD", "OPTIONS"}:
        found.machine.append("asked for headers only")
    headers = event.headers.lower()
    if "prefetch" in headers or "preview" in headers or "prerender" in headers:
        found.machine.append("fetched ahead of anybody's wish")
    elif event.kind is not Kind.OPEN and headers and "language" not in headers and "fetch" not in headers:
        found.hints.append("sent none of the headers that browsers send")
    if event.link.lower() in HIDDEN:
        found.machine.append("followed the link that people cannot see")


def _by_agent(event: Event, found: Evidence, *, names_browsers: bool) -> None:
    if not event.user_agent.strip():
        if names_browsers:
            found.machine.append("named no browser")
        return
    kind, name = agent_of(event.user_agent)
    is_open = event.kind is Kind.OPEN
    if kind is AgentKind.MACHINE:
        found.machine.append(f"calls itself {name}")
    elif kind is AgentKind.APPLE:
        found.machine.append("Apple's privacy protection fetches pictures unread" if is_open else "named no browser")
    elif kind is AgentKind.PROXY:
        (found.unclear if is_open else found.machine).append(f"fetched by the picture proxy of {name}")
    elif kind is AgentKind.PROGRAM and not is_open:
        found.unclear.append(f"{name} looks at links before the browser does")
    elif kind is AgentKind.STRANGE:
        (found.unclear if is_open else found.machine).append("its browser is none that people use")
    elif kind is AgentKind.OLD:
        found.doubts.append("its browser is many years old")


def _by_network(event: Event, found: Evidence) -> None:
    place = place_of(event.network) if event.network else None
    if place and place.kind == "gateway":
        found.machine.append(f"came from {place.owner}'s mail filter")
    elif place and place.kind == "cloud":
        found.doubts.append(f"came from a data centre ({place.owner})")


def _by_time(event: Event, lag: float | None, found: Evidence) -> None:
    if lag is None or lag < -_BEARABLE:
        return
    if lag < 0:
        found.machine.append("came before the mail was delivered")
    elif lag < AT_ONCE[event.kind]:
        found.machine.append(f"came {lag:.1f} s after delivery, sooner than a person could")
    elif lag < SOON:
        (found.unclear if event.kind is Kind.OPEN and lag < AT_ONCE[Kind.CLICK] else found.hints).append(
            "came within seconds of delivery"
        )
