"""Merge: two records become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log, pools
from integration.candidates.announcing import announce
from integration.candidates.merging import drips, files, images, other_pairs, plan, referrers, writes
from integration.candidates.merging.children import READ
from integration.candidates.merging.images import MERGED, MERGING, UNMERGING, Image
from integration.candidates.merging.locking import locked
from integration.candidates.pairs import pair_key
from integration.errors import Rejected, TryAgain
from integration.model.merge import remaining
from integration.model.vocabulary import PairStatus
from integration.ports import Record, Value
from integration.records import Candidate, DuplicatePair
from integration.sending import aliases

if TYPE_CHECKING:
    from integration.app import App

ROUNDS = 10
"""Each further round means that somebody added to the record that goes while it was being emptied."""
FIELDS = (DuplicatePair.FIRST, DuplicatePair.SECOND, DuplicatePair.STATUS, DuplicatePair.KEEP)


def merge(app: App, pair_id: str) -> str:
    """Key: the pair. Image first, then everything moves, the emptied record goes last; goes on where it stopped."""
    image = images.load(app, pair_id)
    if image is not None and image.state == UNMERGING:
        raise Rejected("The merge of this pair is being taken back. Let that finish, then merge again.", field="Status")
    row = app.salesforce.get(DuplicatePair.API_NAME, pair_id, FIELDS)
    is_new = image is None or image.state not in (MERGING, MERGED)
    if image is None or is_new:
        image = _both(app, pair_id, row)
    if image.state == MERGED and row[DuplicatePair.STATUS] == PairStatus.MERGED:
        return "These records were merged already."
    with locked(app, (image.own_key, image.other_key), pair_id):
        if is_new:
            _begin(app, image, str(row[DuplicatePair.KEEP] or ""))
        return _merge(app, image, is_read=is_new)


def _both(app: App, pair_id: str, row: Record) -> Image:
    first, second = str(row[DuplicatePair.FIRST] or ""), str(row[DuplicatePair.SECOND] or "")
    if not first or not second:
        raise Rejected("The pair has only one record. Choose both, First and Second.", field="Second")
    if first == second:
        raise Rejected("First and Second are the same record. Choose two.", field="Second")
    found = images.both_there(app, (first, second))
    if missing := [one for one in found.values() if not one[Candidate.CANDIDATE_KEY]]:
        raise TryAgain(f"{len(missing)} of the two records is still being completed")
    return Image(pair_id, first, second, found)


def _begin(app: App, image: Image, keep: str) -> None:
    """Under the lock: who remains, and everything as it stands, kept before the first change."""
    image.people = images.both_there(app, (image.own, image.other))
    image.rows = images.read_rows(app, (image.own, image.other))
    image.extras = images.extras(app)
    own, other = remaining(plan.side_of(image, image.own), plan.side_of(image, image.other), keep)
    image.own, image.other = own.id, other.id
    image.pairs = images.read_pairs(app, image.other, but=image.pair)
    drips.take_in(app, image)
    images.save(app, image)
    log.event("merge.begun", pair=image.pair, own=image.own, other=image.other)


def _merge(app: App, image: Image, *, is_read: bool) -> str:
    """`is_read`: the image was taken just now, under this lock."""
    _tell(app, image, PairStatus.MERGING, 10)
    aliases.join(app, image.other_key, image.own_key)
    drips.move(app, image)
    final = _empty_the_other(app, image, is_read=is_read)
    other_pairs.move(app, image)
    referrers.move(app, image)
    _finish_person(app, image, final)
    pools.recount(app, image.pools)
    image.state = MERGED
    images.save(app, image)
    _told(app, image, final)
    announce(app, [image.own])
    log.event("merge.done", pair=image.pair, own=image.own)
    return "Merged. Unmerge takes it back."


def _empty_the_other(app: App, image: Image, *, is_read: bool) -> plan.Plan:
    """Everything hangs on the remaining record when nothing was found on the other any more."""
    done = None
    for _ in range(ROUNDS):
        if not is_read and not images.take_in(app, image):
            break
        is_read = False
        done = plan.of(image)
        writes.carry_out(app, done)
        files.move(app, image)
    else:
        raise TryAgain("somebody keeps adding to the record that goes")
    final = plan.of(image)
    if final != done:
        writes.carry_out(app, final)
    return final


def _finish_person(app: App, image: Image, final: plan.Plan) -> None:
    """The emptied record goes before its unique id in the ATS can be taken over."""
    later = {name: value for name, value in final.person.items() if name == Candidate.ATS_ID}
    now = {name: value for name, value in final.person.items() if name not in later}
    if now:
        writes.update(app, Candidate.API_NAME, [{Candidate.ID: image.own, **now}])
    writes.remove(app, Candidate.API_NAME, [image.other])
    if later:
        writes.update(app, Candidate.API_NAME, [{Candidate.ID: image.own, **later}])


def _tell(app: App, image: Image, status: PairStatus, progress: int) -> None:
    values: dict[str, Value] = {DuplicatePair.STATUS: status.value, DuplicatePair.PROGRESS: progress}
    app.salesforce.update(DuplicatePair.API_NAME, image.pair, values)


def _told(app: App, image: Image, final: plan.Plan) -> None:
    moved = {name: len(rows) for name, rows in _moved(image).items()}
    values: dict[str, Value] = {
        DuplicatePair.STATUS: PairStatus.MERGED.value,
        DuplicatePair.PROGRESS: 100,
        DuplicatePair.SURVIVOR: image.own,
        DuplicatePair.KEY: pair_key(image.own, image.other),
        DuplicatePair.OUTCOME: plan.told(final, moved)[:8_000],
    }
    app.salesforce.update(DuplicatePair.API_NAME, image.pair, values)


def _moved(image: Image) -> dict[str, list[str]]:
    return {child.object: list(image.side(child, image.other)) for child in READ}
