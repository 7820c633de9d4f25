"""What a query of each source asks of a person."""

import re

from integration.local.sources.terms import BadTerms, Test, read

MOST_GITHUB = 1_000
LONGEST_GITHUB = 256
_QUALIFIER = re.compile(r'(?:^|\s)([a-z]+):("[^"]*"|\S+)')
_ORCID = {
    "given-names": ("first",),
    "family-name": ("last",),
    "credit-name": ("name",),
    "other-names": ("name",),
    "affiliation-org-name": ("employer",),
    "keyword": ("skill",),
    "email": ("email",),
    "text": ("",),
}


def github(query: str) -> Test:
    """Words of name and e-mail; several places or languages are alternatives."""
    chosen: dict[str, list[str]] = {}
    for name, value in _QUALIFIER.findall(query):
        if name not in ("location", "language", "type", "in"):
            raise BadTerms(f"The stand-in does not know the qualifier {name}:")
        chosen.setdefault(name, []).append(value.strip('"').lower())
    text = _QUALIFIER.sub(" ", query).strip()
    if len(text) > LONGEST_GITHUB:
        raise BadTerms("The search is longer than 256 characters.")
    within = tuple(each for each in chosen.get("in", ["name", "email"]) if each in ("name", "email"))
    words = read(f"every:({text})" if text else "", {"every": within})
    places, languages = chosen.get("location", []), chosen.get("language", [])

    def test(document: dict[str, str]) -> bool:
        at = document["location"].lower()
        skills = document["skill"].lower().split(", ")
        return (
            words(document)
            and (not places or any(place in at for place in places))
            and (not languages or any(language in skills for language in languages))
        )

    return test  # type: ignore[return-value]


def orcid(query: str) -> Test:
    return read("" if query == "*:*" else query, _ORCID)


def openalex(search: str, filters: str) -> Test:
    """Words of the name; filters by country, institution and number of works."""
    words = read(f"names:({search})" if search else "", {"names": ("name",)})
    tests = [_openalex_filter(*each.split(":", 1)) for each in filters.split(",") if ":" in each]
    return lambda document: words(document) and all(test(document) for test in tests)


def _openalex_filter(name: str, value: str) -> Test:
    wanted = value.upper().split("|")
    if name == "last_known_institutions.country_code":
        return lambda document: document["country"].split()[-1] in wanted
    if name == "last_known_institutions.id":
        return lambda document: f"I{sum(map(ord, document['employer']))}" in wanted
    raise BadTerms(f"The stand-in does not know the filter {name}")
