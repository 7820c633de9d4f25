"""Steps of one order with a variant each: one place in the campaign, several mails of which one will win."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integration.campaigns.reading import Campaign, version_of
from integration.messages.findings import Finding
from integration.model.experiment import assigned, audience_needed, is_tested, visible_rate
from integration.model.vocabulary import DecidedBy
from integration.ports import Item, Record
from integration.records import CampaignStep, RecruitingCampaign

REST = -1
"""The part of an audience that waits for the decision."""
_ALIKE = (
    (CampaignStep.DELAY_DAYS, "days"),
    (CampaignStep.WAIT_FOR, "Wait for"),
    (CampaignStep.WAIT_DAYS, "Wait at most"),
    (CampaignStep.AT_TIME_OUT, "If they do not"),
    (CampaignStep.CONDITION, "Condition"),
    (CampaignStep.ABOUT_STEP, "About mail"),
    (CampaignStep.ABOUT_LINK, "About link"),
    (CampaignStep.HOLD_OUT_PERCENT, "Hold out"),
)


@dataclass(frozen=True)
class Test:
    """How the variants of a campaign are decided on, as its record says."""

    by: str
    least: int
    percent: float
    hours: float

    @classmethod
    def of(cls, campaign: Campaign) -> "Test":
        record = campaign.record
        return cls(
            by=campaign.text(RecruitingCampaign.DECIDED_BY) or DecidedBy.CLICKS,
            least=int(record.get(RecruitingCampaign.SAMPLE_PER_VARIANT) or 100),
            percent=float(record.get(RecruitingCampaign.TEST_PERCENT) or 20),
            hours=float(record.get(RecruitingCampaign.DECIDE_AFTER_HOURS) or 24),
        )

    def as_item(self) -> dict[str, Any]:
        return {"by": self.by, "least": self.least, "percent": self.percent, "hours": self.hours}


def places(campaign: Campaign) -> list[list[Record]]:
    """The steps of each place in the campaign: one, or its variants in the order of their letters."""
    found: dict[tuple[float, str], list[Record]] = defaultdict(list)
    for row in campaign.steps:
        name = "" if _letter(row) else str(row[CampaignStep.ID])
        found[float(row[CampaignStep.ORDER] or 0), name].append(row)
    return [sorted(rows, key=_letter) for rows in found.values()]


def items_of(rows: list[Record]) -> list[Item]:
    """The variants of one place as the plan keeps them; none when it has one mail only."""
    if len(rows) < 2:
        return []
    return [
        {"id": str(row[CampaignStep.ID]), "version": version_of(row), "variant": _letter(row), "share": share}
        for row, share in zip(rows, _shares(rows), strict=True)
    ]


def names_of(campaign: Campaign) -> dict[str, str]:
    """Step record -> “2”, or “2 B” where a step has variants."""
    return {
        str(row[CampaignStep.ID]): f"{number} {_letter(row)}".strip()
        for number, rows in enumerate(places(campaign), start=1)
        for row in rows
    }


def part_of(step: Item, percent: float) -> Callable[[str], int]:
    """Which part of a blast's audience a key belongs to: the number of its variant, or the rest."""
    shares = [float(one["share"]) for one in step["variants"]]
    lead = str(step["id"])
    return lambda key: assigned(key, lead, shares) if is_tested(key, lead, percent) else REST


def findings(campaign: Campaign) -> list[Finding]:
    """What is wrong with variants, shares and the settings of the test."""
    found = []
    for rows in places(campaign):
        if _letter(rows[0]):
            order = int(float(str(rows[0][CampaignStep.ORDER] or 0)))
            found += [Finding("Variants", 0, f"step {order} {text}") for text in _wrong(rows)]
    if found or not any(items_of(rows) for rows in places(campaign)):
        return found
    test = Test.of(campaign)
    if test.least < 1 or not 0 < test.percent <= 100 or test.hours < 0:
        text = "Sample per variant must be 1 or more, Test with 1 to 100 per cent, Decide after 0 hours or more."
        found.append(Finding("Variants", 0, text))
    return found


def sample_findings(campaign: Campaign, reached: int) -> list[Finding]:
    """Whether so many people can ever decide, and what a test of this size can tell."""
    test, found = Test.of(campaign), []
    rows = next((rows for rows in places(campaign) if items_of(rows)), None)
    if rows is None:
        return []
    needed = audience_needed(test.least, _shares(rows), test.percent)
    if not campaign.is_drip and reached < needed:
        text = f"{reached:,} people can be reached, but {test.least:,} per variant out of {test.percent:g} % of them"
        text += f" need {needed:,} people. Test with more per cent, lower Sample per variant, or add a pool."
        found.append(Finding("Variants", 0, text))
    rate = 100 * visible_rate(test.least, len(rows))
    text = f"with {test.least:,} people per variant, a variant that does as well as 5 % is told from one with"
    found.append(Finding("Variants", 0, f"{text} {rate:.0f} % or more; a smaller difference mostly is not.", False))
    return found


def _wrong(rows: list[Record]) -> list[str]:
    letters = Counter(_letter(row) for row in rows)
    if len(rows) < 2:
        return [f"has variant {_letter(rows[0])} only. Add a step with the same order and another one, or empty it."]
    wrong = [
        f"has variant {name} {count} times. Give each its own letter." for name, count in letters.items() if count > 1
    ]
    given = [row[CampaignStep.SHARE] for row in rows if row[CampaignStep.SHARE] is not None]
    if given and (len(given) < len(rows) or min(_shares(rows)) <= 0 or abs(sum(_shares(rows)) - 100) > 0.01):
        wrong.append("has shares that are not 100 per cent together. Fill in Share on all variants, or on none.")
    for field, label in _ALIKE:
        if len({str(row[field] or "") for row in rows}) > 1:
            wrong.append(f"has variants that differ in {label}. Only their templates and shares may differ.")
    return wrong


def _letter(row: Record) -> str:
    return str(row.get(CampaignStep.VARIANT) or "").strip().upper()


def _shares(rows: list[Record]) -> list[float]:
    return [float(row[CampaignStep.SHARE] or 0) if _is_shared(rows) else 100 / len(rows) for row in rows]


def _is_shared(rows: list[Record]) -> bool:
    return any(row[CampaignStep.SHARE] is not None for row in rows)
