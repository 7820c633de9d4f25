"""A network's channel over weeks of virtual time: what is posted, what its filter keeps back, what the record says."""

import itertools
import json
from collections import Counter
from datetime import timedelta

import pytest

from integration import syndication
from integration.errors import Rejected, Unsure
from integration.records import Channel, JobRequisition, LandingPage
from integration.syndication import announcing, social

NURSING = json.dumps({"field": "Department", "is": "equals", "value": "Nursing"})


class Network:
    a_day, proof = 150, ""

    def __init__(self):
        self.told, self.fault = [], None

    def tell(self, announcement):
        if self.fault:
            raise self.fault
        self.told.append(announcement.title)
        return "1"


@pytest.fixture
def network(app):
    made = Network()
    app.announcer = lambda adapter, secret_name, account: made
    return made


@pytest.fixture
def channel(desk):
    secret = "warmbench/test/channel-x"
    return desk.channel("x-posts", **{Channel.SECRET_NAME: secret, Channel.POSTS_PER_DAY: 4})


def opened(app, desk, channel, title, department="Nursing", **fields):
    requisition = desk.requisition(title=title, **{JobRequisition.DEPARTMENT: department}, **fields)
    posting = desk.posting(requisition, channel)
    syndication.open_requisition(app, requisition)
    return posting


def hours(app, network, count, step=6):
    """(moment, title) of each post of so many hours; the service looks every `step` of them."""
    posts = []
    for _ in range(0, count, step):
        seen = len(network.told)
        announcing.tell_due(app)
        posts += [(app.clock.now(), title) for title in network.told[seen:]]
        app.clock.move(hours=step)
    return posts


def test_weeks_of_posts_keep_pace_interval_and_filter(app, desk, network, channel):
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: NURSING, Channel.REPEAT_AFTER_DAYS: 7})
    for number in range(4):
        opened(app, desk, channel, f"Nurse {number}")
    opened(app, desk, channel, "Cook", "Kitchen")
    desk.work()
    posts = [(app.clock.now(), title) for title in network.told] + hours(app, network, 16 * 24)
    moments = [at for at, _ in posts]
    assert all(later - earlier >= timedelta(hours=6) for earlier, later in itertools.pairwise(moments))
    assert max(Counter(at.date() for at in moments).values()) <= 4
    assert {title for _, title in posts} == {f"Nurse {number}" for number in range(4)}
    for title in {title for _, title in posts}:
        own = [at for at, posted in posts if posted == title]
        assert len(own) == 3
        assert all(later - earlier >= timedelta(days=7) for earlier, later in itertools.pairwise(own))


def test_another_filter_lets_out_what_waited(app, desk, network, channel):
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: NURSING})
    opened(app, desk, channel, "Cook", "Kitchen")
    desk.work()
    assert hours(app, network, 24 * 20, step=24) == []
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: None})
    assert [title for _, title in hours(app, network, 6)] == ["Cook"]


def test_publishing_twice_or_opening_again_at_once_posts_nothing_twice(app, desk, network, channel):
    posting = opened(app, desk, channel, "Nurse")
    desk.work()
    assert network.told == ["Nurse"]
    syndication.publish(app, posting)
    desk.work()
    hours(app, network, 48)
    assert network.told == ["Nurse"]
    syndication.close(app, posting)
    desk.work()
    syndication.publish(app, posting)
    desk.work()
    hours(app, network, 24)
    assert network.told == ["Nurse", "Nurse"]


def test_a_post_without_an_answer_is_held_and_told(app, desk, network, channel):
    network.fault = Unsure("X did not answer (ReadTimeout)")
    opened(app, desk, channel, "Nurse")
    desk.work()
    network.fault = None
    hours(app, network, 48)
    assert network.told == []
    social.preview(app, channel)
    assert "no answer came: Nurse (Cork, Munster, IE)" in desk.read(Channel.API_NAME, channel, Channel.FINDINGS)


def test_a_posting_that_is_refused_holds_up_no_other(app, desk, network, channel):
    network.fault = Rejected("X refused this (HTTP 400).")
    opened(app, desk, channel, "Nurse 1")
    desk.work()
    network.fault = None
    opened(app, desk, channel, "Nurse 2")
    app.clock.move(hours=6)
    desk.work()
    assert network.told == ["Nurse 2"]
    assert [title for _, title in hours(app, network, 24)] == ["Nurse 1"]


def test_the_preview_names_what_comes_next_and_counts_what_is_kept_back(app, desk, network, channel):
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: NURSING})
    opened(app, desk, channel, "Nurse 1")
    opened(app, desk, channel, "Cook", "Kitchen")
    opened(app, desk, channel, "Nurse 2")
    message = social.preview(app, channel)
    assert message.startswith("2 open postings fit. Next, the first at ")
    assert "Nurse 1 (Cork, Munster, IE); Nurse 2 (Cork, Munster, IE)." in message
    assert "keeps back 1 open posting." in message
    words, plan, status = desk.read(
        Channel.API_NAME, channel, Channel.FILTER_IN_WORDS, Channel.NEXT_POSTS, Channel.STATUS
    )
    assert (words, status, len(plan.splitlines())) == ("Department is Nursing", "Ready", 2)


def test_the_preview_of_nothing_says_why(app, desk, network, channel):
    assert social.preview(app, channel).startswith("Nothing is to be posted: 0 open postings of this channel fit.")
    opened(app, desk, channel, "Nurse")
    desk.work()
    assert "the one that fits was posted and is not to be repeated" in social.preview(app, channel)
    with pytest.raises(Rejected, match="posts nothing by itself"):
        social.preview(app, desk.channel("indeed"))


def test_a_filter_that_cannot_be_meant_is_told_and_posts_nothing(app, desk, network, channel):
    wrong = json.dumps({"field": "Departmnt", "is": "equals", "value": "Nursing"})
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: wrong})
    opened(app, desk, channel, "Nurse")
    desk.work()
    assert network.told == []
    with pytest.raises(Rejected, match="Do you mean “Department__c”"):
        social.preview(app, channel)
    found, status = desk.read(Channel.API_NAME, channel, Channel.FINDINGS, Channel.STATUS)
    assert (found.startswith("The job filter cannot be used: “Departmnt”"), status) == (True, "Needs attention")
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: '{"field": '})
    with pytest.raises(Rejected, match="not valid JSON"):
        social.preview(app, channel)
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: NURSING})
    social.preview(app, channel)
    assert desk.read(Channel.API_NAME, channel, Channel.FINDINGS, Channel.STATUS) == (None, "Ready")


def test_a_filter_by_pool_takes_the_jobs_whose_page_people_join_it_by(app, desk, network, channel):
    app.salesforce.update(Channel.API_NAME, channel, {Channel.JOB_FILTER: json.dumps({"pool": "Night nurses"})})
    page = desk.page(**{LandingPage.SLUG: "nights"})
    opened(app, desk, channel, "Porter")
    opened(app, desk, channel, "Nurse", **{JobRequisition.LANDING_PAGE: page})
    desk.work()
    assert [title for _, title in hours(app, network, 48)] == [] != network.told == ["Nurse"]


def test_the_night_writes_the_plan_once(app, desk, network, channel):
    opened(app, desk, channel, "Nurse 1")
    opened(app, desk, channel, "Nurse 2")
    desk.work()
    app.salesforce.update(Channel.API_NAME, channel, {Channel.NEXT_POSTS: None})
    app.clock.move(days=1)
    social.plan_day(app)
    assert "Nurse 2" in desk.read(Channel.API_NAME, channel, Channel.NEXT_POSTS)
