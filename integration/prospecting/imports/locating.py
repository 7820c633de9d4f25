"""A file's column “Location” becomes city, region and country where the row has none of its own."""

from dataclasses import replace

from integration.candidates import Person
from integration.model import location
from integration.prospecting.imports.columns import WHOLE_LOCATION
from integration.records import Candidate

_FIELDS = (Candidate.CITY, Candidate.REGION, Candidate.COUNTRY)


def placed(person: Person) -> tuple[Person, bool]:
    """The person, and whether the location was kept whole as the city because it could not be told apart."""
    text = str(person.facts.get(WHOLE_LOCATION) or "")
    if not text:
        return person, False
    facts = {name: value for name, value in person.facts.items() if name != WHOLE_LOCATION}
    place = location.read(text)
    found = dict(zip(_FIELDS, (place.city, place.region, place.country), strict=True))
    if any(facts.get(name, value) != value for name, value in found.items() if place.is_sure):
        return replace(person, facts=facts), False  # the row's own columns say otherwise, and they say it plainly
    own = {name: value for name, value in found.items() if value and name not in facts}
    return replace(person, facts={**own, **facts}), not place.is_sure and Candidate.CITY in own
