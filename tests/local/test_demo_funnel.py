"""The funnel of a story as tables and as a picture, from an org that holds a story's numbers."""

import io
from datetime import date
from itertools import islice
from xml.etree import ElementTree

import pytest
from rich.console import Console

from integration.demo.chart import STAGES, Source, svg
from integration.demo.funnel import Funnel, tables
from integration.demo.recruiter import Recruiter
from integration.demo.seed import set_up
from integration.demo.visitor import Mailbox
from integration.local.fidelity._org import served_org
from integration.records import SourceResult
from tests.local.test_demo_seed import status_of

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = {"Clicks": 412, "Visits": 380, "Joined": 37, "Applied": 12, "Qualified": 6, "Interviews": 4, "Offers": 2,
          "Hired": 1}  # fmt: skip
FIELDS = (SourceResult.CLICKS, SourceResult.VISITS, SourceResult.REGISTRATIONS, SourceResult.APPLICATIONS,
          SourceResult.QUALIFIED, SourceResult.INTERVIEWS, SourceResult.OFFERS, SourceResult.HIRES)  # fmt: skip


def source(name="Indeed", counts=COUNTS, spend=600.0):
    costs = {stage: spend / number if number else None for stage, number in counts.items()}
    return Source(name, counts, spend, costs, {"Joined": 30.5, "Applied": 9.25, "Hired": 0.5})


def texts(picture):
    return ["".join(found.itertext()) for found in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(tables, picture, shared hires, checks) of a scene whose first channel brought people by two ways."""
    with served_org(tmp_path_factory.mktemp("org")) as org:
        recruiter = Recruiter(status_of(org))
        scene = set_up(recruiter, 1, date(2026, 3, 2))
        row = {SourceResult.CHANNEL: scene.channels["indeed"], SourceResult.REQUISITION: scene.requisition,
               SourceResult.MONTH: "2026-03-01"}  # fmt: skip
        counts = dict(zip(FIELDS, COUNTS.values(), strict=True))
        whole = {SourceResult.SPEND_HOME: 600.0, SourceResult.ATTRIBUTED_HIRES: 0.5, SourceResult.KEY: "a"}
        recruiter.ensure(SourceResult.API_NAME, {SourceResult.KEY: "a"}, {**row, **counts, **whole})
        more = {SourceResult.KEY: "b", SourceResult.ATTRIBUTED_HIRES: 0.25, SourceResult.CAMPAIGN: scene.blast}
        recruiter.ensure(SourceResult.API_NAME, {SourceResult.KEY: "b"}, {**row, **more})
        funnel = Funnel(recruiter, Mailbox("http://127.0.0.1:1"), scene)
        checks = list(islice(funnel.checks(), len(scene.channels) * (4 + len(STAGES)) + 2))  # those without a mailbox
        yield funnel.tables(), funnel.picture(), funnel.shared("Hired"), checks


def test_the_tables_hold_every_stage_and_every_cost_of_every_channel(told):
    out = io.StringIO()
    Console(file=out, width=130).print(*told[0])
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["Indeed", "412", "380", "37", "12", "6", "4", "2", "1", "0.00", "0.75"] in lines
    assert ["Indeed", "600.00", "1.46", "1.58", "16.22", "50.00", "100.00", "150.00", "300.00", "600.00"] in lines
    for name in ("Nurse Jobs", "Our mails", "Nursing fair"):
        assert sum(line[: len(name.split())] == name.split() for line in lines) == 2
    assert told[2] == 0.75


def test_numbers_without_records_behind_them_are_found_out(told):
    """The results were made up here: no touchpoint or application stands behind them, and one spend has no result."""
    assert {check.number for check in told[3] if not check.agrees} == {
        "indeed: registrations", "indeed: applications", "indeed: hires", "nurse-jobs: spend",
        "hired, shared by all sources",
    }  # fmt: skip


def test_the_picture_says_every_number(told):
    words = texts(told[1])
    assert [word for word in words if word in STAGES] == list(STAGES) * 4
    assert "412  ·  1.46 each" in words
    assert "1  ·  600.00 each" in words
    assert "600.00 EUR spent; shared: joined 0.0, applied 0.0, hired 0.8" in words
    described = ElementTree.fromstring(told[1]).find(f"{SVG}desc").text
    assert "Indeed: clicks 412, visits 380, joined 37, applied 12, qualified 6" in described


def test_bars_are_on_one_scale():
    picture = ElementTree.fromstring(svg("Funnel", [source(), source("Fair", {**COUNTS, "Clicks": 206})], "EUR"))
    widths = [float(rect.get("width")) for rect in picture.iter(f"{SVG}rect")][1:]
    assert len(widths) == 2 * len(STAGES)
    assert widths[0] == pytest.approx(2 * widths[8], abs=0.1)
    assert widths[0] == pytest.approx(widths[1] * 412 / 380, abs=0.1)


def test_without_numbers_there_are_no_bars_and_nothing_breaks():
    nothing = source(counts=dict.fromkeys(STAGES, 0), spend=0.0)
    for sources in ([], [nothing]):
        picture = svg("Funnel", sources, "EUR")
        assert len(list(ElementTree.fromstring(picture).iter(f"{SVG}rect"))) == 1
        assert "nan" not in picture.casefold()
    assert tables([nothing])[0].row_count == 1


def test_a_name_is_text_whatever_it_holds():
    picture = svg("<b>&", [source("</text><script>x</script> & Söhne")], "EUR")
    assert "<script>" not in picture
    assert "</text><script>x</script> & Söh…" in texts(picture)
