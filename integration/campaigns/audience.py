"""Who gets a blast: read from the pools once, written down for good, and never looked up again."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration import soql
from integration.campaigns.reading import Campaign
from integration.candidates.leaving import NOT_AGREED, has_not_agreed
from integration.messages.slots import OF_CANDIDATE, values_of
from integration.model.address import normalised, sendable
from integration.model.ledger import all_shards, shard_of
from integration.model.vocabulary import ContactKind, ContactStatus, MembershipState
from integration.ports import Item, Record
from integration.records import Candidate, ContactPoint, PoolMembership, RecruitingCampaign, parent
from integration.sending.deciding import PATIENCE
from integration.sending.foreseeing import NOT_TO_BE_CONTACTED, why_not_among
from integration.sending.recipients import Recipient, chunk_key, recipients_of
from integration.sending.recovery import chunk_names

if TYPE_CHECKING:
    from integration.app import App

CHUNK = 50
"""Recipients of one queue message: fewer than a function sends in its ten seconds."""
PERSON = (
    Candidate.ID,
    Candidate.CANDIDATE_KEY,
    Candidate.EMAIL,
    Candidate.TIME_ZONE,
    Candidate.LANGUAGE,
    Candidate.PAUSED_UNTIL,
    Candidate.DO_NOT_CONTACT,
    Candidate.DO_NOT_REHIRE,
    Candidate.LIFECYCLE,
    Candidate.LAWFUL_BASIS,
    Candidate.NOTICE_DUE_ON,
    Candidate.NOTICE_SENT_AT,
    Candidate.COLLECTED_FROM,
    Candidate.COLLECTED_AT,
    *OF_CANDIDATE.values(),
)
HELD_OUT = "are held out to measure the effect"
_STOPPED = (ContactStatus.BOUNCED, ContactStatus.COMPLAINED, ContactStatus.UNSUBSCRIBED)


@dataclass(frozen=True)
class Frozen:
    """An audience that was written down."""

    hash: str
    size: int
    chunks: int
    left_out: dict[str, int]
    parts: dict[str, int] = field(default_factory=dict)
    """Chunks of each part of it, in their order; empty when it has one part only."""

    @property
    def in_words(self) -> str:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(self.left_out.items()))
        return f"{self.size:,} people. Left out: {reasons}." if reasons else f"{self.size:,} people."


@dataclass(frozen=True)
class Choice:
    """Who of some pools gets a mail, and why others do not."""

    people: list[Recipient]
    left_out: dict[str, int]
    excluded: int
    whom: dict[str, str]
    """Candidate -> why this one is left out."""


@dataclass(frozen=True)
class Estimate:
    """An audience before it is used: members = excluded + reached + left out."""

    members: int
    excluded: int
    reached: int
    left_out: dict[str, int]

    @property
    def in_words(self) -> str:
        """Lines for a record."""
        members = "member" if self.members == 1 else "members"
        lines = [f"{self.reached:,} of {self.members:,} {members} would get a mail now."]
        if self.excluded:
            lines.append(f"{self.excluded:,} are members of an excluded pool")
        lines += [f"{count:,} {reason}" for reason, count in sorted(self.left_out.items())]
        return "\n".join(lines)


def why_left_out(person: Record, now: datetime) -> str:
    """Why this candidate gets no campaign mail at all; empty when nothing speaks against it."""
    # One reason for both: recruiters without the right must not learn who is not to be rehired.
    if person.get(Candidate.DO_NOT_CONTACT) or person.get(Candidate.DO_NOT_REHIRE):
        return NOT_TO_BE_CONTACTED
    if has_not_agreed(person):
        return NOT_AGREED
    if not person.get(Candidate.CANDIDATE_KEY):
        return "have no candidate key yet"
    return "" if person.get(Candidate.EMAIL) else "have no e-mail address"


def _pause(person: Record, end: datetime) -> str:
    """A pause that is over soon only puts a mail off."""
    return "have paused mail" if str(person.get(Candidate.PAUSED_UNTIL) or "")[:10] > end.date().isoformat() else ""


def recipient_of(person: Record) -> Recipient:
    """A candidate's row as a line of an audience."""
    found_by, found_on = _found(person)
    return Recipient(
        key=str(person[Candidate.CANDIDATE_KEY]),
        id=str(person[Candidate.ID]),
        email=str(person[Candidate.EMAIL]),
        slots={name: value for name, value in values_of(person).items() if value},
        zone=str(person.get(Candidate.TIME_ZONE) or ""),
        found_by=found_by,
        found_on=found_on,
        language=str(person.get(Candidate.LANGUAGE) or ""),
    )


