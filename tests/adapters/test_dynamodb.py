"""DynamoTable against moto; lost answers and throttles by the SDK's own events."""

import json

import pytest
from botocore.awsrequest import AWSResponse

from integration.adapters import aws
from integration.errors import TryAgain


class Raw:
    """What botocore reads an answer's body from."""

    def __init__(self, body):
        self._body = body

    def stream(self, **_):
        yield self._body


def answer(status, code):
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "x"}).encode()
    return AWSResponse("https://dynamodb", status, {"content-type": "application/x-amz-json-1.0"}, Raw(body))


@pytest.fixture
def edge():
    """Registers handlers that answer in place of the service, and takes them off afterwards."""
    registered = []

    def register(operation, handler):
        event = f"before-send.dynamodb.{operation}"
        aws.dynamodb().meta.events.register_first(event, handler)
        registered.append((event, handler))

    yield register
    for event, handler in registered:
        aws.dynamodb().meta.events.unregister(event, handler)


def test_values_come_back_as_they_went(app):
    item = {"pk": "p", "sk": "s", "n": 7, "f": 1.25, "t": True, "l": [1, {"a": "b"}], "b": b"\0", "e": ""}
    app.people.put(item)
    assert app.people.get("p", "s") == item
    assert type(app.people.get("p", "s")["n"]) is int


def test_none_is_absent(app):
    app.people.put({"pk": "p", "sk": "s", "gone": None})
    assert app.people.get("p", "s") == {"pk": "p", "sk": "s"}
    assert app.people.get("p", "other") is None


def test_not_a_number_is_refused(app):
    with pytest.raises(ValueError, match="nan"):
        app.people.put({"pk": "p", "sk": "s", "n": float("nan")})


def test_first_put_wins(app):
    assert app.claims.put({"pk": "p", "sk": "s", "by": 1}, unless_exists=True)
    assert not app.claims.put({"pk": "p", "sk": "s", "by": 2}, unless_exists=True)
    assert app.claims.get("p", "s")["by"] == 1


def test_update_creates_sets_and_removes(app):
    assert app.people.update("p", "s", {"state": "new", "size": 1})
    assert app.people.update("p", "s", {"state": "done", "size": None})
    assert app.people.get("p", "s") == {"pk": "p", "sk": "s", "state": "done"}


@pytest.mark.parametrize(
    ("only_if", "holds"),
    [
        ({"state": "new"}, True),
        ({"state": "done"}, False),
        ({"state": {"new", "done"}}, True),
        ({"state": {"done", None}}, False),
        ({"other": None}, True),
        ({"state": None}, False),
        ({"other": {None, "x"}}, True),
        ({"pk": "p"}, True),
        ({"state": "new", "count": 2}, False),
        ({"state": "new", "count": 1}, True),
    ],
)
def test_update_only_if(app, only_if, holds):
    app.sends.put({"pk": "p", "sk": "s", "state": "new", "count": 1})
    assert app.sends.update("p", "s", {"touched": True}, only_if=only_if) is holds
    assert ("touched" in app.sends.get("p", "s")) is holds


def test_update_of_what_must_exist_creates_nothing(app):
    assert not app.sends.update("p", "s", {"state": "x"}, only_if={"pk": "p"})
    assert app.sends.get("p", "s") is None


def test_query_by_prefix_range_and_limit(app):
    for sk in ("a1", "a2", "b1", "b2", "c1"):
        app.due.put({"pk": "p", "sk": sk})
    app.due.put({"pk": "q", "sk": "a1"})

    def keys(**how):
        return [item["sk"] for item in app.due.query("p", **how)]

    assert keys() == ["a1", "a2", "b1", "b2", "c1"]
    assert keys(prefix="b") == ["b1", "b2"]
    assert keys(first="a2", last="b1") == ["a2", "b1"]
    assert keys(first="b2") == ["b2", "c1"]
    assert keys(last="a2") == ["a1", "a2"]
    assert keys(limit=3) == ["a1", "a2", "b1"]
    with pytest.raises(ValueError, match="prefix or by range"):
        keys(prefix="a", first="b")


