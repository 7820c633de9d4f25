"""Asks the two npm parsers, in one Node process, which queries they accept."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.local import tools

_PROGRAM = Path(__file__).with_name("oracles.mjs")


class OraclesFailed(Exception):
    """With what the Node process said."""


@dataclass(frozen=True)
class Verdicts:
    """Whether each of the parsers accepts a query."""

    apex_parser: bool
    soql_parser_js: bool

    @property
    def words(self) -> str:
        said = {True: "accepts", False: "refuses"}
        return f"apex-parser {said[self.apex_parser]}, soql-parser-js {said[self.soql_parser_js]}"

    def allows(self, accepted: bool) -> bool:
        """Whether at least one of them says the same."""
        return accepted in (self.apex_parser, self.soql_parser_js)


def ask(queries: Sequence[str]) -> list[Verdicts]:
    """What both say of each query, in order."""
    command = ["node", str(_PROGRAM), str(tools.node_tool("soql-parsers"))]
    lines = "".join(json.dumps(query) + "\n" for query in queries)
    done = subprocess.run(  # noqa: S603
        command, env=tools.node_environment(), input=lines, capture_output=True, text=True, check=False
    )
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(queries):
        raise OraclesFailed(done.stderr[-2000:])
    return [Verdicts(*json.loads(line)) for line in answers]
