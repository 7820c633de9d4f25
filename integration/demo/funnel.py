"""The funnel at the end: every number as the records hold it, beside a recount from elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from integration import soql
from integration.demo.chart import STAGES, Source, svg
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

_COUNTS = dict(zip(STAGES, (
    SourceResult.CLICKS, SourceResult.VISITS, SourceResult.REGISTRATIONS, SourceResult.APPLICATIONS,
    SourceResult.QUALIFIED, SourceResult.INTERVIEWS, SourceResult.OFFERS, SourceResult.HIRES,
), strict=True))  # fmt: skip
_COSTS = dict(zip(STAGES, (
    SourceResult.COST_PER_CLICK, SourceResult.COST_PER_VISIT, SourceResult.COST_PER_REGISTRATION,
    SourceResult.COST_PER_APPLICATION, SourceResult.COST_PER_QUALIFIED, SourceResult.COST_PER_INTERVIEW,
    SourceResult.COST_PER_OFFER, SourceResult.COST_PER_HIRE,
), strict=True))  # fmt: skip
_ATTRIBUTED = {
    "Joined": SourceResult.ATTRIBUTED_REGISTRATIONS,
    "Applied": SourceResult.ATTRIBUTED_APPLICATIONS,
    "Hired": SourceResult.ATTRIBUTED_HIRES,
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
        names = {row[Channel.KEY]: str(row["Name"]) for row in recruiter.query(
            soql.select(Channel.API_NAME, [Channel.KEY, Channel.NAME]))}  # fmt: skip
        self._results = {key: self._result(names[key], channel) for key, channel in scene.channels.items()}
        fields = (RecruitingCampaign.NAME, *_CAMPAIGN)
        self._campaigns = [
            recruiter.get(RecruitingCampaign.API_NAME, id_, *fields) for id_ in (scene.drip, scene.blast)
        ]

    def tables(self) -> list[Table]:
        """Per channel: from click to hire, and what each cost."""
        return tables(list(self._results.values()))

    def picture(self) -> str:
        """The same as an SVG."""
        return svg("From the first click to the hire, by source", list(self._results.values()), CURRENCY)

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
        yield from self._attributed_checks()
        for id_, campaign in zip((self._scene.drip, self._scene.blast), self._campaigns, strict=True):
            yield from self._campaign_checks(id_, campaign)

    def _source_checks(self, key: str, result: Source) -> Iterator[Check]:
        channel = self._scene.channels[key]
        of_channel = soql.equals(Touchpoint.CHANNEL, channel)
        here = soql.equals(Touchpoint.REQUISITION, self._scene.requisition)
        registered = soql.both(of_channel, here, soql.equals(Touchpoint.KIND, "Registered"))
        yield Check(f"{key}: registrations", result.counts["Joined"],
                    self._recruiter.count(Touchpoint.API_NAME, registered), "touchpoints")  # fmt: skip
        applied = soql.both(
            soql.equals(parent(Application.CANDIDATE, Candidate.FIRST_SOURCE), channel),
            soql.equals(Application.REQUISITION, self._scene.requisition),
        )
        yield Check(f"{key}: applications", result.counts["Applied"],
                    self._recruiter.count(Application.API_NAME, applied), "applications")  # fmt: skip
        hired = soql.both(applied, soql.compare(Application.HIRED_AT, "!=", None))
        yield Check(f"{key}: hires", result.counts["Hired"],
                    self._recruiter.count(Application.API_NAME, hired), "applications")  # fmt: skip
        yield Check(f"{key}: spend", result.spend, self._spent(channel), "spend records")
        for stage, count in result.counts.items():
            expected = result.spend / count if count else 0.0
            yield Check(f"{key}: {_COSTS[stage]}", result.costs[stage] or 0.0, expected, "arithmetic")

    def _attributed_checks(self) -> Iterator[Check]:
        """What is shared among the channels sums to what the applications say."""
        here = soql.equals(Application.REQUISITION, self._scene.requisition)
        for stage, moment in (("Applied", Application.APPLIED_AT), ("Hired", Application.HIRED_AT)):
            whole = self._recruiter.count(Application.API_NAME, soql.both(here, soql.compare(moment, "!=", None)))
            yield Check(f"{stage.lower()}, shared by all sources", self.shared(stage), whole, "applications")

    def shared(self, stage: str) -> float:
        """Of this job, whatever channel, with what is credited to none."""
        where = soql.equals(SourceResult.REQUISITION, self._scene.requisition)
        rows = self._recruiter.query(soql.select(SourceResult.API_NAME, [_ATTRIBUTED[stage]], where=where))
        return round(sum(float(row[_ATTRIBUTED[stage]] or 0) for row in rows), 4)

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

    def _result(self, name: str, channel: str) -> Source:
        """The channel's results for this job, whatever campaign they came by, added up."""
        fields = [*_COUNTS.values(), SourceResult.SPEND_HOME, *_COSTS.values(), *_ATTRIBUTED.values()]
        where = soql.both(
            soql.equals(SourceResult.CHANNEL, channel), soql.equals(SourceResult.REQUISITION, self._scene.requisition)
        )
        rows = self._recruiter.query(soql.select(SourceResult.API_NAME, fields, where=where))

        def added(field: str) -> float:
            return sum(float(row[field] or 0) for row in rows)

        def first(field: str) -> float | None:
            return next((row[field] for row in rows if row[field]), None)

        return Source(
            name,
            {stage: added(field) for stage, field in _COUNTS.items()},
            added(SourceResult.SPEND_HOME),
            {stage: first(field) for stage, field in _COSTS.items()},
            {stage: added(field) for stage, field in _ATTRIBUTED.items()},
        )

    def _spent(self, channel: str) -> float:
        where = soql.both(
            soql.equals(SourceSpend.CHANNEL, channel), soql.equals(SourceSpend.REQUISITION, self._scene.requisition)
        )
        rows = self._recruiter.query(soql.select(SourceSpend.API_NAME, [SourceSpend.AMOUNT], where=where))
        return sum(float(row[SourceSpend.AMOUNT]) for row in rows)


def tables(sources: Sequence[Source]) -> list[Table]:
    """People by stage, and what one of each cost."""
    people = _table("From the first click to the hire, by source (Source_Result__c)", "source", (
        *(stage.lower() for stage in STAGES), "applied, shared", "hired, shared"))  # fmt: skip
    costs = _table(f"What it cost, in {CURRENCY}", "source", (
        "spent", "a click", "a visit", "a join", "an appl.", "qualified", "an interv.", "an offer", "a hire",
    ))  # fmt: skip
    for source in sources:
        counts = [f"{source.counts[stage]:,.0f}" for stage in STAGES]
        people.add_row(source.name, *counts, *(f"{source.attributed[stage]:,.2f}" for stage in ("Applied", "Hired")))
        costs.add_row(source.name, *map(_money, [source.spend, *(source.costs[stage] for stage in STAGES)]))
    return [people, costs]


def _table(title: str, subject: str, numbers: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(subject, min_width=14)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _money(amount: float | None) -> str:
    return "–" if not amount else f"{amount:,.2f}"
