"""Places that are told of jobs: one file each. `connect` makes the one of an adapter's word.

A channel's secret is flat JSON; what each place wants stands in its file.
"""

from collections.abc import Callable, Mapping

from integration.adapters.announcing.google import GoogleIndexing
from integration.adapters.announcing.indexnow import IndexNow
from integration.adapters.announcing.social import FacebookPage, LinkedInPosts, XPosts
from integration.adapters.announcing.webhook import TeamWebhook
from integration.errors import Rejected
from integration.ports import Announcer, Clock

_MAKERS: Mapping[str, Callable[[Mapping[str, str], Clock], Announcer]] = {
    "google-indexing": GoogleIndexing,
    "indexnow": IndexNow,
    "linkedin-posts": LinkedInPosts,
    "x-posts": XPosts,
    "facebook-page": FacebookPage,
    "webhook": TeamWebhook,
}


def connect(adapter: str, secret: Mapping[str, str], clock: Clock) -> Announcer:
    """The place of an adapter's word; raises Rejected for one that is unknown or whose secret is incomplete."""
    if adapter not in _MAKERS:
        raise Rejected(f"There is no place “{adapter}” to tell of jobs.", field="Adapter", value=adapter)
    try:
        return _MAKERS[adapter](secret, clock)
    except KeyError as missing:
        raise Rejected(
            f"The secret of this channel has no entry {missing}. Ask your operator to add it.", field="Secret name"
        ) from None
