"""What each source cost and each campaign brought, read from the org in one call and written where it changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from integration import log, soql
from integration.model.fold import result_key
from integration.model.roi import cents, in_home_currency
from integration.model.vocabulary import SpendKind
from integration.ports import Outcome, Record, Value, Write
from integration.records import Application, ExchangeRate, RecruitingCampaign, SourceResult, SourceSpend
from integration.rollup.totals import result_row

if TYPE_CHECKING:
    from integration.app import App

_LOOKUPS = (SourceSpend.CHANNEL, SourceSpend.CAMPAIGN, SourceSpend.REQUISITION)


@dataclass
class Changed:
    """Rows whose sums are not what the org was told last, and a note of all sums for the next run."""

    write: Write
    place: str
    """Where the note lies."""
    keys: Sequence[str]
    before: Mapping[str, str]
    now: Mapping[str, str]

    def written(self, app: "App", outcomes: Sequence[Outcome]) -> None:
        """What was refused is remembered as it was, so that the next run writes it again."""
        refused = {key for key, outcome in zip(self.keys, outcomes, strict=True) if not outcome.success}
        stands = {key: sum_ for key, sum_ in self.now.items() if key not in refused}
        stands |= {key: self.before[key] for key in refused & self.before.keys()}
        app.data.write(self.place, json.dumps(stands).encode(), content_type="application/json")


def read(app: "App") -> list[Changed]:
    """Spend in the home currency, and applications and hires of campaigns; only what changed."""
    spends, rates, came, hired = app.salesforce.together(_queries(), whole=True)
    return [one for one in (_outcomes(app, came, hired), _spend(app, spends, rates)) if one.write.rows]


def _queries() -> list[str]:
    fields = [
        *_LOOKUPS,
        SourceSpend.KIND,
        SourceSpend.MONTH,
        SourceSpend.AMOUNT,
        SourceSpend.CURRENCY_ISO,
        SourceSpend.ID,
    ]
    rate = [ExchangeRate.CURRENCY_ISO, ExchangeRate.MONTH, ExchangeRate.RATE]
    came = soql.compare(Application.CAMPAIGN, "!=", None)
    hired = soql.both(came, soql.compare(Application.HIRED_AT, "!=", None))
    return [
        soql.select(SourceSpend.API_NAME, fields),
        soql.select(ExchangeRate.API_NAME, rate),
        *(soql.count_by(Application.API_NAME, [Application.CAMPAIGN], where) for where in (came, hired)),
    ]


def _outcomes(app: "App", came: Sequence[Record], hired: Sequence[Record]) -> Changed:
    """`applications hires` by campaign."""
    campaign = Application.CAMPAIGN
    hires = {str(group[campaign]): group["expr0"] for group in hired}
    now = {str(group[campaign]): f"{group['expr0']} {hires.get(str(group[campaign]), 0)}" for group in came}
    before, keys = compared(app, place := "rollup/outcomes.json", now)
    rows: list[dict[str, Value]] = []
    for key in keys:
        applications, number = now.get(key, "0 0").split()
        rows.append(
            {
                RecruitingCampaign.ID: key,
                RecruitingCampaign.APPLICATIONS: int(applications),
                RecruitingCampaign.HIRES: int(number),
            }
        )
    return Changed(Write(RecruitingCampaign.API_NAME, rows), place, keys, before, now)


def _spend(app: "App", spends: Sequence[Record], rates: Sequence[Record]) -> Changed:
    """`spend budget` by key."""
    sums = _sums(app, spends, _by_month(rates))
    now = {key: f"{by_kind[SpendKind.ACTUAL]} {by_kind[SpendKind.BUDGET]}" for key, by_kind in sums.items()}
    before, keys = compared(app, place := "rollup/spend.json", now)
    rows: list[dict[str, Value]] = []
    for key in keys:
        spend, budget = now.get(key, "0 0").split()
        rows.append(
            {
                **result_row(key),
                SourceResult.SPEND_HOME: float(spend),
                SourceResult.BUDGET_HOME: float(budget),
                SourceResult.HOME_CURRENCY: app.config.home_currency,
            }
        )
    return Changed(Write(SourceResult.API_NAME, rows, SourceResult.KEY), place, keys, before, now)


def compared(app: "App", place: str, now: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What the org was told last, and the keys that differ. A sum that is gone becomes nought."""
    before: dict[str, str] = json.loads(app.data.read(place) or b"{}")
    return before, [key for key in {**before, **now} if before.get(key) != now.get(key)]


def _sums(
    app: "App", spends: Sequence[Record], rates: Mapping[tuple[str, str], Decimal]
) -> dict[str, dict[str, Decimal]]:
    home = app.config.home_currency
    sums: dict[str, dict[str, Decimal]] = {}
    for row in spends:
        month = str(row[SourceSpend.MONTH])[:7]
        currency = str(row[SourceSpend.CURRENCY_ISO] or home)
        amount = in_home_currency(Decimal(str(row[SourceSpend.AMOUNT] or 0)), currency, month, home, rates)
        if amount is None:
            log.event("spend.without_rate", spend=row[SourceSpend.ID], currency=currency, month=month)
            continue
        channel, campaign, requisition = (str(row[lookup] or "") for lookup in _LOOKUPS)
        key = result_key(channel, campaign, requisition, month)
        by_kind = sums.setdefault(key, dict.fromkeys(SpendKind, cents(0)))
        by_kind[str(row[SourceSpend.KIND])] += amount
    return sums


def _by_month(rates: Sequence[Record]) -> dict[tuple[str, str], Decimal]:
    return {
        (str(row[ExchangeRate.CURRENCY_ISO]), str(row[ExchangeRate.MONTH])[:7]): Decimal(str(row[ExchangeRate.RATE]))
        for row in rates
    }
