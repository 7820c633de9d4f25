"""What a request's browser says of itself: the lists of crawlers and of mail gateways, and how old a browser is."""

import re
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_KEPT = 20_000
"""Different browsers whose reading is remembered: a campaign meets some thousands."""


class AgentKind(StrEnum):
    PERSON = "person"
    """A browser as people have it, or nothing that speaks against one."""
    PROGRAM = "program"
    APP = "app"
    APPLE = "apple"
    PROXY = "proxy"
    MACHINE = "machine"
    OLD = "old"
    """A browser that nobody has used for years; scanners do not keep their disguise up to date."""
    STRANGE = "strange"
    """No browser that people have: theirs begin with Mozilla."""


class Agent(NamedTuple):
    kind: AgentKind
    name: str = ""


@lru_cache(_KEPT)
def agent_of(user_agent: str) -> Agent:
    """Our own lines first: they name more exactly, and spare mail programs that lists of crawlers may know."""
    for agent, pattern in _own():
        if pattern.search(user_agent):
            return agent
    if found := _crawlers().search(user_agent):
        return Agent(AgentKind.MACHINE, found.group(0).strip())
    if not user_agent.startswith(("Mozilla/", "Opera/")):
        return Agent(AgentKind.STRANGE, user_agent[:40])
    return Agent(AgentKind.OLD) if _is_old(user_agent) else Agent(AgentKind.PERSON)


def lines(name: str) -> list[str]:
    """The lines of one of the lists beside this file."""
    text = (_HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _own() -> list[tuple[Agent, re.Pattern[str]]]:
    table = [line.split(" | ", 2) for line in lines("gateways.txt")]
    return [(Agent(AgentKind(kind), who), re.compile(pattern, re.IGNORECASE)) for kind, who, pattern in table]


@cache
def _crawlers() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in lines("crawlers.txt")))


_VERSIONS = (
    (re.compile(r"Edge/1\d\."), 0),
    (re.compile(r"MSIE (\d+)|Trident/(\d+)"), 99),
    (re.compile(r"Firefox/(\d+)"), 68),
    (re.compile(r"(?:Chrome|CriOS)/(\d+)"), 72),
)
"""Below these versions a browser is old: the last that their makers gave to systems of before 2019."""


def _is_old(user_agent: str) -> bool:
    for pattern, oldest in _VERSIONS:
        if found := pattern.search(user_agent):
            return not oldest or int(next((group for group in found.groups() if group), "0")) < oldest
    return False
