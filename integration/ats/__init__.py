"""Applicant tracking systems: their signed webhooks become stages, hires and results by source."""

from integration.ats.door import accept
from integration.ats.health import retry_all, sync
from integration.ats.receiving import receive
from integration.model.webhook import Refused

__all__ = ["Refused", "accept", "receive", "retry_all", "sync"]
