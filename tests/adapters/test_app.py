"""The fixture `app`: what other tests rest on."""

import pytest

from integration.ports import MailRefused, Queue
from tests.app_fixture import SENDER_DOMAIN, app_queue_messages, app_sent_mail

RAW = f"From: Jobs <jobs@{SENDER_DOMAIN}>\r\nTo: ada@example.org\r\nSubject: =?utf-8?q?Zo=C3=AB?=\r\n\r\nHello\r\n"


def send(app, sender):
    return app.mailer.send(RAW.encode(), sender=sender, recipient="ada@example.org", tags={"campaign": "c1"})


def test_mail_can_be_read_after_it_was_sent(app):
    assert send(app, f"jobs@{SENDER_DOMAIN}")
    (mail,) = app_sent_mail(app)
    assert (mail["Subject"], mail.recipients) == ("Zoë", ["ada@example.org"])


def test_sender_that_is_not_verified_is_refused(app):
    with pytest.raises(MailRefused):
        send(app, "jobs@elsewhere.example")
    assert app_sent_mail(app) == []


def test_each_test_begins_empty(app):
    assert all(app_queue_messages(app, queue) == [] for queue in Queue)
    assert list(app.data.keys("")) == []
    assert list(app.sends.query("p")) == []


def test_clock_moves_only_by_hand(app):
    before = app.clock.now()
    app.clock.move(days=3)
    assert (app.clock.now() - before).days == 3


def test_org_has_the_clock_of_the_app(app, org):
    app.clock.move(days=400)
    made = app.salesforce.create("Candidate__c", {"Last_Name__c": "Lovelace"})
    (row,) = org.rows(f"SELECT CreatedDate FROM Candidate__c WHERE Id = '{made}'")
    assert row["CreatedDate"].startswith(app.clock.now().strftime("%Y-%m-%dT%H:%M"))


def test_handlers_work_on_the_same_app(handled):
    from integration.app import current, tracker

    assert current() is handled
    assert tracker() is handled
