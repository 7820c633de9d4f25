"""What a person asks for on the page of preferences: a pause, single topics off, or everything off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import drips, log
from integration.errors import Rejected
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import ConsentState, ContactStatus, Purpose
from integration.ports import Queue
from integration.records import Candidate
from integration.registration.writing import confirm_address, known, write_consents
from integration.sending.suppression import Reason, suppress

if TYPE_CHECKING:
    from integration.app import App

PAUSE = timedelta(days=90)


def carry_out(app: App, sent: Registration) -> None:
    """Key: the wish's id. The stop is written first where the sender looks, then on the records."""
    action = sent.fields.get("action", "")
    if action == "all":
        suppress(app, candidate=sent.candidate, reason=Reason.UNSUBSCRIBED, at=sent.when)
    elif action == "pause":
        until = sent.when + PAUSE
        suppress(app, candidate=sent.candidate, reason=Reason.PAUSED, at=sent.when, until=until)
    elif action == "topics":
        if Purpose.TALENT_COMMUNITY in sent.purposes:  # what campaigns write to people for
            suppress(app, candidate=sent.candidate, reason=Reason.UNSUBSCRIBED, at=sent.when)
    else:
        raise Rejected("A wish names no action.", field="action", value=action[:40])
    candidate = known(app, candidate_key=sent.candidate)
    if action == "all" or (action == "topics" and Purpose.TALENT_COMMUNITY in sent.purposes):
        drips.hear(app, [Signal(SignalKind.UNSUBSCRIBED, candidate.key, sent.at, cause=f"wish|{sent.id}")])
    if action == "pause":
        paused = {Candidate.PAUSED_UNTIL: (sent.when + PAUSE).date().isoformat()}
        app.salesforce.update(Candidate.API_NAME, candidate.id, paused)
    else:
        topics = tuple(Purpose) if action == "all" else sent.purposes
        withdrawn = replace(sent, purposes=tuple(str(topic) for topic in topics))
        write_consents(app, candidate.id, withdrawn, ConsentState.WITHDRAWN)
    if action == "all" and candidate.email:
        confirm_address(app, candidate.id, candidate.email, ContactStatus.UNSUBSCRIBED)
    app.queues.send(Queue.CHANGES, {"candidates": [candidate.id]})
    log.event("preferences.changed", id=sent.id, candidate=candidate.id, action=action)
