"""What hangs on a candidate and moves with them, and what is decided where two rows would become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integration.model.merge import Ranked, Rule
from integration.model.vocabulary import (
    AttendanceState,
    EngagementBand,
    LawfulBasis,
    Lifecycle,
    MailFrequency,
    MembershipStage,
    MembershipState,
    Stage,
)
from integration.records import (
    Application,
    CampaignEnrollment,
    Candidate,
    CandidateTag,
    Consent,
    ContactPoint,
    EventAttendance,
    JobAlert,
    PoolMembership,
    PrivacyRequest,
    ProspectResult,
    QuickAdd,
    Referral,
    Touchpoint,
)

PERSON: Mapping[str, Rule | Ranked] = {
    Candidate.FIRST_NAME: Rule.TRUSTED,
    Candidate.LAST_NAME: Rule.TRUSTED,
    Candidate.EMAIL: Rule.TRUSTED,
    Candidate.PHONE: Rule.TRUSTED,
    Candidate.TITLE: Rule.TRUSTED,
    Candidate.EMPLOYER: Rule.TRUSTED,
    Candidate.CITY: Rule.TRUSTED,
    Candidate.REGION: Rule.TRUSTED,
    Candidate.COUNTRY: Rule.TRUSTED,
    Candidate.TIME_ZONE: Rule.TRUSTED,
    Candidate.LANGUAGE: Rule.TRUSTED,
    Candidate.AVAILABILITY: Rule.TRUSTED,
    Candidate.DESIRED_ROLE: Rule.TRUSTED,
    Candidate.DESIRED_LOCATION: Rule.TRUSTED,
    Candidate.RESUME_TEXT: Rule.TRUSTED,
    Candidate.RATING: Rule.TRUSTED,
    Candidate.DO_NOT_CONTACT: Rule.EITHER,
    Candidate.DO_NOT_REHIRE: Rule.EITHER,
    Candidate.REGRETTABLE: Rule.EITHER,
    Candidate.LEFT_ON: Rule.LATEST,
    Candidate.LEAVING_REASON: Rule.OWN,
    Candidate.PAUSED_UNTIL: Rule.LATEST,
    Candidate.HOLD_UNTIL: Rule.LATEST,
    Candidate.MAIL_FREQUENCY: Ranked(tuple(MailFrequency)),
    Candidate.LAST_ENGAGED_AT: Rule.LATEST,
    Candidate.NOTICE_SENT_AT: Rule.EARLIEST,
    Candidate.NOTICE_DUE_ON: Rule.EARLIEST,
    Candidate.LAST_SOURCE: Rule.OWN,
    Candidate.ATS_ID: Rule.OWN,
    Candidate.NAME_KEY: Rule.OWN,
    Candidate.LAWFUL_BASIS: Ranked((LawfulBasis.LEGITIMATE_INTEREST, LawfulBasis.CONSENT, LawfulBasis.CONTRACT)),
    Candidate.ENGAGEMENT_BAND: Ranked(tuple(EngagementBand)),
    Candidate.LIFECYCLE: Ranked(
        (
            Lifecycle.PROSPECT,
            Lifecycle.APPLICANT,
            Lifecycle.FORMER_CONTINGENT,
            Lifecycle.ALUMNI,
            Lifecycle.CONTINGENT,
            Lifecycle.EMPLOYEE,
        )
    ),
}
FIRST_TOUCH = (Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT, Candidate.FIRST_SOURCE)
"""Decided together: where we had the person from first."""
WHERE = tuple(Candidate.GEO.removesuffix("c") + part for part in ("Latitude__s", "Longitude__s"))
"""The point on the map goes with the city."""
KEPT = (Candidate.CANDIDATE_KEY, Candidate.FIELD_SOURCES, Candidate.LIFECYCLE_HISTORY, Candidate.OWNER)
"""Of each record's own; an unmerge needs them."""


@dataclass(frozen=True)
class Child:
    """One kind of row that refers to a candidate."""

    object: str
    lookup: str
    twin: str = ""
    """The other side of the row's key: two rows with the same one would be one row."""
    rules: Mapping[str, Rule | Ranked] = field(default_factory=dict)
    others: Sequence[str] = ()
    """Further fields that a row made again needs."""

    @property
    def fields(self) -> list[str]:
        names = ["Id", self.lookup, *self.others, *self.rules]
        return list(dict.fromkeys([*names, self.twin] if self.twin else names))


