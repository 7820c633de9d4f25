"""The fields that a query may name, by the many words recruiters have for them, and where each is looked for."""

from collections.abc import Mapping
from difflib import get_close_matches

FIELDS: Mapping[str, str] = {
    "name": "the person's name",
    "first": "the first name",
    "last": "the last name",
    "title": "the job title",
    "employer": "the employer",
    "location": "city, region or country",
    "city": "the city",
    "region": "the region or state",
    "country": "the country, by name or two-letter code",
    "skill": "a skill",
    "school": "a school or university",
    "email": "the e-mail address",
    "phone": "the phone number",
    "site": "the address of a profile or page",
    "text": "résumé, biography, publications",
    "job": "the job applied for",
    "stage": "the stage of the application",
}

_ALSO = {
    "name": "fullname full_name person candidate",
    "first": "firstname first_name given givenname forename",
    "last": "lastname last_name surname family familyname",
    "title": "intitle jobtitle job_title role position headline occupation",
    "employer": "company organisation organization org firm currentcompany",
    "location": "loc place where address area",
    "city": "town",
    "region": "state county province",
    "country": "nation",
    "skill": "skills tag tags keyword keywords language technology",
    "school": "university college education alma",
    "email": "mail e-mail",
    "phone": "tel mobile telephone",
    "site": "url inurl profile profiles link website source_url",
    "text": "resume cv summary bio about intext notes",
    "job": "requisition vacancy applied",
    "stage": "status",
}
ALIASES = {alias: name for name, aliases in _ALSO.items() for alias in (name, *aliases.split())}

WHERE: Mapping[str, tuple[str, ...]] = {
    "location": ("location", "city", "region", "country"),
    "name": ("name", "first", "last"),
}
"""Fields that mean more than the document's field of the same name."""
INSTEAD: Mapping[str, str] = {
    "first": "name",
    "last": "name",
    "city": "location",
    "region": "location",
    "country": "location",
    "skill": "text",
    "school": "text",
    "job": "text",
    "stage": "text",
}
"""Where to look when the document has nothing in the field asked for: many sources tell only the wider one."""
BY_NAME_ONLY = frozenset({"job", "stage", "site", "source"})
"""What is no text about the person; words without a field are not looked for there."""


def known(name: str) -> str | None:
    """The field that a word before a colon means."""
    return ALIASES.get(name.lower())


def nearest(name: str) -> str:
    """The field that was probably meant; "" when none is like it."""
    close = get_close_matches(name.lower(), list(ALIASES), n=1, cutoff=0.7)
    return ALIASES[close[0]] if close else ""
