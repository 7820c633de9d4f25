"""Fairs, open days and webinars: their pages, places, mails, the door, and what is left when they are over.

Called gatherings because `events` are what the tracker counts. The worker's half is in answering and door.
"""

from integration.gatherings.ending import cancel, complete
from integration.gatherings.opening import close_check_in, open_check_in
from integration.gatherings.publishing import publish
from integration.gatherings.tending import tend

__all__ = ["cancel", "close_check_in", "complete", "open_check_in", "publish", "tend"]
