"""A recruiter's “take me off” and “pause”: effective for the very next mail, also in the middle of a blast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from integration import drips
from integration.candidates.completion import complete
from integration.candidates.leaving import agreed
from integration.candidates.writing import raise_passing
from integration.model.signal import Signal, SignalKind
from integration.model.topic import Word
from integration.model.vocabulary import ConsentState, Purpose
from integration.ports import Record, Value
from integration.records import Candidate, Consent, parent
from integration.sending.aliases import SUPPRESSION, person_pk
from integration.sending.deciding import HOLD
from integration.sending.suppression import Reason, note_topics, suppress
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (
    Candidate.ID,
    Candidate.CANDIDATE_KEY,
    Candidate.DO_NOT_CONTACT,
    Candidate.DO_NOT_REHIRE,
    Candidate.PAUSED_UNTIL,
    Candidate.HOLD_UNTIL,
)
_OWN = frozenset({Reason.DO_NOT_CONTACT, Reason.PAUSED})
"""What a recruiter sets and may lift; a person's own opt-out, a bounce or a complaint stays."""


def changed(app: App, candidate_id: str) -> str:
    """Key: the candidate's fields as they stand. A person changed do-not-contact, the pause or do-not-rehire."""
    complete(app, [candidate_id])
    row = app.salesforce.get(Candidate.API_NAME, candidate_id, FIELDS)
    _lift(app, row)
    stopped = apply(app, [row])
    if row[Candidate.DO_NOT_CONTACT] or row[Candidate.DO_NOT_REHIRE]:
        drips.stop(app, str(row[Candidate.CANDIDATE_KEY]), Reason.DO_NOT_CONTACT.capitalize())
    return "No more mail goes out to this candidate." if stopped else "Mail may go out to this candidate."


def apply(app: App, rows: Sequence[Record]) -> int:
    """Stops mail to those of the candidates whose fields say so; how many. Never lifts."""
    now = app.clock.now()
    _hold(app, rows)
    _tick(app, rows)
    stopped = 0
    for row in rows:
        key, until = str(row[Candidate.CANDIDATE_KEY] or ""), _end_of(row[Candidate.PAUSED_UNTIL])
        if not key:
            continue
        if row[Candidate.DO_NOT_CONTACT] or row[Candidate.DO_NOT_REHIRE]:
            suppress(app, key, Reason.DO_NOT_CONTACT, now)
            stopped += 1
        elif until is not None and until > now:
            suppress(app, key, Reason.PAUSED, now, until=until)
            stopped += 1
    return stopped


def _tick(app: App, rows: Sequence[Record]) -> None:
    """Do not contact goes with do not rehire: what everybody may see explains itself without the reason."""
    ids = [row[Candidate.ID] for row in rows if row[Candidate.DO_NOT_REHIRE] and not row[Candidate.DO_NOT_CONTACT]]
    if ids:
        changes: list[dict[str, Value]] = [{Candidate.ID: one, Candidate.DO_NOT_CONTACT: True} for one in ids]
        raise_passing(app.salesforce.update_many(Candidate.API_NAME, changes))


def _hold(app: App, rows: Sequence[Record]) -> None:
    """What a recruiter wrote under Held until puts campaign mail off; an emptied field lets it go."""
    wanted = {
        person_pk(str(row[Candidate.CANDIDATE_KEY])): _end_of(row[Candidate.HOLD_UNTIL])
        for row in rows
        if row[Candidate.CANDIDATE_KEY]
    }
    known = app.people.get_many([(pk, HOLD) for pk in wanted])
    for pk, end in wanted.items():
        until = end.isoformat() if end else None
        if known.get((pk, HOLD), {}).get("until") != until:
            app.people.update(pk, HOLD, {"until": until})


def settle(app: App, candidate_ids: Sequence[str]) -> None:
    """Key: the candidates' fields as they stand. Mail stops or goes on as the records say."""
    if not candidate_ids:
        return
    where = is_in(Candidate.ID, candidate_ids)
    rows = app.salesforce.query(select(Candidate.API_NAME, FIELDS, where=where))
    for row in rows:
        if row[Candidate.CANDIDATE_KEY]:
            _lift(app, row)
    apply(app, rows)


def consent_changed(app: App, consent_id: str) -> str:
    """Key: the consent row. A person recorded a consent; a withdrawn one ends mail about that topic."""
    row = app.salesforce.get(Consent.API_NAME, consent_id, [Consent.CANDIDATE, Consent.PURPOSE])
    purpose = str(row[Consent.PURPOSE])
    key, word = _last_word(app, str(row[Consent.CANDIDATE]), purpose)
    if word is None or not key or purpose == Purpose.SMS:
        return "Consent noted."
    note_topics(app, key, [purpose], word)
    if word is Word.GIVEN:
        agreed(app, str(row[Consent.CANDIDATE]))
    if word is Word.WITHDRAWN and purpose == Purpose.TALENT_COMMUNITY:  # what drips write about
        at = app.clock.now().isoformat()
        drips.hear(app, [Signal(SignalKind.UNSUBSCRIBED, key, at, cause=f"consent|{consent_id}", detail=purpose)])
    return f"{purpose}: {'mail may go out' if word is Word.GIVEN else 'no more mail goes out'}."


def _last_word(app: App, candidate_id: str, purpose: str) -> tuple[str, Word | None]:
    """(candidate key, what was said last): rows come here in any order, and may come again."""
    key_path = parent(Consent.CANDIDATE, Candidate.CANDIDATE_KEY)
    said = both(
        equals(Consent.CANDIDATE, candidate_id),
        equals(Consent.PURPOSE, purpose),
        is_in(Consent.STATE, list(_WORDS)),
    )
    order = [f"-{Consent.AT}", f"-{Consent.CREATED_AT}", f"-{Consent.ID}"]
    rows = app.salesforce.query(
        select(Consent.API_NAME, [key_path, Consent.STATE], where=said, order_by=order, limit=1)
    )
    return (str(rows[0][key_path] or ""), _WORDS[str(rows[0][Consent.STATE])]) if rows else ("", None)


_WORDS = {
    ConsentState.GIVEN.value: Word.GIVEN,
    ConsentState.WITHDRAWN.value: Word.WITHDRAWN,
    ConsentState.EXPIRED.value: Word.WITHDRAWN,
}


def _lift(app: App, row: Record) -> None:
    values = {"reason": None, "until": None}
    app.people.update(person_pk(str(row[Candidate.CANDIDATE_KEY])), SUPPRESSION, values, only_if={"reason": set(_OWN)})


def _end_of(day: object) -> datetime | None:
    if not day:
        return None
    return datetime.combine(datetime.fromisoformat(str(day)).date(), time(), UTC) + timedelta(days=1)
