"""The public pages as people meet them: by keyboard, on a phone, with weak sight, without JavaScript."""

import pytest
from playwright.sync_api import expect

from integration.model import link
from integration.model.link import Purpose
from integration.model.page import contrast
from integration.ports import Queue
from tests.app_fixture import app_queue_messages

pytestmark = pytest.mark.browser

LONG = (
    "Supervisory interdisciplinary engineer/operations research analyst and Donaudampfschifffahrtsgesellschaftskapitän"
)


@pytest.fixture
def published(site):
    site.put_page()
    site.put_jobs(
        {"reference": "jaaaaaaaaaaaa"},
        {"reference": "jbbbbbbbbbbbb", "title": LONG, "places": ["Redstone Arsenal, Alabama, US"] * 40},
        {"reference": "jcccccccccccc", "state": "closed", "requisition": "a0R000000000009AAA"},
    )
    return site


def addresses(site):
    links = site.app.links
    confirm = links.sign(Purpose.CONFIRM, {link.CANDIDATE: "k", link.ITEM: "i", link.PURPOSES: "Newsletter"})
    preferences = links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    return [
        "/", "/jobs/jaaaaaaaaaaaa", "/jobs/jbbbbbbbbbbbb", "/jobs/jbbbbbbbbbbbb/apply", "/jobs/jcccccccccccc",
        "/p/nurses", f"/confirm/{confirm}", f"/preferences/{preferences}", "/preferences",
        "/thanks/registration", "/nowhere",
    ]  # fmt: skip


