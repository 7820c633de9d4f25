"""Lists of spend in, the table of returns out: commands on the Operations record."""

from integration.spending.exporting import export
from integration.spending.loading import load
from integration.spending.undoing import undo

__all__ = ["export", "load", "undo"]
