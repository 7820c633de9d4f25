"""One flush: what was folded, of all campaigns together, to the org, the ledger and the drips; then it counts as told.

Few rows go in collections, a thousand a call; many go in one Bulk job an object, and nobody waits for it.
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from integration import drips, events, log, soql
from integration.candidates import announce
from integration.model.ledger import ledger_pk
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import CampaignKind
from integration.ports import Item, Outcome, Write
from integration.records import Touchpoint, is_record_id
from integration.rollup import loads, totals
from integration.rollup.folding import Folded, kept, store, stored
from integration.rollup.people import UNWRITTEN, People, Person
from integration.rollup.returns import Changed
from integration.sending.counting import plan_of

if TYPE_CHECKING:
    from integration.app import App

MOST_BY_COLLECTIONS = 2_000
"""Rows of one object; above, the four calls of a Bulk job are fewer, and the org works them off by itself."""
MOST_PEOPLE = 350_000
"""In one flush: what a function of a gigabyte holds."""
_NEWS = timedelta(days=7)
"""What people did longer ago is counted, but no drip acts on it: a later classifier must not wake old stories."""
_AT_ONCE = 8
_KEYS_A_QUERY = 200
_STORED = ("totals", "people", "mails", "watch")


class _Shard(NamedTuple):
    campaign: str
    shard: str
    file: Path
    stamp: str
    """Of the mark that is cleared; blank where the shard had none."""


class Flush:
    """Collects what is to be told, and tells it when it is asked to, or when it has become much."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._people = People()
        self._writes: list[Write] = []
        self._changed: list[Changed] = []
        self._shards: list[_Shard] = []

    def take(self, folded: Folded, marks: Sequence[Item]) -> None:
        """The shards of one campaign."""
        stamps = {mark["sk"].split("#")[1]: str(mark["stamp"]) for mark in marks}
        self._writes += totals.writes(self._app, folded.campaign, folded.whole)
        for shard, file in folded.shards.items():
            if is_record_id(folded.campaign):
                before = stored(self._app, folded.campaign, shard).get("people", {})
                self._people.take(self._app, folded.campaign, shard, kept(file), before)
            self._shards.append(_Shard(folded.campaign, shard, file, stamps.get(shard, "")))
            if len(self._people) >= MOST_PEOPLE:
                self.write()

    def also(self, changed: Sequence[Changed]) -> None:
        """Sums that are no campaign's own."""
        self._changed += changed

    def write(self) -> None:
        """Tells all that was taken; the marks are cleared last: what fails before is folded again by the next run."""
        people, own = self._people, [write for write in self._writes if write.rows]
        people.forget_older(self._app)
        many = [write for write, _ in people.writes() if len(write.rows) > MOST_BY_COLLECTIONS]
        few = [(write, whose) for write, whose in people.writes() if 0 < len(write.rows) <= MOST_BY_COLLECTIONS]
        writes = [*own, *(write for write, _ in few), *(one.write for one in self._changed)]
        outcomes = self._app.salesforce.save_together(writes)
        for write, found in zip(writes, outcomes, strict=True):
            loads.refused(write.object_name, found)
        for one, found in zip(self._changed, outcomes[len(own) + len(few) :], strict=True):
            one.written(self._app, found)
        if many:
            loads.begin(self._app, many, people.all)
        else:
            announce(self._app, sorted({one.id for one in people.all}))  # pools may ask who opened or clicked
        _take_back_clicks(self._app, people.undone)
        is_again = any(outcome.may_pass for found in outcomes[: len(own)] for outcome in found)
        self._tell(_missing([whose for _, whose in few], outcomes[len(own) :]), is_again=is_again)
        self._people, self._writes, self._changed, self._shards = People(), [], [], []

    def _tell(self, missing: Mapping[tuple[str, str], Mapping[str, bool]], *, is_again: bool) -> None:
        for campaign in dict.fromkeys(shard.campaign for shard in self._shards):
            is_drip = (plan_of(self._app, campaign) or {}).get("kind") == CampaignKind.DRIP
            own = [shard for shard in self._shards if shard.campaign == campaign]
            news: list[Signal] = []
            for shard in own:
                found = kept(shard.file)
                mails = _changed_mails(self._app, shard, found)
                _fold_on_ledger(self._app, campaign, mails)
                news += _signals(self._app, found["signals"], mails) if is_drip else []
            if news:
                drips.hear(self._app, news)
            for shard in own:
                without = missing.get((campaign, shard.shard), {})
                self._done(shard, without, is_again=is_again or any(without.values()))
            log.event("campaign.rolled_up", campaign=campaign, shards=len(own))

    def _done(self, shard: _Shard, missing: Collection[str], *, is_again: bool) -> None:
        found = kept(shard.file)
        people = {**found["people"], **dict.fromkeys(missing, UNWRITTEN)}
        told = {**{name: found[name] for name in _STORED}, "people": people}
        store(self._app, shard.campaign, shard.shard, told)
        due = found["open_until"]
        left = {"due": due} if due else {"stamp": None, "due": None}
        if shard.stamp and not is_again:
            key = f"{shard.campaign}#{shard.shard}"
            self._app.claims.update(events.DIRTY, key, left, only_if={"stamp": shard.stamp})
        shard.file.unlink()


