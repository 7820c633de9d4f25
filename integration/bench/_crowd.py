"""Made-up people and machines who receive a campaign's mails: what each does, with the right answer beside it.

`World` draws the facts that change between the corpus the rules were tried on and the one held out: browsers, networks,
paces, how many links a mail has.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Line = dict[str, Any]

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {}_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.5 Mobile/15E148 Safari/604.1"  # noqa: E501
MAC_MAIL = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
OUTLOOK = (
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.5197; ms-office)"
)


@dataclass
class World:
    """One corpus."""

    chance: random.Random
    start: datetime
    browsers: list[str]
    spoofed: list[str]
    """What scanners with a disguise call themselves."""
    named: list[str]
    """What scanners without one call themselves."""
    scanner_networks: list[str]
    links: tuple[int, int]
    gaps: tuple[float, float]
    """Seconds between two links of a scanner that takes its time."""
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))

    def network(self) -> str:
        """A household's."""
        if self.chance.random() < 0.25:
            return f"2a02:{self.chance.randrange(0x1000, 0xFFFF):x}:{self.chance.randrange(0xFFFF):x}::/48"
        return f"{self.chance.choice([78, 81, 86, 92, 109, 176, 188])}.{self.chance.randrange(256)}.{self.chance.randrange(256)}.0/24"  # noqa: E501


class Mail:
    """One mail to one person; collects the lines."""

    def __init__(self, world: World, candidate: str, at: datetime) -> None:
        self.world, self.candidate, self.delivered = world, candidate, at
        self.links = [f"{number:010x}" for number in range(world.chance.randint(*world.links))]
        self.lines: list[Line] = []
        self._add("send", -world.chance.uniform(0.5, 3), "")
        self._add("delivery", 0, "")

    def _add(self, kind: str, after: float, label: str, **values: Any) -> None:
        at = self.delivered + timedelta(seconds=after)
        line = {"id": f"e{next(self.world.numbers)}", "kind": kind, "at": at.isoformat(timespec="milliseconds")}
        line |= {"campaign": "C1", "step": "S1", "version": "1", "candidate": self.candidate, **values}
        self.lines.append({**line, "label": label} if label else line)

    def opened(self, after: float, label: str, agent: str, network: str, method: str = "GET") -> None:
        self._add("open", after, label, user_agent=agent, network=network, method=method)

    def clicked(self, after: float, label: str, agent: str, network: str, link: str = "", method: str = "GET") -> None:
        link = link or self.world.chance.choice(self.links)
        self._add("click", after, label, user_agent=agent, network=network, link=link, method=method)


Persona = Callable[[Mail], None]


def reader(mail: Mail) -> None:
    """Opens when there is time, often clicks."""
    chance, agent, home = mail.world.chance, mail.world.chance.choice(mail.world.browsers), mail.world.network()
    after = chance.expovariate(1 / 14_000) + 25
    mail.opened(after, "human", chance.choice([agent, OUTLOOK, MAC_MAIL]), home)
    if chance.random() < 0.7:
        mail.clicked(after + chance.uniform(4, 120), "human", agent, home)


def quick_reader(mail: Mail) -> None:
    """The phone was in the hand."""
    chance, agent, home = mail.world.chance, mail.world.chance.choice(mail.world.browsers), mail.world.network()
    mail.opened(chance.uniform(5.2, 7), "human", agent, home)
    mail.clicked(chance.uniform(7.5, 30), "human", agent, home)


def without_pictures(mail: Mail) -> None:
    """Pictures are blocked: a click out of nothing, at the very time at which scanners come."""
    chance = mail.world.chance
    mail.clicked(chance.uniform(15, 400), "human", chance.choice(mail.world.browsers), mail.world.network())


def two_links(mail: Mail) -> None:
    chance, agent, home = mail.world.chance, mail.world.chance.choice(mail.world.browsers), mail.world.network()
    after = chance.uniform(40, 20_000)
    mail.opened(after, "human", agent, home)
    for link in chance.sample(mail.links, min(len(mail.links), chance.randint(2, 3))):
        after += chance.uniform(5, 60)
        mail.clicked(after, "human", agent, home, link)


def impatient(mail: Mail) -> None:
    """Clicks twice, because the page is slow."""
    chance, agent, home = mail.world.chance, mail.world.chance.choice(mail.world.browsers), mail.world.network()
    after, link = chance.uniform(60, 9_000), chance.choice(mail.links)
    mail.clicked(after, "human", agent, home, link)
    mail.clicked(after + chance.uniform(0.2, 1.5), "human", agent, home, link)


def forwarder(mail: Mail) -> None:
    """A friend reads it, too, elsewhere and later."""
    reader(mail)
    friend, place = mail.world.chance.choice(mail.world.browsers), mail.world.network()
    after = mail.world.chance.uniform(20_000, 90_000)
    mail.opened(after, "human", friend, place)
    mail.clicked(after + mail.world.chance.uniform(5, 60), "human", friend, place)


