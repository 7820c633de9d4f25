"""The applicant tracking system of the story: reports what happens there, by signed webhooks (Standard Webhooks)."""

import json
from collections.abc import Mapping

import requests

from integration.app import App
from integration.demo.recruiter import StoryBroke
from integration.local.stack import Status
from integration.model import webhook


def report(status: Status, app: App, number: str, event: Mapping[str, object]) -> None:
    """`number` is the webhook's own: what comes twice under it counts once."""
    body, at = json.dumps(event).encode(), str(int(app.clock.now().timestamp()))
    [secret] = webhook.secrets_of("generic", app.secrets.secret(app.config.ats_secret))
    headers = {
        "webhook-id": number,
        "webhook-timestamp": at,
        "webhook-signature": webhook.signature(webhook.signing_key(secret), number, at, body),
        "content-type": "application/json",
    }
    answer = requests.post(f"{status.site}/hooks/ats/generic", body, headers=headers, timeout=30)
    if not answer.ok:
        raise StoryBroke(f"The webhook {event['type']} was answered with {answer.status_code}: {answer.text[:200]}")
