"""When a campaign stops by itself: so many complaints or bounces that mail providers would stop the sender."""

from dataclasses import dataclass

MOST_COMPLAINTS, MOST_BOUNCES = 0.001, 0.05
"""Shares of the mails sent; providers review a sender near them and block it at a few times as much."""
FEWEST_COMPLAINTS, FEWEST_BOUNCES = 3, 5
"""Below, a share is chance: one complaint among twenty mails says nothing."""


@dataclass(frozen=True)
class Health:
    """What is known of some mails."""

    sent: int = 0
    bounces: int = 0
    complaints: int = 0

    def __add__(self, other: "Health") -> "Health":
        return Health(self.sent + other.sent, self.bounces + other.bounces, self.complaints + other.complaints)


def reason_to_stop(health: Health, whose: str) -> str:
    """In words for the record; blank when all is well. `whose` are the mails: this campaign's, this sender's."""
    sent = max(1, health.sent)
    if health.complaints >= FEWEST_COMPLAINTS and health.complaints >= MOST_COMPLAINTS * sent:
        what = f"{health.complaints:,} complaints about {health.sent:,} mails of {whose}"
        return _words(what, health.complaints / sent, "0.1 %", "Look at the audience and the text")
    if health.bounces >= FEWEST_BOUNCES and health.bounces >= MOST_BOUNCES * sent:
        what = f"{health.bounces:,} of {health.sent:,} mails of {whose} bounced"
        return _words(what, health.bounces / sent, "5 %", "Look at where the addresses came from")
    return ""


def _words(what: str, share: float, most: str, remedy: str) -> str:
    return f"Paused by Warmbench: {what} ({share:.2%}; {most} is too much). {remedy} before you resume."
