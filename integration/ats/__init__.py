"""Applicant tracking systems: jobs, stages, hires, merges come in; applications and prospects go out, each once."""

from integration.ats.door import accept
from integration.ats.health import retry_all, sync
from integration.ats.offering import offer_application, offer_prospect, offer_registration
from integration.ats.receiving import hand_over, receive
from integration.model.webhook import Refused

__all__ = [
    "Refused",
    "accept",
    "hand_over",
    "offer_application",
    "offer_prospect",
    "offer_registration",
    "receive",
    "retry_all",
    "sync",
]
