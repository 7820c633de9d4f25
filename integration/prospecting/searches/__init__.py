"""Prospect search: one Boolean query over our own org and outside sources, merged, ranked and loaded."""

from integration.prospecting.searches.repeating import stop_repeating

__all__ = ["stop_repeating"]
