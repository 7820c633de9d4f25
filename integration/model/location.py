"""A place as people write it in one cell, “Austin, TX, USA”: city, region and country, as far as it is sure."""

from dataclasses import dataclass

from integration.model.countries import COUNTRIES

_STATES = """
AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California; CO Colorado; CT Connecticut; DE Delaware; DC District of
Columbia; FL Florida; GA Georgia; HI Hawaii; ID Idaho; IL Illinois; IN Indiana; IA Iowa; KS Kansas; KY Kentucky; LA
Louisiana; ME Maine; MD Maryland; MA Massachusetts; MI Michigan; MN Minnesota; MS Mississippi; MO Missouri; MT Montana;
NE Nebraska; NV Nevada; NH New Hampshire; NJ New Jersey; NM New Mexico; NY New York; NC North Carolina; ND North Dakota;
OH Ohio; OK Oklahoma; OR Oregon; PA Pennsylvania; RI Rhode Island; SC South Carolina; SD South Dakota; TN Tennessee; TX
Texas; UT Utah; VT Vermont; VA Virginia; WA Washington; WV West Virginia; WI Wisconsin; WY Wyoming
"""
_PROVINCES = """
AB Alberta; BC British Columbia; MB Manitoba; NB New Brunswick; NL Newfoundland and Labrador; NS Nova Scotia; ON
Ontario; PE Prince Edward Island; QC Quebec; SK Saskatchewan
"""
_CODES = frozenset(COUNTRIES.values())
_CITIES_TOO = frozenset({"SG", "MC", "LU", "HK", "MO", "GI"})
"""Countries that are a city, or whose name is that of their city."""
_NO_CITY = frozenset({"remote", "home office", "anywhere", "worldwide", "flexible", "hybrid", "relocating"})


@dataclass(frozen=True)
class Location:
    city: str = ""
    region: str = ""
    country: str = ""
    """ISO code."""
    is_sure: bool = True
    """False when it could not be told apart: then all of it stands in `city`."""


def _regions() -> dict[str, str]:
    """Code or name, in small letters -> country."""
    found: dict[str, str] = {}
    for listed, country in ((_STATES, "US"), (_PROVINCES, "CA")):
        for entry in " ".join(listed.split()).split("; "):
            code, _, name = entry.partition(" ")
            found |= {code.casefold(): country, name.casefold(): country}
    return found


_REGIONS = _regions()


def read(text: str) -> Location:
    """The place of a cell. What can be read in two ways, or not at all, is kept whole."""
    parts = [part for part in (" ".join(part.split()) for part in text.split(",")) if part]
    whole = Location(city=", ".join(parts), is_sure=False)
    if len(parts) == 1:
        return _single(parts[0]) or whole
    if len(parts) == 2:
        return _pair(*parts) or whole
    if len(parts) == 3 and (country := _country(parts[2]) or _code(parts[2])):
        return Location(parts[0], parts[1], country)
    return whole


def _single(text: str) -> Location | None:
    word = text.casefold()
    if (country := _country(text)) and word not in _REGIONS:
        return Location(text if country in _CITIES_TOO else "", "", country)
    is_doubtful = word in _NO_CITY or bool(country) or len(text) <= 2 or any(sign.isdigit() for sign in text)
    # “New York” alone is the city, “Texas” is none.
    is_region = word in _REGIONS and word not in {"new york", "washington", "quebec"}
    return None if is_doubtful or is_region else Location(text)


def _pair(first: str, last: str) -> Location | None:
    """“Dublin, Ireland”, “Austin, TX”; “Atlanta, Georgia” and “Berlin, DE” can mean two things."""
    country, region_of = _country(last) or _code(last), _REGIONS.get(last.casefold(), "")
    if bool(country) == bool(region_of) or first.casefold() in _NO_CITY:
        return None
    if region_of:
        return Location(first, last, region_of)
    if (within := _REGIONS.get(first.casefold(), "")) and first.casefold() not in {"new york", "washington", "quebec"}:
        return Location("", first, country) if within == country else None
    return Location(first, "", country)


def _country(text: str) -> str:
    return COUNTRIES.get(text.casefold().rstrip(".").replace(".", " ").strip(), "") or COUNTRIES.get(
        text.casefold(), ""
    )


def _code(text: str) -> str:
    return text if text in _CODES else ""