def _found(person: Record) -> tuple[str, str]:
    """Where somebody's details came from, as long as the person has not been told."""
    if not person.get(Candidate.NOTICE_DUE_ON) or person.get(Candidate.NOTICE_SENT_AT):
        return "", ""
    source, at = (str(person.get(name) or "") for name in (Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT))
    return source or " ", at[:10]


def reach(app: "App", campaign: Campaign) -> Estimate:
    """Who would get the campaign if it went now."""
    return estimate(app, _choice(app, campaign), campaign.topic)


def freeze(
    app: "App", campaign: Campaign, step: str, version: str, part_of: Callable[[str], int] | None = None
) -> Frozen:
    """Writes the audience down. A second run takes the first one's, whoever joined or left meanwhile (F8)."""
    manifest = f"audiences/campaign={campaign.id}/step={step}-v{version}/manifest.json"
    if (stored := app.data.read(manifest)) is None:
        choice = _choice(app, campaign)
        people, left_out = choice.people, choice.left_out
        grouped: dict[int, list[str]] = defaultdict(list)
        for person in people:
            line = json.dumps(person.as_json(), ensure_ascii=False, separators=(",", ":"))
            grouped[part_of(person.key) if part_of else 0].append(line)
        lines = [line for _, part in sorted(grouped.items()) for line in part]
        chunks = [part[at : at + CHUNK] for _, part in sorted(grouped.items()) for at in range(0, len(part), CHUNK)]
        mark = sha256("\n".join(lines).encode()).hexdigest()
        for number, chunk in enumerate(chunks):
            # The hash in the name: a run that was cut off before the manifest leaves nothing that could be mixed in.
            key = chunk_key(campaign.id, step, version, f"{mark[:12]}-{number:05}")
            text = "\n".join(chunk) + "\n"
            app.data.write(key, text.encode(), content_type="application/x-ndjson")
        _note_left_out(app, chunk_key(campaign.id, step, version, mark[:12]), choice.whom)
        facts: dict[str, Any] = {"hash": mark, "size": len(lines), "chunks": len(chunks), "left_out": left_out}
        if part_of:
            facts["parts"] = {str(part): -(-len(some) // CHUNK) for part, some in sorted(grouped.items())}
        app.data.write(manifest, json.dumps(facts).encode(), content_type="application/json", unless_exists=True)
        stored = app.data.read(manifest) or b"{}"
    return Frozen(**json.loads(stored))


def _note_left_out(app: "App", place: str, whom: dict[str, str]) -> None:
    """Kept for whoever asks later why somebody got no mail: in buckets, so that a question reads one of them."""
    buckets: dict[str, dict[str, str]] = defaultdict(dict)
    for candidate, reason in whom.items():
        buckets[shard_of(candidate)][candidate] = reason
    for shard, reasons in buckets.items():
        text = json.dumps(reasons, separators=(",", ":"))
        app.data.write(_bucket(place, shard), text.encode(), content_type="application/json")


def _bucket(place: str, shard: str) -> str:
    return f"{place.removesuffix('.jsonl')}-left-out-{shard}.json"


def left_out_of(app: "App", campaign: str, step: str, version: str, plan: Item, candidate: str) -> str:
    """Why a candidate was left out when the audience was frozen; blank when nobody thought of them."""
    place = chunk_key(campaign, step, version, str(plan.get("audience_hash", ""))[:12])
    data = app.data.read(_bucket(place, shard_of(candidate)))
    reasons: dict[str, str] = json.loads(data) if data else {}
    return reasons.get(candidate, "")


def held_out(app: "App", campaign: str, plan: Item) -> set[str]:
    """The candidates of a frozen audience who were held out to measure the effect."""
    lead = plan["steps"][0]
    place = chunk_key(campaign, str(lead["id"]), str(lead["version"]), str(plan["audience_hash"])[:12])
    found: set[str] = set()
    for shard in all_shards():
        reasons: dict[str, str] = json.loads(app.data.read(_bucket(place, shard)) or b"{}")
        found |= {candidate for candidate, reason in reasons.items() if reason == HELD_OUT}
    return found


def recipient_in(app: "App", campaign: str, plan: Item, key: str) -> Recipient | None:
    """A person's line in a frozen audience. The chunks of a part are in the order of the keys: few are read."""
    lead = plan["steps"][0]
    step, version = str(lead["id"]), str(lead["version"])
    names, start = chunk_names(plan), 0
    for count in [int(part["chunks"]) for part in plan.get("parts", ())] or [len(names)]:
        some = names[start : start + count]
        if found := _recipient_among(app, {"campaign": campaign, "step": step, "version": version}, some, key):
            return found
        start += count
    return None


def _recipient_among(app: "App", place: Item, names: Sequence[str], key: str) -> Recipient | None:
    low, high = 0, len(names)
    while low < high:
        middle = (low + high) // 2
        people = recipients_of(app, {**place, "chunk": names[middle]})
        if key < people[0].key:
            high = middle
        elif key > people[-1].key:
            low = middle + 1
        else:
            return next((one for one in people if one.key == key), None)
    return None


def _choice(app: "App", campaign: Campaign) -> Choice:
    hold_out = float(campaign.record.get(RecruitingCampaign.HOLD_OUT_PERCENT) or 0)
    return choose(app, campaign.included, campaign.excluded, campaign=campaign.id, hold_out=hold_out)


def choose(
    app: "App", included: Sequence[str], excluded: Sequence[str], *, campaign: str = "", hold_out: float = 0.0
) -> Choice:
    """The people by candidate key, each once and each address once, and why others were left out."""
    shut_out = {str(row[PoolMembership.CANDIDATE]) for row in _members(app, excluded, ())}
    stopped = _stopped_addresses(app)
    now = app.clock.now()
    left_out: Counter[str] = Counter()
    whom: dict[str, str] = {}
    chosen: dict[str, Recipient] = {}
    seen: set[str] = set()
    for row in _members(app, included, PERSON):
        person = {field: row.get(parent(PoolMembership.CANDIDATE, field)) for field in PERSON}
        candidate = str(person[Candidate.ID])
        if candidate in seen:
            continue
        seen.add(candidate)
        if candidate in shut_out:
            whom[candidate] = "are members of an excluded pool"
            continue
        address = normalised(str(person.get(Candidate.EMAIL) or ""))
        reason = why_left_out(person, now) or _pause(person, now + PATIENCE)
        if not reason and address in stopped:
            reason = "have an address that bounced or opted out"
        if not reason and address in chosen:
            reason = "share their address with somebody on the list"
        if not reason and is_held_out(campaign, candidate, hold_out):
            reason = HELD_OUT
        if reason:
            left_out[reason] += 1
            whom[candidate] = reason
        else:
            chosen[address] = recipient_of(person)
    people = sorted(chosen.values(), key=lambda recipient: recipient.key)
    return Choice(people, dict(left_out), len(seen & shut_out), whom)


def estimate(app: "App", choice: Choice, topic: str = "") -> Estimate:
    """What a send to these people would reach now: the senders ask the same of each mail right before it goes."""
    people = [(one.key, sendable(one.email)) for one in choice.people]
    suppressed = Counter(why_not_among(app, people, topic).values())
    left_out = Counter(choice.left_out)
    for reason, count in suppressed.items():
        left_out[reason] += count
    members = len(choice.people) + sum(choice.left_out.values()) + choice.excluded
    return Estimate(members, choice.excluded, len(choice.people) - suppressed.total(), dict(left_out))


def _members(app: "App", pools: Sequence[str], fields: tuple[str, ...]) -> Iterator[Record]:
    if not pools:
        return iter(())
    paths = [parent(PoolMembership.CANDIDATE, field) for field in fields]
    where = soql.both(soql.is_in(PoolMembership.POOL, pools), soql.equals(PoolMembership.STATE, MembershipState.MEMBER))
    # By id, so that of two people with one address the same one is chosen whenever this runs.
    return app.salesforce.rows(
        soql.select(
            PoolMembership.API_NAME,
            [PoolMembership.CANDIDATE, *paths],
            where=where,
            order_by=[PoolMembership.CANDIDATE, PoolMembership.ID],
        )
    )


def _stopped_addresses(app: "App") -> set[str]:
    where = soql.both(
        soql.equals(ContactPoint.KIND, ContactKind.EMAIL),
        soql.is_in(ContactPoint.STATUS, [status.value for status in _STOPPED]),
    )
    rows = app.salesforce.rows(soql.select(ContactPoint.API_NAME, [ContactPoint.VALUE], where=where))
    return {normalised(str(row[ContactPoint.VALUE] or "")) for row in rows}


def is_held_out(campaign: str, candidate: str, percent: float) -> bool:
    """The same people whenever it is asked."""
    return int(sha256(f"{campaign}|{candidate}".encode()).hexdigest()[:8], 16) % 10_000 < percent * 100
