"""Campaigns: checked, approved, launched, paused, resumed, cancelled and brought to their end."""

from integration.campaigns.checking import approve, check, request_approval
from integration.campaigns.launching import launch
from integration.campaigns.previewing import preview
from integration.campaigns.running import cancel, pause, resume, send_test
from integration.campaigns.tending import tend

__all__ = [
    "approve",
    "cancel",
    "check",
    "launch",
    "pause",
    "preview",
    "request_approval",
    "resume",
    "send_test",
    "tend",
]
