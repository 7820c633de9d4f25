"""The feed writer against a real XML parser, with everything that can stand in a text."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.feed import BATCH, GENERIC, INDEED, Entry, Publisher, literal, sitemap, sitemap_index, write

ENTRY = Entry(
    title="Night nurse",
    date="2026-03-02",
    reference="jabc-1234",
    requisition="R-1",
    url="https://jobs.example/c/k1.x.y",
    company="Lee & Sons",
    street="",
    city="Cork",
    region="Munster",
    country="IE",
    postal_code="",
    description="<p>Rounds & handover</p>",
    salary="EUR 40,000 a year",
    job_type="fulltime",
    category="Nursing",
    expires="",
    remote="",
)


def written(entries, dialect=INDEED):
    return b"".join(write(dialect, entries, Publisher("Lee & Sons", "https://jobs.example")))


def legal(text):
    """What XML 1.0 lets through; a parser reads CR as LF."""
    kept = (c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000")
    return "".join(kept).replace("\r\n", "\n").replace("\r", "\n")


def test_the_form_that_indeed_reads():
    assert written([ENTRY]).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<source>\n"
        "<publisher><![CDATA[Lee & Sons]]></publisher>\n"
        "<publisherurl><![CDATA[https://jobs.example]]></publisherurl>\n"
        "<job>\n"
        "<title><![CDATA[Night nurse]]></title>\n"
        "<date><![CDATA[2026-03-02]]></date>\n"
        "<referencenumber><![CDATA[jabc-1234]]></referencenumber>\n"
        "<requisitionid><![CDATA[R-1]]></requisitionid>\n"
        "<url><![CDATA[https://jobs.example/c/k1.x.y]]></url>\n"
        "<company><![CDATA[Lee & Sons]]></company>\n"
        "<city><![CDATA[Cork]]></city>\n"
        "<state><![CDATA[Munster]]></state>\n"
        "<country><![CDATA[IE]]></country>\n"
        "<description><![CDATA[<p>Rounds & handover</p>]]></description>\n"
        "<salary><![CDATA[EUR 40,000 a year]]></salary>\n"
        "<jobtype><![CDATA[fulltime]]></jobtype>\n"
        "<category><![CDATA[Nursing]]></category>\n"
        "</job>\n"
        "</source>\n"
    )


def test_the_generic_form():
    [job] = ET.fromstring(written([ENTRY], GENERIC)).findall("job")
    assert [element.tag for element in job] == [
        "id", "title", "url", "company", "city", "region", "country", "published", "description",
        "salary", "contract", "category",
    ]  # fmt: skip


ANY = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "]]>",
        "]]",
        "]",
        "]\x00]>",
        "]]]]>>",
        "<![CDATA[x]]>",
        "\ud800",
        "\ufffe]]>\uffff",
        "&amp;",
        "a\r\nb",
        "x\x0b]]\x0c>",
    ]
)


@given(st.lists(st.tuples(ANY, ANY, ANY), max_size=5))
def test_any_text_comes_back_as_it_was_but_for_what_xml_forbids(texts):
    entries = [ENTRY._replace(title=t, description=d, salary=s) for t, d, s in texts]
    jobs = ET.fromstring(written(entries)).findall("job")
    assert len(jobs) == len(entries)
    for job, (title, description, salary) in zip(jobs, texts, strict=True):
        assert (job.findtext("title") or "") == legal(title)
        assert (job.findtext("description") or "") == legal(description)
        assert (job.findtext("salary") or "") == legal(salary)


def test_one_bad_entry_in_a_batch_hurts_no_other():
    entries = [ENTRY._replace(reference=f"j{number}") for number in range(BATCH + 5)]
    entries[7] = ENTRY._replace(description="a ]]> b\x00", title="]]>")
    jobs = ET.fromstring(written(entries)).findall("job")
    assert len(jobs) == BATCH + 5
    assert jobs[7].findtext("title") == "]]>"
    assert jobs[8].findtext("referencenumber") == "j8"


def test_an_empty_feed_is_a_whole_feed():
    assert ET.fromstring(written([])).findall("job") == []


def test_entries_are_taken_a_batch_at_a_time():
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield ENTRY

    pieces = write(INDEED, endless(), Publisher("", ""))
    next(pieces)
    next(pieces)
    assert taken <= BATCH + 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Rounds &amp; handover", "Rounds & handover"),
        ("caf&eacute; &#8364;50 &#x20ac;", "café €50 €"),
        ("&lt;script&gt;", "‹script›"),
        ("&amp;lt;b&amp;gt;", "‹b›"),
        ("a&nbsp;b", "a b"),
        ("Q&A; AT&T", "Q&A; AT&T"),
        ("<p>kept</p>", "<p>kept</p>"),
    ],
)
def test_no_entity_is_left_and_no_tag_is_made(given, kept):
    assert literal(given) == kept


def test_sitemaps_escape_addresses():
    data = b"".join(sitemap([("https://x.example/a?b=1&c=<2>", "2026-03-02")]))
    [location] = [element.text for element in ET.fromstring(data).iter() if element.tag.endswith("loc")]
    assert location == "https://x.example/a?b=1&c=<2>"
    assert b"<sitemapindex" in sitemap_index(["https://x.example/sitemap-1.xml"])
