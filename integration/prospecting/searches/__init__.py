"""Prospect search: one Boolean query over our own org and outside sources, merged, ranked and loaded."""

from integration.prospecting.searches.asking import work
from integration.prospecting.searches.loading import load_all_new, load_ticked
from integration.prospecting.searches.repeating import stop_repeating, tick
from integration.prospecting.searches.starting import check, search
from integration.prospecting.searches.undoing import undo

__all__ = ["check", "load_all_new", "load_ticked", "search", "stop_repeating", "tick", "undo", "work"]
