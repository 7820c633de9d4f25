"""The words a template may use: what each means, and where its value comes from."""

from collections.abc import Mapping
from typing import Final

from integration.model.message import CONFIRM_URL, MAIL_TOKEN, PREFERENCES_TOKEN
from integration.records import Candidate

OF_CANDIDATE: Final[Mapping[str, str]] = {
    "first_name": Candidate.FIRST_NAME,
    "last_name": Candidate.LAST_NAME,
    "title": Candidate.TITLE,
    "employer": Candidate.EMPLOYER,
    "city": Candidate.CITY,
    "region": Candidate.REGION,
    "country": Candidate.COUNTRY,
    "desired_role": Candidate.DESIRED_ROLE,
    "desired_location": Candidate.DESIRED_LOCATION,
}
"""Differ from person to person; empty where the record has nothing."""

OF_CAMPAIGN: Final = frozenset(
    {"company", "postal_address", "privacy_url", "job_title", "job_url", "department", "campaign_name", "site_url"}
)
"""The same in every mail of a campaign: written into the message when it is compiled."""

ADDRESSES: Final[Mapping[str, tuple[str, str]]] = {
    "unsubscribe_url": ("/u/", MAIL_TOKEN),
    "preferences_url": ("/preferences/", PREFERENCES_TOKEN),
    "referral_url": ("/recommend/", PREFERENCES_TOKEN),
    "confirm_url": ("", CONFIRM_URL),
}
"""Links that are the person's own: path before the token, and the slot that holds the token."""

LONGEST_VALUE: Final = 1_000
"""Characters of one slot; a longer value is cut, so that no record makes a mail of megabytes."""

PERSONA: Final[Mapping[str, str]] = {
    "first_name": "Alex",
    "last_name": "Sample",
    "title": "Engineer",
    "employer": "Example Ltd",
    "city": "Cork",
    "region": "Munster",
    "country": "IE",
    "desired_role": "Lead engineer",
    "desired_location": "Dublin",
}
"""Whom a test or preview is written to."""


def values_of(record: Mapping[str, object]) -> dict[str, str]:
    """The slots of one candidate's row: plain strings only, whatever the template asks for."""
    return {name: str(record.get(field) or "")[:LONGEST_VALUE] for name, field in OF_CANDIDATE.items()}
