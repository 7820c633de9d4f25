"""Attribution: every outcome shared among the touches before it, by the model that stands on the Operations record."""

from integration.attribution.command import recompute
from integration.attribution.walking import go_on

__all__ = ["go_on", "recompute"]
