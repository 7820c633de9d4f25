"""An event as its record says it, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from integration.model.page import is_safe_address, short, slug_problem
from integration.model.schedule import is_zone, zone_of
from integration.model.vocabulary import EventStatus
from integration.records import RecruitingEvent

if TYPE_CHECKING:
    from integration.app import App

LONGEST = timedelta(days=31)
FIELDS = (
    RecruitingEvent.NAME,
    RecruitingEvent.SLUG,
    RecruitingEvent.STATUS,
    RecruitingEvent.DESCRIPTION,
    RecruitingEvent.PLACE,
    RecruitingEvent.ONLINE_URL,
    RecruitingEvent.STARTS_AT,
    RecruitingEvent.ENDS_AT,
    RecruitingEvent.TIME_ZONE,
    RecruitingEvent.CAPACITY,
    RecruitingEvent.LANGUAGE,
    RecruitingEvent.CONSENT_TEXT,
    RecruitingEvent.BRAND,
    RecruitingEvent.POOL,
    RecruitingEvent.CHANNEL,
    RecruitingEvent.URL,
    RecruitingEvent.CALENDAR_NUMBER,
)


@dataclass(frozen=True)
class Gathering:
    """One event. Times are in UTC; a record without them has the start of time."""

    id: str
    name: str
    slug: str
    status: EventStatus
    starts: datetime
    ends: datetime
    zone_name: str
    place: str
    online: str
    capacity: int | None
    """None: no limit."""
    language: str
    description: str
    consent_text: str
    brand: str
    pool: str
    channel: str
    url: str
    number: int
    """SEQUENCE of the calendar file."""

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.zone_name)

    @property
    def is_live(self) -> bool:
        return self.status is EventStatus.LIVE

    @property
    def where(self) -> str:
        """What mails and calendars say: the place, else the address to join at."""
        return self.place or self.online

    def is_open(self, now: datetime) -> bool:
        """Whether people may still register."""
        return self.is_live and now < self.ends


def read(app: App, event_id: str) -> Gathering:
    """Raises Gone."""
    row = app.salesforce.get(RecruitingEvent.API_NAME, event_id, FIELDS)
    text = {name: str(row[name] or "").strip() for name in FIELDS}
    capacity = row[RecruitingEvent.CAPACITY]
    return Gathering(
        id=event_id,
        name=text[RecruitingEvent.NAME],
        slug=text[RecruitingEvent.SLUG],
        status=EventStatus(text[RecruitingEvent.STATUS] or EventStatus.DRAFT),
        starts=_moment(text[RecruitingEvent.STARTS_AT]),
        ends=_moment(text[RecruitingEvent.ENDS_AT]),
        zone_name=text[RecruitingEvent.TIME_ZONE],
        place=text[RecruitingEvent.PLACE],
        online=text[RecruitingEvent.ONLINE_URL],
        capacity=None if capacity is None else int(capacity),
        language=text[RecruitingEvent.LANGUAGE] or "en",
        description=text[RecruitingEvent.DESCRIPTION],
        consent_text=text[RecruitingEvent.CONSENT_TEXT],
        brand=text[RecruitingEvent.BRAND],
        pool=text[RecruitingEvent.POOL],
        channel=text[RecruitingEvent.CHANNEL],
        url=text[RecruitingEvent.URL],
        number=int(float(text[RecruitingEvent.CALENDAR_NUMBER] or 0)),
    )


def problems(event: Gathering) -> list[str]:
    """What keeps the event from being shown, each with what to do."""
    found = [slug_problem(event.slug)]
    if event.starts == NEVER or event.ends == NEVER:
        found.append("Starts at or Ends at is empty. Enter both.")
    elif not timedelta(0) < event.ends - event.starts <= LONGEST:
        found.append("The event must end after its start, and within a month. Correct Starts at or Ends at.")
    if not is_zone(event.zone_name):
        found.append(f"Time zone “{short(event.zone_name)}” is no time zone. Write one like Europe/Dublin.")
    if not event.where:
        found.append("Neither Place nor Online address says where the event is. Fill in one of them.")
    if event.online and not (event.online.startswith("https://") and is_safe_address(event.online)):
        found.append(f"Online address “{short(event.online)}” is not safe. Start it with https://.")
    return [problem for problem in found if problem]


NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC) if text else NEVER
