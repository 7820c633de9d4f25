"""How the gate `recordings` tells a difference from what is only another org's data."""

import pytest

from integration.local.fidelity.recordings.cassettes import Exchange
from integration.local.fidelity.recordings.compare import answer_differences, shape_differences
from integration.local.fidelity.recordings.describes import describe_checks

ACCOUNT = {"attributes": {"type": "Account", "url": "/x"}, "Id": "0012300000bVTphAAG", "Name": "Acme", "Site": None}


@pytest.mark.parametrize(
    ("ours", "difference"),
    [
        ({"Id": "001WB0000000001AAA"}, ""),
        ({"Site": "Cork"}, "[0].Site is 'Cork' instead of None"),
        ({"Name": "Other"}, "[0].Name is 'Other' instead of 'Acme'"),
        ({"Name": 1}, "[0].Name is of type number instead of string"),
        ({"More": 1}, "[0] also has More"),
    ],
)
def test_records_must_hold_what_they_were_made_with(ours, difference):
    assert answer_differences([ACCOUNT], [{**ACCOUNT, **ours}]) == ([difference] if difference else [])


def test_words_of_the_protocol_must_be_the_same():
    recorded = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
    (difference,) = answer_differences(recorded, [{**recorded[0], "errorCode": "INVALID_TYPE"}])
    assert difference == "[0].errorCode is 'INVALID_TYPE' instead of 'NOT_FOUND'"
    assert answer_differences({"sObjects": [{"count": 3, "name": "Account"}]}, {"sObjects": []})


def test_a_describe_may_tell_more_than_an_older_one_but_not_less():
    recorded = {"name": "Account", "fields": [{"name": "Id", "length": 18}], "urls": {"describe": "/d"}}
    newer = {**recorded, "fields": [{"name": "Id", "length": 18, "newer": 1}], "newer": None}
    assert shape_differences(recorded, newer) == []
    assert shape_differences(newer, recorded) == ["the answer lacks newer", ".fields[] lacks newer"]


def test_fields_are_checked_one_by_one():
    answer = (
        '{"name": "Account", "custom": false, "childRelationships": [], "fields": [{"name": "Site", "length": 80}]}'
    )
    exchange = Exchange("a.yaml", 0, "GET", "https://x/services/data/v62.0/sobjects/Account/describe", "", 200, answer)
    ours = {"name": "Account", "custom": False, "childRelationships": [], "fields": [{"name": "Site", "length": 40}]}
    found = {
        each.id.rpartition(" describe")[0] or each.id.split("/")[-1]: each.detail
        for each in describe_checks(exchange, ours)
    }
    assert found["describe field Site"] == "length is 40 instead of 80"
    assert [detail for detail in found.values() if detail] == ["length is 40 instead of 80"]
