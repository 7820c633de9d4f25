"""Registrations and applications: from the page's queue to candidate, consent, pool and touchpoint.

The worker is integration.registration.worker: the site needs only the door.
"""

from integration.registration.door import TooMany, accept, visited

__all__ = ["TooMany", "accept", "visited"]
