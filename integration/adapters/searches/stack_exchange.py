"""Stack Exchange (API 2.3): people by name, reputation and the tags they answer in.

A search by tags asks who answers most in each of them (GET /tags/{tag}/top-answerers/all_time) and takes those who
stand in every list; one by name asks GET /users. Neither knows places or employers as filters: locations are free text.
300 requests a day without a key, 10,000 with one; `backoff` in an answer must be obeyed or the address is banned.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

from integration.adapters.searches.answers import Found, envelope, items, number, prose, web, word
from integration.adapters.searches.edge import Answer, Edge
from integration.errors import Rejected, TryAgain, shortened
from integration.model.pace import Allowance
from integration.model.vocabulary import SearchSource
from integration.ports import Hit, Translation

ENDPOINT = "https://api.stackexchange.com/2.3"
_PAGE = 100
_MOST_PAGES = 25  # without a key the API refuses further ones
_MOST_TAGS = 5
_ALLOWED = Allowance(120, burst=10)
_SITE = re.compile(r"[a-z0-9.-]{2,40}")
_TAG = re.compile(r"<[^>]+>")
_WAIT = re.compile(rb"more requests available in (\d{1,6}) second")


class StackExchange:
    """ports.ProspectSource."""

    def __init__(self, edge: Edge, *, endpoint: str = ENDPOINT, key: str = "") -> None:
        self._edge, self._endpoint, self._key = edge, endpoint.rstrip("/"), key
        self._filter = ""
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        site = translation.parameters.get("site", "stackoverflow")
        if not _SITE.fullmatch(site):
            raise Rejected(f"{shortened(site)} is no site of Stack Exchange.", field="site", value=shortened(site))
        tags = [tag for tag in translation.parameters.get("tagged", "").split(";") if tag]
        people = self._by_tags(tags, site) if tags else self._by_name(translation, site)
        said = translation.parameters.get("min", "")
        least, found = int(said) if said.isdecimal() else 0, 0
        for each in people:
            if number(each, "reputation") < least:
                continue
            yield hit_of(each, site, tags, self._edge.clock.now().isoformat())
            found += 1
            if found >= limit:
                return

    def _by_name(self, translation: Translation, site: str) -> Iterator[Found]:
        wanted = {name: translation.parameters[name] for name in ("inname", "min") if translation.parameters.get(name)}
        return self._pages("users", site, {"order": "desc", "sort": "reputation", **wanted})

    def _by_tags(self, tags: list[str], site: str) -> Iterator[Found]:
        """Those who are among the best in all the tags, in the order of the first."""
        if len(tags) > _MOST_TAGS:
            self._note(f"Stack Exchange was asked for the first {_MOST_TAGS} of {len(tags)} tags.")
        together: dict[int, Found] = {}
        for place, tag in enumerate(tags[:_MOST_TAGS]):
            path = f"tags/{quote(tag, safe='')}/top-answerers/all_time"
            users = [each.get("user") for each in self._pages(path, site, {})]
            ids: dict[int, Found] = {number(user, "user_id"): user for user in users if isinstance(user, dict)}
            together = ids if place == 0 else {key: user for key, user in together.items() if key in ids}
        self._note("Stack Exchange names only the best answerers of a tag.")
        ids_wanted = [key for key in together if key]
        for start in range(0, len(ids_wanted), _PAGE):
            chunk = ";".join(map(str, ids_wanted[start : start + _PAGE]))
            yield from self._pages(f"users/{chunk}", site, {"order": "desc", "sort": "reputation"})

    def _pages(self, path: str, site: str, wanted: dict[str, str]) -> Iterator[Found]:
        own = {"key": self._key} if self._key else {}
        if path.startswith("users"):
            own["filter"] = self._user_filter(own)
        for page in range(1, _MOST_PAGES + 1):
            params = {**wanted, **own, "site": site, "page": str(page), "pagesize": str(_PAGE)}
            answer = self._edge.ask(f"{self._endpoint}/{path}", allowance=_ALLOWED, params=params)
            body = envelope("Stack Exchange", answer, key="stack_exchange")
            self._obey(body)
            yield from items("Stack Exchange", body, "items")
            if body.get("has_more") is not True:
                return
            if "quota_remaining" in body and number(body, "quota_remaining") <= 0:
                raise TryAgain("the day's requests to Stack Exchange are used up", seconds=3_600)
        self._note(f"Stack Exchange gives at most {_MOST_PAGES * _PAGE:,} people for one query.")

    def _user_filter(self, own: dict[str, str]) -> str:
        """The fields of users with `about_me`: filters are made by asking for one, and the same one comes back."""
        if not self._filter:
            params = {"base": "default", "include": "user.about_me", "unsafe": "false", **own}
            answer = self._edge.ask(f"{self._endpoint}/filters/create", allowance=_ALLOWED, params=params)
            made = items("Stack Exchange", envelope("Stack Exchange", answer, key="stack_exchange"), "items")
            self._filter = word(next(iter(made), {}), "filter") or "default"
        return self._filter

    def _obey(self, body: Found) -> None:
        if number(body, "backoff") > 0:
            self._edge.turns.back_off("search", number(body, "backoff"))

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def pause(answer: Answer) -> float | None:
    """Its throttles are errors 502 (too many requests) in the body of a 400 or 429."""
    if answer.status != 400 or b"throttle_violation" not in answer.body:
        return None
    said = _WAIT.search(answer.body)
    return float(said[1]) if said else 60.0


def hit_of(user: Found, site: str, tags: list[str], seen_at: str) -> Hit:
    """One user. Texts come as HTML; the tags are those that were searched for and found."""
    page = next(iter(web(word(user, "link"))), "")
    about = unescape(_TAG.sub(" ", prose(user, "about_me"))).strip()
    return Hit(
        source=SearchSource.STACK_EXCHANGE,
        source_id=f"{site}:{number(user, 'user_id')}",
        url=page,
        full_name=unescape(word(user, "display_name")),
        location=unescape(word(user, "location")),
        profiles=web(page, word(user, "website_url")),
        skills=tuple(tags),
        text=f"{about}\nReputation {number(user, 'reputation'):,}".strip(),
        seen_at=seen_at,
    )
