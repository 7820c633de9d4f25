"""A campaign with its steps, brand and audience, read in one go."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integration import soql
from integration.campaigns.senders import sender_of
from integration.errors import Gone, Rejected
from integration.messages import BRAND_FIELDS, Draft, Translation
from integration.messages.blocks import MOST_JOBS
from integration.model import link, snapshot
from integration.model.campaign import refusal
from integration.model.vocabulary import (
    AudienceMode,
    CampaignKind,
    CampaignStatus,
    Command,
    PoolKind,
    PostingStatus,
    Purpose,
)
from integration.pools.directory import Directory
from integration.ports import Record
from integration.records import (
    CampaignAudience,
    CampaignStep,
    JobPosting,
    JobRequisition,
    MessageTemplate,
    RecruitingCampaign,
    TalentPool,
    parent,
)

if TYPE_CHECKING:
    from integration.app import App

_CAMPAIGN = (
    RecruitingCampaign.ID,
    RecruitingCampaign.NAME,
    RecruitingCampaign.STATUS,
    RecruitingCampaign.KIND,
    RecruitingCampaign.BRAND,
    RecruitingCampaign.CHANNEL,
    RecruitingCampaign.REQUISITION,
    RecruitingCampaign.SENDER,
    RecruitingCampaign.START_AT,
    RecruitingCampaign.WINDOW_START,
    RecruitingCampaign.WINDOW_END,
    RecruitingCampaign.TIME_ZONE_MODE,
    RecruitingCampaign.TIME_ZONE,
    RecruitingCampaign.THROTTLE,
    RecruitingCampaign.HOLD_OUT_PERCENT,
    RecruitingCampaign.TEST_ADDRESS,
    RecruitingCampaign.PURPOSE,
    RecruitingCampaign.ENROL_MEMBERS,
    RecruitingCampaign.CHANGES,
    RecruitingCampaign.DECIDED_BY,
    RecruitingCampaign.SAMPLE_PER_VARIANT,
    RecruitingCampaign.TEST_PERCENT,
    RecruitingCampaign.DECIDE_AFTER_HOURS,
    parent(RecruitingCampaign.REQUISITION, JobRequisition.TITLE),
    parent(RecruitingCampaign.REQUISITION, JobRequisition.DEPARTMENT),
)
_WITH_JOBS = (MessageTemplate.BODY, MessageTemplate.TEXT)
_TEMPLATE = (MessageTemplate.SUBJECT, MessageTemplate.BODY, MessageTemplate.TEXT, MessageTemplate.LANGUAGE)
_TRANSLATED = {
    "name": MessageTemplate.NAME,
    "language": MessageTemplate.LANGUAGE,
    "subject": MessageTemplate.SUBJECT,
    "body": MessageTemplate.BODY,
    "text": MessageTemplate.TEXT,
}
_STEP = (
    CampaignStep.ID,
    CampaignStep.ORDER,
    CampaignStep.DELAY_DAYS,
    CampaignStep.TEMPLATE,
    CampaignStep.VERSION,
    CampaignStep.WAIT_FOR,
    CampaignStep.WAIT_DAYS,
    CampaignStep.AT_TIME_OUT,
    CampaignStep.CONDITION,
    CampaignStep.ABOUT_STEP,
    CampaignStep.ABOUT_LINK,
    CampaignStep.VARIANT,
    CampaignStep.SHARE,
    CampaignStep.HOLD_OUT_PERCENT,
    parent(CampaignStep.TEMPLATE, MessageTemplate.NAME),
)


@dataclass(frozen=True)
class Campaign:
    """What a command on a campaign needs to know."""

    record: Record
    brand: Record
    steps: list[Record]
    included: list[str]
    excluded: list[str]
    folders: list[str] = field(default_factory=list)
    """Included folders: of a drip, pools that come to lie in them later count as well."""

    @property
    def id(self) -> str:
        return str(self.record[RecruitingCampaign.ID])

    @property
    def name(self) -> str:
        return str(self.record[RecruitingCampaign.NAME])

    @property
    def status(self) -> CampaignStatus:
        return CampaignStatus(str(self.record[RecruitingCampaign.STATUS] or CampaignStatus.DRAFT))

    @property
    def is_drip(self) -> bool:
        return self.record[RecruitingCampaign.KIND] == CampaignKind.DRIP

    @property
    def topic(self) -> str:
        """What its mails are about; a campaign that names nothing looks for people."""
        return self.text(RecruitingCampaign.PURPOSE) or Purpose.TALENT_COMMUNITY

    def text(self, field: str) -> str:
        """A text field, blank when it is empty."""
        return str(self.record.get(field) or "")


def read(app: "App", campaign_id: str) -> Campaign:
    """Everything about a campaign; raises Gone."""
    brand_paths = [parent(RecruitingCampaign.BRAND, name) for name in BRAND_FIELDS]
    rows = app.salesforce.query(
        soql.select(
            RecruitingCampaign.API_NAME,
            [*_CAMPAIGN, *brand_paths],
            where=soql.equals(RecruitingCampaign.ID, campaign_id),
        )
    )
    if not rows:
        raise Gone("The campaign was deleted meanwhile.")
    record = rows[0]
    brand = {name: record.get(path) for name, path in zip(BRAND_FIELDS, brand_paths, strict=True)}
    audience = app.salesforce.query(
        soql.select(
            CampaignAudience.API_NAME,
            [CampaignAudience.POOL, CampaignAudience.MODE, parent(CampaignAudience.POOL, TalentPool.KIND)],
            where=soql.equals(CampaignAudience.CAMPAIGN, campaign_id),
        )
    )
    included, excluded = (_pools(app, audience, mode) for mode in AudienceMode)
    folders = [
        str(row[CampaignAudience.POOL]) for row in audience if _is_folder(row) and _mode(row) == AudienceMode.INCLUDE
    ]
    return Campaign(record, brand, _steps(app, campaign_id), included, excluded, folders)


def read_for(app: "App", campaign_id: str, command: Command) -> Campaign:
    """The same for a command that changes the status; raises Rejected when it is not possible now."""
    campaign = read(app, campaign_id)
    if reason := refusal(command, campaign.status):
        raise Rejected(reason, field=RecruitingCampaign.STATUS, value=campaign.status)
    return campaign


def drafts(app: "App", campaign: Campaign) -> list[Draft]:
    """The message of each step, as it would be compiled now."""
    constants = _constants(app, campaign)
    sender = sender_of(app, campaign.record, campaign.brand)
    translations = _translations(app, campaign)
    bodies = [_template(step, part) for step in campaign.steps for part in _WITH_JOBS]
    bodies += [part for several in translations.values() for one in several for part in (one.body, one.text)]
    shows_jobs = any("<wb-jobs" in body.lower() for body in bodies)
    jobs = open_jobs(app, campaign.text(RecruitingCampaign.REQUISITION)) if shows_jobs else []
    claims = {
        link.CHANNEL: campaign.text(RecruitingCampaign.CHANNEL),
        link.REQUISITION: campaign.text(RecruitingCampaign.REQUISITION),
    }
    return [
        Draft(
            campaign=campaign.id,
            step=str(step[CampaignStep.ID]),
            version=version_of(step),
            subject=_template(step, MessageTemplate.SUBJECT),
            body=_template(step, MessageTemplate.BODY),
            text=_template(step, MessageTemplate.TEXT),
            brand=campaign.brand,
            language=_template(step, MessageTemplate.LANGUAGE) or "en",
            constants=constants,
            claims={name: value for name, value in claims.items() if value},
            sender=sender.address,
            reply_to=sender.reply_to,
            topic=campaign.topic,
            jobs=jobs,
            translations=translations.get(str(step[CampaignStep.TEMPLATE] or ""), ()),
        )
        for step in campaign.steps
    ]


def _translations(app: "App", campaign: Campaign) -> dict[str, tuple[Translation, ...]]:
    """Template -> the same in other languages."""
    templates = sorted({str(step[CampaignStep.TEMPLATE]) for step in campaign.steps if step[CampaignStep.TEMPLATE]})
    if not templates:
        return {}
    fields = [MessageTemplate.TRANSLATION_OF, MessageTemplate.NAME, *_TEMPLATE]
    where = soql.is_in(MessageTemplate.TRANSLATION_OF, templates)
    order = [MessageTemplate.LANGUAGE, MessageTemplate.ID]
    found: dict[str, list[Translation]] = {}
    for row in app.salesforce.query(soql.select(MessageTemplate.API_NAME, fields, where=where, order_by=order)):
        texts = {name: str(row[field] or "") for name, field in _TRANSLATED.items()}
        found.setdefault(str(row[MessageTemplate.TRANSLATION_OF]), []).append(Translation(**texts))
    return {template: tuple(several) for template, several in found.items()}


def open_jobs(app: "App", requisition: str = "") -> list[dict[str, str]]:
    """The jobs of the career site as it is now, newest first: those of a requisition, or all."""
    listing = json.loads(app.site.read(snapshot.LISTING) or b'{"jobs": []}')
    found = [job for job in listing["jobs"] if not requisition or job.get("requisition") == requisition]
    found.sort(key=lambda job: str(job.get("posted_on") or ""), reverse=True)
    return [
        {
            "title": str(job["title"]),
            "place": " · ".join(job.get("places") or ()),
            "url": f"{app.config.public_base_url}/jobs/{job['reference']}",
        }
        for job in found[:MOST_JOBS]
    ]


def version_of(step: Record) -> str:
    """A step's version as tags and keys spell it."""
    return str(int(step.get(CampaignStep.VERSION) or 1))


