"""The blocks of a mail: what they become, what is said when one is wrong, and that nobody pays for them per person."""

import email
import email.policy
import json

import pytest

from integration.campaigns.reading import open_jobs
from integration.messages import engine, make
from integration.messages.compiling import compiled
from integration.messages.making import source_of
from integration.model import snapshot
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, Writer
from tests.unit.mail.letters import draft

BASE = "https://jobs.warmbench.example"
JOBS = [{"title": f"Nurse <{n}>", "place": "Cork", "url": f"{BASE}/jobs/r{n}"} for n in range(5)]
EVENT = (
    '<wb-event title="Open day" start="2026-03-29 18:00" end="2026-03-29 20:00" zone="Europe/Dublin"'
    ' place="1 Mill Lane" />'
)


def said(body, text="Hello", jobs=JOBS):
    result = compiled(source_of(BASE, draft(body=body, text=text, jobs=jobs)))
    return [str(finding) for finding in result.findings], result


def page(result):
    return "".join(piece if isinstance(piece, str) else "…" for piece in result.html)


HERO = (
    '<wb-hero title="Hi {{ first_name }}" text="Come & see" picture="https://x.example/a.png" alt="A"'
    ' href="https://x.example" button="Go" />'
)
COLUMNS = (
    '<wb-columns><wb-column title="One">a</wb-column>'
    '<wb-column title="Two" href="https://x.example">b</wb-column></wb-columns>'
)
GOOD = {
    HERO: "Come &amp; see",
    '<wb-text title="News">Some <b>words</b></wb-text>': "Some <b>words</b>",
    '<wb-jobs count="2" title="Open" />': "Nurse &lt;1&gt;",
    EVENT: "Sunday, 29 March 2026, 18:00 to 20:00 (Europe/Dublin)",
    '<wb-referral title="Know somebody?" href="https://x.example" text="500 EUR" />': "Recommend somebody",
    '<wb-video picture="https://x.example/a.png" alt="A film" href="https://x.example/v" />': "▶ A film",
    COLUMNS: "mj-column-per-50",
    '<wb-signature name="Maeve" role="Recruiting" />': "<b>Maeve</b>",
}


@pytest.mark.parametrize("body", GOOD)
def test_block_becomes_a_piece_of_the_mail(body):
    _, result = said(body)
    assert not [finding for finding in result.findings if finding.error]
    assert GOOD[body] in page(result)


def test_buttons_of_job_cards_are_tracked_links():
    _, result = said('<wb-jobs count="2" />', text='Hello\n<wb-jobs count="2" />')
    assert result.links == [f"{BASE}/jobs/r0", f"{BASE}/jobs/r1"]
    assert "- Nurse <1> (Cork): " in "".join(piece for piece in result.text if isinstance(piece, str))


WRONG = [
    ('\n<wb-hreo title="x" />', "Body, line 2: wb-hreo: is not a block. Did you mean wb-hero?"),
    ("<wb-hero />", 'Body, line 1: wb-hero: needs title. Write title="…".'),
    ('\n\n<wb-hero titel="x" title="y" />', "Body, line 3: wb-hero: has no titel. Did you mean title?"),
    ('<wb-hero title="x" picture="https://x.example/a.png" />', "wb-hero: needs alt for its picture"),
    ('<wb-hero title="x" button="Go" />', "wb-hero: has a button that leads nowhere"),
    ('<wb-hero title="x"\n\n/>\n<mj-txet/>', "Body, line 4: <mj-txet> is not available"),
    ('<wb-hero title="x" href="javascript:1" />', "must begin with https://"),
    ('<wb-jobs count="99" />', "count must be a number from 1 to 12"),
    ("<wb-text>x", "wb-text: is not closed. Add </wb-text>."),
    ("</wb-text>", "wb-text: is closed here but was not opened"),
    ("<wb-column>x</wb-column>", "wb-column: must stand in <wb-columns>"),
    ("<mj-section><mj-column><mj-text><wb-jobs/></mj-text></mj-column></mj-section>", "cannot stand in <mj-text>"),
    (EVENT.replace("Europe/Dublin", "Mars/North"), '"Mars/North" is no time zone'),
    (EVENT.replace("29 18:00", "29 01:30"), 'start "2026-03-29 01:30" is no time of Europe/Dublin'),
    (EVENT.replace("29 20:00", "29 17:00"), "it must end after its start"),
    (EVENT.replace("Open day", "{{ city }}"), "title must be the same for everybody"),
    (EVENT + EVENT, "stands twice"),
    ('<wb-text title="<script>">x<script>1</script></wb-text>', "<script> is not available"),
]


@pytest.mark.parametrize(("body", "expected"), WRONG, ids=[expected for _, expected in WRONG])
def test_wrong_block_is_named_with_its_line(body, expected):
    findings, _ = said(body)
    assert any(expected in finding for finding in findings), findings


def test_jobs_block_without_a_job_is_an_error():
    findings, _ = said("<wb-jobs />", jobs=[])
    assert "there is no open job to show" in findings[0]


def test_other_blocks_do_not_stand_in_the_text_part():
    findings, _ = said(EVENT, text='Hi\n<wb-hero title="x" />')
    assert findings == ["Text, line 2: <wb-hero> cannot stand in the text part. Write its words instead."]


def test_event_comes_as_a_calendar_file_in_universal_time(app):
    message, found = make(app, draft(body=EVENT, text=f"Come:\n{EVENT}"))
    assert message is not None, found
    raw = Writer(type(message).from_json(message.to_json()), engine.render).write(
        "a@people.example", {MAIL_TOKEN: "T", PREFERENCES_TOKEN: "P"}, app.clock.now()
    )
    mail = email.message_from_bytes(raw, policy=email.policy.strict)
    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_param("method"), file.get_filename()) == (
        "text/calendar",
        "PUBLISH",
        "event.ics",
    )
    lines = file.get_content().replace("\r\n", "\n")
    for line in ("METHOD:PUBLISH", "DTSTART:20260329T170000Z", "DTEND:20260329T190000Z", "SUMMARY:Open day"):
        assert f"{line}\n" in lines
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert "18:00 to 20:00" in mail.get_body(("plain",)).get_content()
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


def test_job_cards_are_those_of_the_requisition_newest_first(app):
    jobs = [
        {"reference": "r1", "title": "Old", "requisition": "R", "posted_on": "2026-01-01", "places": ["Cork", "Sligo"]},
        {"reference": "r2", "title": "New", "requisition": "R", "posted_on": "2026-02-01"},
        {"reference": "r3", "title": "Other", "requisition": "Q", "posted_on": "2026-02-02"},
    ]
    app.site.write(snapshot.LISTING, json.dumps({"jobs": jobs}).encode(), content_type="application/json")
    assert [job["title"] for job in open_jobs(app, "R")] == ["New", "Old"]
    assert open_jobs(app, "R")[1]["place"] == "Cork · Sligo"
    assert len(open_jobs(app)) == 3


def test_blocks_cost_nothing_per_person(app, monkeypatch):
    message, _ = make(app, draft(body="".join(body for body in GOOD), jobs=JOBS))
    compilations = []
    monkeypatch.setattr("mjml.mjml2html", lambda *given: compilations.append("mjml"))
    engine._compiled.cache_clear()
    writer = Writer(message, engine.render)
    for number in range(100):
        values = {"first_name": f"A{number}", MAIL_TOKEN: "T", PREFERENCES_TOKEN: "P"}
        writer.write("a@people.example", values, app.clock.now())
    assert compilations == []
    assert engine._compiled.cache_info().misses == 0
