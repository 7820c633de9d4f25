"""Ashby: the public job board for jobs, the API for changes and hand-overs.

Entries of a connection's secret, each optional; a part whose entries are missing is switched off:
`board` (the name in jobs.ashbyhq.com/<name>: jobs) · `api_key` (changes and hand-overs; with it jobs carry the ids by
which applications name them) · `source`, `tag`, `project` (titles in Ashby: the source of who is handed over, a tag for
everybody, a project for those without a job). Addresses: `board_url`, `api_url`.
"""

from typing import TYPE_CHECKING

from integration.adapters.ats.ashby.api import Api
from integration.adapters.ats.ashby.board import Board
from integration.adapters.ats.ashby.changes import Changes
from integration.adapters.ats.ashby.hooks import Hooks
from integration.adapters.ats.ashby.intake import Intake
from integration.errors import Rejected
from integration.ports import Ats

if TYPE_CHECKING:
    from integration.adapters.ats import Access

SYSTEM = "Ashby"
_HOST = "https://api.ashbyhq.com"


def ashby(access: "Access") -> Ats:
    """The parts that the secret has entries for; raises Rejected for one without any."""
    secret = access.secret
    if not secret.get("board") and not secret.get("api_key"):
        raise Rejected(
            "The connection's secret has neither board nor api_key. Ask your operator to add them.",
            field="Secret name",
        )
    calls = access.calls(SYSTEM)
    api = Api(calls, access.url("api", _HOST), secret["api_key"]) if secret.get("api_key") else None
    board = None
    if secret.get("board"):
        board = Board(calls, access.url("board", f"{_HOST}/posting-api/job-board"), secret["board"], api)
    changes = Changes(api) if api is not None else None
    intake = Intake(api, changes, secret) if api is not None and changes is not None else None
    return Ats(jobs=board, changes=changes, intake=intake, hints=Hooks(access.clock))
