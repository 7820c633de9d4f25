"""Headers that every answer of ours to a browser carries, whichever function gives it."""

from collections.abc import Mapping

GUARDING: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
}
NO_FRAME: Mapping[str, str] = {"x-frame-options": "DENY"}
ONLY_HTTPS: Mapping[str, str] = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
"""For an address that is https; a browser ignores it elsewhere."""
