"""Greenhouse: the Job Board API for jobs, Harvest v3 for changes, candidate ingestion or the board for hand-overs.

Entries of a connection's secret, each optional; a part whose entries are missing is switched off:
`board_token` (jobs) · `harvest_client_id`, `harvest_client_secret` (changes, and looking up what was handed over) ·
`ingestion_key`, `ingestion_user` (an e-mail address) or `board_key` (hand-overs) · `prospect_pool_id` ·
`tracking_token` (`gh_src` of applications sent by `board_key`). Addresses: `board_url`, `harvest_url`, `auth_url`,
`ingestion_url`.
"""

from typing import TYPE_CHECKING

from integration.adapters.ats.greenhouse.board import Board
from integration.adapters.ats.greenhouse.changes import HarvestChanges
from integration.adapters.ats.greenhouse.harvest import Harvest
from integration.adapters.ats.greenhouse.hooks import Hooks
from integration.adapters.ats.greenhouse.intake import Intake
from integration.errors import Rejected
from integration.ports import Ats

if TYPE_CHECKING:
    from integration.adapters.ats import Access

SYSTEM = "Greenhouse"


def greenhouse(access: "Access") -> Ats:
    """The parts that the secret has entries for; raises Rejected for one without any."""
    secret = access.secret
    calls = access.calls(SYSTEM)
    board = harvest = None
    if secret.get("board_token"):
        board = Board(calls, access.url("board", "https://boards-api.greenhouse.io/v1/boards"), secret["board_token"])
    if secret.get("harvest_client_id") and secret.get("harvest_client_secret"):
        harvest = Harvest(
            calls,
            access.clock,
            url=access.url("harvest", "https://harvest.greenhouse.io/v3"),
            token_url=access.url("auth", "https://auth.greenhouse.io") + "/token",
            client=(secret["harvest_client_id"], secret["harvest_client_secret"]),
        )
    if board is None and harvest is None:
        raise Rejected(
            "The connection's secret has neither board_token nor harvest_client_id and harvest_client_secret. Ask your "
            "operator to add them.",
            field="Secret name",
        )
    changes = HarvestChanges(harvest, access.clock) if harvest is not None else None
    can_send = bool(secret.get("ingestion_key") or (secret.get("board_key") and board))
    intake = None
    if changes is not None and can_send:
        ingestion = access.url("ingestion", "https://api.greenhouse.io/v1/partner")
        intake = Intake(calls, changes, secret, ingestion=ingestion, board=board.address if board else "")
    return Ats(jobs=board, changes=changes, intake=intake, hints=Hooks(access.clock))
