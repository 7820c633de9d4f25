"""CumulusCI over REST: a Snowfakery recipe loaded, extracted, changed by key and deleted; the rows must be equal.

CumulusCI speaks https alone, so the org does; its Bulk API is version 1.0, which the org does not have.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from integration.local import tools
from integration.local.fidelity._calls import Calls, holds, same
from integration.local.fidelity._check import Check
from integration.local.fidelity._org import ServedOrg, served_org
from integration.local.fidelity.cumulusci._rows import MEMBERSHIPS, TABLES, Table, rows

HERE = Path(__file__).parent
COUNTS = {
    "Talent_Pool__c": 4,
    "Candidate__c": 60,
    "Contact_Point__c": 120,
    "Pool_Membership__c": 60,
    "Account": 30,
    "Contact": 90,
}
_PATIENCE_SECONDS = 240
_LOAD = "generate_and_load_data_from_yaml.GenerateAndLoadDataFromYaml"


def run(folder: Path) -> list[Check]:
    """Against an org of the gate's own."""
    with served_org(folder, tls=True) as org:
        first = _done(org, folder, _load_and_extract(folder))
        extracted = list(_equal_rows(folder))
        second = _done(org, folder, list(_change_and_delete()))
        return [*first, *extracted, *second, *OUTCOMES.run(org)]


Task = tuple[str, str, dict[str, Any]]


def _load_and_extract(folder: Path) -> list[Task]:
    mapping = str(HERE / "people.mapping.yml")
    return [
        ("GenerateAndLoadDataFromYaml", _LOAD, _recipe("people", mapping, 60, folder / "loaded.db")),
        (
            "ExtractData",
            "extract.ExtractData",
            {"mapping": mapping, "database_url": f"sqlite:///{folder}/extracted.db"},
        ),
    ]


def _recipe(name: str, mapping: str, number: int, database: Path | None = None, **options: str) -> dict[str, Any]:
    asked = {"generator_yaml": str(HERE / f"{name}.recipe.yml"), "mapping": mapping, "num_records": number}
    asked |= {"num_records_tablename": "Candidate__c", "set_recently_viewed": False}
    return {**asked, **({"database_url": f"sqlite:///{database}"} if database else {}), **options}


def _change_and_delete() -> Iterator[Task]:
    for action, more in (("upsert", {}), ("etl_upsert", {"vars": "city:Kraków,prefix:newer"})):
        mapping = str(HERE / f"{action}.mapping.yml")
        yield f"GenerateAndLoadDataFromYaml: {action}", _LOAD, _recipe("changed", mapping, 15, None, **more)
    update = {"object": "Candidate__c", "fields": "Last_Name__c", "where": "City__c = 'Łódź'", "api": "rest"}
    yield "UpdateData", "update_data.UpdateData", {**update, "recipe": str(HERE / "titled.recipe.yml")}
    yield "DeleteData", "delete.DeleteData", {"objects": MEMBERSHIPS.name, "where": "Stage__c = 'New'", "api": "rest"}
    yield (
        "DeleteData: several objects",
        "delete.DeleteData",
        {"objects": "Contact_Point__c,Talent_Pool__c", "api": "rest"},
    )


def _done(org: ServedOrg, folder: Path, tasks: list[Task]) -> list[Check]:
    """What became of each task; one that CumulusCI never came to has failed."""
    access = {"instance_url": org.url, "access_token": org.token, "org_id": org.org_id}
    done = subprocess.run(  # noqa: S603
        [str(tools.python("cumulusci")), str(HERE / "tasks.py")],
        input=json.dumps({"org": access, "folder": str(folder), "tasks": tasks}),
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "", "HOME": str(folder), "REQUESTS_CA_BUNDLE": str(org.certificate)},
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"id":')]
    details = {each["id"]: each["detail"] for each in told}
    return [Check(name, details.get(name, f"not done: {done.stderr[-800:]}")) for name, _, _ in tasks]


def _equal_rows(folder: Path) -> Iterator[Check]:
    for table in TABLES:
        name = f"rows of {table.name}"
        try:
            yield Check(name, _difference(folder, table))
        except Exception as error:
            yield Check(name, f"{type(error).__name__}: {error}")


def _difference(folder: Path, table: Table) -> str:
    loaded, extracted = rows(folder / "loaded.db", table), rows(folder / "extracted.db", table)
    if len(loaded) != COUNTS[table.name]:
        return f"{len(loaded)} rows were made, not {COUNTS[table.name]}"
    if loaded.keys() != extracted.keys():
        return f"loaded only: {loaded.keys() - extracted.keys()}; extracted only: {extracted.keys() - loaded.keys()}"
    for key, row in loaded.items():
        wrong = {
            name: (value, extracted[key].get(name)) for name, value in row.items() if extracted[key].get(name) != value
        }
        if wrong:
            return f"{key}, loaded and extracted: {wrong}"
    return ""


OUTCOMES: Calls[ServedOrg] = Calls()


def _query(org: ServedOrg, soql: str) -> list[dict[str, Any]]:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(org.certificate)
    headers = {"Authorization": f"Bearer {org.token}"}
    answer = session.get(f"{org.url}/services/data/v62.0/query", params={"q": soql}, headers=headers, timeout=30)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


@OUTCOMES("candidates after upserting by external id")
def upserted(org: ServedOrg) -> None:
    found = _query(org, "SELECT Candidate_Key__c, Last_Name__c, First_Name__c FROM Candidate__c WHERE City__c = 'Łódź'")
    same(
        {row["Candidate_Key__c"]: row["Last_Name__c"] for row in found}, {f"new-{n}": f"New {n}" for n in range(11, 16)}
    )


@OUTCOMES("candidates after upserting by another field")
def upserted_by_another_field(org: ServedOrg) -> None:
    found = _query(org, "SELECT Candidate_Key__c, First_Name__c FROM Candidate__c WHERE City__c = 'Kraków'")
    wanted = {f"cci-{number}" for number in range(1, 11)} | {f"newer-{number}" for number in range(11, 16)}
    same({row["Candidate_Key__c"] for row in found}, wanted)
    holds(sum(bool(row["First_Name__c"]) for row in found) == 10, "first names were lost")
    same(len(_query(org, "SELECT Id FROM Candidate__c")), 70)


@OUTCOMES("candidates after updating")
def updated(org: ServedOrg) -> None:
    found = _query(org, "SELECT Last_Name__c, Title__c FROM Candidate__c WHERE Title__c != null")
    same(sorted(row["Title__c"] for row in found), [f"Once New {number}" for number in range(11, 16)])


@OUTCOMES("what is left after deleting")
def deleted(org: ServedOrg) -> None:
    left = _query(org, "SELECT Stage__c FROM Pool_Membership__c")
    holds(0 < len(left) < 60, f"{len(left)} memberships are left")
    holds("New" not in {row["Stage__c"] for row in left}, "memberships that should be gone are left")
    same([_query(org, f"SELECT Id FROM {name}") for name in ("Contact_Point__c", "Talent_Pool__c")], [[], []])
