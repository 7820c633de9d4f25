"""Hand-overs to Greenhouse: by candidate ingestion, which keeps our mark as `external_id`; else by the job board.

Neither knows an idempotency key, and ingestion finds nobody by `external_id`. So `find` asks Harvest for the person's
address, then ingestion for the marks of who was found; the board's applications are known by person and job.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from integration.adapters.ats.calls import Calls
from integration.adapters.ats.greenhouse.changes import HarvestChanges
from integration.adapters.searches.answers import number, word
from integration.errors import Rejected, TryAgain
from integration.model.ats import AtsPerson, HandedOver, HandOver
from integration.model.pace import Allowance

ALLOWANCE = Allowance(per_minute=60, burst=5)
LONGEST_NAME = 255
_FILES = (".pdf", ".doc", ".docx", ".txt", ".rtf")


class Intake:
    """Candidates and prospects for Greenhouse."""

    def __init__(
        self, calls: Calls, changes: HarvestChanges, secret: Mapping[str, str], *, ingestion: str, board: str
    ) -> None:
        self._calls, self._changes, self._secret = calls, changes, secret
        self._ingestion, self._board = ingestion, board

    def find(self, wanted: HandOver) -> HandedOver | None:
        people = self._changes.by_email(wanted.email)
        if self._secret.get("ingestion_key"):
            people = self._marked(people, wanted.mark)
        for person in people:
            applications = self._changes.applications_of(person.id, wanted.job)
            if wanted.job and not applications:
                continue  # known there, but not for this job
            return HandedOver(person.id, applications[0].id if applications else "")
        return None

    def hand_over(self, wanted: HandOver) -> HandedOver:
        if self._secret.get("ingestion_key"):
            return self._ingest(wanted)
        if not wanted.job:
            raise Rejected(
                "Greenhouse takes prospects by candidate ingestion only. Ask your operator to add ingestion_key and "
                "ingestion_user to the connection's secret.",
                field="Secret name",
            )
        return self._apply(wanted)

    def _ingest(self, wanted: HandOver) -> HandedOver:
        answer = self._calls.send(
            f"{self._ingestion}/candidates",
            allowance=ALLOWANCE,
            headers=self._ingestion_headers(),
            json=candidate(wanted, pool=self._secret.get("prospect_pool_id", "")),
        )
        body = self._calls.told(answer, "id")
        return HandedOver(str(number(body, "id")), str(number(body, "application_id") or ""))

    def _marked(self, people: Sequence[AtsPerson], mark: str) -> list[AtsPerson]:
        """Who among them came by our mark. One candidate comes as an object, several as a list, nobody as nothing."""
        if not people:
            return []
        answer = self._calls.ask(
            f"{self._ingestion}/candidates",
            allowance=ALLOWANCE,
            kind="ingestion",
            params={"candidate_ids": ",".join(person.id for person in people)},
            headers=self._ingestion_headers(),
        )
        body = self._calls.json(answer) if answer.body.strip() else []
        rows = body if isinstance(body, list) else [body]
        ours = {str(number(row, "id")) for row in rows if word(row, "external_id") == mark}
        return [person for person in people if person.id in ours]

    def _apply(self, wanted: HandOver) -> HandedOver:
        if not wanted.posting:
            raise Rejected("The job is not on the Greenhouse job board, so no application can be sent to it.")
        form, files = application(wanted, self._secret.get("tracking_token", ""))
        self._calls.send(
            f"{self._board}/jobs/{wanted.posting}",
            allowance=ALLOWANCE,
            headers={"Authorization": _basic(self._secret["board_key"])},
            files={**{name: (None, value) for name, value in form.items()}, **files},
        )
        try:
            # The board tells no ids; the person is new or known, and Harvest shows it a moment later.
            return self.find(wanted) or HandedOver("")
        except (TryAgain, Rejected):
            # It was taken all the same, and must not be sent again; the next pull finds it.
            return HandedOver("")

    def _ingestion_headers(self) -> dict[str, str]:
        return {
            "Authorization": _basic(self._secret["ingestion_key"]),
            "On-Behalf-Of": self._secret.get("ingestion_user", ""),
        }


def candidate(wanted: HandOver, *, pool: str = "") -> dict[str, Any]:
    """The JSON of candidate ingestion; what is empty is left out."""
    body: dict[str, Any] = {
        "prospect": not wanted.job,
        "first_name": wanted.first[:LONGEST_NAME],
        "last_name": wanted.last[:LONGEST_NAME],
        "external_id": wanted.mark,
        "company": wanted.employer,
        "title": wanted.title,
        "emails": [{"email": wanted.email, "type": "personal"}] if wanted.email else [],
        "phone_numbers": [{"phone_number": wanted.phone, "type": "mobile"}] if wanted.phone else [],
        "social_media": [{"url": url} for url in wanted.profiles],
        "addresses": [{"address": wanted.location, "type": "other"}] if wanted.location else [],
        "resume": wanted.resume.url if wanted.resume else "",
        "notes": notes(wanted),
    }
    if wanted.job:
        body["job_id"] = int(wanted.job)
    elif pool.isdigit():
        body["prospect_pool_id"] = int(pool)
    return {name: value for name, value in body.items() if value not in ("", [])}


def notes(wanted: HandOver) -> str:
    """What candidate ingestion has no field for: source, consents and the mark."""
    lines = [
        f"Source: {wanted.source}" if wanted.source else "",
        f"Consents: {wanted.consent_words}" if wanted.consents else "",
        wanted.note,
        f"Warmbench reference: {wanted.mark}",
    ]
    return "\n".join(line for line in lines if line)


def application(wanted: HandOver, token: str) -> tuple[dict[str, str], dict[str, tuple[str, bytes, str]]]:
    """(fields, files) of the job board's form."""
    form = {
        "first_name": wanted.first[:LONGEST_NAME],
        "last_name": wanted.last[:LONGEST_NAME],
        "email": wanted.email,
        "phone": wanted.phone,
        "mapped_url_token": token,
    }
    if wanted.consents:
        form["data_compliance[gdpr_consent_given]"] = "true"
        form["data_compliance[gdpr_processing_consent_given]"] = "true"
    files = {}
    resume = wanted.resume
    if resume is not None and resume.data and resume.name.lower().endswith(_FILES):
        files["resume"] = (resume.name, resume.data, resume.content_type)
    return {name: value for name, value in form.items() if value}, files


def _basic(key: str) -> str:
    return f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
