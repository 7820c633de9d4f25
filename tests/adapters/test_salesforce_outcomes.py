"""Outcomes of many rows in little room, and how a job's results find their rows."""

import pytest

from integration.adapters.salesforce.bulk_files import Places, shards
from integration.adapters.salesforce.names import Names
from integration.adapters.salesforce.outcomes import Outcomes
from integration.ports import Outcome

IDS = [f"a01WB0000000{number:03}AAA" for number in range(6)]
REFUSED = Outcome("", False, code="TOO_LONG", message="Too long.", fields=("Name__c",))


def test_outcomes_read_as_they_were_noted():
    outcomes = Outcomes(6)
    outcomes.note_written(range(2), IDS[:2], [True, False])
    outcomes.note_written([4, 3], [IDS[4], IDS[3]], [False, True])
    outcomes.note(2, REFUSED)
    assert outcomes.open() == [5]
    outcomes.note(5, Outcome("short", True))
    assert list(outcomes) == [
        Outcome(IDS[0], True, created=True),
        Outcome(IDS[1], True),
        REFUSED,
        Outcome(IDS[3], True, created=True),
        Outcome(IDS[4], True),
        Outcome("short", True),
    ]
    assert outcomes[-1].id == "short"
    assert outcomes[1:3] == [Outcome(IDS[1], True), REFUSED]
    assert outcomes.exceptions() == [(2, REFUSED), (5, Outcome("short", True))]
    with pytest.raises(IndexError):
        outcomes[6]


def test_later_word_on_a_row_counts():
    outcomes = Outcomes(1)
    outcomes.note(0, REFUSED)
    outcomes.note(0, Outcome(IDS[0], True))
    assert list(outcomes) == [Outcome(IDS[0], True)]
    assert outcomes.exceptions() == []


@pytest.mark.parametrize("keys", [["A", "b", "C"], ["c", "a", "b"], ["b", " C "], ["a", "c", "b"]])
def test_results_find_their_rows_in_any_order(keys):
    rows = [{"Key__c": key} for key in ("x", "a", "B", "c")]
    places = Places(rows, range(1, 4), "Key__c")
    expected = {"a": 1, "b": 2, "c": 3}
    assert list(places.find_all(keys)) == [expected[key.strip().lower()] for key in keys]
    with pytest.raises(KeyError):
        places.find("x")


def test_rows_with_different_fields_share_one_header():
    rows = [
        {"A__c": "1", "B__c": ""},
        {"B__c": "x,y", "C__c": True},
        {"C__c": None, "A__c": 2},
        {"A__c": "p", "B__c": "q"},
    ]
    ((places, body),) = shards(rows, range(4), Names(""), 1_000)
    with body:
        body.seek(0)
        assert body.read().decode().splitlines() == ["A__c,B__c,C__c", "1,#N/A,", ',"x,y",true', "2,,#N/A", "p,q,"]
    assert places == range(4)
