"""OpenAlex: authors of scholarly works, by cursor, 200 a page (data under CC0).

An institution is looked up first, because authors are filtered by its id and not by its name. Requests that name a
contact (`mailto`) are served by the polite pool; a key raises the day's limit.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from integration.adapters.searches.answers import Found, envelope, items, number, records, web, word, words
from integration.adapters.searches.edge import Edge
from integration.errors import shortened
from integration.model.pace import Allowance
from integration.model.vocabulary import SearchSource
from integration.ports import Hit, Translation

ENDPOINT = "https://api.openalex.org"
_PAGE = 200
_ALLOWED = Allowance(300, burst=5)
_MOST_TOPICS = 25


class OpenAlex:
    """ports.ProspectSource."""

    def __init__(self, edge: Edge, *, endpoint: str = ENDPOINT, contact: str = "", key: str = "") -> None:
        self._edge, self._endpoint = edge, endpoint.rstrip("/")
        self._own = {name: value for name, value in (("mailto", contact), ("api_key", key)) if value}
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        wanted = self._wanted(translation)
        if wanted is None:
            return
        cursor, found = "*", 0
        while cursor and found < limit:
            body = self._page("authors", {**wanted, "cursor": cursor, "per-page": str(min(_PAGE, limit - found))})
            if cursor == "*" and number(body, "meta", "count") > limit:
                total = number(body, "meta", "count")
                self.notes.append(f"OpenAlex has {total:,} people for this query; the first {limit:,} were taken.")
            listed = items("OpenAlex", body, "results")
            now = self._edge.clock.now().isoformat()
            for each in listed:
                if word(each, "id"):
                    yield hit_of(each, now)
                    found += 1
                if found >= limit:
                    return
            following = word(body, "meta", "next_cursor") if listed else ""
            cursor = "" if following == cursor else following

    def _wanted(self, translation: Translation) -> dict[str, str] | None:
        """The request's own parameters; None when no author can answer it."""
        filters = [translation.parameters["filter"]] if translation.parameters.get("filter") else []
        institution = translation.parameters.get("institution", "")
        if institution:
            place = self._institution(institution)
            if not place:
                self.notes.append(f"OpenAlex knows no institution called {shortened(institution)}.")
                return None
            filters.append(f"last_known_institutions.id:{place}")
        wanted = {"search": translation.query, "filter": ",".join(filters)}
        return {name: value for name, value in wanted.items() if value}

    def _institution(self, name: str) -> str:
        body = self._page("institutions", {"search": name, "per-page": "1"})
        first = next(iter(items("OpenAlex", body, "results")), {})
        found = urlsplit(word(first, "id")).path.strip("/")
        if found and word(first, "display_name").casefold() != name.casefold():
            self.notes.append(f"OpenAlex was asked for {word(first, 'display_name')}.")
        return found if found.isalnum() else ""

    def _page(self, path: str, params: dict[str, str]) -> Found:
        answer = self._edge.ask(f"{self._endpoint}/{path}", allowance=_ALLOWED, params={**params, **self._own})
        return envelope("OpenAlex", answer, key="openalex")


def hit_of(author: Found, seen_at: str) -> Hit:
    """One author. There are no e-mails in OpenAlex; the last known institution is the employer where there is one."""
    institutions = records(author, "last_known_institutions")
    one = institutions[0] if len(institutions) == 1 else {}
    topics = [word(each, "display_name") for each in records(author, "topics") or records(author, "x_concepts")]
    works, cited = number(author, "works_count"), number(author, "cited_by_count")
    names = (*(word(each, "display_name") for each in institutions), *words(author, "display_name_alternatives"))
    return Hit(
        source=SearchSource.OPENALEX,
        source_id=urlsplit(word(author, "id")).path.strip("/") or word(author, "id"),
        url=next(iter(web(word(author, "id"))), ""),
        full_name=word(author, "display_name"),
        employer=word(one, "display_name"),
        country=word(one, "country_code").upper(),
        profiles=web(word(author, "orcid"), word(author, "id")),
        skills=tuple(dict.fromkeys(topic for topic in topics[:_MOST_TOPICS] if topic)),
        text="\n".join((*names, f"{works:,} works, cited {cited:,} times")),
        seen_at=seen_at,
    )
