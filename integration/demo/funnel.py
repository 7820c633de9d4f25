"""The funnel at the end: every number as the records hold it, beside a recount from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from integration import soql
from integration.demo.recruiter import Recruiter
from integration.demo.seed import CURRENCY, Scene
from integration.demo.visitor import Mailbox
from integration.records import (
    Application,
    CampaignEnrollment,
    Candidate,
    Channel,
    PoolMembership,
    RecruitingCampaign,
    SourceResult,
    SourceSpend,
    Touchpoint,
    parent,
)

_COUNTS = (SourceResult.CLICKS, SourceResult.VISITS, SourceResult.REGISTRATIONS, SourceResult.APPLICATIONS,
           SourceResult.HIRES)  # fmt: skip
_COSTS = {
    SourceResult.COST_PER_CLICK: SourceResult.CLICKS,
    SourceResult.COST_PER_REGISTRATION: SourceResult.REGISTRATIONS,
    SourceResult.COST_PER_APPLICATION: SourceResult.APPLICATIONS,
    SourceResult.COST_PER_HIRE: SourceResult.HIRES,
}
_CAMPAIGN = (RecruitingCampaign.AUDIENCE_SIZE, RecruitingCampaign.SENT, RecruitingCampaign.SUPPRESSED,
             RecruitingCampaign.DELIVERED, RecruitingCampaign.HUMAN_OPENS, RecruitingCampaign.HUMAN_CLICKS,
             RecruitingCampaign.MACHINE_CLICKS, RecruitingCampaign.UNSUBSCRIBED,
             RecruitingCampaign.APPLICATIONS)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One number of the funnel and its recount."""

    number: str
    shown: float
    recount: float
    by: str

    @property
    def agrees(self) -> bool:
        return abs(self.shown - self.recount) < 0.005