@pytest.fixture
def page(browser, published):
    """A page without JavaScript, which must not be missed anywhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser, published):
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def test_registering_by_keyboard_alone(browser, published):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{published.url}/p/nurses")
    page.locator("#email").focus()
    for text in ("ann@example.org", "Ann", "Lee", "", "Cork"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "consent"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the newsletter; the robots' trap is never in the way
    assert page.evaluate("document.activeElement.textContent") == "Keep me posted"
    published.app.clock.move(seconds=20)
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/registration**")
    assert page.locator("h1").inner_text() == "Almost done"
    [message] = app_queue_messages(published.app, Queue.REGISTRATIONS)
    assert message["fields"]["email"] == "ann@example.org"
    assert message["purposes"] == ["Talent community"]
    context.close()


def test_registering_from_the_top_of_the_page_needs_neither_script_nor_mouse(page, published):
    """Tab by Tab, starting where a browser starts; the first stop is the way past the menu."""
    page.goto(f"{published.url}/p/nurses")
    page.keyboard.press("Tab")
    assert page.locator("a.skip:focus").count() == 1
    page.keyboard.press("Enter")
    typed = {"email": "ann@example.org", "first_name": "Ann", "last_name": "Lee"}
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.locator(":focus").get_attribute("id") or ""
        if name in typed:
            page.keyboard.type(typed.pop(name))
        if name == "consent":
            page.keyboard.press("Space")
        if page.locator("#join button[type=submit]:focus").count():
            break
    assert typed == {}
    published.app.clock.move(seconds=20)
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/registration**")
    [message] = app_queue_messages(published.app, Queue.REGISTRATIONS)
    assert (message["fields"]["last_name"], message["purposes"]) == ("Lee", ["Talent community"])


def test_wrong_answers_are_summed_up_and_in_focus(browser, published):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{published.url}/p/nurses")
    page.fill("#first_name", "Ann")
    page.fill("#email", "nonsense")
    published.app.clock.move(seconds=20)
    page.click("button[type=submit]")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.locator(".errors li").all_inner_texts() == [
        "That is not an e-mail address. Enter one like name@example.com.",
        "Enter your last name.",
        "Tick the box, so that we may keep your details and write to you.",
    ]
    assert page.input_value("#first_name") == "Ann"
    page.locator(".errors a").nth(0).click()
    assert page.evaluate("document.activeElement.id") == "email"
    described = page.get_attribute("#email", "aria-describedby")
    assert page.inner_text(f"#{described}").startswith("That is not an e-mail address")
    context.close()


def test_no_page_scrolls_sideways_on_a_phone(phone, published):
    for address in addresses(published):
        phone.goto(published.url + address)
        widths = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1] == 320, address


def test_everything_to_press_is_large_enough_on_a_phone(phone, published):
    for address in addresses(published):
        phone.goto(published.url + address)
        small = phone.evaluate(
            """[...document.querySelectorAll('button, a.button, input:not([type=hidden]), textarea')]
            .filter(e => !e.closest('.trap') && (e.getBoundingClientRect().height < 24 ||
                                                 e.getBoundingClientRect().width < 24)).map(e => e.outerHTML)"""
        )
        assert small == [], address


def test_every_page_has_its_landmarks_labels_and_one_heading(phone, published):
    for address in addresses(published):
        phone.goto(published.url + address)
        faults = phone.evaluate(
            """() => {
            const faults = [];
            if (document.querySelectorAll('h1').length !== 1) faults.push('h1');
            for (const one of ['main', 'body > header', 'body > footer', 'nav[aria-label]', 'title', 'html[lang]'])
              if (document.querySelectorAll(one).length !== 1) faults.push(one);
            for (const input of document.querySelectorAll('input:not([type=hidden]), textarea'))
              if (!input.labels.length) faults.push(input.outerHTML);
            for (const image of document.querySelectorAll('img:not([alt])')) faults.push(image.outerHTML);
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
            if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
            for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
              for (const id of (e.getAttribute('aria-describedby') || e.getAttribute('aria-labelledby')).split(' '))
                if (!document.getElementById(id)) faults.push(id + ' is described nowhere');
            let last = 0;
            for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
              if (+h.tagName[1] > last + 1) faults.push(h.textContent + ' skips a level');
              last = +h.tagName[1];
            }
            return faults; }"""
        )
        assert faults == [], address


def test_all_text_can_be_read(phone, published):
    for address in addresses(published):
        phone.goto(published.url + address)
        pairs = phone.evaluate(
            """() => {
            const solid = e => { for (; e; e = e.parentElement) {
              const c = getComputedStyle(e).backgroundColor;
              if (c !== 'rgba(0, 0, 0, 0)' && !c.includes('/ 0.') && !/, 0\\.\\d+\\)/.test(c)) return c; }
              return 'rgb(255, 255, 255)'; };
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const hex = c => { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
              return '#' + [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
                .map(v => v.toString(16).padStart(2, '0')).join(''); };
            return [...document.querySelectorAll('body *')]
              .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.offsetParent
                           && !e.closest('.trap') && !e.closest('script'))
              .map(e => [hex(getComputedStyle(e).color), hex(solid(e)), e.textContent.trim().slice(0, 40)]); }"""
        )
        assert pairs
        assert [pair for pair in pairs if contrast(pair[0], pair[1]) < 4.5] == [], address


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_blocked(browser, published):
    context = browser.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in ("/", "/jobs/jaaaaaaaaaaaa", "/p/nurses"):
        page.goto(published.url + address)
    assert all(url.startswith(published.url) for url in asked)
    assert complaints == []
    assert context.cookies() == []
    context.close()


def test_the_way_from_page_to_thanks_needs_no_script(page, published):
    page.goto(f"{published.url}/jobs/jaaaaaaaaaaaa")
    page.click("text=Apply for this job")
    for name, value in (("first_name", "Ann"), ("last_name", "Lee"), ("email", "ann@example.org")):
        page.fill(f"#{name}", value)
    published.app.clock.move(seconds=20)
    page.click("text=Send application")
    assert page.locator("h1").inner_text() == "Thank you for your application"
    assert len(app_queue_messages(published.app, Queue.REGISTRATIONS)) == 1


def test_the_address_is_confirmed_by_a_button_and_not_by_looking(page, published):
    token = published.app.links.sign(Purpose.CONFIRM, {link.CANDIDATE: "k", link.ITEM: "01J"})
    page.goto(f"{published.url}/confirm/{token}")
    page.reload()
    assert app_queue_messages(published.app, Queue.REGISTRATIONS) == []
    page.click("button")
    assert page.locator("h1").inner_text() == "Your address is confirmed"
    [message] = app_queue_messages(published.app, Queue.REGISTRATIONS)
    assert (message["kind"], message["cause"]) == ("confirmation", "01J")


@pytest.fixture
def person_page(browser, published):
    """A browser that does not call itself driven by a program."""
    context = browser.new_context(viewport={"width": 800, "height": 600})
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")
    yield context.new_page()
    context.close()


def confirm_address(published):
    token = published.app.links.sign(
        Purpose.CONFIRM, {link.CANDIDATE: "k", link.ITEM: "01J", link.PURPOSES: "Newsletter"}
    )
    return f"{published.url}/confirm/{token}"


def test_a_person_confirms_by_the_one_click_in_the_mail(person_page, published):
    person_page.goto(confirm_address(published))
    person_page.wait_for_timeout(800)  # the page waits for a person, not for a program's first twitch
    person_page.mouse.move(200, 200)
    person_page.mouse.move(210, 220)
    person_page.wait_for_url("**/thanks/confirmation**")
    [message] = app_queue_messages(published.app, Queue.REGISTRATIONS)
    assert (message["kind"], message["cause"]) == ("confirmation", "01J")


def test_a_scanner_with_a_whole_browser_confirms_nothing(browser, person_page, published):
    """It opens the page, runs its scripts and goes; or it moves the pointer and is driven by a program."""
    person_page.goto(confirm_address(published))
    person_page.wait_for_timeout(1_500)
    person_page.evaluate("document.dispatchEvent(new PointerEvent('pointermove'))")  # an event made by a script
    driven = browser.new_context()
    page = driven.new_page()
    page.goto(confirm_address(published))
    page.wait_for_timeout(800)
    page.mouse.move(200, 200)
    page.wait_for_timeout(300)
    driven.close()
    assert app_queue_messages(published.app, Queue.REGISTRATIONS) == []


def test_preferences_are_sent_from_a_private_page(page, published):
    token = published.app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "01JK"})
    page.goto(f"{published.url}/preferences/{token}")
    published.app.clock.move(seconds=20)
    page.click("text=Pause all mail for 90 days")
    assert page.locator("h1").inner_text() == "Done"
    [message] = app_queue_messages(published.app, Queue.REGISTRATIONS)
    assert message["fields"] == {"action": "pause"}


def test_the_page_does_not_move_while_it_loads(browser, published):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{published.url}/p/nurses")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
          .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(sum), 300); })"""
    )
    assert shift == 0
    context.close()
