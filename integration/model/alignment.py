"""Whether mail of a sender passes DMARC, from what the mail provider says of the sender's identity."""

from dataclasses import dataclass

MOST_NAMES = 5


@dataclass(frozen=True)
class Identity:
    """An address or domain that the provider knows."""

    name: str
    verified: bool
    signs: bool = False
    """Whether mail is signed by DKIM with the identity's own domain."""
    mail_from: str = ""
    """The domain that bounces go to, when it is set up; otherwise it is the provider's."""


def names_of(address: str) -> list[str]:
    """Under which names the provider may know an address: itself, its domain, and the domains above."""
    labels = address.rpartition("@")[2].lower().split(".")
    above = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
    return [address.lower(), *above][:MOST_NAMES]


def alignment(address: str, identity: Identity) -> str:
    """How DMARC sees mail from this address, in plain words, with what to do; the relaxed mode that is usual."""
    domain, own = address.rpartition("@")[2].lower(), identity.name.rpartition("@")[2].lower()
    by_dkim = identity.signs and _belongs(domain, own)
    # Both lie below a domain of one owner, which is what relaxed alignment asks.
    by_spf = bool(identity.mail_from) and _belongs(domain, own) and _belongs(identity.mail_from.lower(), own)
    if by_dkim and by_spf:
        return f"DMARC: aligned. Mails from {domain} are signed by it, and bounces go to {identity.mail_from}."
    if by_dkim:
        return (
            f"DMARC: aligned, by the signature (DKIM) of {domain} alone. Bounces go to the provider's domain; a MAIL"
            " FROM domain of your own would make it pass twice."
        )
    if by_spf:
        return (
            f"DMARC: aligned by the MAIL FROM domain {identity.mail_from} alone, which fails when a mail is forwarded."
            f" Have your administrator turn on DKIM for {domain} at the mail provider."
        )
    return (
        f"DMARC: not aligned. Mails from {domain} are neither signed by it nor do their bounces go to it, so mailboxes"
        f" may refuse them or take them for spam. Have your administrator turn on DKIM for {domain} at the provider."
    )


def _belongs(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")
