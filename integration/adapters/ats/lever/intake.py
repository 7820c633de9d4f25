"""Hand-overs to Lever: applications by the posting's form, people without a job by the Data API.

Lever merges people by address and knows no idempotency key. The mark stands in the comments of an application, or is a
tag of who has no job; both are read again by the person's address.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from integration.adapters.ats.lever.api import Api
from integration.adapters.ats.lever.changes import Changes
from integration.adapters.searches.answers import records, word, words
from integration.errors import Rejected, TryAgain
from integration.model.ats import HandedOver, HandOver
from integration.model.pace import Allowance
from integration.model.vocabulary import Purpose

APPLY = Allowance(per_minute=60, burst=1)
"""Published: 2 applications a second."""
_PROFILES = {"linkedin.com": "LinkedIn", "github.com": "GitHub", "twitter.com": "Twitter", "x.com": "Twitter"}
_FUTURE_JOBS = (Purpose.JOB_ALERTS, Purpose.TALENT_COMMUNITY)


class Intake:
    """Applications and people for Lever."""

    def __init__(self, api: Api, changes: Changes, secret: Mapping[str, str], *, site: str) -> None:
        self._api, self._changes, self._secret, self._site = api, changes, secret, site

    def find(self, wanted: HandOver) -> HandedOver | None:
        for row in self._changes.opportunities(("email", wanted.email)) if wanted.email else []:
            marked = any(wanted.mark in str(one.get("comments")) for one in records(row, "applications"))
            if marked or wanted.mark in words(row, "tags"):
                return HandedOver(word(row, "contact"), word(row, "id") if wanted.job else "")
        return None

    def hand_over(self, wanted: HandOver) -> HandedOver:
        return self._apply(wanted) if wanted.job else self._make(wanted)

    def _apply(self, wanted: HandOver) -> HandedOver:
        key = self._secret.get("postings_key", "")
        if not key or not self._site:
            raise _unequipped("applications", "site and postings_key")
        files: dict[str, Any] = {name: (None, text) for name, text in self._form(wanted).items()}
        resume = wanted.resume
        if resume is not None and resume.data:
            files["resume"] = (resume.name, resume.data, resume.content_type)
        url = f"{self._site}/{wanted.job}?{urlencode({'key': key})}"
        self._api.calls.told(self._api.calls.send(url, allowance=APPLY, kind="apply", files=files), "ok")
        try:
            # The answer names an application, by which Lever can be asked for nothing.
            return self.find(wanted) or HandedOver("")
        except (TryAgain, Rejected):
            # It was taken; the next pull finds it.
            return HandedOver("")

    def _form(self, wanted: HandOver) -> dict[str, str]:
        return application(wanted, silent=self._secret.get("mails", "").casefold() != "yes")

    def _make(self, wanted: HandOver) -> HandedOver:
        user = self._secret.get("perform_as", "")
        if not user:
            raise _unequipped("people without a job", "perform_as, the id of a Lever user,")
        made = self._api.do("opportunities", [("perform_as", user)], opportunity(wanted))
        return HandedOver(word(made, "contact"))


def application(wanted: HandOver, *, silent: bool) -> dict[str, str]:
    """The fields of a posting's form; what is empty is left out. A customer's own questions are not known here."""
    purposes = {one.purpose for one in wanted.consents}
    form = {
        "name": f"{wanted.first} {wanted.last}".strip(),
        "email": wanted.email,
        "phone": wanted.phone,
        "org": wanted.employer,
        "comments": comments(wanted),
        "source": wanted.source,
        "silent": "true" if silent else "false",
        "consent[store]": "true" if purposes else "",
        "consent[marketing]": "true" if purposes.intersection(_FUTURE_JOBS) else "",
    }
    for url in wanted.profiles:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        form.setdefault(f"urls[{_PROFILES.get(host, 'Portfolio')}]", url)
    return {name: text for name, text in form.items() if text}


def opportunity(wanted: HandOver) -> dict[str, Any]:
    """The body of a person without a job. Consents are tags: there is no field, and a note is a second request."""
    body: dict[str, Any] = {
        "name": f"{wanted.first} {wanted.last}".strip(),
        "headline": ", ".join(text for text in (wanted.title, wanted.employer) if text),
        "location": wanted.location,
        "emails": [wanted.email] if wanted.email else [],
        "phones": [{"type": "mobile", "value": wanted.phone}] if wanted.phone else [],
        "links": list(wanted.profiles),
        "tags": [wanted.mark, *(f"Consent: {one.purpose} since {one.at[:10]}" for one in wanted.consents)],
        "sources": [wanted.source] if wanted.source else [],
        "origin": "sourced",
    }
    return {name: value for name, value in body.items() if value}


def comments(wanted: HandOver) -> str:
    lines = [
        wanted.note,
        f"Consents: {wanted.consent_words}" if wanted.consents else "",
        f"Warmbench reference: {wanted.mark}",
    ]
    return "\n".join(line for line in lines if line)


def _unequipped(what: str, entries: str) -> Rejected:
    return Rejected(
        f"Lever takes {what} by another door. Ask your operator to add {entries} to the connection's secret.",
        field="Secret name",
    )