def gmail_reader(mail: Mail) -> None:
    chance, agent, home = mail.world.chance, mail.world.chance.choice(mail.world.browsers), mail.world.network()
    after = chance.uniform(60, 40_000)
    mail.opened(after, "human", GMAIL, "66.249.84.0/24")
    if chance.random() < 0.5:
        mail.clicked(after + chance.uniform(4, 90), "human", agent, home)


def apple_reader(mail: Mail) -> None:
    """Apple fetches the pictures; the person may click later."""
    chance = mail.world.chance
    mail.opened(chance.uniform(3, 4_000), "machine", "Mozilla/5.0", "104.28.30.0/24")
    if chance.random() < 0.4:
        mail.clicked(chance.uniform(4_100, 30_000), "human", IPHONE.format(18, 18), mail.world.network())


def _start(mail: Mail) -> float:
    """When a scan begins, as measured: 0.5 % in 0-10 s, 66 % in 20-60 s, 28 % in 1-5 min, the rest later."""
    draw = mail.world.chance.random()
    low, high = (0.5, 10) if draw < 0.005 else (20, 60) if draw < 0.67 else (60, 300) if draw < 0.955 else (300, 3_600)
    return mail.world.chance.uniform(low, high)


def burst_scanner(mail: Mail) -> None:
    """All links within a second, looking like a browser."""
    chance = mail.world.chance
    agent, network, after = chance.choice(mail.world.spoofed), mail.world.network(), _start(mail)
    for link in mail.links:
        mail.clicked(after + chance.uniform(0, 1), "machine", agent, network, link)


def opening_scanner(mail: Mail) -> None:
    """Renders the mail, then follows every link."""
    chance = mail.world.chance
    agent, network, after = chance.choice(mail.world.spoofed), mail.world.network(), _start(mail)
    mail.opened(after, "machine", agent, network)
    for number, link in enumerate(mail.links):
        mail.clicked(after + 0.4 + number * 0.3, "machine", agent, network, link)


def slow_scanner(mail: Mail) -> None:
    """One link after the other, unhurried."""
    chance, after = mail.world.chance, _start(mail)
    agent, network = chance.choice(mail.world.spoofed), mail.world.network()
    for link in mail.links:
        mail.clicked(after, "machine", agent, network, link)
        after += chance.uniform(*mail.world.gaps)


def named_scanner(mail: Mail) -> None:
    """Says who it is; looks at one link or all."""
    chance, after = mail.world.chance, _start(mail)
    agent, network = chance.choice(mail.world.named), mail.world.network()
    for link in mail.links[: chance.choice([1, 99])]:
        mail.clicked(after, "machine", agent, network, link)
        after += chance.uniform(0.1, 20)


def head_scanner(mail: Mail) -> None:
    chance, after = mail.world.chance, _start(mail)
    agent, network, link = chance.choice(mail.world.spoofed), mail.world.network(), chance.choice(mail.links)
    mail.clicked(after, "machine", agent, network, link, "HEAD")
    mail.clicked(after + chance.uniform(0.1, 9), "machine", agent, network, link)


def trapped_scanner(mail: Mail) -> None:
    """Takes its time, but cannot see what people cannot see."""
    chance, after = mail.world.chance, _start(mail)
    agent, network = chance.choice(mail.world.spoofed), mail.world.network()
    for link in [*chance.sample(mail.links, min(2, len(mail.links))), "hidden"]:
        mail.clicked(after, "machine", agent, network, link)
        after += chance.uniform(6, 20)


def house_gateway(mail: Mail) -> None:
    """The filter of a firm looks at one link of each mail, always from the same place with the same disguise."""
    mail.clicked(
        43 + mail.world.chance.uniform(0, 0.8), "machine", mail.world.spoofed[0], mail.world.scanner_networks[0]
    )


def lone_scanner(mail: Mail) -> None:
    """One link, a browser of years ago, from a rented server."""
    chance = mail.world.chance
    agent = chance.choice([CHROME.format(58), "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"])
    mail.clicked(_start(mail), "machine", agent, chance.choice(mail.world.scanner_networks[1:]))


def silent_scanner(mail: Mail) -> None:
    """Names no browser."""
    mail.clicked(_start(mail), "machine", "", mail.world.network())


def inline_scanner(mail: Mail) -> None:
    """Looks before it lets the mail in."""
    mail.clicked(-mail.world.chance.uniform(0.5, 40), "machine", mail.world.spoofed[0], mail.world.network())


def scanned_person(mail: Mail) -> None:
    """A gateway first, the person afterwards: each is judged for itself."""
    burst_scanner(mail)
    chance = mail.world.chance
    mail.clicked(chance.uniform(4_000, 40_000), "human", chance.choice(mail.world.browsers), mail.world.network())


PEOPLE: dict[Persona, int] = {
    reader: 30, quick_reader: 6, without_pictures: 10, two_links: 8, impatient: 3, forwarder: 3, gmail_reader: 12,
    apple_reader: 14, scanned_person: 5,
}  # fmt: skip
MACHINES: dict[Persona, int] = {
    burst_scanner: 8, opening_scanner: 6, slow_scanner: 3, named_scanner: 5, head_scanner: 3, trapped_scanner: 2,
    lone_scanner: 2, silent_scanner: 1, inline_scanner: 1,
}  # fmt: skip