def _missing(
    groups: Sequence[Sequence[Person]], outcomes: Sequence[Sequence[Outcome]]
) -> dict[tuple[str, str], dict[str, bool]]:
    """Whose rows were refused, by campaign and shard, and whether they may be taken when they come again."""
    found: dict[tuple[str, str], dict[str, bool]] = {}
    for people, own in zip(groups, outcomes, strict=False):
        for person, outcome in zip(people, own, strict=True):
            if not outcome.success and outcome.code not in loads.GONE:
                known = found.setdefault((person.campaign, person.shard), {})
                known[person.key] = known.get(person.key, False) or outcome.may_pass
    return found


def _changed_mails(app: "App", shard: _Shard, found: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    before = stored(app, shard.campaign, shard.shard).get("mails", {})
    return {mail: counts for mail, counts in found["mails"].items() if before.get(mail) != counts}


def _signals(app: "App", found: Sequence[Mapping[str, str]], mails: Mapping[str, Any]) -> list[Signal]:
    """Drips hear what people did, once it is settled that people did it; what they heard before counts once."""
    oldest = app.clock.now() - _NEWS
    return [
        Signal(**{**one, "kind": SignalKind(one["kind"])})  # type: ignore[arg-type]  # all other fields are strings
        for one in found
        if f"{one['candidate']}|{one['step']}|{one['version']}" in mails and datetime.fromisoformat(one["at"]) > oldest
    ]


def _fold_on_ledger(app: "App", campaign: str, mails: Mapping[str, Mapping[str, int]]) -> None:
    """Engagement stands on the very item that says the mail was sent."""

    def fold(mail: str) -> None:
        key, step, version = mail.split("|")
        pk = ledger_pk(campaign, step, version, key)
        if key:
            app.sends.update(pk, key, {"engagement": mails[mail]}, only_if={"pk": pk})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(fold, mails):
            pass


def _take_back_clicks(app: "App", keys: Sequence[str]) -> None:
    """First clicks that a later verdict gives to a machine."""
    for start in range(0, len(keys), _KEYS_A_QUERY):
        where = soql.is_in(Touchpoint.KEY, keys[start : start + _KEYS_A_QUERY])
        rows = app.salesforce.query(soql.select(Touchpoint.API_NAME, [Touchpoint.ID], where=where))
        if rows:
            found = app.salesforce.delete_many(Touchpoint.API_NAME, [str(row[Touchpoint.ID]) for row in rows])
            loads.refused(Touchpoint.API_NAME, found)
