"""Puts the files of a mail beside a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.model.incoming import Incoming
from integration.prospecting.files.kinds import shown_name

if TYPE_CHECKING:
    from integration.app import App

_KEPT = 60 * 86_400


def attach(app: App, record_id: str, mail: Incoming, cause: str) -> int:
    """Key: the record, the mail and the file's place in it. Gives how many were attached now."""
    count = 0
    for number, each in enumerate(mail.attachments):
        mark = {"pk": f"attached#{record_id}#{cause}", "sk": str(number)}
        if app.claims.get(mark["pk"], mark["sk"]):
            continue
        app.salesforce.attach_file(record_id, shown_name(each.name), each.data)
        app.claims.put({**mark, "ttl": int(app.clock.now().timestamp()) + _KEPT})
        count += 1
    return count
