"""Requests to an ATS: pages and throttles waited out, refusals in our words, hand-overs sent once."""

from collections.abc import Mapping
from typing import Any

from integration.adapters.searches.answers import LONGEST
from integration.adapters.searches.edge import Answer, Edge, Unanswered
from integration.errors import Rejected, TryAgain, shortened
from integration.model.pace import Allowance
from integration.ports import InDoubt

_KEY_REFUSED = (401, 403, 407)
_MISSING = 404
_SAID = ("message", "error", "errors", "detail", "error_description")


class Calls:
    """One system's requests. Each raises Rejected or TryAgain; a status from 300 on never comes back as an answer,
    but for those in `but`."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.system = edge.source

    def ask(
        self,
        url: str,
        *,
        allowance: Allowance,
        kind: str = "ask",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        but: tuple[int, ...] = (),
    ) -> Answer:
        """A question (GET, or POST of a JSON body): busy answers and lost ones are asked again."""
        answer = self._edge.ask(url, allowance=allowance, kind=kind, params=params, headers=headers, body=body)
        return self._accepted(answer, but)

    def send(
        self,
        url: str,
        *,
        allowance: Allowance,
        kind: str = "send",
        headers: Mapping[str, str] | None = None,
        but: tuple[int, ...] = (),
        **body: Any,
    ) -> Answer:
        """A request that changes something there, sent once; raises InDoubt when nobody knows what became of it."""
        try:
            answer = self._edge.send(url, allowance=allowance, kind=kind, headers=headers, **body)
        except Unanswered as lost:
            raise InDoubt(str(lost)) from None
        if answer.status >= 500 or answer.status == 408:
            raise InDoubt(f"{self.system} failed while it took this (HTTP {answer.status})")
        return self._accepted(answer, but)

    def token(self, url: str, *, allowance: Allowance, headers: Mapping[str, str], data: Mapping[str, str]) -> Answer:
        """An access token by a form; asked for again without harm, so a lost answer is TryAgain."""
        answer = self._edge.send(url, allowance=allowance, kind="token", headers=headers, data=data)
        if answer.status >= 500:
            raise TryAgain(f"{self.system} gives no access token now (HTTP {answer.status})", seconds=60)
        return self._accepted(answer, ())

    def json(self, answer: Answer) -> Any:
        """The body; raises TryAgain for half an answer."""
        try:
            return answer.json()
        except (ValueError, RecursionError):
            kind = "a web page" if answer.body.lstrip()[:1] == b"<" else "half an answer"
            raise TryAgain(f"{self.system} sent {kind} instead of data", seconds=60) from None

    def told(self, answer: Answer, name: str) -> dict[str, Any]:
        """What a system says of what it took; raises InDoubt without `name`: it was taken all the same."""
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not body.get(name):
            raise InDoubt(f"{self.system} took this and did not say what it made of it")
        return body

    def unknown_form(self, what: str) -> Rejected:
        return Rejected(f"{self.system} answered in a form that is not known: {what} is not what it should be.")

    def _accepted(self, answer: Answer, but: tuple[int, ...]) -> Answer:
        if answer.status < 300 or answer.status in but:
            return answer
        said = _said(answer)
        if answer.status in _KEY_REFUSED:
            raise Rejected(
                f"{self.system} does not accept our key (HTTP {answer.status}){said}. Ask your operator to put a valid "
                "one with the needed rights into the connection's secret.",
                field="Secret name",
            )
        if answer.status == _MISSING:
            raise Rejected(
                f"{self.system} does not know this (HTTP 404){said}. Check the names and ids in the connection's "
                "secret; nothing was changed here.",
                field="Secret name",
            )
        if answer.status < 400:
            raise Rejected(f"{self.system} has moved (HTTP {answer.status}). Ask your operator to check its address.")
        raise Rejected(f"{self.system} refused this (HTTP {answer.status}){said}.")


def _said(answer: Answer) -> str:
    """The system's own words, where they are short text."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return ""
    return f": “{words}”" if (words := _words(body)) else ""


def _words(body: Any, depth: int = 0) -> str:
    if isinstance(body, str):
        return shortened(body, LONGEST)
    if depth > 3 or not isinstance(body, list | dict):
        return ""
    parts = body[:5] if isinstance(body, list) else [body[name] for name in _SAID if name in body]
    return shortened("; ".join(text for part in parts if (text := _words(part, depth + 1))), LONGEST)
