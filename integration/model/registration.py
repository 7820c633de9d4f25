"""What a person sent by a form, and where that person came from, as they travel from the page to the worker."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from integration.model import link
from integration.model.identity import candidate_key


class Kind(StrEnum):
    REGISTRATION = "registration"
    APPLICATION = "application"
    CONFIRMATION = "confirmation"
    PREFERENCES = "preferences"
    PREFERENCES_LINK = "preferences link"
    OWN_PAGE = "own page"
    PLACE = "place"
    PLACE_GIVEN_UP = "place given up"
    CHECK_IN = "check-in"
    REFUSAL = "refusal"
    """Somebody who was invited by a friend wants no mail."""


@dataclass(frozen=True)
class Source:
    """Record ids of what brought a visitor; empty: unknown. `at` is the time of the click."""

    channel: str = ""
    campaign: str = ""
    posting: str = ""
    requisition: str = ""
    candidate: str = ""
    """Candidate key, when the visitor came by a mail."""
    at: str = ""
    referrer: str = ""
    """The host that linked here, or the tag in the address, when no link of ours says more."""
    language: str = ""
    """Of the person, when the visitor came by a mail."""
    brought: str = ""
    """Candidate key of whoever recommended the page, when the visitor came by a personal link."""
    invitation: str = ""
    """Of the personal link in an invitation by mail: its id."""

    @classmethod
    def from_claims(cls, claims: Mapping[str, str]) -> "Source":
        """From the claims of a source token."""
        at = claims.get(link.AT, "")
        return cls(
            channel=claims.get(link.CHANNEL, ""),
            campaign=claims.get(link.CAMPAIGN, ""),
            posting=claims.get(link.POSTING, ""),
            requisition=claims.get(link.REQUISITION, ""),
            candidate=claims.get(link.CANDIDATE, ""),
            referrer=claims.get(link.REFERRER, ""),
            language=claims.get(link.LANGUAGE, ""),
            brought=claims.get(link.BROUGHT, ""),
            invitation=claims.get(link.ITEM, ""),
            at=datetime.fromtimestamp(int(at), UTC).isoformat() if at.isdigit() else "",
        )


@dataclass(frozen=True)
class Registration:
    """The body of one message on the `registrations` queue."""

    id: str
    """ULID made from the form and what was typed: the same form sent twice is the same registration."""
    kind: Kind
    at: str
    """ISO 8601 in UTC."""
    page: str = ""
    arm: str = ""
    """`b` when the page's second layout was shown."""
    posting: str = ""
    requisition: str = ""
    event: str = ""
    """Recruiting_Event__c id, when it is about one."""
    candidate: str = ""
    """Candidate key: of a confirmation or of preferences."""
    cause: str = ""
    """Of a confirmation: the id of the registration that it confirms."""
    fields: Mapping[str, str] = field(default_factory=dict)
    purposes: tuple[str, ...] = ()
    consent_version: str = ""
    locale: str = "en"
    source: Source = field(default_factory=Source)
    evidence: str = ""
    resume: str = ""
    """`pdf` or `docx` of the file that waits beside it."""

    def as_message(self) -> dict[str, Any]:
        return {**asdict(self), "kind": self.kind.value, "purposes": list(self.purposes)}

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "Registration":
        """Unknown names are ignored, so that an older worker can read a newer message."""
        known = {name: message[name] for name in cls.__dataclass_fields__ if name in message}
        source = message.get("source") or {}
        known["source"] = Source(**{name: source[name] for name in Source.__dataclass_fields__ if name in source})
        known["kind"] = Kind(message["kind"])
        known["purposes"] = tuple(message.get("purposes") or ())
        return cls(**known)

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


def identity_of(form: str, typed: Mapping[str, Any], issued: datetime) -> str:
    """The id of what one form sent. A corrected form is another registration, a repeated one is the same."""
    return candidate_key(f"{form}|{json.dumps(typed, sort_keys=True)}", issued)
