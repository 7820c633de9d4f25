"""The command line in a home of its own, in a copy of the product's project."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integration.local import tools
from integration.local.fidelity._calls import Differs
from integration.local.fidelity._org import ServedOrg
from integration.local.places import ROOT

ALIAS = "warmbench"
_PATIENCE_SECONDS = 300
_QUIET = {
    "SF_DISABLE_TELEMETRY": "true",
    "SF_AUTOUPDATE_DISABLE": "true",
    "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
    "SF_DISABLE_LOG_FILE": "true",
    "SF_SKIP_NEW_VERSION_CHECK": "true",
}
_FIELD = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>{name}</fullName>
    <label>{label}</label>
    <length>40</length>
    <type>{kind}</type>
</CustomField>
"""


@dataclass(frozen=True)
class Cli:
    """How to call it."""

    org: ServedOrg
    folder: Path
    project: Path
    program: str
    environment: Mapping[str, str]

    @classmethod
    def of(cls, org: ServedOrg, folder: Path) -> "Cli":
        project, home = folder / "project", folder / "home"
        shutil.copytree(ROOT / "sf_metadata", project)
        home.mkdir()
        program = tools.node_tool("sf") / "node_modules" / ".bin" / "sf"
        environment = {**tools.node_environment(), **_QUIET, "HOME": str(home), "SF_ACCESS_TOKEN": org.token}
        return cls(org, folder, project, str(program), environment)

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command, as it is typed."""
        return subprocess.run(  # noqa: S603
            [self.program, *words],
            cwd=self.project,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )

    def answered(self, *words: str, **settings: str) -> dict[str, Any]:
        """What a command says with --json: {status, result or name and message}."""
        done = self.run(*words, "--json", **settings)
        try:
            said: dict[str, Any] = json.loads(done.stdout)
        except ValueError as error:
            raise Differs(f"no JSON but {done.stdout[-300:]!r} {done.stderr[-300:]!r}") from error
        return said

    def result(self, *words: str, **settings: str) -> Any:
        """The result of a command that must succeed in the gate's org."""
        said = self.answered(*words, "--target-org", ALIAS, **settings)
        if said.get("status") != 0:
            raise Differs(f"exit status {said.get('status')}: {said.get('name')} {said.get('message')}"[:600])
        return said["result"]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query finds, without attributes."""
        records: list[dict[str, Any]] = self.result("data", "query", "--query", query)["records"]
        return [{name: value for name, value in row.items() if name != "attributes"} for row in records]

    def file(self, name: str, text: str) -> str:
        """A file outside the project."""
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def field(self, name: str, kind: str = "Text") -> Path:
        """A new field of Tag__c in the project."""
        path = self.project / "main/default/objects/Tag__c/fields" / f"{name}.field-meta.xml"
        path.write_text(_FIELD.format(name=name, label=name.removesuffix("__c"), kind=kind))
        return path
