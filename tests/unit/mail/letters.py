"""Drafts and recipients for the mail tests: only what a test says differs from a plain mail that is right."""

import email
import email.policy

from integration.messages import Draft, make, publish
from integration.records import Brand
from tests.app_fixture import SENDER_DOMAIN

BRAND = {
    Brand.FROM_NAME: "Kestrel Mühlen & Söhne",
    Brand.FROM_ADDRESS: f"jobs@{SENDER_DOMAIN}",
    Brand.POSTAL_ADDRESS: "1 Mill Lane\nCork T12",
    Brand.PRIVACY_URL: "https://kestrel.example/privacy",
}
BODY = """<mj-section><mj-column>
<mj-text>Hello {{ first_name or "there" }}, <b>{{ city }}</b> needs you. Read <a href="https://kestrel.example/a?b=1&c=2">more</a>.</mj-text>
<mj-button href="https://kestrel.example/jobs">See all jobs</mj-button>
</mj-column></mj-section>"""
TEXT = "Hello {{ first_name }},\n\nread more: https://kestrel.example/a?b=1&c=2.\n"
CAMPAIGN, STEP = "a0C000000000001AAA", "a0D000000000001AAA"


def draft(**changes):
    given = {
        "campaign": CAMPAIGN,
        "step": STEP,
        "version": "1",
        "subject": "News for {{ first_name or 'you' }}",
        "body": BODY,
        "text": TEXT,
        "brand": BRAND,
        **changes,
    }
    return Draft(**given)


def published(app, **changes):
    message, findings = make(app, draft(**changes))
    assert message is not None, [str(finding) for finding in findings]
    publish(app, message)
    return message


def recipient(number=1, **changes):
    return {
        "key": f"01CAND{number:020}",
        "id": f"a01{number:012}AAA",
        "email": f"person{number}@people.example",
        "slots": {"first_name": "Ada", "city": "Cork"},
        **changes,
    }


def queue_message(*recipients, **changes):
    return {"campaign": CAMPAIGN, "step": STEP, "version": "1", "recipients": list(recipients), **changes}


def plenty():
    return 60_000


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)
