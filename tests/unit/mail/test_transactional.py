"""The double opt-in mail: once for its cause, once a day for an address, to nobody who complained."""

import pytest

from integration.errors import Rejected
from integration.ports import Queue
from integration.records import Brand
from integration.sending import Reason, queue_transactional, suppress
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.letters import BRAND
from tests.unit.mail.story import deliver

URL = "https://jobs.warmbench.example/confirm/TOKEN"
TO = {"key": "01CAND" + "1".zfill(20), "id": "", "email": "ada@people.example"}


@pytest.fixture
def brand(app, org):
    return app.salesforce.create(Brand.API_NAME, {"Name": "Kestrel", Brand.KEY: "kestrel", **BRAND})


def ask(app, cause="01REG1", **changes):
    return queue_transactional(app, "optin", {**TO, **changes}, {"first_name": "Ada", "confirm_url": URL}, cause)


def test_opt_in_mail_has_the_link_as_it_is_and_no_unsubscribe(app, brand):
    assert ask(app)
    deliver(app, Queue.MAIL)
    (mail,) = app_sent_mail(app)
    assert mail["Subject"] == "Please confirm your address for Kestrel Mühlen & Söhne"
    assert mail["List-Unsubscribe"] is None
    assert f'href="{URL}"' in mail.get_body(("html",)).get_content()
    assert URL in mail.get_body(("plain",)).get_content()
    assert "Hello Ada" in mail.get_body(("html",)).get_content()


def test_same_cause_mails_once(app, brand):
    assert ask(app)
    assert ask(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 1


def test_S13_one_address_gets_one_opt_in_mail_a_day(app, brand):
    assert ask(app, "01REG1")
    assert not ask(app, "01REG2", email="ADA@people.example")
    app.clock.move(hours=25)
    assert ask(app, "01REG3")
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 2


@pytest.mark.parametrize(("reason", "mails"), [(Reason.UNSUBSCRIBED, 1), (Reason.COMPLAINED, 0), (Reason.ERASED, 0)])
def test_who_asks_again_after_opting_out_is_answered(app, brand, reason, mails):
    suppress(app, TO["key"], reason, app.clock.now())
    ask(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == mails


def test_new_look_of_the_brand_is_a_new_message(app, brand):
    ask(app)
    app.salesforce.update(Brand.API_NAME, brand, {Brand.PRIMARY_COLOR: "#112233"})
    ask(app, "01REG2", email="bob@people.example")
    first, second = app_queue_messages(app, Queue.MAIL)
    assert first["version"] != second["version"]


def test_without_a_brand_it_says_what_to_do(app, org):
    with pytest.raises(Rejected, match="Create a Brand"):
        ask(app)


def test_confirm_link_with_a_hostile_value_stays_one_address(app, brand):
    hostile = f'{URL}"><script>alert(1)</script>'
    with pytest.raises(ValueError, match="not an address of ours"):
        queue_transactional(app, "optin", TO, {"confirm_url": hostile}, "01REG1")