CHILDREN = (
    Child(
        ContactPoint.API_NAME,
        ContactPoint.CANDIDATE,
        others=(ContactPoint.KIND, ContactPoint.VALUE, ContactPoint.PRIMARY),
    ),
    Child(Consent.API_NAME, Consent.CANDIDATE),
    Child(JobAlert.API_NAME, JobAlert.CANDIDATE),
    Child(Touchpoint.API_NAME, Touchpoint.CANDIDATE),
    Child(ProspectResult.API_NAME, ProspectResult.CANDIDATE),
    Child(QuickAdd.API_NAME, QuickAdd.CANDIDATE),
    Child(Referral.API_NAME, Referral.CANDIDATE),
    Child(
        EventAttendance.API_NAME,
        EventAttendance.CANDIDATE,
        twin=EventAttendance.EVENT,
        rules={
            EventAttendance.STATE: Ranked(
                (
                    AttendanceState.INVITED,
                    AttendanceState.CANCELLED,
                    AttendanceState.WAITING,
                    AttendanceState.NO_SHOW,
                    AttendanceState.REGISTERED,
                    AttendanceState.ATTENDED,
                )
            ),
            EventAttendance.PLACE: Rule.EITHER,
            EventAttendance.ANSWERED_AT: Rule.EARLIEST,
            EventAttendance.CHECKED_IN_AT: Rule.EARLIEST,
            EventAttendance.ANSWERS: Rule.OWN,
            EventAttendance.WALK_IN: Rule.OWN,
            EventAttendance.TOLD: Rule.OWN,
        },
    ),
    Child(CandidateTag.API_NAME, CandidateTag.CANDIDATE, twin=CandidateTag.TAG),
    Child(
        Application.API_NAME,
        Application.CANDIDATE,
        twin=Application.REQUISITION,
        rules={
            Application.STAGE: Ranked(
                (
                    Stage.REJECTED,
                    Stage.WITHDRAWN,
                    Stage.APPLIED,
                    Stage.QUALIFIED,
                    Stage.INTERVIEW,
                    Stage.OFFER,
                    Stage.HIRED,
                )
            ),
            Application.APPLIED_AT: Rule.EARLIEST,
            Application.QUALIFIED_AT: Rule.EARLIEST,
            Application.INTERVIEW_AT: Rule.EARLIEST,
            Application.OFFER_AT: Rule.EARLIEST,
            Application.HIRED_AT: Rule.EARLIEST,
            Application.HANDED_OVER_AT: Rule.EARLIEST,
            Application.HAND_OVER_PROBLEM: Rule.OWN,
            Application.FIRST_SOURCE: Rule.OWN,
            Application.LAST_SOURCE: Rule.OWN,
            Application.CAMPAIGN: Rule.OWN,
            Application.ATS_ID: Rule.OWN,
        },
    ),
    Child(
        PoolMembership.API_NAME,
        PoolMembership.CANDIDATE,
        twin=PoolMembership.POOL,
        rules={
            PoolMembership.STATE: Ranked(
                (MembershipState.PROPOSED, MembershipState.LEFT, MembershipState.REJECTED, MembershipState.MEMBER)
            ),
            PoolMembership.STAGE: Ranked(
                (
                    MembershipStage.NEW,
                    MembershipStage.CONTACTED,
                    MembershipStage.NOT_NOW,
                    MembershipStage.REPLIED,
                    MembershipStage.INTERESTED,
                    MembershipStage.SUBMITTED,
                )
            ),
            PoolMembership.RATING: Rule.OWN,
            PoolMembership.NEXT_TOUCH_ON: Rule.EARLIEST,
            PoolMembership.ADDED_BY: Rule.OWN,
            PoolMembership.JOINED_AT: Rule.EARLIEST,
            PoolMembership.LEFT_AT: Rule.LATEST,
            PoolMembership.REASON: Rule.OWN,
            PoolMembership.SCORE: Rule.OWN,
        },
    ),
    Child(
        CampaignEnrollment.API_NAME,
        CampaignEnrollment.CANDIDATE,
        twin=CampaignEnrollment.CAMPAIGN,
        rules={
            CampaignEnrollment.STATE: Rule.OWN,
            CampaignEnrollment.STEP: Rule.OWN,
            CampaignEnrollment.EXIT_REASON: Rule.OWN,
            CampaignEnrollment.SENT: Rule.OWN,
            CampaignEnrollment.HUMAN_OPENS: Rule.OWN,
            CampaignEnrollment.HUMAN_CLICKS: Rule.OWN,
            CampaignEnrollment.MACHINE_EVENTS: Rule.OWN,
            CampaignEnrollment.APPLIED_AT: Rule.EARLIEST,
            CampaignEnrollment.ENROLLED_AT: Rule.EARLIEST,
            CampaignEnrollment.NEXT_STEP_AT: Rule.OWN,
            CampaignEnrollment.SERIES_VERSION: Rule.OWN,
            CampaignEnrollment.WAITING_FOR: Rule.OWN,
        },
    ),
)
ACTIVITIES = (Child("Task", "WhatId"), Child("Event", "WhatId"))
"""Calls, mails and meetings noted on the record; in the platform's own objects."""
REQUESTS = Child(PrivacyRequest.API_NAME, PrivacyRequest.CANDIDATE)
"""What the person asked about their data: follows a merge, and outlives the person as the proof of an erasure."""
BROUGHT = Child(Referral.API_NAME, Referral.REFERRER)
"""Whom the person recommended: rows of other people, which follow a merge (referrers.py) and outlive an erasure, then
without a name."""
MOVED = (*CHILDREN, REQUESTS, *ACTIVITIES)
"""Rows that a merge moves by changing where they hang."""
FILES = Child("ContentDocumentLink", "LinkedEntityId", twin="ContentDocumentId", others=("ShareType", "Visibility"))
"""Files and notes: the platform lets nobody change where a link hangs, so it is made again (see files.py)."""
READ = (*MOVED, FILES)
