"""What a query is asked of: the people whom sources found, by the fields of the Boolean language."""

from integration.ports import Hit


def document(hit: Hit) -> dict[str, str]:
    """A person as text by field, for `Query.matches`."""
    return {
        "name": hit.full_name or f"{hit.first} {hit.last}".strip(),
        "first": hit.first,
        "last": hit.last,
        "title": hit.title,
        "employer": hit.employer,
        "location": hit.location,
        "country": hit.country,
        "skill": ", ".join(hit.skills),
        "email": ", ".join(hit.emails),
        "phone": ", ".join(hit.phones),
        "site": ", ".join(dict.fromkeys([hit.url, *hit.profiles])),
        "text": hit.text,
        "source": hit.source,
    }
