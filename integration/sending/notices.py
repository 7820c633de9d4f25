"""First contact with people whose details came from somewhere else: they are told so once, and the record says when."""

from typing import TYPE_CHECKING

from integration import log
from integration.model.message import NOTICE_HTML, NOTICE_TEXT, Message
from integration.model.notice import Notice
from integration.ports import Value
from integration.records import Candidate
from integration.sending.aliases import SUPPRESSION, person_pk
from integration.sending.recipients import Recipient

if TYPE_CHECKING:
    from integration.app import App

TOLD = "noticed_at"
"""On the person's item, which every mail reads: when the notice went out."""
UNWRITTEN = "notices"
"""Partition of `sends` with those whose record does not say so yet; sort key is the record's id."""
AT_A_TIME = 2_000


def slots_of(app: "App", message: Message, recipient: Recipient, preferences: str) -> dict[str, str]:
    """The notice as both parts of the mail hold it. `preferences` is the person's token."""
    notice = Notice(recipient.found_by, recipient.found_on)
    url = f"{app.config.public_base_url}/preferences/{preferences}"
    return {NOTICE_HTML: notice.html(message.language, url), NOTICE_TEXT: notice.text(message.language, url) + "\n\n"}


def told(app: "App", recipient: Recipient) -> None:
    """Key: candidate. A sender that dies before this tells the person once more, which harms nobody."""
    at = app.clock.now().isoformat(timespec="seconds")
    if app.people.update(person_pk(recipient.candidate), SUPPRESSION, {TOLD: at}, only_if={TOLD: None}):
        app.sends.put({"pk": UNWRITTEN, "sk": recipient.id, "at": at})


def write_back(app: "App") -> int:
    """Key: candidate. Once a minute: says on the records when their people were told; how many."""
    waiting = list(app.sends.query(UNWRITTEN, limit=AT_A_TIME))
    if not waiting:
        return 0
    rows: list[dict[str, Value]] = [
        {Candidate.ID: item["sk"], Candidate.NOTICE_SENT_AT: item["at"]} for item in waiting
    ]
    for item, outcome in zip(waiting, app.salesforce.update_many(Candidate.API_NAME, rows), strict=True):
        if not outcome.success:
            log.event("notice.refused", candidate=item["sk"], code=outcome.code)
        app.sends.delete(UNWRITTEN, item["sk"])
    return len(waiting)