def _template(step: Record, field: str) -> str:
    return str(step.get(parent(CampaignStep.TEMPLATE, field)) or "")


def _steps(app: "App", campaign_id: str) -> list[Record]:
    paths = [parent(CampaignStep.TEMPLATE, name) for name in _TEMPLATE]
    return app.salesforce.query(
        soql.select(
            CampaignStep.API_NAME,
            [*_STEP, *paths],
            where=soql.equals(CampaignStep.CAMPAIGN, campaign_id),
            order_by=[CampaignStep.ORDER, CampaignStep.ID],
        )
    )


def _pools(app: "App", audience: list[Record], mode: AudienceMode) -> list[str]:
    """The pools of an audience; a folder stands for those that lie in it now."""
    found: dict[str, None] = {}
    for row in audience:
        if _mode(row) != mode or not row[CampaignAudience.POOL]:
            continue
        pool = str(row[CampaignAudience.POOL])
        found |= dict.fromkeys(sorted(Directory(app).below(pool)) if _is_folder(row) else [pool])
    return sorted(found)


def _mode(row: Record) -> str:
    return str(row[CampaignAudience.MODE] or AudienceMode.INCLUDE)


def _is_folder(row: Record) -> bool:
    return row[parent(CampaignAudience.POOL, TalentPool.KIND)] == PoolKind.FOLDER


def _constants(app: "App", campaign: Campaign) -> dict[str, str]:
    site = f"{app.config.public_base_url}/"
    constants = {"campaign_name": campaign.name, "job_title": "", "department": "", "job_url": site}
    requisition = campaign.text(RecruitingCampaign.REQUISITION)
    if not requisition:
        return constants
    postings = app.salesforce.query(
        soql.select(
            JobPosting.API_NAME,
            [JobPosting.REFERENCE],
            where=soql.both(
                soql.equals(JobPosting.REQUISITION, requisition), soql.equals(JobPosting.STATUS, PostingStatus.LIVE)
            ),
            order_by=[JobPosting.POSTED_AT, JobPosting.ID],
            limit=1,
        )
    )
    return {
        **constants,
        "job_title": campaign.text(parent(RecruitingCampaign.REQUISITION, JobRequisition.TITLE)),
        "department": campaign.text(parent(RecruitingCampaign.REQUISITION, JobRequisition.DEPARTMENT)),
        "job_url": f"{site}jobs/{postings[0][JobPosting.REFERENCE]}" if postings else site,
    }
