"""What a deployment tells of itself, as REST and SOAP both send it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from integration.local.org.deploying.deployment import Done, Options, Outcome
from integration.local.org.deploying.judging import Problem
from integration.local.org.errors import ApiError
from integration.local.org.ids import full_id, new_id
from integration.local.org.signin.users import User
from integration.local.org.store import Store

PREFIX = "0Af"


@dataclass(frozen=True)
class Times:
    """When it was asked for and when it was done."""

    asked: str
    done: str


def keep(store: Store, user: User, options: Options, outcome: Outcome, times: Times) -> dict[str, Any]:
    """Writes the result down under a new id."""
    with store.writing() as connection:
        result = _result(new_id(PREFIX, store.next_number("_deployments")), user, options, outcome, times)
        connection.execute("INSERT INTO _deployments (id, result) VALUES (?, ?)", (result["id"], json.dumps(result)))
    return result


def find(store: Store, deployment_id: str, prefix: str = PREFIX) -> dict[str, Any]:
    """The result of that id, in 15 or 18 characters, of a deployment or of what else begins with the prefix."""
    with store.reading() as connection:
        sql = "SELECT result FROM _deployments WHERE id = ?"
        row = connection.execute(sql, (full_id(deployment_id),)).fetchone()
    if row is None or not deployment_id.startswith(prefix):
        raise ApiError(404, "INVALID_ID_FIELD", f"invalid id field: {deployment_id}")
    found: dict[str, Any] = json.loads(row[0])
    return found


def _result(deployment_id: str, user: User, options: Options, outcome: Outcome, times: Times) -> dict[str, Any]:
    failures = outcome.failures
    components = [each for each in outcome.done if each.type]
    status = "Failed" if outcome.refusal or failures else "Succeeded"
    if failures and components:
        status = "SucceededPartial"
    refusal = {"errorMessage": outcome.refusal, "errorStatusCode": "UNKNOWN_EXCEPTION"} if outcome.refusal else {}
    return {
        "checkOnly": options.check_only,
        "completedDate": times.done,
        "createdBy": user.id[:15],
        "createdByName": user.name,
        "createdDate": times.asked,
        "details": {
            "componentFailures": [_failure(each, times) for each in failures],
            "componentSuccesses": [*(_success(each, outcome, times) for each in outcome.done)],
            "runTestResult": {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0},
        },
        "done": True,
        **refusal,
        "id": deployment_id,
        "ignoreWarnings": True,
        "lastModifiedDate": times.done,
        "numberComponentErrors": len({(each.type, each.name) for each in failures}),
        "numberComponentsDeployed": len(components),
        "numberComponentsTotal": outcome.total,
        "numberTestErrors": 0,
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
        "rollbackOnError": options.rollback_on_error,
        "runTestsEnabled": False,
        "startDate": times.asked,
        "status": status,
        "success": status == "Succeeded",
    }


def _success(each: Done, outcome: Outcome, times: Times) -> dict[str, Any]:
    warnings = list(_warnings(each, outcome))
    warned = {"problem": "; ".join(warnings), "problemType": "Warning"} if warnings else {}
    return {
        "changed": each.changed,
        "componentType": each.type,
        "created": each.created,
        "createdDate": times.done,
        "deleted": each.deleted,
        "fileName": each.file,
        "fullName": each.name,
        **warned,
        "success": True,
        "warning": bool(warnings),
    }


def _warnings(done: Done, outcome: Outcome) -> Iterator[str]:
    for each in outcome.problems:
        if each.advice and (each.type, each.name) == (done.type, done.name):
            yield each.text


def _failure(each: Problem, times: Times) -> dict[str, Any]:
    return {
        "changed": False,
        "columnNumber": 1,
        "componentType": each.type,
        "created": False,
        "createdDate": times.done,
        "deleted": False,
        "fileName": each.file,
        "fullName": each.name,
        "lineNumber": each.line,
        "problem": each.text,
        "problemType": "Error",
        "success": False,
        "warning": False,
    }
