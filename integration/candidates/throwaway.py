"""Addresses of services that hand out mailboxes for minutes: nobody may read what is sent there later."""

from disposable_email_domains import blocklist

from integration.model.identity import Address
from integration.model.vocabulary import ContactKind


def is_disposable(address: Address) -> bool:
    """Whether the domain, or one above it, is known for throw-away mailboxes."""
    if address.kind is not ContactKind.EMAIL:
        return False
    labels = address.value.rpartition("@")[2].split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))
