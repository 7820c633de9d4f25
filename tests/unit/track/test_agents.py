"""The lists of crawlers and gateways against the package they come from, and against browsers that people have."""

import importlib.metadata

import crawleruseragents as crawlers
import pytest

from integration.model.verdict.agents import AgentKind, agent_of, lines
from integration.model.verdict.networks import coarse, place_of


def test_the_list_of_crawlers_is_the_package_s():
    ours, theirs = (
        set(lines("crawlers.txt")),
        {entry["pattern"].replace("\\/", "/") for entry in crawlers.CRAWLER_USER_AGENTS_DATA},
    )
    assert ours == theirs, f"take {importlib.metadata.version('crawler-user-agents')} over into crawlers.txt"


def test_every_crawler_of_the_package_is_told():
    """But for what our own lines know better: picture proxies and the browsers inside apps."""
    missed = {
        agent_of(name).kind
        for entry in crawlers.CRAWLER_USER_AGENTS_DATA
        for name in entry["instances"]
        if agent_of(name).kind not in {AgentKind.MACHINE, AgentKind.PROXY}
    }
    assert missed <= {AgentKind.APP, AgentKind.PROGRAM, AgentKind.APPLE}


BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",  # noqa: E501
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",  # noqa: E501
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 Avast/133.0.0.0",  # noqa: E501
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
]  # fmt: skip


@pytest.mark.parametrize("browser", BROWSERS)
def test_browsers_that_people_have_are_people_s(browser):
    assert agent_of(browser).kind is AgentKind.PERSON


def test_networks_of_mail_filters_are_known_in_both_versions():
    assert place_of("40.107.22.0/24").kind == place_of("2a01:111:f403::/48").kind == "gateway"
    assert place_of("52.30.1.0/24").kind == "cloud"
    assert place_of("86.40.1.0/24").kind == place_of("nowhere").kind == ""


def test_a_full_address_is_cut_as_the_tracker_cuts_it():
    assert [coarse("203.0.113.77"), coarse("2001:db8:1:2::3"), coarse("?")] == [
        "203.0.113.0/24",
        "2001:db8:1::/48",
        "?",
    ]
