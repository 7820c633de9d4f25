"""What brand and campaign say about pace and patience, kept where the senders look; read again every minute."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from integration import soql
from integration.model.decision import midnight
from integration.model.schedule import zone_of
from integration.ports import Item, Record
from integration.records import Brand, Holiday, RecruitingCampaign, parent
from integration.sending import control

if TYPE_CHECKING:
    from integration.app import App

OF_BRAND = (
    Brand.FROM_ADDRESS,
    Brand.MAIL_CAP,
    Brand.MAIL_CAP_DAYS,
    Brand.QUIET_DAYS,
    Brand.DAILY_LIMIT,
    Brand.WARM_UP_FROM,
)
_BRAND = {name: parent(RecruitingCampaign.BRAND, name) for name in OF_BRAND}
FIELDS = (
    RecruitingCampaign.ID,
    RecruitingCampaign.SENDER,
    RecruitingCampaign.ENDS_ON,
    RecruitingCampaign.TIME_ZONE,
    RecruitingCampaign.WORKING_DAYS_ONLY,
    RecruitingCampaign.BOUNCED,
    RecruitingCampaign.COMPLAINED,
    *_BRAND.values(),
)
AHEAD = timedelta(days=400)


def refresh(app: "App", campaigns: Sequence[str]) -> list[Record]:
    """Idempotency key: the campaign. One query for all; a setting changed on a record counts within a minute."""
    if not campaigns:
        return []
    where = soql.is_in(RecruitingCampaign.ID, campaigns)
    rows = app.salesforce.query(soql.select(RecruitingCampaign.API_NAME, FIELDS, where=where))
    keys = [(control.campaign_pk(str(row[RecruitingCampaign.ID])), control.CONTROL) for row in rows]
    known = app.sends.get_many([*keys, *((pk, control.SENDER) for pk, _ in keys)])
    for key, row in zip(keys, rows, strict=True):
        wanted, item = settings_of(row), known.get(key, {})
        if used := known.get((key[0], control.SENDER)):
            wanted["sender"] = str(used["use"])
        if any(item.get(name) != value for name, value in wanted.items()):
            app.sends.update(*key, wanted)
    if any(row[RecruitingCampaign.WORKING_DAYS_ONLY] for row in rows):
        _note_holidays(app)
    return rows


def foreseen(app: "App", campaign: str, settings: Item) -> control.Control:
    """What the senders of a campaign would be told if it were launched now with these settings."""
    where = soql.equals(RecruitingCampaign.ID, campaign)
    (row,) = app.salesforce.query(soql.select(RecruitingCampaign.API_NAME, FIELDS, where=where))
    if row[RecruitingCampaign.WORKING_DAYS_ONLY]:
        _note_holidays(app)
    holidays = app.sends.get(*control.HOLIDAYS) or {}
    return control.of({**settings, **settings_of(row)}, holidays, control.Leave.RUNNING)


def settings_of(row: Record) -> dict[str, Any]:
    """A campaign's row as the control item holds it; what is blank is absent."""
    brand = of_brand({name: row[path] for name, path in _BRAND.items()})
    return {
        **brand,
        "ends": _end_of(row),
        "working_days": bool(row[RecruitingCampaign.WORKING_DAYS_ONLY]) or None,
        "sender": str(row[RecruitingCampaign.SENDER] or "") or brand["sender"],
    }


def of_brand(brand: Record) -> dict[str, Any]:
    """What a brand asks of all its mails."""
    numbers = {
        "cap": brand[Brand.MAIL_CAP],
        "cap_days": brand[Brand.MAIL_CAP_DAYS],
        "hold_days": brand[Brand.QUIET_DAYS],
        "daily_limit": brand[Brand.DAILY_LIMIT],
    }
    return {
        **{name: int(number) if number else None for name, number in numbers.items()},
        "warm_up_from": brand[Brand.WARM_UP_FROM] or None,
        "sender": str(brand[Brand.FROM_ADDRESS] or "") or None,
    }


def _end_of(row: Record) -> str | None:
    """The midnight after the last day, where the campaign is at home."""
    if not row[RecruitingCampaign.ENDS_ON]:
        return None
    last = date.fromisoformat(str(row[RecruitingCampaign.ENDS_ON])[:10])
    zone = zone_of(str(row[RecruitingCampaign.TIME_ZONE] or ""))
    return midnight(last + timedelta(days=1), zone).isoformat()


def _note_holidays(app: "App") -> None:
    today = app.clock.now().date()
    where = soql.both(
        soql.compare(Holiday.ON, ">=", today - timedelta(days=2)), soql.compare(Holiday.ON, "<=", today + AHEAD)
    )
    days: dict[str, list[str]] = defaultdict(list)
    for row in app.salesforce.query(soql.select(Holiday.API_NAME, [Holiday.COUNTRY, Holiday.ON], where=where)):
        days[str(row[Holiday.COUNTRY]).upper()].append(str(row[Holiday.ON])[:10])
    table = {country: sorted(each) for country, each in days.items()}
    if (app.sends.get(*control.HOLIDAYS) or {}).get("days") != table:
        app.sends.put({"pk": control.HOLIDAYS[0], "sk": control.HOLIDAYS[1], "days": table})
