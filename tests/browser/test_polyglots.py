"""S2 in a browser: forty texts that are markup, script or address at once, in every text of every page."""

import json
from urllib.parse import quote

import pytest

from integration.messages.proofs import Proof, as_page
from integration.model import snapshot
from integration.model.link import Purpose
from integration.syndication.reading import clean
from tests.browser.conftest import JOB, PAGE

pytestmark = pytest.mark.browser

POLYGLOTS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</template><script>alert(1)</script>",
    "</noscript><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "`><img src=x onerror=alert(1)>",
    '" onmouseover=alert(1) autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    " autofocus onfocus=alert(1) ",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data='javascript:alert(1)'></object>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><input type=submit autofocus></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "javascript:alert(1)//'/*`/*\\\"/*--></script></title><svg onload=alert(1)>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A//"
    "</stYle/</titLe/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}<%=alert(1)%>",
]


@pytest.fixture
def watched(browser):
    """(page, what it did that it must not: dialogs, refused scripts and styles, errors)."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, marks = context.new_page(), []
    page.on("dialog", lambda dialog: (marks.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: marks.append(f"error {error}"))
    page.on("console", lambda message: marks.append(message.text) if _is_mark(message.text) else None)
    page.on("request", lambda request: marks.append(request.url) if _is_elsewhere(request.url) else None)
    yield page, marks
    context.close()


def _is_mark(text):
    """What a browser says when it stopped a script, a style or a frame."""
    return any(word in text for word in ("Refused", "Content Security Policy", "violates", "Uncaught"))


def _is_elsewhere(url):
    """Whether a text led the browser away; in an address of ours its words stand as they came."""
    return url.startswith("https://evil.example")


def test_S2_there_are_forty_of_them():
    assert len(set(POLYGLOTS)) >= 40


def everywhere(text, template):
    """The snapshot with the text in every place of words."""
    kept = {"state", "language", "type", "look", "url", "slug", "id", "pool", "page", "posted_on", "valid_through"}
    kept |= {"posting", "requisition", "version", "purposes", "fields", "canonical", "reference", "privacy_url", "logo"}
    if isinstance(template, dict):
        return {name: value if name in kept else everywhere(text, value) for name, value in template.items()}
    if isinstance(template, list):
        return [everywhere(text, value) for value in template]
    return text if isinstance(template, str) else template


@pytest.mark.slow
def test_S2_no_text_runs_on_any_page_of_the_site(site, watched):
    """In texts of jobs, pages and brands, the agent, the referrer, the address and what a form gives back."""
    page, marks = watched
    for text in POLYGLOTS:
        job = everywhere(text, JOB) | {"description": clean(f"<p>x</p>{text}"), "json_ld": {"title": text}}
        site.put_jobs({"reference": "jaaaaaaaaaaaa", **job}, {"reference": "jcccccccccccc", **job, "state": "closed"})
        draft = everywhere(text, PAGE)
        site.put_page(**{name: draft[name] for name in ("headline", "intro", "blocks", "consent")})
        site.put(snapshot.preview(PAGE["id"]), json.loads(site.app.site.read(snapshot.page_version("nurses", 1))))
        preview = site.app.links.sign(Purpose.PREVIEW, {"l": PAGE["id"]})
        agent = text.encode("ascii", "ignore").decode()
        page.set_extra_http_headers({"user-agent": agent, "referer": f"https://x.example/{quote(text)}"})
        for address in ("/", "/jobs/jaaaaaaaaaaaa", "/jobs/jcccccccccccc", "/jobs/jaaaaaaaaaaaa/apply", "/p/nurses",
                        f"/p/nurses?wb={quote(text)}", f"/thanks/{quote(text)}", f"/preview/{preview}"):  # fmt: skip
            page.goto(site.url + address)
        page.set_extra_http_headers({})
        page.goto(f"{site.url}/p/nurses")
        page.fill("#first_name", text)
        page.fill("#email", text)
        site.app.clock.move(seconds=20)
        with page.expect_navigation():
            page.eval_on_selector("form", "form => form.submit()")
        given_back = page.input_value("#first_name")
        assert given_back.strip()
        assert text.strip().startswith(given_back.strip())
    assert marks == []


@pytest.mark.slow
def test_S2_no_text_of_a_mail_runs_in_its_preview(watched):
    """A file on a record: opened from disk it has no policy of a server to protect it."""
    page, marks = watched
    page.set_content(as_page([Proof(text, text, text, text) for text in POLYGLOTS]))
    page.wait_for_timeout(200)
    assert page.locator("iframe").count() == 2 * len(POLYGLOTS)
    assert [mark for mark in marks if mark.startswith(("dialog", "error")) or "evil" in mark] == []


def test_S2_a_description_of_a_job_runs_nothing_without_the_policy_either(watched):
    page, marks = watched
    page.set_content("".join(f"<div>{clean(f'<p>x</p>{text}')}</div>" for text in POLYGLOTS))
    page.wait_for_timeout(200)
    assert marks == []


def test_S2_the_browser_would_tell(watched):
    """So that the silence above says something."""
    page, marks = watched
    for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>"):
        marks.clear()
        page.set_content(f"<p>{text}</p>")
        page.wait_for_timeout(200)
        assert marks == ["dialog 1"], text
