"""axe, the keyboard and a page at twice its size, on every kind of page in every language."""

import pytest

from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.model.wording import LANGUAGES
from integration.own_page.gathering import OWN_PAGE
from integration.sending.aliases import person_pk
from tests.browser import brands
from tests.browser.axe import serious

pytestmark = pytest.mark.browser

HELD = {
    "facts": [{"field": "First_Name__c", "value": "Ann", "source": "Candidate"}],
    "addresses": [{"kind": "Email", "value": "ann@example.org", "status": "Confirmed"}],
    "origin": {"from": "Landing page nurses", "at": "2026-03-01T12:00:00+00:00", "channel": "", "basis": "Consent",
               "is_list": False},
    "resume": "Nurse since 2012.",
    "consents": [{"purpose": "Newsletter", "state": "Given", "at": "2026-03-01T12:00:00+00:00", "version": "en-1"}],
    "applications": [
        {"id": "a01000000000001AAA", "title": "Night nurse", "stage": "You got the job.", "open": False, "at": ""},
        {"id": "a01000000000002AAA", "title": "Cook", "stage": "We have your application and will read it.",
         "open": True, "at": "2026-03-01T12:00:00+00:00"},
    ],
    "alerts": [{"id": "a02000000000001AAA", "query": "nurse", "place": "Cork", "frequency": "Daily", "sent": ""}],
    "mails": [{"name": "Welcome", "state": "Running", "sent": "2", "next": "2026-04-01T08:00:00+00:00", "since": ""}],
    "recommended": {
        "channel": "a0C000000000001AAA", "left": 4,
        "people": [
            {"name": "Bob", "job": "Nurse", "at": "2026-03-01T12:00:00+00:00", "state": "Hired", "bonus": "Earned"},
            {"name": "Cleo", "job": "", "at": "2026-03-02T12:00:00+00:00", "state": "Invited", "bonus": ""},
        ],
    },
}  # fmt: skip


@pytest.fixture
def addresses(site):
    """One address of each kind of page."""
    site.put_jobs(
        {"reference": "jaaaaaaaaaaaa"},
        {"reference": "jcccccccccccc", "state": "closed", "requisition": "a0R000000000009AAA"},
    )
    for page in brands.PAGES:
        brands.put(site, page)
    far = int(site.app.clock.now().timestamp()) + 3_000
    site.app.people.put({"pk": person_pk("k"), "sk": OWN_PAGE, "page": HELD, "ttl": far})
    sign = site.app.links.sign
    person = sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    nobody = sign(Purpose.PREFERENCES, {link.CANDIDATE: "n"})
    confirm = sign(Purpose.CONFIRM, {link.CANDIDATE: "k", link.ITEM: "i", link.PURPOSES: "Newsletter"})
    draft = sign(Purpose.PREVIEW, {link.PAGE: "a0I000000000001AAA"})
    version = site.app.site.read(snapshot.page_version("nurses", 1))
    site.app.site.write(snapshot.preview("a0I000000000001AAA"), version, content_type="application/json")
    return [
        "/", "/jobs/jaaaaaaaaaaaa", "/jobs/jaaaaaaaaaaaa/apply", "/jobs/jcccccccccccc",
        *(f"/p/{page['slug']}" for page in brands.PAGES), f"/preview/{draft}", f"/confirm/{confirm}",
        "/preferences", f"/preferences/{person}", f"/preferences/{person}/data", f"/preferences/{nobody}/data",
        f"/address/{sign(Purpose.ADDRESS, {link.CANDIDATE: 'k', link.ITEM: 'i', link.DOOR: 'old'})}",
        f"/recommend/{person}", f"/recommend/{nobody}",
        f"/invited/{sign(Purpose.INVITATION, {link.BROUGHT: 'k', link.MARK: 'm', link.DOOR: 'jaaaaaaaaaaaa'})}",
        f"/apply/{person}/jaaaaaaaaaaaa", f"/join/{person}/nurses", "/thanks/registration", "/nowhere",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "language", [pytest.param(one, marks=[] if one == "en" else pytest.mark.slow) for one in LANGUAGES]
)
def test_axe_finds_nothing_serious_on_any_page(browser, site, addresses, language):
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale=language, bypass_csp=True)
    tab = context.new_page()
    found = {}
    for address in addresses:
        assert tab.goto(site.url + address).status < 500, address
        if faults := serious(tab):
            found[address[:30]] = faults
    context.close()
    assert found == {}


def test_axe_finds_nothing_serious_in_a_form_that_came_back(browser, site, addresses):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    tab = context.new_page()
    for address in ("/p/nurses", "/p/layl", "/jobs/jaaaaaaaaaaaa/apply"):
        tab.goto(site.url + address)
        site.app.clock.move(seconds=20)
        tab.click("form button[type=submit]")
        assert tab.locator(".errors").count() == 1
        assert serious(tab) == []
    context.close()


@pytest.mark.parametrize(("width", "text"), [(640, "100%"), (1280, "200%")])
def test_nothing_is_lost_at_twice_the_size(browser, site, addresses, width, text):
    """1280 pixels at 200 % are 640; or the text alone is twice as large."""
    context = browser.new_context(viewport={"width": width, "height": 400})
    tab = context.new_page()
    for address in addresses:
        tab.goto(site.url + address)
        tab.evaluate("size => document.documentElement.style.setProperty('font-size', size)", text)
        wide, cut = tab.evaluate(
            """[document.documentElement.scrollWidth, [...document.querySelectorAll('h1,h2,h3,p,button,a,label')]
            .filter(e => e.offsetParent && !e.closest('.trap') && getComputedStyle(e).overflow === 'hidden'
                         && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)]"""
        )
        assert wide <= width, address
        assert cut == [], address
    context.close()


@pytest.mark.slow
def test_every_door_is_reached_and_seen_by_keyboard(browser, site, addresses):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    for address in addresses:
        tab.goto(site.url + address)
        wanted = tab.evaluate(
            """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')]
            .filter(e => e.offsetParent && !e.closest('.trap') && !e.closest('details:not([open]) > :not(summary)')
                         && e.type !== 'radio').length"""
        )
        seen = set()
        for _ in range(wanted + 8):
            tab.keyboard.press("Tab")
            where = tab.evaluate(
                """(() => { const e = document.activeElement, s = getComputedStyle(e);
                return e === document.body ? '' : [e.outerHTML.slice(0, 200) + e.getBoundingClientRect().top,
                                                  s.outlineStyle !== 'none' && s.outlineWidth !== '0px']; })()"""
            )
            if where:
                assert where[1], (address, where[0])
                assert "reference_note" not in where[0], address
                seen.add(where[0])
        assert len(seen) >= wanted * 0.9, address
    context.close()
