"""Who is told of a job, in what order, and how many in a day."""

import json

import pytest

from integration import syndication
from integration.adapters import aws
from integration.errors import Rejected, TryAgain
from integration.records import Channel
from integration.syndication import announcing


class Place:
    """A place that writes down what it is told."""

    def __init__(self, a_day=200):
        self.a_day, self.told, self.fault, self.proof = a_day, [], None, ""

    def tell(self, announcement):
        if self.fault:
            raise self.fault
        self.told.append((announcement.title, announcement.is_closed))
        return "1"


@pytest.fixture
def places(app):
    made = {"google-indexing": Place(a_day=3), "linkedin-posts": Place()}
    app.announcer = lambda adapter, secret_name, account: made[adapter]
    return made


@pytest.fixture
def channels(desk):
    return {
        adapter: desk.channel(adapter, **{Channel.SECRET_NAME: f"warmbench/test/channel-{adapter}"})
        for adapter in ("google-indexing", "linkedin-posts")
    }


def opened(app, desk, title, channel):
    posting = desk.posting(requisition := desk.requisition(title=title), channel)
    syndication.open_requisition(app, requisition)
    return posting


def test_each_hears_of_what_concerns_it(app, desk, channels, places):
    opened(app, desk, "Porter", channels["linkedin-posts"])
    opened(app, desk, "Cook", desk.channel("indeed"))
    desk.work()
    assert places["linkedin-posts"].told == [("Porter", False)]
    assert sorted(places["google-indexing"].told) == [("Cook", False), ("Porter", False)]
    desk.work()
    announcing.tell_due(app)
    assert len(places["google-indexing"].told) == 2


def test_closings_go_first_when_the_day_is_short(app, desk, channels, places):
    indeed = desk.channel("indeed")
    google = places["google-indexing"]
    postings = [opened(app, desk, title, indeed) for title in ("Porter", "Cook", "Nurse")]
    desk.work()
    assert len(google.told) == 3  # the day's number
    opened(app, desk, "Guard", indeed)
    opened(app, desk, "Clerk", indeed)
    syndication.close(app, postings[1])
    syndication.close(app, postings[2])
    desk.work()
    assert len(google.told) == 3
    app.clock.move(days=1)
    announcing.tell_due(app)
    assert google.told[3:] == [("Cook", True), ("Nurse", True), ("Guard", False)]
    app.clock.move(days=1)
    announcing.tell_due(app)
    assert google.told[6:] == [("Clerk", False)]


def test_a_job_that_closed_before_its_turn_is_only_told_as_closed(app, desk, channels, places):
    places["google-indexing"].fault = TryAgain("busy")
    places["linkedin-posts"].fault = TryAgain("busy")
    posting = opened(app, desk, "Porter", channels["linkedin-posts"])
    desk.work()
    syndication.close(app, posting)
    desk.work()
    places["google-indexing"].fault = places["linkedin-posts"].fault = None
    app.clock.move(days=1)
    announcing.tell_due(app)
    assert places["google-indexing"].told == [("Porter", True)]
    assert places["linkedin-posts"].told == []


def test_a_place_that_refuses_says_so_on_its_channel_and_holds_up_no_other(app, desk, channels, places):
    places["google-indexing"].fault = Rejected("Google does not accept our key (HTTP 401).")
    opened(app, desk, "Porter", channels["linkedin-posts"])
    desk.work()
    findings = desk.read(Channel.API_NAME, channels["google-indexing"], Channel.FINDINGS)
    assert "does not accept our key" in findings
    assert places["linkedin-posts"].told == [("Porter", False)]


def test_S18_a_channel_names_no_secret_but_a_channels(app, desk):
    aws.secretsmanager().create_secret(Name="warmbench/test/other", SecretString=json.dumps({"token": "t"}))
    channel = desk.channel("x-posts", **{Channel.SECRET_NAME: "warmbench/test/other"})
    opened(app, desk, "Porter", channel)
    desk.work()
    assert "must begin with warmbench/test/channel-" in desk.read(Channel.API_NAME, channel, Channel.FINDINGS)


def test_the_key_that_an_engine_looks_for_lies_on_the_site(app, desk, visitor, channels, places):
    places["google-indexing"].proof = "abcdef-123456"
    opened(app, desk, "Porter", channels["linkedin-posts"])
    desk.work()
    assert visitor.get("/abcdef-123456.txt").text == "abcdef-123456"
    assert visitor.get("/abcdef-654321.txt").status == visitor.get("/x.txt").status == 404
