"""ORCID: researchers by the register's expanded search (public API 3.0, data under CC0).

GET /expanded-search gives names, e-mails that people show, and institutions, up to 1,000 a page and 10,000 in all.
"""

from collections.abc import Iterator

from integration.adapters.searches.answers import Found, envelope, items, number, word, words
from integration.adapters.searches.edge import Edge
from integration.model.pace import Allowance
from integration.model.vocabulary import SearchSource
from integration.ports import Hit, Translation

ENDPOINT = "https://pub.orcid.org/v3.0"
MOST = 10_000
_PAGE = 200
_ALLOWED = Allowance(600, burst=10)


class Orcid:
    """ports.ProspectSource. `token` is one of a client of the public API; without it the limits are lower."""

    def __init__(self, edge: Edge, *, endpoint: str = ENDPOINT, token: str = "") -> None:
        self._edge, self._endpoint, self._token = edge, endpoint.rstrip("/"), token
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        limit = min(limit, MOST)
        for start in range(0, limit, _PAGE):
            body = self._page(translation.query, start, min(_PAGE, limit - start))
            total = number(body, "num-found")
            if start == 0 and total > limit:
                self.notes.append(f"ORCID has {total:,} people for this query; the first {limit:,} were taken.")
            listed = items("ORCID", body, "expanded-result")
            now = self._edge.clock.now().isoformat()
            yield from (hit_of(each, now) for each in listed if word(each, "orcid-id"))
            if not listed or start + _PAGE >= total:
                return

    def _page(self, query: str, start: int, rows: int) -> Found:
        signed = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        answer = self._edge.ask(
            f"{self._endpoint}/expanded-search/",
            allowance=_ALLOWED,
            params={"q": query or "*:*", "start": str(start), "rows": str(rows)},
            headers={"Accept": "application/json", **signed},
        )
        return envelope("ORCID", answer, key="orcid")


def hit_of(person: Found, seen_at: str) -> Hit:
    """One researcher. Several institutions come in no order, so only a single one is taken for the employer."""
    given, family = word(person, "given-names"), word(person, "family-names")
    institutions = words(person, "institution-name")
    page = f"https://orcid.org/{word(person, 'orcid-id')}"
    return Hit(
        source=SearchSource.ORCID,
        source_id=word(person, "orcid-id"),
        url=page,
        full_name=word(person, "credit-name") or f"{given} {family}".strip(),
        first=given,
        last=family,
        employer=institutions[0] if len(institutions) == 1 else "",
        emails=tuple(each for each in words(person, "email") if "@" in each),
        profiles=(page,),
        text="\n".join((*institutions, *words(person, "other-name"))),
        seen_at=seen_at,
    )
