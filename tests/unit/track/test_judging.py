"""`warmbench judge`: files of others, with gaps, faults and odd spellings."""

import io
import json
import random

import pytest

from integration.bench import _corpus, judge
from integration.cli import main
from integration.judging import scores
from integration.judging.files import FileJudge

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
A_CLICK = {"id": "c", "kind": "click", "at": "2026-03-02T09:10:00Z", "candidate": "K", "link": "1",
           "user_agent": BROWSER, "network": "86.40.1.0/24", "method": "GET"}  # fmt: skip


@pytest.fixture
def judged(tmp_path, capsys):
    """Verdicts by id, and what was said on standard error."""

    def run(*lines):
        source, out = tmp_path / "events.jsonl", tmp_path / "verdicts.jsonl"
        source.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
        assert main(["judge", str(source), "--out", str(out)]) == 0
        verdicts = [json.loads(line) for line in out.read_text().splitlines()]
        return {verdict["id"]: verdict for verdict in verdicts}, capsys.readouterr().err

    return run


def test_a_verdict_has_id_word_reasons_and_version(judged):
    verdicts, _ = judged(A_CLICK, {**A_CLICK, "id": "d", "method": "HEAD", "candidate": "L"})
    assert verdicts == {
        "c": {"id": "c", "verdict": "human", "reasons": [], "version": "2"},
        "d": {"id": "d", "verdict": "machine", "reasons": ["asked for headers only"], "version": "2"},
    }


@pytest.mark.parametrize(
    "at",
    ["2026-03-02T09:00:02Z", "2026-03-02 09:00:02", "2026-03-02T10:00:02+01:00", 1772442002, 1772442002000,
     "1772442002", "Mon, 02 Mar 2026 09:00:02 GMT", "2026-03-02 09:00:02 UTC"],
)  # fmt: skip
def test_times_come_in_many_forms(judged, at):
    delivery = {"id": "x", "kind": "delivery", "at": "2026-03-02T09:00:00Z", "candidate": "K"}
    verdicts, said = judged({**A_CLICK, "at": at}, delivery)
    assert verdicts["c"]["reasons"] == ["came 2.0 s after delivery, sooner than a person could"]
    assert "line" not in said.replace("lines", "")


def test_names_of_others_are_understood(judged):
    theirs = {"event_id": "c", "type": "email.clicked", "timestamp": 1772442002, "recipient": "a@b.example",
              "url": "/1", "ua": "python-requests/2", "ip": "86.40.1.7"}  # fmt: skip
    assert judged(theirs)[0]["c"]["verdict"] == "machine"


def test_a_bad_line_is_told_and_the_others_are_judged(judged):
    verdicts, said = judged(
        b"{", b"[1]", b"\xff\xfe", {"kind": "click"}, {"id": "n"}, {"id": "k", "kind": "danced"}, b"", A_CLICK,
        {**A_CLICK, "id": "t", "at": "yesterday", "candidate": "L"}, b"[" * 100_000,
    )  # fmt: skip
    assert set(verdicts) == {"c", "t"}
    assert [f"line {number}:" in said for number in range(1, 11)] == [
        True, True, True, True, True, False, False, False, True, True]  # fmt: skip
    assert "6 lines could not be read, 1 are of other kinds" in said


def test_values_of_any_type_stop_nothing(judged):
    chance = random.Random(3)
    odd = [None, True, [], {}, {"a": [1]}, 1e308, -1, "", "\ud800", "x" * 5_000, 0]
    lines = [{**A_CLICK, "id": str(n), **{name: chance.choice(odd) for name in chance.sample([*A_CLICK][1:], 3)}}
             for n in range(200)]  # fmt: skip
    judged(*[{**line, "kind": "open"} for line in lines], *lines)


def test_order_and_copies_change_nothing(judged):
    lines = list(_corpus.lines(_corpus.tried(), 100))
    once, _ = judged(*lines)
    mixed = lines + lines[::3]
    random.Random(5).shuffle(mixed)
    again, _ = judged(*mixed)
    assert again == once


def test_only_browsers_or_only_times_are_enough(judged):
    names_only = [{"id": str(n), "kind": "click", "user_agent": agent} for n, agent in enumerate([BROWSER, "curl/8"])]
    assert [verdict["verdict"] for verdict in judged(*names_only)[0].values()] == ["human", "machine"]
    times_only = [
        {"id": str(n), "kind": "click", "at": 1772442000 + n / 10, "candidate": "K", "link": n} for n in range(3)
    ]
    assert {verdict["verdict"] for verdict in judged(*times_only)[0].values()} == {"machine"}


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["judge", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl: No such file or directory." in capsys.readouterr().err


def test_standard_input_and_output_serve_too(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(A_CLICK).encode())))
    assert main(["judge", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "human"


@pytest.mark.parametrize("world", [_corpus.tried, _corpus.held_out])
def test_people_and_machines_are_told_apart(world, tmp_path):
    """Small; `warmbench bench judge` has the whole corpus."""
    _corpus.write(world(), 2_000, tmp_path / "events.jsonl")
    precision, recall = scores(FileJudge(tmp_path / "events.jsonl", judge._no_fault).run(io.StringIO()))
    assert precision >= 0.98
    assert recall >= 0.9
