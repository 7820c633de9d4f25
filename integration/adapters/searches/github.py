"""GitHub: people by what stands in their public profile.

GET /search/users gives logins, 100 a page and never more than 1,000; GET /users/{login} the profile of each. With a
token 30 searches a minute and 5,000 profiles an hour, without 10 and 60. An e-mail only where the person shows one.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from urllib.parse import quote

from integration.adapters.searches.answers import Found, envelope, items, number, prose, web, word
from integration.adapters.searches.edge import Answer, Edge
from integration.adapters.searches.turns import Unasked
from integration.model.pace import Allowance
from integration.model.vocabulary import SearchSource
from integration.ports import Hit, Translation

ENDPOINT = "https://api.github.com"
MOST = 1_000
_PAGE = 100
_AT_ONCE = 4  # a thousand profiles one after the other take longer than a worker may
_NO_KEY = (
    "Without a key GitHub shows only about 60 profiles an hour, so not everybody found was read. Ask the operator to "
    "put “github” into the service's secret for searches."
)
_SEARCHES = {True: Allowance(28), False: Allowance(9)}
_PROFILES = {True: Allowance(60, burst=1_200), False: Allowance(0.5, burst=29)}
"""With a token and without."""


class GitHub:
    """ports.ProspectSource."""

    def __init__(self, edge: Edge, *, endpoint: str = ENDPOINT, token: str = "") -> None:
        self._edge, self._endpoint, self._token = edge, endpoint.rstrip("/"), token
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        logins = (word(listed, "login") for listed in self._listed(translation, min(limit, MOST)))
        found = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while batch := list(islice(logins, min(_AT_ONCE, limit - found))):
                waiting = [pool.submit(self._profile, login) for login in batch]
                try:
                    for each in waiting:
                        profile = each.result()
                        if profile is not None:
                            found += 1
                            yield hit_of(profile, self._edge.clock.now().isoformat())
                except Unasked:
                    if self._token:
                        raise
                    self._note(_NO_KEY)
                    return

    def _listed(self, translation: Translation, limit: int) -> Iterator[Found]:
        query = translation.query if "type:" in translation.query else f"{translation.query} type:user".strip()
        taken = 0
        for page in range(1, MOST // _PAGE + 1):
            body = self._page(query, page, min(_PAGE, limit))
            if page == 1:
                self._note_total(number(body, "total_count"), limit)
            if body.get("incomplete_results") is True:
                self._note("GitHub ran out of time and gave only a part of the people it has.")
            listed = items("GitHub", body, "items")
            for each in listed:
                taken += 1
                yield each
            if taken >= min(limit, number(body, "total_count")) or not listed:
                return

    def _page(self, query: str, page: int, size: int) -> Found:
        answer = self._edge.ask(
            f"{self._endpoint}/search/users",
            allowance=_SEARCHES[bool(self._token)],
            params={"q": query, "per_page": str(size), "page": str(page)},
            headers=self._headers,
        )
        return envelope("GitHub", answer, key="github")

    def _profile(self, login: str) -> Found | None:
        """None for one that is gone since it was listed."""
        if not login:
            return None
        answer = self._edge.ask(
            f"{self._endpoint}/users/{quote(login, safe='')}",
            allowance=_PROFILES[bool(self._token)],
            kind="profiles",
            headers=self._headers,
        )
        return None if answer.status in (404, 410) else envelope("GitHub", answer, key="github")

    @property
    def _headers(self) -> Mapping[str, str]:
        signed = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", **signed}

    def _note_total(self, total: int, limit: int) -> None:
        if total > limit:
            reason = f"it never gives more than {MOST:,}" if limit == MOST else "no more were asked for"
            self._note(f"GitHub has {total:,} people for this query; the first {limit:,} were taken: {reason}.")

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def pause(answer: Answer, now: float) -> float | None:
    """GitHub throttles with 403 too: `now` is seconds since 1970, as its X-RateLimit-Reset is."""
    if answer.status not in (403, 429):
        return None
    if answer.headers.get("X-RateLimit-Remaining") == "0":
        return max(1.0, (answer.number("X-RateLimit-Reset") or now + 60) - now)
    if "Retry-After" in answer.headers or b"secondary rate limit" in answer.body:
        return answer.number("Retry-After") or 60.0
    return None


def hit_of(profile: Found, seen_at: str) -> Hit:
    """One profile; the name is split by nobody here, since GitHub does not say which part is which."""
    page, blog = word(profile, "html_url"), word(profile, "blog")
    twitter = word(profile, "twitter_username")
    return Hit(
        source=SearchSource.GITHUB,
        source_id=str(number(profile, "id") or word(profile, "login")),
        url=next(iter(web(page)), ""),
        full_name=word(profile, "name"),
        employer=word(profile, "company").removeprefix("@"),
        location=word(profile, "location"),
        emails=(word(profile, "email"),) if "@" in word(profile, "email") else (),
        profiles=web(page, blog, f"https://x.com/{twitter}" if twitter.isalnum() else ""),
        text="\n".join(part for part in (word(profile, "login"), prose(profile, "bio")) if part),
        seen_at=seen_at,
    )