def test_query_reads_every_page(app):
    for number in range(12):
        app.due.put({"pk": "p", "sk": f"{number:02}", "text": "x" * 200_000})
    assert len(list(app.due.query("p"))) == 12


def test_get_many_takes_any_number_of_keys(app):
    for number in range(130):
        app.people.put({"pk": f"p{number}", "sk": "s"})
    keys = [(f"p{number}", "s") for number in range(140)] + [("p0", "s")]
    found = app.people.get_many(keys)
    assert len(found) == 130
    assert found["p5", "s"] == {"pk": "p5", "sk": "s"}
    assert app.people.get_many([]) == {}


def test_keys_left_out_are_asked_for_again(app, edge):
    app.people.put({"pk": "p", "sk": "s"})
    asked = []

    def leave_out(request, **_):
        asked.append(request)
        if len(asked) > 1:
            return None
        body = json.dumps({"Responses": {}, "UnprocessedKeys": json.loads(request.body)["RequestItems"]}).encode()
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, Raw(body))

    edge("BatchGetItem", leave_out)
    assert len(app.people.get_many([("p", "s")])) == 1
    assert len(asked) == 2


def test_put_many_takes_any_number_of_items_and_the_last_of_a_key_counts(app):
    app.people.put({"pk": "p0", "sk": "s", "n": 0, "old": True})
    app.people.put_many([{"pk": f"p{number}", "sk": "s", "n": number} for number in range(60)])
    app.people.put_many([{"pk": "p1", "sk": "s", "n": 100}, {"pk": "p1", "sk": "s", "n": 101}])
    app.people.put_many([])
    assert app.people.get("p0", "s") == {"pk": "p0", "sk": "s", "n": 0}
    assert [app.people.get(f"p{number}", "s")["n"] for number in (1, 30, 59)] == [101, 30, 59]


def test_items_left_out_are_written_again(app, edge):
    asked = []

    def leave_out(request, **_):
        asked.append(request)
        if len(asked) > 1:
            return None
        body = json.dumps({"UnprocessedItems": json.loads(request.body)["RequestItems"]}).encode()
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, Raw(body))

    edge("BatchWriteItem", leave_out)
    app.people.put_many([{"pk": "p", "sk": "s"}])
    assert app.people.get("p", "s")
    assert len(asked) == 2


def test_items_of_two_tables_come_together_or_not_at_all(app):
    app.people.put({"pk": "p", "sk": "there"})
    taken = [(app.claims, {"pk": "c", "sk": "s"}), (app.people, {"pk": "p", "sk": "there", "new": 1})]
    assert not app.claims.put_together(taken, unless_exists=True)
    assert app.claims.get("c", "s") is None
    assert app.claims.put_together(taken)
    assert app.people.get("p", "there")["new"] == 1
    with pytest.raises(ValueError, match="101 items"):
        app.claims.put_together([(app.claims, {"pk": "c", "sk": str(n)}) for n in range(101)])


def test_throttled_table_is_try_again(app, edge, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    edge("PutItem", lambda **_: answer(400, "ProvisionedThroughputExceededException"))
    with pytest.raises(TryAgain, match="ProvisionedThroughputExceeded"):
        app.people.put({"pk": "p", "sk": "s"})


def lose_the_first_answer(edge, table, there):
    """The first conditional put finds `there` written and is answered by a 500; the next ones are let through."""
    attempts = []

    def handler(request, **_):
        if b"ConditionExpression" not in request.body:
            return None
        attempts.append(request)
        if len(attempts) > 1:
            return None
        table.put(there)
        return answer(500, "InternalServerError")

    edge("PutItem", handler)
    return attempts


def test_own_put_whose_answer_was_lost_counts(app, edge):
    item = {"pk": "p", "sk": "s", "by": "me", "at": 5}
    attempts = lose_the_first_answer(edge, app.claims, item)
    assert app.claims.put(item, unless_exists=True)
    assert len(attempts) == 2


def test_put_of_another_does_not_count_after_a_lost_answer(app, edge):
    lose_the_first_answer(edge, app.claims, {"pk": "p", "sk": "s", "by": "another"})
    assert not app.claims.put({"pk": "p", "sk": "s", "by": "me"}, unless_exists=True)
