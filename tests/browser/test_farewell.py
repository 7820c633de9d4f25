"""The pages behind a mail's unsubscribe link in Chromium: in every language, without a script, by keyboard."""

import pytest

from integration.model import alert, link
from integration.model.link import Purpose
from integration.model.wording import LANGUAGES, said
from integration.ports import Queue
from lambdas import _farewell, track
from tests.app_fixture import app_queue_messages
from tests.browser.axe import serious
from tests.browser.test_branded_pages import SCREENS
from tests.unit.site.visitor import http_event

pytestmark = pytest.mark.browser


def token(app, language, campaign="C1"):
    claims = {link.CAMPAIGN: campaign, link.STEP: "S1", link.VERSION: "1", link.CANDIDATE: "K1"}
    return app.links.sign(Purpose.MAIL, {**claims, link.LANGUAGE: language})


def tracked(tab, site):
    """Lets the tracker answer at the site's address, as the gateway's routes do."""

    def answer(route):
        asked = route.request
        reply = track.answer(site.app, http_event(asked.method, asked.url, headers=asked.headers))
        route.fulfill(status=reply["statusCode"], headers=reply["headers"], body=reply["body"])

    tab.route(f"{site.url}/u/*", answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_by_everybody_in_their_language(browser, site, language):
    context = browser.new_context(viewport={"width": 390, "height": 700}, locale=language, bypass_csp=True)
    tab = context.new_page()
    tracked(tab, site)
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, campaign in (("ask", "C1"), ("ask-alerts", alert.CAMPAIGN)):
        tab.goto(f"{site.url}/u/{token(site.app, language, campaign)}")
        assert tab.locator("h1").inner_text() == said(_farewell.PAGES[name].title, language)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert serious(tab) == []
        tab.screenshot(path=SCREENS / f"{name}-{language}-390.png")
    tab.goto(f"{site.url}/u/nothing")
    assert tab.locator("h1").inner_text() == said("This link does not work", language)
    assert serious(tab) == []
    context.close()


def test_it_is_done_by_keyboard_and_without_a_script(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    tab = context.new_page()
    tracked(tab, site)
    tab.goto(f"{site.url}/u/{token(site.app, 'de')}")
    assert app_queue_messages(site.app, Queue.EVENTS) == []
    tab.keyboard.press("Tab")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.locator("h1").inner_text() == "Erledigt: keine Mails mehr"
    tab.screenshot(path=SCREENS / "done-de-1280.png")
    [message] = app_queue_messages(site.app, Queue.EVENTS)
    assert message["kind"] == "unsubscribe"
    context.close()
