"""Sending: one mail per person and step, accounted for whatever breaks (docs/decisions.md, the send ledger)."""

from integration.sending.chunk import send_chunk
from integration.sending.control import pause_everything, resume_everything
from integration.sending.counting import Totals, ledger_rows, totals
from integration.sending.health import settle
from integration.sending.recovery import recover
from integration.sending.suppression import Reason, release, suppress, suppressed_among, why_not
from integration.sending.transactional import queue_transactional

__all__ = [
    "Reason",
    "Totals",
    "ledger_rows",
    "pause_everything",
    "queue_transactional",
    "recover",
    "release",
    "resume_everything",
    "send_chunk",
    "settle",
    "suppress",
    "suppressed_among",
    "totals",
    "why_not",
]
