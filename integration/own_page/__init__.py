"""The candidate's own page: what is held and why, put right, taken along or erased by the person."""

from integration.own_page.asking import ACTIONS, carry_out
from integration.own_page.gathering import shown

__all__ = ["ACTIONS", "carry_out", "shown"]
