"""Two labelled corpora of opens and clicks: the one the rules were tried on, and one held out."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integration.bench._crowd import CHROME, IPHONE, MACHINES, PEOPLE, Line, Mail, World, house_gateway

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.4 Safari/605.1.15"  # noqa: E501
_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
_PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36"
)
_HOUSES = 12
"""Mails of a firm behind one filter, in each batch that it receives at once."""


def tried() -> World:
    """Seen while the rules were written."""
    return World(
        random.Random(11),  # noqa: S311
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        browsers=[CHROME.format(133), IPHONE.format(18, 18), _MAC.format(17), _FIREFOX.format(135), _PHONE.format(132)],
        spoofed=[CHROME.format(120), _FIREFOX.format(121)],
        named=["Barracuda Sentinel (EE)", "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "python-requests/2.31.0",
               "Mozilla/5.0 (Windows NT 10.0) HeadlessChrome/119.0", "Mimecast-LinkScan/2"],
        scanner_networks=["198.51.100.0/24", "52.30.10.0/24", "20.40.1.0/24"],
        links=(4, 9),
        gaps=(1.0, 3.5),
    )  # fmt: skip


def held_out() -> World:
    """Other browsers, names, networks and paces; mails with fewer links."""
    return World(
        random.Random(4711),  # noqa: S311
        datetime(2026, 9, 14, 6, 30, tzinfo=UTC),
        browsers=[CHROME.format(141) + " Edg/141.0.0.0", _PHONE.format(139), IPHONE.format(26, 26), _MAC.format(26),
                  _FIREFOX.format(143), "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
                  " (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.31"],
        spoofed=[CHROME.format(138), CHROME.format(99), _MAC.format(15), CHROME.format(141) + " Edg/141.0.0.0"],
        named=["AcmeMailGuard/4.1 (link verification)", "Cisco Secure Email URL Scanner", "Go-http-client/2.0",
               "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "WhatsApp/2.24.1 A", "Sophos-UTM/9",
               "TMES Link Inspection", "SafeLinks/1.0 (Microsoft)", "Java/17.0.2", "NimbusMailFilter 2.0"],
        scanner_networks=["198.18.7.0/24", "34.90.2.0/24", "2603:1020:5::/48", "3.121.4.0/24"],
        links=(2, 14),
        gaps=(0.8, 6.0),
    )  # fmt: skip


def lines(world: World, mails: int) -> Iterator[Line]:
    """The events of so many mails, in the order in which they happened."""
    table = {**PEOPLE, **MACHINES}
    personas = world.chance.choices(list(table), weights=list(table.values()), k=mails)
    collected: list[Line] = []
    for number, persona in enumerate(personas):
        mail = Mail(world, f"K{number}", world.start + timedelta(seconds=number * 0.4))
        persona(mail)
        collected += mail.lines
    for batch in range(max(1, mails // 500)):
        for number in range(_HOUSES):
            at = world.start + timedelta(seconds=batch * 200 + number * 0.5)
            mail = Mail(world, f"H{batch}-{number}", at)
            house_gateway(mail)
            collected += mail.lines
    return iter(sorted(collected, key=lambda line: (line["at"], line["id"])))


def write(world: World, mails: int, path: Path) -> None:
    """The corpus as a file for `warmbench judge`."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines(world, mails))
