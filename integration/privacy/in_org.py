"""Erasure in Salesforce: personal fields are overwritten, then the rows are deleted for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.candidates.merging.children import ACTIVITIES, BROUGHT, CHILDREN
from integration.candidates.writing import GONE, raise_passing
from integration.errors import Rejected
from integration.model.identity import Address, Name
from integration.model.vocabulary import ContactKind
from integration.ports import Outcome, Record, Value
from integration.privacy import in_records
from integration.records import (
    Candidate,
    Consent,
    ContactPoint,
    DuplicatePair,
    JobAlert,
    ProspectResult,
    QuickAdd,
    RecruitingCampaign,
    Referral,
)
from integration.soql import either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

BLANKED = (
    Candidate.FIRST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.REGION,
    Candidate.COUNTRY,
    Candidate.TIME_ZONE,
    Candidate.LANGUAGE,
    Candidate.COLLECTED_FROM,
    Candidate.DESIRED_ROLE,
    Candidate.DESIRED_LOCATION,
    Candidate.RATING,
    Candidate.RESUME_TEXT,
    Candidate.ATS_ID,
    Candidate.FIELD_SOURCES,
    Candidate.LIFECYCLE_HISTORY,
    Candidate.LEAVING_REASON,
    Candidate.NAME_KEY,
)
CHOSEN = {
    RecruitingCampaign.EXPLAIN_CANDIDATE: (RecruitingCampaign.EXPLANATION,),
    RecruitingCampaign.PREVIEW_AS: (RecruitingCampaign.PREVIEW_URL,),
}
"""Campaigns on which somebody was chosen to look at, and what was written of them there."""
ERASED = (*CHILDREN, *ACTIVITIES)
"""Rows that go with the person; the request that asks for it stays, as the proof."""
_ERASED = "Erased"
_KEPT_EMPTY: dict[str, tuple[str, ...]] = {
    ContactPoint.API_NAME: (ContactPoint.SOURCE,),
    Consent.API_NAME: (Consent.EVIDENCE,),
    JobAlert.API_NAME: (JobAlert.QUERY, JobAlert.PLACE),
    ProspectResult.API_NAME: (
        ProspectResult.FIRST_NAME,
        ProspectResult.LAST_NAME,
        ProspectResult.EMAIL,
        ProspectResult.PHONE,
        ProspectResult.PROFILE_URL,
        ProspectResult.SOURCE_URL,
        ProspectResult.TITLE,
        ProspectResult.EMPLOYER,
        ProspectResult.LOCATION,
        ProspectResult.COUNTRY,
        ProspectResult.SKILLS,
        ProspectResult.ADDRESSES,
        ProspectResult.ABOUT,
        ProspectResult.PROVENANCE,
        ProspectResult.SCORE_REASONS,
    ),
    QuickAdd.API_NAME: (
        QuickAdd.FULL_NAME,
        QuickAdd.EMAIL,
        QuickAdd.PHONE,
        QuickAdd.COUNTRY,
        QuickAdd.PROFILE_URL,
        QuickAdd.SOURCE_URL,
        QuickAdd.TITLE,
        QuickAdd.EMPLOYER,
        QuickAdd.NOTE,
        QuickAdd.MATCHES,
    ),
    Referral.API_NAME: (Referral.REASON,),
}
"""Personal fields of what hangs on a candidate, emptied before the rows go."""


@dataclass(frozen=True)
class Known:
    """What must be remembered of a person before the record is emptied."""

    addresses: tuple[Address, ...]
    names: tuple[Name, ...]

    @property
    def emails(self) -> list[str]:
        return [address.value for address in self.addresses if address.kind is ContactKind.EMAIL]


def forget_choices(app: App, candidate_id: str) -> None:
    """Campaigns forget that the person was explained or shown, and what was said."""
    for field, texts in CHOSEN.items():
        found = select(RecruitingCampaign.API_NAME, [RecruitingCampaign.ID], where=equals(field, candidate_id))
        rows: list[dict[str, Value]] = [
            {RecruitingCampaign.ID: row[RecruitingCampaign.ID], **dict.fromkeys((field, *texts))}
            for row in app.salesforce.query(found)
        ]
        if rows:
            app.salesforce.update_many(RecruitingCampaign.API_NAME, rows)


def forget_recommendations(app: App, candidate_id: str) -> None:
    """Whom the person recommended is on record as a person of their own; by whom is not, from now on."""
    rows = app.salesforce.query(select(BROUGHT.object, ["Id"], where=equals(BROUGHT.lookup, candidate_id)))
    if rows:
        _settle(app.salesforce.update_many(BROUGHT.object, [{"Id": row["Id"], BROUGHT.lookup: None} for row in rows]))


def read(app: App, candidate_id: str) -> Known | None:
    """None when the record is gone, or was emptied by an earlier attempt."""
    fields = [Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.EMAIL, Candidate.PHONE]
    people, points = app.salesforce.together(
        [
            select(Candidate.API_NAME, fields, where=equals(Candidate.ID, candidate_id)),
            select(
                ContactPoint.API_NAME,
                [ContactPoint.KIND, ContactPoint.KEY],
                where=equals(ContactPoint.CANDIDATE, candidate_id),
            ),
        ]
    )
    addresses = tuple(dict.fromkeys([*_of_points(points), *_of_record(people)]))
    if not addresses:
        return None
    names = {Name(str(row[Candidate.FIRST_NAME] or ""), str(row[Candidate.LAST_NAME] or "")) for row in people}
    return Known(addresses, tuple(names) or (Name(),))


def pairs_of(app: App, candidate_id: str) -> list[str]:
    where = either(
        *(equals(name, candidate_id) for name in (DuplicatePair.FIRST, DuplicatePair.SECOND, DuplicatePair.SURVIVOR))
    )
    rows = app.salesforce.query(select(DuplicatePair.API_NAME, [DuplicatePair.ID], where=where))
    return [str(row[DuplicatePair.ID]) for row in rows]


def erase(app: App, candidate_id: str, pairs: Sequence[str]) -> dict[str, int]:
    """Key: the candidate. Rows that went, by object; a repeated attempt finds fewer."""
    removed: dict[str, int] = {}
    for child in ERASED:
        where = equals(child.lookup, candidate_id)
        ids = [str(row["Id"]) for row in app.salesforce.query(select(child.object, ["Id"], where=where))]
        if ids and child.object in _KEPT_EMPTY:
            _settle(app.salesforce.update_many(child.object, [_emptied(child.object, one) for one in ids]))
        # What somebody deleted before still lies in the recycle bin, as it was.
        binned = [str(row["Id"]) for row in app.salesforce.with_deleted(select(child.object, ["Id"], where=where))]
        removed[child.object] = _destroy(app, child.object, list(dict.fromkeys([*ids, *binned])))
    removed["Duplicate_Pair__c"] = _destroy(app, DuplicatePair.API_NAME, pairs)
    removed["File"] = _destroy_files(app, candidate_id)
    blank: dict[str, Value] = {**dict.fromkeys(BLANKED), Candidate.LAST_NAME: _ERASED, Candidate.ID: candidate_id}
    _settle(app.salesforce.update_many(Candidate.API_NAME, [blank]))
    _destroy(app, Candidate.API_NAME, [candidate_id])
    left = app.salesforce.query(select(Candidate.API_NAME, ["Id"], where=equals(Candidate.ID, candidate_id)))
    if left:
        raise Rejected("Salesforce kept the candidate record. Ask your administrator for the right to hard-delete.")
    removed[Candidate.API_NAME] = 1
    return removed


def left_over(app: App, candidate_id: str) -> dict[str, str]:
    """What queryAll still shows of the person, by object: how many rows, and whether any has a personal field left."""
    told: dict[str, str] = {}
    kinds = [(child.object, child.lookup, _KEPT_EMPTY.get(child.object, ())) for child in ERASED]
    for name, lookup, personal in (*kinds, (Candidate.API_NAME, Candidate.ID, BLANKED)):
        where = equals(lookup, candidate_id)
        rows = app.salesforce.with_deleted(select(name, list(dict.fromkeys(["Id", *personal])), where=where))
        if rows:
            full = sum(any(row[field] not in (None, "", False) for field in personal) for row in rows)
            told[name] = f"{len(rows)} rows, {full} of them with personal fields"
    return told


def forget_results(app: App, person: Known) -> int:
    """Results of searches that nobody loaded hang on no candidate: they are found by an address of the person."""
    of = {kind: [one.value for one in person.addresses if one.kind is kind] for kind in ContactKind}
    where = either(
        is_in(ProspectResult.EMAIL, of[ContactKind.EMAIL]),
        is_in(ProspectResult.PHONE, of[ContactKind.PHONE]),
        is_in(ProspectResult.PROFILE_URL, [f"https://{profile}" for profile in of[ContactKind.PROFILE]]),
    )
    rows = app.salesforce.query(select(ProspectResult.API_NAME, [ProspectResult.ID], where=where))
    ids = [str(row[ProspectResult.ID]) for row in rows]
    if ids:
        _settle(
            app.salesforce.update_many(ProspectResult.API_NAME, [_emptied(ProspectResult.API_NAME, one) for one in ids])
        )
    return _destroy(app, ProspectResult.API_NAME, ids)


def _emptied(object_name: str, row_id: str) -> dict[str, Value]:
    row: dict[str, Value] = {"Id": row_id, **dict.fromkeys(_KEPT_EMPTY[object_name])}
    if object_name == ContactPoint.API_NAME:
        row |= {ContactPoint.KEY: f"erased:{row_id}", ContactPoint.VALUE: _ERASED}
    if object_name == ProspectResult.API_NAME:
        row |= {ProspectResult.NAME: _ERASED}
    return row


def _destroy(app: App, object_name: str, ids: Sequence[str]) -> int:
    if ids:
        _settle(app.salesforce.destroy_many(object_name, ids))
    return len(ids)


def _destroy_files(app: App, candidate_id: str) -> int:
    """Files on the record alone go; one that also stands elsewhere loses its link with the record."""
    where = equals("LinkedEntityId", candidate_id)
    links = app.salesforce.query(select("ContentDocumentLink", ["ContentDocumentId"], where=where))
    documents = {str(link["ContentDocumentId"]) for link in links}
    if not documents:
        return 0
    where = is_in("ContentDocumentId", documents)
    everywhere = app.salesforce.query(
        select("ContentDocumentLink", ["ContentDocumentId", "LinkedEntityId"], where=where)
    )
    users = ("005", candidate_id[:3])
    shared = {
        str(link["ContentDocumentId"])
        for link in everywhere
        if link["LinkedEntityId"] != candidate_id and not str(link["LinkedEntityId"]).startswith(users)
    }
    alone = sorted(documents - shared)
    if alone:
        in_records.destroy(app, alone)
    return len(alone)


def _of_points(rows: Sequence[Record]) -> Iterator[Address]:
    for row in rows:
        kind, _, value = str(row[ContactPoint.KEY] or "").partition("|")[0].partition(":")
        if value and kind != "erased":
            yield Address(ContactKind(str(row[ContactPoint.KIND])), value)


def _of_record(rows: Sequence[Record]) -> Iterator[Address]:
    """The primary addresses, should one have no contact point yet."""
    for row in rows:
        if row[Candidate.EMAIL]:
            yield Address(ContactKind.EMAIL, str(row[Candidate.EMAIL]).strip().lower())
        if row[Candidate.PHONE] and str(row[Candidate.PHONE]).startswith("+"):
            yield Address(ContactKind.PHONE, "+" + "".join(filter(str.isdigit, str(row[Candidate.PHONE]))))


def _settle(outcomes: Sequence[Outcome]) -> None:
    raise_passing(outcomes)
    for outcome in outcomes:
        if not outcome.success and outcome.code not in GONE:
            raise Rejected(f"Salesforce refused to erase a row: {outcome.message} Put that right, then Erase again.")
