"""The address that answers to a mail come back to: `reply+<token>@<the stage's inbound domain>`.

Token: 6 characters that name the message (campaign, step, version stand in the ledger under them), the candidate key
and a signature; 58 characters of letters and digits, because a local part has room for 64, and in lower case, because
mail servers do not keep the case. No name and no address of the person is in it.
"""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from integration.model.link import Purpose, Signer

LOCAL = "reply+"
MARK_LENGTH = 6
_KEY_LENGTH = 26
_TOKEN = re.compile(r"[a-z0-9]{58}")
_KEY = re.compile(r"[0-9A-Z]{26}", re.ASCII)
_ANYWHERE = re.compile(r"(?<![a-z0-9])(?:reply\+)?([a-z0-9]{58})@", re.ASCII)


@dataclass(frozen=True)
class Answered:
    """What a token says: the mail that is answered, and by whom."""

    mark: str
    candidate: str
    """Candidate key (ULID)."""


def mark_of(campaign: str, step: str, version: str, attempt: int = 0) -> str:
    """The short name of a message; another one for each attempt, should the first be another message's already."""
    digest = sha256(f"{campaign}|{step}|{version}|{attempt}".encode()).digest()
    return base64.b32encode(digest[:5]).decode()[:MARK_LENGTH].lower()


def token(signer: Signer, mark: str, candidate: str) -> str:
    """Empty for who has no candidate key, as in test mails: answers to these go to the sender."""
    if not mark or not _KEY.fullmatch(candidate):
        return ""
    text = mark + candidate.lower()
    return text + signer.seal(Purpose.REPLY, text)


def read(signer: Signer, text: str) -> Answered | None:
    """What a token says, in any mix of cases; None when it is none of ours."""
    lower = text.lower() if text.isascii() else ""
    if not _TOKEN.fullmatch(lower):
        return None
    signed, seal = lower[: MARK_LENGTH + _KEY_LENGTH], lower[MARK_LENGTH + _KEY_LENGTH :]
    if not signer.is_sealed(Purpose.REPLY, signed, seal):
        return None
    return Answered(signed[:MARK_LENGTH], signed[MARK_LENGTH:].upper())


def first_in(signer: Signer, text: str) -> Answered | None:
    """The first true token of a header's or a returned mail's text; `text` is at most some thousand characters."""
    for found in _ANYWHERE.findall(text.lower()):
        if answered := read(signer, found):
            return answered
    return None
