"""The table of returns as a file: only what Source_Result__c holds, so it agrees with report and screen."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from integration.model.cells import neutral
from integration.model.roi import cents
from integration.ports import Record, Value
from integration.records import Channel, JobRequisition, RecruitingCampaign, SourceResult, parent
from integration.soql import select

if TYPE_CHECKING:
    from integration.app import App

_NAMES = (
    ("Channel", parent(SourceResult.CHANNEL, Channel.NAME)),
    ("Campaign", parent(SourceResult.CAMPAIGN, RecruitingCampaign.NAME)),
    ("Requisition", parent(SourceResult.REQUISITION, JobRequisition.NAME)),
)
_MONEY = (
    ("Budget", SourceResult.BUDGET_HOME),
    ("Spend", SourceResult.SPEND_HOME),
)
_COUNTS = (
    ("Impressions", SourceResult.IMPRESSIONS),
    ("Clicks", SourceResult.CLICKS),
    ("Clicks by machines", SourceResult.MACHINE_CLICKS),
    ("Visits", SourceResult.VISITS),
    ("Registrations", SourceResult.REGISTRATIONS),
    ("Applications", SourceResult.APPLICATIONS),
    ("Qualified", SourceResult.QUALIFIED),
    ("Interviews", SourceResult.INTERVIEWS),
    ("Offers", SourceResult.OFFERS),
    ("Hires", SourceResult.HIRES),
)
_SHARES = (
    ("Registrations, attributed", SourceResult.ATTRIBUTED_REGISTRATIONS),
    ("Applications, attributed", SourceResult.ATTRIBUTED_APPLICATIONS),
    ("Qualified, attributed", SourceResult.ATTRIBUTED_QUALIFIED),
    ("Interviews, attributed", SourceResult.ATTRIBUTED_INTERVIEWS),
    ("Offers, attributed", SourceResult.ATTRIBUTED_OFFERS),
    ("Hires, attributed", SourceResult.ATTRIBUTED_HIRES),
)
_COSTS = (
    ("Cost per click", SourceResult.COST_PER_CLICK),
    ("Cost per visit", SourceResult.COST_PER_VISIT),
    ("Cost per registration", SourceResult.COST_PER_REGISTRATION),
    ("Cost per application", SourceResult.COST_PER_APPLICATION),
    ("Cost per qualified application", SourceResult.COST_PER_QUALIFIED),
    ("Cost per interview", SourceResult.COST_PER_INTERVIEW),
    ("Cost per offer", SourceResult.COST_PER_OFFER),
    ("Cost per hire", SourceResult.COST_PER_HIRE),
    ("Cost per attributed application", SourceResult.COST_PER_ATTRIBUTED_APPLICATION),
    ("Cost per attributed hire", SourceResult.COST_PER_ATTRIBUTED_HIRE),
)
_FIELDS = [field for part in (_NAMES, _MONEY, _COUNTS, _SHARES, _COSTS) for _, field in part]
_ORDER = [SourceResult.MONTH, SourceResult.KEY]


def export(app: App, record_id: str) -> str:
    """Key: the record. Attaches the table once more when it is run again."""
    out = io.StringIO()
    writer = csv.writer(out)
    before, after = ["Month", *(title for title, _ in _NAMES)], [*_MONEY, *_COUNTS, *_SHARES, *_COSTS]
    writer.writerow([*before, "Currency", *(title for title, _ in after)])
    fields = [SourceResult.MONTH, SourceResult.HOME_CURRENCY, *_FIELDS]
    number = 0
    for row in app.salesforce.rows(select(SourceResult.API_NAME, fields, order_by=_ORDER)):
        writer.writerow(_line(app, row))
        number += 1
    name = f"Source results {app.clock.now():%Y-%m-%d}.csv"
    app.salesforce.attach_file(record_id, name, out.getvalue().encode("utf-8-sig"))
    return f"“{name}” is attached: {number:,} {'row' if number == 1 else 'rows'} by channel, campaign, job and month."


def _line(app: App, row: Record) -> list[str]:
    names = [neutral(str(row[field] or "")) for _, field in _NAMES]
    money = [_money(row[field]) for _, field in _MONEY]
    counts = [f"{float(row[field] or 0):.0f}" for _, field in _COUNTS]
    shares = [f"{float(row[field] or 0):.4f}" for _, field in _SHARES]
    costs = [_money(row[field]) for _, field in _COSTS]
    currency = str(row[SourceResult.HOME_CURRENCY] or app.config.home_currency)
    return [str(row[SourceResult.MONTH] or "")[:7], *names, currency, *money, *counts, *shares, *costs]


def _money(value: Value) -> str:
    return "" if value is None else str(cents(float(value)))
