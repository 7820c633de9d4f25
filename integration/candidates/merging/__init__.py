"""Two records become one person, and two again if that was a mistake."""

from integration.candidates.merging.joining import merge
from integration.candidates.merging.parting import unmerge

__all__ = ["merge", "unmerge"]
