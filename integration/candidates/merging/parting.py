"""Unmerge: two people again, each with what was theirs; what happened since stays with the one who remained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log, pools
from integration.candidates.announcing import announce
from integration.candidates.merging import drips, files, images, other_pairs, plan, referrers, writes
from integration.candidates.merging.images import MERGED, UNMERGED, UNMERGING, Image
from integration.candidates.merging.locking import locked
from integration.candidates.pairs import pair_key
from integration.candidates.writing import raise_passing
from integration.errors import Rejected
from integration.model.vocabulary import PairStatus
from integration.ports import Value
from integration.records import Candidate, DuplicatePair
from integration.sending import aliases
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App


def unmerge(app: App, pair_id: str) -> str:
    """Key: the pair. Restores both from the image; goes on where it stopped."""
    image = images.load(app, pair_id)
    if image is not None and image.state == UNMERGED:
        return "These records are two already."
    if image is None or image.state not in (MERGED, UNMERGING):
        raise Rejected("These records were not merged here, so there is nothing to take back.", field="Status")
    with locked(app, (image.own_key, image.other_key), pair_id):
        return _unmerge(app, image)


def _unmerge(app: App, image: Image) -> str:
    person = images.people(app, [image.own]).get(image.own)
    if person is None:
        raise Rejected(
            "The record that remained is gone: it was merged with another one or deleted. Unmerge that pair first.",
            field="Remaining record",
        )
    image.state = UNMERGING
    images.save(app, image)
    values: dict[str, Value] = {DuplicatePair.STATUS: PairStatus.UNMERGING.value, DuplicatePair.PROGRESS: 10}
    app.salesforce.update(DuplicatePair.API_NAME, image.pair, values)
    merged = plan.of(image)
    writable = images.writable(app)
    own = {name: value for name, value in plan.person_back(image, merged, person).items() if name in writable}
    writes.update(app, Candidate.API_NAME, [{Candidate.ID: image.own, **own}])
    again = _make_again(app, image)
    standing = images.read_rows(app, (image.own, again))
    made = writes.carry_out(app, plan.back(image, merged, standing, again))
    files.move_back(app, image, again)
    images.rename(app, image.pairs, {image.other: again, **made})
    drips.move_back(app, image, again)
    other_pairs.move_back(app, image, again)
    referrers.move_back(app, image, again)
    aliases.part(app, image.other_key, image.own_key)
    pools.recount(app, image.pools)
    _told(app, image, again)
    image.state = UNMERGED
    images.save(app, image)
    announce(app, [image.own, again])
    log.event("merge.taken_back", pair=image.pair, own=image.own, other=again)
    return "Unmerged: both records are back. What happened since the merge stayed with the one that remained."


def _make_again(app: App, image: Image) -> str:
    """The other record under its own key, and with that its links and ledger rows; the platform gives it a new id."""
    before = image.people[image.other]
    key = image.other_key
    where = equals(Candidate.CANDIDATE_KEY, key)
    if rows := app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID], where=where)):
        return str(rows[0][Candidate.ID])
    writable = images.writable(app)
    row = {name: value for name, value in before.items() if name in writable and value not in (None, "")}
    [outcome] = app.salesforce.upsert_many(Candidate.API_NAME, Candidate.CANDIDATE_KEY, [row])
    raise_passing([outcome])
    if not outcome.success:
        raise Rejected(f"The second record cannot be made again: {outcome.message}", field="Second")
    return outcome.id


def _told(app: App, image: Image, again: str) -> None:
    first, second = sorted((image.own, again))
    values: dict[str, Value] = {
        DuplicatePair.STATUS: PairStatus.UNMERGED.value,
        DuplicatePair.PROGRESS: 100,
        DuplicatePair.FIRST: first,
        DuplicatePair.SECOND: second,
        DuplicatePair.SURVIVOR: None,
        DuplicatePair.KEY: pair_key(first, second),
    }
    app.salesforce.update(DuplicatePair.API_NAME, image.pair, values)
