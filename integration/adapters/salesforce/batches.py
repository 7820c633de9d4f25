"""Collections: up to 200 rows a call, each row for itself. What passes is tried again for those rows alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integration.adapters.salesforce.connection import Connection, backoff
from integration.adapters.salesforce.faults import GONE, Problem, in_words, is_passing
from integration.adapters.salesforce.names import Names, checked_id
from integration.ports import Outcome, Value

ROWS_PER_CALL = 200
OBJECTS_PER_CALL = 10
RETRIES = 4
OWN_KEY = "Key__c"

Send = Callable[[Sequence[int]], list[Outcome]]


def create(
    connection: Connection, names: Names, object_name: str, rows: Sequence[Mapping[str, Value]]
) -> list[Outcome]:
    """Raises TryAgain when an answer is lost: rows that have no unique key of their own may then come twice."""
    return create_together(connection, names, [(object_name, row) for row in rows])


def create_together(
    connection: Connection, names: Names, rows: Sequence[tuple[str, Mapping[str, Value]]]
) -> list[Outcome]:
    """The same for rows of several objects."""

    def send(typed: list[dict[str, Any]]) -> list[Outcome]:
        return [_found_by_own_key(one) for one in _call(connection, names, "POST", "composite/sobjects", typed)]

    return _together(connection, names, rows, send)


def update(
    connection: Connection, names: Names, object_name: str, rows: Sequence[Mapping[str, Value]]
) -> list[Outcome]:
    """Each row carries its Id."""
    return update_together(connection, names, [(object_name, row) for row in rows])


def update_together(
    connection: Connection, names: Names, rows: Sequence[tuple[str, Mapping[str, Value]]]
) -> list[Outcome]:
    """The same for rows of several objects."""
    return _together(
        connection, names, rows, lambda typed: _call(connection, names, "PATCH", "composite/sobjects", typed)
    )


def _together(
    connection: Connection,
    names: Names,
    rows: Sequence[tuple[str, Mapping[str, Value]]],
    send: Callable[[list[dict[str, Any]]], list[Outcome]],
) -> list[Outcome]:
    """A call takes rows of ten objects at most, so those of further objects go in calls of their own."""
    objects = list(dict.fromkeys(name for name, _ in rows))
    outcomes: dict[int, Outcome] = {}
    for start in range(0, len(objects), OBJECTS_PER_CALL):
        some = objects[start : start + OBJECTS_PER_CALL]
        # Rows of one object stand together: what counts is how often the object changes.
        wanted = [place for each in some for place, (name, _) in enumerate(rows) if name == each]

        def send_some(places: Sequence[int], wanted: Sequence[int] = wanted) -> list[Outcome]:
            return send([typed_row(names, *rows[wanted[place]]) for place in places])

        outcomes.update(zip(wanted, settle(len(wanted), send_some, connection.sleep), strict=True))
    return [outcomes[place] for place in range(len(rows))]


def upsert(
    connection: Connection, names: Names, object_name: str, key: str, rows: Sequence[Mapping[str, Value]]
) -> list[Outcome]:
    """By external id; the keys of `rows` are different from each other."""
    typed = [typed_row(names, object_name, row) for row in rows]
    path = f"composite/sobjects/{names.outgoing(object_name)}/{names.outgoing(key)}"

    def send(places: Sequence[int]) -> list[Outcome]:
        return _call(connection, names, "PATCH", path, [typed[place] for place in places], repeatable=True)

    return settle(len(rows), send, connection.sleep, key=key)


def delete(connection: Connection, names: Names, record_ids: Sequence[str]) -> list[Outcome]:
    """A record that is gone already counts as deleted."""
    ids = [checked_id(record_id) for record_id in record_ids]

    def send(places: Sequence[int]) -> list[Outcome]:
        wanted = [ids[place] for place in places]
        answer = connection.run(
            lambda client: client.restful(
                "composite/sobjects", {"ids": ",".join(wanted), "allOrNone": "false"}, method="DELETE"
            ),
            repeatable=True,
        )
        outcomes = [outcome_of(entry, names) for entry in answer or ()]
        return [
            Outcome(record_id, True) if outcome.code in GONE else outcome
            for record_id, outcome in zip(wanted, outcomes, strict=True)
        ]

    return settle(len(ids), send, connection.sleep)


def settle(count: int, send: Send, sleep: Callable[[float], None], *, key: str = "") -> list[Outcome]:
    """Sends rows by their places, then again those that may still go through; outcomes in the order of the places.

    With `key`, a row refused because another worker has just made a record with the same key is sent again: now it
    finds that record.
    """
    outcomes: dict[int, Outcome] = {}
    pending: Sequence[int] = range(count)
    for wait in (0.0, *backoff(RETRIES, first=0.2)):
        if wait:
            sleep(wait)
        for start in range(0, len(pending), ROWS_PER_CALL):
            batch = pending[start : start + ROWS_PER_CALL]
            outcomes.update(zip(batch, send(batch), strict=True))
        pending = [place for place in pending if may_pass(outcomes[place], key)]
        if not pending:
            break
    return [outcomes[place] for place in range(count)]


def may_pass(outcome: Outcome, key: str = "") -> bool:
    """Whether sending the same row again may end better."""
    return is_passing(outcome.code) or (bool(key) and outcome.code == "DUPLICATE_VALUE" and outcome.fields == (key,))


def outcome_of(entry: Mapping[str, Any], names: Names) -> Outcome:
    """One entry of a collection's answer."""
    if entry.get("success"):
        return Outcome(str(entry.get("id") or ""), True, created=bool(entry.get("created", False)))
    errors = entry.get("errors") or [{}]
    return refused(Problem.of(errors[0]), names)


def refused(problem: Problem, names: Names) -> Outcome:
    """A row's refusal, in words; for a duplicate, the id of the record that has the value."""
    own = Problem(problem.code, problem.text, tuple(map(names.incoming, problem.fields)))
    words, passes = in_words(own), is_passing(own.code)
    return Outcome(own.holder, False, code=own.code, message=words, fields=own.fields, may_pass=passes)


def _found_by_own_key(outcome: Outcome) -> Outcome:
    """A record of ours with the same key: an earlier attempt made it, or its twin; either way it is there."""
    if outcome.success:
        return Outcome(outcome.id, True, created=True)
    if outcome.code == "DUPLICATE_VALUE" and outcome.fields == (OWN_KEY,) and outcome.id:
        return Outcome(outcome.id, True)
    return outcome


def typed_row(names: Names, object_name: str, row: Mapping[str, Value]) -> dict[str, Any]:
    return {"attributes": {"type": names.outgoing(object_name)}, **names.outgoing_row(row)}


def _call(
    connection: Connection,
    names: Names,
    method: str,
    path: str,
    records: list[dict[str, Any]],
    *,
    repeatable: bool = False,
) -> list[Outcome]:
    body = {"allOrNone": False, "records": records}
    answer = connection.run(lambda client: client.restful(path, method=method, json=body), repeatable=repeatable)
    return [outcome_of(entry, names) for entry in answer or ()]
