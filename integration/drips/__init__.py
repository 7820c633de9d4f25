"""Drips: everybody who joins a pool gets the campaign's steps on their own calendar.

The enrollment and what is due next stand in one transaction in the `due` table; Salesforce is told in batches. A step
that is due becomes a `mail` message first and the next step's entry second, so a crash in between repeats the message,
which the ledger ignores.
"""

from integration.drips.enrolling import admit, enrol
from integration.drips.hearing import hear
from integration.drips.leaving import stop
from integration.drips.recovery import recover
from integration.drips.stepping import run_due

__all__ = ["admit", "enrol", "hear", "recover", "run_due", "stop"]
