"""Erasure: the person disappears from the org and from AWS, and cannot come back by a file or a search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.erased import remember
from integration.errors import Gone, Rejected
from integration.model.tombstone import marks
from integration.model.traces import traces_of
from integration.model.ulid import ulid
from integration.model.vocabulary import PrivacyKind, PrivacyStatus
from integration.pools import judging
from integration.ports import Item, Record, Value
from integration.privacy import certificate, everywhere, in_aws, in_org
from integration.privacy.noting import Notes
from integration.records import Candidate, PrivacyRequest
from integration.sending.aliases import SUPPRESSION, aliases, person_pk
from integration.sending.suppression import Reason, suppress

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (PrivacyRequest.CANDIDATE, PrivacyRequest.KIND, PrivacyRequest.STATUS, PrivacyRequest.CERTIFICATE)
WORK = "work"


def erase(app: App, request_id: str) -> str:
    """Key: the request. Marks first, then everything else, the record last; goes on where it stopped."""
    row = app.salesforce.get(PrivacyRequest.API_NAME, request_id, FIELDS)
    if row[PrivacyRequest.CERTIFICATE]:
        return "This person was erased already. The certificate says when."
    if row[PrivacyRequest.KIND] != PrivacyKind.ERASURE:
        raise Rejected(
            f"The request is of the kind “{row[PrivacyRequest.KIND] or 'none'}”. Choose Erasure to erase the person.",
            field="Kind",
            value=str(row[PrivacyRequest.KIND] or ""),
        )
    work = app.people.get(_pk(request_id), WORK) or _begin(app, request_id, row)
    app.salesforce.update(PrivacyRequest.API_NAME, request_id, {PrivacyRequest.STATUS: PrivacyStatus.RUNNING.value})
    try:
        _erase(app, request_id, work)
    except Rejected:
        app.salesforce.update(PrivacyRequest.API_NAME, request_id, {PrivacyRequest.STATUS: PrivacyStatus.FAILED.value})
        raise
    return "Erased. The certificate says what was removed and what stays."


def _begin(app: App, request_id: str, row: Record) -> Item:
    """Notes whom this is about: the record will not name the person any more when it is half done."""
    candidate_id = str(row[PrivacyRequest.CANDIDATE] or "")
    if not candidate_id:
        raise Rejected("The request names no candidate. Choose one.", field="Candidate")
    try:
        key = str(app.salesforce.get(Candidate.API_NAME, candidate_id, [Candidate.CANDIDATE_KEY])["Candidate_Key__c"])
    except Gone:
        raise Rejected("The candidate was deleted already. Choose another one.", field="Candidate") from None
    known = aliases(app, key, app.people.get(person_pk(key), SUPPRESSION))
    work = {
        "pk": _pk(request_id),
        "sk": WORK,
        "candidate": candidate_id,
        "keys": [key, *known.others],
        "anonymous": [ulid(app.clock.now()) for _ in range(1 + len(known.others))],
        "begun": app.clock.now().isoformat(timespec="seconds"),
    }
    app.people.put(work)
    return work


def _erase(app: App, request_id: str, work: Item) -> None:
    candidate_id, keys = str(work["candidate"]), [str(key) for key in work["keys"]]
    begun = datetime.fromisoformat(work["begun"])
    pairs = in_org.pairs_of(app, candidate_id)
    if "marks" not in work:
        # Before anything goes: whoever writes the person in this moment is refused from now on.
        app.people.update(work["pk"], WORK, {"marks": _shut_out(app, candidate_id, keys, pairs, begun)})
    _forget_everywhere(app, request_id, work, pairs)
    counts = {name: str(count) for name, count in in_aws.erase(app, candidate_id, keys, pairs).items()}
    app.people.update(work["pk"], WORK, {f"aws {name}": count for name, count in counts.items()} or {"aws": "0"})
    in_org.forget_choices(app, candidate_id)
    in_org.forget_recommendations(app, candidate_id)
    removed = in_org.erase(app, candidate_id, pairs)
    judging.forget(app, [candidate_id])
    if removed:
        app.people.update(work["pk"], WORK, {f"org {name}": str(count) for name, count in removed.items() if count})
    left = in_org.left_over(app, candidate_id)
    app.people.update(work["pk"], WORK, {"verified": "yes", **{f"left {name}": told for name, told in left.items()}})
    _finish(app, request_id, work)


def _shut_out(app: App, candidate_id: str, keys: Sequence[str], pairs: Sequence[str], at: datetime) -> int:
    """Marks and suppressions for everything that leads to the person; how many marks."""
    person = in_org.read(app, candidate_id)
    for key in keys:
        suppress(app, key, Reason.ERASED, at)
    if person is None:
        return 0
    in_org.forget_results(app, person)
    for address in person.emails:
        suppress(app, "", Reason.ERASED, at, address=address)
    names = {*person.names, *in_aws.names_in_images(app, pairs)}
    return remember(app, [mark for one in person.addresses for name in names for mark in marks(one, name)], at)


def _forget_everywhere(app: App, request_id: str, work: Item, pairs: Sequence[str]) -> None:
    """While the record still says by which addresses and names the person is to be found."""
    person = in_org.read(app, work["candidate"])
    addresses, names = (person.addresses, person.names) if person else ((), ())
    traces = traces_of(
        addresses, {*names, *in_aws.names_in_images(app, pairs)}, [str(work["candidate"]), *map(str, work["keys"])]
    )
    everywhere.forget(app, request_id, work, traces, Notes(app, work["pk"]))


def _finish(app: App, request_id: str, work: Item) -> None:
    told, notes = app.people.get(work["pk"], WORK) or work, Notes(app, work["pk"])
    values: dict[str, Value] = {
        PrivacyRequest.STATUS: PrivacyStatus.DONE.value,
        PrivacyRequest.PROGRESS: 100,
        PrivacyRequest.CANDIDATE: None,
        PrivacyRequest.KEY: request_id,
        PrivacyRequest.CERTIFICATE: certificate.text(told, notes.counts(), app.clock.now(), app.config.stage),
    }
    app.salesforce.update(PrivacyRequest.API_NAME, request_id, values)
    notes.clear()
    app.people.delete(work["pk"], WORK)
    log.event("person.erased", request=request_id)


def _pk(request_id: str) -> str:
    return f"erasure#{request_id}"
