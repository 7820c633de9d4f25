"""Until when somebody is away, as the first date of an automatic answer that follows a word of returning."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_LOOKED_AT = 4_000
_LONGEST = timedelta(days=400)
_MONTHS = {
    1: "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro stycznia styczeń sty leden ledna",
    2: "february feb februar februari février fevrier févr febrero febbraio fevereiro fev lutego luty lut února",
    3: "march mar märz maerz mrz maart mars marzo março marco marca marzec březen března mrt",
    4: "april apr avril avr abril abr aprile kwietnia kwiecień kwi duben dubna",
    5: "may mai maj mei mayo maggio mag maio maja květen května",
    6: "june jun juni juin junio giugno giu junho czerwca czerwiec cze červen června",
    7: "july jul juli juillet juil julio luglio lug julho lipca lipiec lip červenec července",
    8: "august aug augustus août aout agosto ago sierpnia sierpień sie augusti srpen srpna",
    9: "september sep sept septembre septiembre settembre set setembro września wrzesień wrz září",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out października październik paź říjen října",
    11: "november nov novembre noviembre novembro listopada listopad lis listopadu",
    12: "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia grudzień gru prosinec",
}
_NUMBER = {word: number for number, words in _MONTHS.items() for word in words.split()}
_RETURN = re.compile(
    r"\b(?:until|till|through|back (?:on|in the office on)|return(?:ing)?(?: to the office)?(?: on)?|available again|"
    r"bis|wieder (?:ab|am|da)?|ab dem|zurück(?: am)?|jusqu['’]?(?:au|à)|de retour(?: le)?|hasta(?: el)?|"
    r"de vuelta(?: el)?|"
    r"vuelvo(?: el)?|fino al?|al rientro(?: il)?|tot(?: en met)?|terug(?: op)?|até|de volta(?: em)?|do(?: dnia)?|"
    r"wracam|till och med|tillbaka|indtil|tilbage|asti)\b",
    re.IGNORECASE,
)
_MONTH = "|".join(sorted(map(re.escape, _NUMBER), key=len, reverse=True))
_DATE = re.compile(
    r"(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2})?)?"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?\s(?:de\s|of\s)?(?P<month>{_MONTH})\b\.?,?"
    r"(?:\s(?:de\s)?(?P<later>\d{4}))?"
    rf"|(?P<us_month>{_MONTH})\b\.?\s(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s(?P<us_year>\d{{4}}))?",
    re.IGNORECASE,
)


def back_on(text: str, today: date, *, month_first: bool = False) -> str:
    """ISO date of the return, or empty: a guess is worse than none, so only dates after `today` within a year count."""
    looked_at = " ".join(text[:_LOOKED_AT].split())
    found: list[date] = []
    for word in _RETURN.finditer(looked_at):
        near = looked_at[word.end() : word.end() + 45]
        found += [day for day in _dates(near, today, month_first) if today <= day <= today + _LONGEST][:1]
    return max(found).isoformat() if found else ""


def _dates(text: str, today: date, month_first: bool) -> Iterator[date]:
    for match in _DATE.finditer(text):
        part = match.groupdict()
        if part["iso"]:
            day = _day(part["iso"], int(part["iso_month"]), part["iso_day"], today)
        elif part["first"]:
            day = _numbers(part, today, month_first)
        elif part["day"]:
            day = _day(part["later"], _NUMBER.get(part["month"].lower(), 0), part["day"], today)
        else:
            day = _day(part["us_year"], _NUMBER.get(part["us_month"].lower(), 0), part["us_day"], today)
        if day:
            yield day


def _numbers(part: dict[str, str], today: date, month_first: bool) -> date | None:
    first, second = int(part["first"]), int(part["second"])
    if part["mark"] != "." and (month_first or second > 12) and first <= 12:
        first, second = second, first
    return _day(part["year"], second, str(first), today)


def _day(year: str | None, month: int, day: str, today: date) -> date | None:
    """Without a year the next such day is meant."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
        this_year = date(today.year, month, int(day))
        return this_year if this_year >= today else date(today.year + 1, month, int(day))
    except ValueError:
        return None
