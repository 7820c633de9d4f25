"""The quick-add bookmarklet, clicked in a real browser on pages that stand still."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

from integration.local import bookmarklet

PAGES = {
    "/ada": """<title>(2) Ada Lovelace - Nurse - Harbour Hospital | Networks</title>
        <p id="about">Twenty years, in   intensive care &amp; more</p>
        <a href="mailto:ada%2Bwork@people.example?subject=Hi">mail</a> <a href="tel:+353-86-123-4567">call</a>""",
    "/team": "<title>Our team</title><h1>Ben O’Byrne, MD</h1>",
    "/nasty": """<title>x</title><h1>Eve", alert(1), &lt;b&gt;=,&amp;</h1><a href="mailto:%E0%A4%A">broken</a>""",
}


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        found = PAGES.get(urlsplit(self.path).path, "<title>Salesforce</title>")
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html><body>{found}".encode())

    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="module")
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def click(browser, server):
    """Clicks the bookmark on a page: the values it opens the form with, and what was requested besides."""

    def clicked(path, select=""):
        context = browser.new_context()
        page = context.new_page()
        page.goto(server + path)
        if select:
            page.evaluate("id => getSelection().selectAllChildren(document.getElementById(id))", select)
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        page.evaluate("link => { const a = document.createElement('a'); a.id = 'mark'; a.href = link; "
                      "a.textContent = 'add'; document.body.append(a); }", bookmarklet.link(server))  # fmt: skip
        with context.expect_page() as opened:
            page.click("#mark")
        opened.value.wait_for_load_state()
        target = urlsplit(opened.value.url)
        context.close()
        assert target.path == "/lightning/o/Quick_Add__c/new"
        raw = target.query.removeprefix("defaultFieldValues=")
        return dict(parse_qsl(raw.replace("&", "%26").replace(",", "&"))), asked

    return clicked


def test_bookmarklet_sends_the_page_being_looked_at_to_quick_add(click, server):
    values, asked = click("/ada", select="about")
    assert values == {
        "Full_Name__c": "Ada Lovelace",
        "Title__c": "Nurse",
        "Employer__c": "Harbour Hospital",
        "Email__c": "ada+work@people.example",
        "Phone__c": "+353-86-123-4567",
        "Source_URL__c": f"{server}/ada",
        "Note__c": "Twenty years, in intensive care & more",
    }
    assert [urlsplit(url).path for url in asked] == ["/lightning/o/Quick_Add__c/new"]


def test_bookmarklet_takes_a_heading_where_the_title_names_nobody(click):
    values, _ = click("/team")
    assert values["Full_Name__c"] == "Ben O’Byrne, MD"
    assert "Email__c" not in values


def test_bookmarklet_keeps_odd_text_inside_its_field(click):
    values, _ = click("/nasty")
    assert values["Full_Name__c"] == 'Eve", alert(1), <b>=,&'
    assert set(values) <= {"Full_Name__c", "Email__c", "Source_URL__c"}


@pytest.mark.parametrize("org", ["javascript:alert(1)", "ftp://x", 'https://a"b.example', "https://", "nope"])
def test_a_link_is_made_for_the_address_of_an_org_only(org, capsys):
    assert bookmarklet.main([org]) == 2
    assert "is not the address of an org" in capsys.readouterr().err


def test_a_link_is_one_line_without_comments(capsys):
    assert bookmarklet.main(["https://acme.lightning.force.com/lightning/page/home"]) == 0
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("javascript:")
    assert "\n" not in printed
    assert "https://acme.lightning.force.com%22" in printed
    assert "//%20" not in printed