class Funnel:
    """Reads the results of one run and counts them again."""

    def __init__(self, recruiter: Recruiter, mailbox: Mailbox, scene: Scene) -> None:
        self._recruiter, self._mailbox, self._scene = recruiter, mailbox, scene
        self._results = {key: self._result(channel) for key, channel in scene.channels.items()}
        fields = (RecruitingCampaign.NAME, *_CAMPAIGN)
        self._campaigns = [
            recruiter.get(RecruitingCampaign.API_NAME, id_, *fields) for id_ in (scene.drip, scene.blast)
        ]

    def sources(self) -> Table:
        """Per channel: from click to hire, and what each cost."""
        table = _table("From the first click to the hire, by source (Source_Result__c)", "source", (
            "clicks", "visits", "joined", "applied", "hired", f"{CURRENCY} spent", "a click", "a join", "an appl.",
            "a hire"))  # fmt: skip
        names = {row[Channel.KEY]: row["Name"] for row in self._recruiter.query(
            soql.select(Channel.API_NAME, [Channel.KEY, Channel.NAME]))}  # fmt: skip
        for key, result in self._results.items():
            counts = [f"{result[field]:,.0f}" for field in _COUNTS]
            costs = [_money(result[field]) for field in (SourceResult.SPEND_HOME, *_COSTS)]
            table.add_row(str(names[key]), *counts, *costs)
        return table

    def campaigns(self) -> Table:
        """Per campaign: from the audience to the application."""
        table = _table("Campaigns (Recruiting_Campaign__c); opened and clicked are people", "campaign", (
            "audience", "sent", "held", "delivered", "opened", "clicked", "machines", "left", "applied"))  # fmt: skip
        for campaign in self._campaigns:
            table.add_row(campaign[RecruitingCampaign.NAME], *(f"{campaign[field] or 0:,.0f}" for field in _CAMPAIGN))
        return table

    def checks(self) -> Iterator[Check]:
        """Every number, counted again: from other records by SOQL, from the mailbox, or by arithmetic."""
        for key, result in self._results.items():
            yield from self._source_checks(key, result)
        for id_, campaign in zip((self._scene.drip, self._scene.blast), self._campaigns, strict=True):
            yield from self._campaign_checks(id_, campaign)

    def _source_checks(self, key: str, result: dict[str, Any]) -> Iterator[Check]:
        channel = self._scene.channels[key]
        of_channel = soql.equals(Touchpoint.CHANNEL, channel)
        here = soql.equals(Touchpoint.REQUISITION, self._scene.requisition)
        registered = soql.both(of_channel, here, soql.equals(Touchpoint.KIND, "Registered"))
        yield Check(f"{key}: registrations", result[SourceResult.REGISTRATIONS],
                    self._recruiter.count(Touchpoint.API_NAME, registered), "touchpoints")  # fmt: skip
        applied = soql.both(
            soql.equals(parent(Application.CANDIDATE, Candidate.FIRST_SOURCE), channel),
            soql.equals(Application.REQUISITION, self._scene.requisition),
        )
        yield Check(f"{key}: applications", result[SourceResult.APPLICATIONS],
                    self._recruiter.count(Application.API_NAME, applied), "applications")  # fmt: skip
        hired = soql.both(applied, soql.compare(Application.HIRED_AT, "!=", None))
        yield Check(f"{key}: hires", result[SourceResult.HIRES],
                    self._recruiter.count(Application.API_NAME, hired), "applications")  # fmt: skip
        yield Check(f"{key}: spend", result[SourceResult.SPEND_HOME], self._spent(channel), "spend records")
        for cost, per in _COSTS.items():
            expected = result[SourceResult.SPEND_HOME] / result[per] if result[per] else 0.0
            yield Check(f"{key}: {cost}", result[cost] or 0.0, expected, "arithmetic")

    def _campaign_checks(self, id_: str, campaign: dict[str, Any]) -> Iterator[Check]:
        name = campaign[RecruitingCampaign.NAME]
        ledger = self._mailbox.ledger(id_)
        yield Check(f"{name}: sent", campaign[RecruitingCampaign.SENT], len(ledger), "mailbox")
        yield Check(f"{name}: delivered", campaign[RecruitingCampaign.DELIVERED], len(ledger), "mailbox")
        copies = {(entry["step"], entry["recipient"]) for entry in ledger}
        yield Check(f"{name}: sent twice", len(ledger) - len(copies), 0, "mailbox")
        for total, field in ((RecruitingCampaign.HUMAN_OPENS, CampaignEnrollment.HUMAN_OPENS),
                             (RecruitingCampaign.HUMAN_CLICKS, CampaignEnrollment.HUMAN_CLICKS)):  # fmt: skip
            some = soql.both(soql.equals(CampaignEnrollment.CAMPAIGN, id_), soql.compare(field, ">", 0))
            yield Check(f"{name}: {total}", campaign[total],
                        self._recruiter.count(CampaignEnrollment.API_NAME, some), "enrollments")  # fmt: skip
        through = soql.equals(Application.CAMPAIGN, id_)
        yield Check(f"{name}: applications", campaign[RecruitingCampaign.APPLICATIONS] or 0,
                    self._recruiter.count(Application.API_NAME, through), "applications")  # fmt: skip
        accounted = campaign[RecruitingCampaign.SENT] + campaign[RecruitingCampaign.SUPPRESSED]
        yield Check(f"{name}: audience", campaign[RecruitingCampaign.AUDIENCE_SIZE], accounted, "sent + held back")
        if id_ == self._scene.blast:
            members = soql.both(
                soql.equals(PoolMembership.POOL, self._scene.talent_pool), soql.equals(PoolMembership.STATE, "Member")
            )
            yield Check(f"{name}: pool", campaign[RecruitingCampaign.AUDIENCE_SIZE],
                        self._recruiter.count(PoolMembership.API_NAME, members), "memberships")  # fmt: skip

    def _result(self, channel: str) -> dict[str, Any]:
        """The channel's results for this job, whatever campaign they came by, added up."""
        fields = [*_COUNTS, SourceResult.SPEND_HOME, *_COSTS]
        where = soql.both(
            soql.equals(SourceResult.CHANNEL, channel), soql.equals(SourceResult.REQUISITION, self._scene.requisition)
        )
        rows = self._recruiter.query(soql.select(SourceResult.API_NAME, fields, where=where))
        summed = {field: sum(float(row[field] or 0) for row in rows) for field in (*_COUNTS, SourceResult.SPEND_HOME)}
        costs = {field: next((row[field] for row in rows if row[field] is not None), None) for field in _COSTS}
        return {**summed, **costs}

    def _spent(self, channel: str) -> float:
        where = soql.both(
            soql.equals(SourceSpend.CHANNEL, channel), soql.equals(SourceSpend.REQUISITION, self._scene.requisition)
        )
        rows = self._recruiter.query(soql.select(SourceSpend.API_NAME, [SourceSpend.AMOUNT], where=where))
        return sum(float(row[SourceSpend.AMOUNT]) for row in rows)


def _table(title: str, subject: str, numbers: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(subject, min_width=14)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _money(amount: float | None) -> str:
    return "–" if not amount else f"{amount:,.2f}"
