"""The frame of the benches, and that the mail bench compares the same mails."""

import json
from itertools import islice

import pytest

from integration import bench
from integration.bench import _frame, mail


def test_names_are_the_modules(capsys):
    assert bench.main([]) == 0
    assert "mail" in capsys.readouterr().out.split()


@pytest.mark.parametrize(("product", "expected"), [(1.0, 0), (3.0, 1)])
def test_missed_goal_fails_the_command(capsys, monkeypatch, product, expected):
    monkeypatch.setattr(mail, "run", lambda runs: [_frame.Row("one mail", "us CPU", product, 1 / 50, peer=100.0)])
    assert bench.main(["mail", "--json"]) == expected
    report = json.loads(capsys.readouterr().out)
    assert report["rows"][0]["ratio"] == product / 100
    assert report["rows"][0]["met"] is (expected == 0)
    assert set(report) == {"bench", "version", "machine", "runs", "rows"}


def test_count_without_a_peer_is_held_to_its_goal():
    assert _frame.Row("calls", "count", 15, 15).met
    assert not _frame.Row("calls", "count", 16, 15).met


@pytest.mark.parametrize("extra", ["", mail._IF + mail._LOOP], ids=["slots", "blocks"])
def test_product_and_peer_write_the_same_mail(extra):
    product, peer = mail.writers(mail.body(extra))
    for person in islice(mail.people(), 40):
        mail.assert_same(product(person), peer(person))


def test_difference_between_the_two_is_noticed():
    product, peer = mail.writers(mail.body(""))
    first, second = islice(mail.people(), 2)
    with pytest.raises(AssertionError, match="parts differ"):
        mail.assert_same(product(first), peer(second))
