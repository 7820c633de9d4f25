"""Rows of several objects in one call: a composite call holds up to five collections of up to 200 rows."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from integration.adapters.salesforce import batches
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import meaning, problem_of
from integration.adapters.salesforce.login import API_VERSION
from integration.adapters.salesforce.names import Names
from integration.ports import Outcome, Value, Write

COLLECTIONS_PER_CALL = 5


class _Piece(NamedTuple):
    """Rows of one write that go as one collection."""

    write: int
    path: str
    rows: list[dict[str, Any]]


def save(connection: Connection, names: Names, writes: Sequence[Write]) -> list[list[Outcome]]:
    """Outcomes in the order of the rows. The keys of one write differ, so that doing it twice is as good as once."""
    outcomes: list[list[Outcome]] = [[] for _ in writes]
    pieces = [piece for number, write in enumerate(writes) for piece in _pieces(names, number, write)]
    for start in range(0, len(pieces), COLLECTIONS_PER_CALL):
        some = pieces[start : start + COLLECTIONS_PER_CALL]
        for piece, answer in zip(some, _call(connection, some), strict=True):
            outcomes[piece.write] += [batches.outcome_of(entry, names) for entry in answer]
    for write, own in zip(writes, outcomes, strict=True):
        _again(connection, names, write, own)
    return outcomes


def _pieces(names: Names, number: int, write: Write) -> list[_Piece]:
    path, size = "composite/sobjects", batches.ROWS_PER_CALL
    if write.key:
        path += f"/{names.outgoing(write.object_name)}/{names.outgoing(write.key)}"
    typed = [batches.typed_row(names, write.object_name, row) for row in write.rows]
    return [_Piece(number, path, typed[start : start + size]) for start in range(0, len(typed), size)]


def _call(connection: Connection, pieces: Sequence[_Piece]) -> list[Any]:
    if len(pieces) == 1:
        body = _collection(pieces[0].rows)
        answer = connection.run(
            lambda client: client.restful(pieces[0].path, method="PATCH", json=body), repeatable=True
        )
        return [answer or ()]
    parts = [
        {
            "method": "PATCH",
            "url": f"/services/data/v{API_VERSION}/{piece.path}",
            "referenceId": f"rows{number}",
            "body": _collection(piece.rows),
        }
        for number, piece in enumerate(pieces)
    ]
    request = {"allOrNone": False, "compositeRequest": parts}

    def send(client: Any) -> list[Any]:
        """Raises for the first collection that was refused as a whole; then all of them may come again."""
        answered: Any = client.restful("composite", method="POST", json=request)
        for part in answered["compositeResponse"]:
            if part["httpStatusCode"] >= 300:
                raise meaning(problem_of(part["body"]), part["httpStatusCode"])
        return [part["body"] for part in answered["compositeResponse"]]

    return connection.run(send, repeatable=True)


def _collection(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"allOrNone": False, "records": rows}


def _again(connection: Connection, names: Names, write: Write, outcomes: list[Outcome]) -> None:
    """The rows alone that may still go through."""
    places = [place for place, outcome in enumerate(outcomes) if batches.may_pass(outcome, write.key)]
    if not places:
        return
    rows: list[Mapping[str, Value]] = [write.rows[place] for place in places]
    if write.key:
        repeated = batches.upsert(connection, names, write.object_name, write.key, rows)
    else:
        repeated = batches.update(connection, names, write.object_name, rows)
    for place, outcome in zip(places, repeated, strict=True):
        outcomes[place] = outcome
