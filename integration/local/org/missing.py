"""Resources that every real org has and this one has not: refused by name instead of a bare NOT_FOUND."""

from integration.local.org.errors import not_implemented
from integration.local.org.web import Call, Reply

PATHS = (
    "actions(?:/.*)?",
    "analytics(?:/.*)?",
    "appMenu(?:/.*)?",
    "chatter(?:/.*)?",
    "compactLayouts",
    "composite/graph",
    "connect(?:/.*)?",
    "consent(?:/.*)?",
    "licensing",
    "process/.*",
    "quickActions(?:/.*)?",
    "search/.+",
    "sobjects/[^/]+/describe/.+",
    "sobjects/[^/]+/(?:listviews|quickActions|relevantItems|eventSchema)(?:/.*)?",
    "support(?:/.*)?",
    "tabs",
    "theme",
    "wave(?:/.*)?",
)
"""Patterns under an API version."""


def refuse(call: Call) -> Reply:
    """Any of them."""
    raise not_implemented(f"the resource {call.path.partition(f'/v{call.version}/')[2]}")
