"""Who did it: tables of what people and machines do, one rule at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from integration.model.event import Event, Kind
from integration.model.verdict import Watch, Word, judge

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
OTHER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"  # noqa: E501
OLD = "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0.3029.110 Safari/537.36"
HOME, OFFICE, CLOUD = "86.40.1.0/24", "109.78.3.0/24", "52.30.1.0/24"
H, M, U = Word.HUMAN, Word.MACHINE, Word.UNKNOWN

_numbers = iter(range(10**6))


def event(kind, seconds, **values):
    values = {"campaign": "C", "step": "S", "candidate": "K", "method": "GET", "user_agent": BROWSER, "network": HOME,
              "link": "1" if kind is Kind.CLICK else "", **values}  # fmt: skip
    at = (START + timedelta(seconds=seconds)).isoformat()
    return Event(id=f"{kind}{next(_numbers)}", kind=kind, at=at, **values)


def click(seconds, link="1", **values):
    return event(Kind.CLICK, seconds, link=link, **values)


def opened(seconds, **values):
    return event(Kind.OPEN, seconds, **values)


DELIVERED = event(Kind.DELIVERY, 0, method="", user_agent="", network="")


def words(*events, **options):
    return [verdict.word for verdict in judge([DELIVERED, *events], **options).values()]


CASES = {
    "a quick reader": ([opened(5.5), click(8)], [H, H]),
    "pictures blocked": ([click(40)], [H]),
    "two links, five seconds apart": ([click(60, "1"), click(65, "2")], [H, H]),
    "a double click": ([click(300), click(300.4)], [H, H]),
    "four links in a quarter of an hour": ([click(60 + 200 * n, str(n)) for n in range(4)], [H] * 4),
    "a friend, elsewhere and later": ([click(300), opened(90_000, network=OFFICE, user_agent=OTHER)], [H, H]),
    "Outlook shows pictures": ([opened(60, user_agent="Microsoft Office/16.0 (Microsoft Outlook 16.0.1; Pro)")], [H]),
    "an app's own browser": ([click(90, user_agent=OTHER + " [LinkedInApp]/9.31")], [H]),
    "all links within a second": ([click(43 + n / 10, str(n)) for n in range(4)], [M] * 4),
    "both links at once": ([click(120, "1"), click(121, "2")], [M, M]),
    "three links, one every three seconds": ([click(120 + 3 * n, str(n)) for n in range(3)], [M] * 3),
    "six links at even intervals": ([click(500 + 20 * n, str(n)) for n in range(6)], [M] * 6),
    "four links within a minute of delivery": ([click(30 + 7.1 * n * n, str(n)) for n in range(3)] + [click(80, "9")],
                                               [M] * 4),
    "one link again and again": ([click(100 + n) for n in range(5)], [M] * 5),
    "opens and follows everything": ([opened(30), click(30.4, "1"), click(30.6, "2")], [M] * 3),
    "a burst, then the person": ([click(43, "1"), click(43.2, "2"), click(4_000, user_agent=OTHER, network=OFFICE)],
                                 [M, M, H]),
    "a burst, then its maker again": ([click(43, "1"), click(43.2, "2"), click(900, "3")], [M, M, M]),
    "the hidden link": ([click(40, "hidden"), click(52, "2")], [M, M]),
    "the hidden link, two machines of one network": ([click(40, "hidden"), click(52, "2", user_agent=OTHER)], [M, M]),
    "headers only": ([click(300, method="HEAD")], [M]),
    "headers first, then the page": ([click(300, method="HEAD"), click(303)], [M, M]),
    "before delivery": ([click(-9), opened(-9)], [M, M]),
    "sooner than a person": ([click(2)], [M]),
    "prefetched": ([click(300, headers="language fetch prefetch")], [M]),
    "an old browser from a data centre": ([click(900, user_agent=OLD, network=CLOUD)], [M]),
    "a data centre while gateways scan": ([click(40, network=CLOUD)], [M]),
    "a mail filter's network": ([click(900, network="40.107.3.0/24")], [M]),
    "a mail filter's network in IPv6": ([click(900, network="2a01:111:f400::/48")], [M]),
    "a person behind a rented server": ([click(9_000, network=CLOUD)], [U]),
    "a person with an old browser": ([click(9_000, user_agent=OLD)], [U]),
    "an old browser whose owner opened first": ([opened(30, user_agent=OLD), click(60, user_agent=OLD)], [U, U]),
    "a program that sends what no browser does": ([click(900, headers="none")], [H]),
    "the same, right after delivery": ([click(5, headers="none")], [M]),
    "Apple fetches unread": ([opened(300, user_agent="Mozilla/5.0")], [M]),
    "Google fetches for somebody": ([opened(300, user_agent="x (via ggpht.com GoogleImageProxy)")], [U]),
    "Google fetched for who then clicked": ([opened(300, user_agent="GoogleImageProxy"), click(330)], [H, H]),
    "the gateway looks because the person clicks": (
        [opened(60), click(90), click(102 - 5, user_agent=OTHER, network=OFFICE)], [H, H, M]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_story_is_judged(name):
    events, expected = CASES[name]
    assert words(*events) == expected


AGENTS = [
    "Barracuda Sentinel (EE)", "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "Mimecast", "SafeLinks/1.0",
    "Microsoft Defender ATP Scan", "Cisco IronPort", "CiscoSecureEmail", "Symantec.cloud ClickTime", "TMES", "FireEye",
    "Sophos", "BitdefenderScanner", "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23.20.0 A", "LinkedInBot/1.0",
    "Mozilla/5.0 (compatible; Discordbot/2.0)", "SkypeUriPreview Preview/0.5", "Microsoft Preview",
    "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
    "Safari/537.36 Edge/12.246 Mozilla/5.0", "python-requests/2.32", "Java/17", "NobodyKnows/1.0", "",
]  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS)
def test_whoever_says_what_it_is_is_believed(agent):
    assert words(click(900, user_agent=agent)) == [M]


def test_every_verdict_of_a_machine_names_its_rules():
    for events, _ in CASES.values():
        for verdict in judge([DELIVERED, *events]).values():
            assert bool(verdict.reasons) or verdict.word is H


def test_browsers_that_a_source_does_not_tell_are_not_missed():
    assert words(click(900, user_agent=""), names_browsers=False) == [H]


def across_mails(mails):
    watch = Watch()
    for mail in mails:
        judge(mail, watch=watch)
    return [verdict.word for mail in mails for verdict in judge(mail, watch.crowds()).values()]


def mail(number, seconds, *links, **values):
    person = {"candidate": f"K{number}"}
    delivered = event(Kind.DELIVERY, number, method="", user_agent="", network="", **person)
    return [delivered, *(click(number + seconds + n / 10, link, **person, **values) for n, link in enumerate(links))]


def test_a_filter_that_looks_at_several_mailboxes_is_a_machine():
    assert across_mails([mail(n * 0.5, 43, "1") for n in range(4)]) == [M] * 4


def test_a_filter_that_comes_right_after_every_delivery_is_a_machine():
    assert across_mails([mail(n * 400, 50 + n, "1") for n in range(4)]) == [M] * 4


def test_who_was_caught_in_several_mails_is_caught_in_all():
    mails = [mail(0, 3_000, "1", "2"), mail(9_000, 5_000, "1", "2"), mail(50_000, 8_000, "1")]
    assert across_mails(mails) == [M] * 5


def test_colleagues_behind_one_router_are_people():
    assert across_mails([mail(n, 60 + n * n * 700, "1") for n in range(6)]) == [H] * 6


def test_strangers_on_a_job_board_are_no_burst():
    at_once = [
        click(n / 10, str(n), candidate="", campaign="site", step="", network=f"86.40.{n}.0/24") for n in range(9)
    ]
    assert words(*at_once) == [H] * 9


def test_one_stranger_who_follows_everything_is_a_burst():
    at_once = [click(n / 10, str(n), candidate="", campaign="site", step="") for n in range(9)]
    assert words(*at_once) == [M] * 9
