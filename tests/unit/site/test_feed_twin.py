"""The feed twin: a clean set gives no finding, each injected fault exactly one."""

import json

import pytest

from integration import syndication
from integration.errors import Rejected
from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.records import Channel, JobPosting
from integration.syndication import twin


class Outside:
    """The public site through its real Flask app."""

    def __init__(self, visitor, base):
        self.visitor, self.base = visitor, base

    def get(self, address):
        page = self.visitor.get(address.removeprefix(self.base))
        return page.status, page.text.encode()


@pytest.fixture
def titles():
    return ["Day nurse", "Porter", "Cook"]


@pytest.fixture
def clean(app, desk, visitor, titles):
    """Open postings and a closed one, the cook's, on one channel."""
    channel = desk.channel()
    made = {}
    for title in titles:
        posting = desk.posting(requisition := desk.requisition(title=title), channel)
        syndication.open_requisition(app, requisition)
        made[title] = posting, desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    syndication.close(app, made["Cook"][0])
    desk.work()
    app.public_site = Outside(visitor, app.config.public_base_url)
    return Town(app, channel, made)


class Town:
    """Breaks one published file at a time."""

    def __init__(self, app, channel, made):
        self.app, self.channel, self.made = app, channel, made

    def found(self):
        return twin.check_all(self.app)[self.channel]

    def feed(self, change):
        pointer = json.loads(self.app.site.read(snapshot.feed("indeed")))
        text = change(self.app.site.read(pointer["file"]).decode())
        self.app.site.write(pointer["file"], text.encode(), content_type="application/xml")

    def page(self, title, change):
        key = snapshot.job(self.made[title][1])
        page = json.loads(self.app.site.read(key))
        change(page)
        self.app.site.write(key, json.dumps(page).encode(), content_type="application/json")

    def sitemap(self, change):
        text = change(self.app.site.read(snapshot.SITEMAP).decode())
        self.app.site.write(snapshot.SITEMAP, text.encode(), content_type="application/xml")

    def entry(self, text, title):
        return next(each for each in text.split("<job>") if f"[{title}]" in each).partition("</job>")[0]

    def link(self, title, **claims):
        posting, reference = self.made[title]
        base = self.app.config.public_base_url
        whole = {link.TARGET: f"{base}/jobs/{reference}", link.CHANNEL: self.channel, link.POSTING: posting, **claims}
        return f"{base}/c/{self.app.links.sign(Purpose.LINK, whole)}"


def without(town, text, title):
    return text.replace(f"<job>{town.entry(text, title)}</job>\n", "")


def value(entry, tag):
    return entry.partition(f"<{tag}><![CDATA[")[2].partition("]]>")[0]


def relinked(town, title, url):
    town.feed(lambda text: text.replace(value(town.entry(text, title), "url"), url))


def zombie(town, title):
    def change(text):
        entry = town.entry(text, title)
        cook = entry.replace(f"[{title}]", "[Cook]").replace(value(entry, "url"), town.link("Cook"))
        cook = cook.replace(value(entry, "referencenumber"), f"{town.made['Cook'][1]}-x")
        return text.replace("</source>", f"<job>{cook}</job>\n</source>")

    town.feed(change)


def renamed(town, title):
    town.feed(lambda text: text.replace(f"[{value(town.entry(text, title), 'referencenumber')}]", "[jother-1]"))


def twice(town, title):
    town.feed(lambda text: text.replace("</source>", f"<job>{town.entry(text, title)}</job></source>"))


def foreign(town, title):
    relinked(town, title, town.link(title, **{link.CHANNEL: "a00000000000000AAA"}))


def misled(town, title):
    relinked(town, title, town.link(title, **{link.TARGET: "https://jobs.warmbench.example/p/nurses"}))


def reopened(town, title):
    shown = json.loads(town.app.site.read(snapshot.job(town.made[title][1])))
    town.page("Cook", lambda page: page.update(shown))


def listed(town, title):
    gone = f"<url><loc>x/jobs/{town.made['Cook'][1]}</loc></url></urlset>"
    town.sitemap(lambda text: text.replace("</urlset>", gone))


def unmarked(town, title):
    town.page(title, lambda page: page["json_ld"].update({"@type": "Thing"}))


def expired(town, title):
    town.page(title, lambda page: page["json_ld"].update(validThrough="2026-01-31T23:59:59Z"))


FAULTS = {
    "zombie": (zombie, "Zombie:"),
    "missing": (lambda town, title: town.feed(lambda text: without(town, text, title)), "missing from the feed"),
    "changed reference": (renamed, "changed to jother-1"),
    "twice": (twice, "stands in the feed twice"),
    "dead link": (lambda town, title: relinked(town, title, town.link(title)[:-3]), "is dead"),
    "foreign link": (foreign, "counts for another posting or channel"),
    "link that misleads": (misled, "leads to https://jobs.warmbench.example/p/nurses"),
    "old title": (lambda town, title: town.feed(lambda text: text.replace(f"[{title}]", "[Guard]")), "The feed calls"),
    "closed page is open": (reopened, "is closed and answers 200"),
    "open page is gone": (
        lambda town, title: town.page(title, lambda page: page.update(state="closed")),
        "answers 410",
    ),
    "closed in the sitemap": (listed, "still in the sitemap"),
    "not in the sitemap": (
        lambda town, title: town.sitemap(lambda text: text.replace(town.made[title][1], "jnobody")),
        "missing from the sitemap",
    ),
    "page without markup": (unmarked, "has no JobPosting"),
    "page says expired": (expired, "says that the job expired on 2026-01-31"),
}


def test_B44_a_feed_that_cannot_be_read_is_one_finding(clean):
    clean.feed(lambda text: text[:200])
    [finding] = clean.found()
    assert finding.startswith("The feed cannot be read")


@pytest.mark.parametrize("titles", [[*(f"Nurse {number}" for number in range(10, 24)), "Cook"]])
def test_fourteen_faults_are_fourteen_findings(desk, clean, titles):
    assert clean.found() == []
    for title, (inject, _) in zip(titles, FAULTS.values(), strict=False):
        inject(clean, title)
    found = clean.found()
    assert len(found) == len(FAULTS) == 14
    assert desk.read(Channel.API_NAME, clean.channel, Channel.FINDINGS).splitlines() == found
    for _, words in FAULTS.values():
        assert sum(words in finding for finding in found) == 1, words


def test_checking_a_posting_speaks_of_that_posting(app, desk, clean):
    posting, _ = clean.made["Porter"]
    assert twin.check(app, posting) == "Feed, page, sitemap and links say what the records say."
    FAULTS["open page is gone"][0](clean, "Porter")
    assert "(" + clean.made["Porter"][1] + ") answers 410" in twin.check(app, posting)
    assert twin.check(app, clean.made["Day nurse"][0]).startswith("Nothing wrong with this posting; 1 findings")


def test_the_twin_runs_after_each_hour(app, desk, clean):
    FAULTS["not in the sitemap"][0](clean, "Porter")
    syndication.refresh(app, {"twin": True})
    findings, at = desk.read(Channel.API_NAME, clean.channel, Channel.FINDINGS, Channel.CHECKED_AT)
    assert "missing from the sitemap" in findings
    assert at


@pytest.mark.parametrize("adapter", ["", "indexnow"])
def test_a_channel_without_a_feed_has_nothing_to_compare(app, desk, adapter):
    posting = desk.posting(desk.requisition(), desk.channel("fair", adapter=adapter))
    with pytest.raises(Rejected, match="Nothing to compare"):
        twin.check(app, posting)
