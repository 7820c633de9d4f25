"""Past applicants: candidates with an application, and how far each came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from integration import soql
from integration.model.vocabulary import SearchSource, Stage
from integration.ports import Hit, Record, Translation
from integration.prospecting.sources.org import OrgSource
from integration.records import Application, Candidate, JobRequisition, parent

if TYPE_CHECKING:
    from integration.app import App

_BATCH = 200
_MOST_LOOKED_AT = 20_000
_JOB = parent(Application.REQUISITION, JobRequisition.NAME)


class ApplicantSource:
    """ports.ProspectSource."""

    def __init__(self, app: App) -> None:
        self._app, self._org = app, OrgSource(app)

    @property
    def notes(self) -> list[str]:
        return self._org.notes

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        where = soql.Condition(translation.parameters["where"]) if translation.parameters.get("where") else None
        stage = translation.parameters.get("stage", "")
        beside = translation.parameters.get("beside", "")
        rows = self._org.rows(translation.query.strip(), where, _MOST_LOOKED_AT, beside)
        yield from islice(self._applied(rows, stage), limit)

    def _applied(self, rows: Iterator[Record], stage: str) -> Iterator[Hit]:
        """Of the candidates who match, those who applied; their applications can be searched too."""
        while batch := list(islice(rows, _BATCH)):
            told = self._applications([str(row[Candidate.ID]) for row in batch], stage)
            for hit in self._org.hits([row for row in batch if row[Candidate.ID] in told], SearchSource.APPLICANTS):
                lines = told[hit.source_id]
                yield replace(hit, text="\n".join([*lines, hit.text]))

    def _applications(self, candidate_ids: list[str], stage: str) -> dict[str, list[str]]:
        """Lines such as “Applied on 2026-02-01 for Registered nurse: Rejected”, newest first."""
        where = soql.is_in(Application.CANDIDATE, candidate_ids)
        if stage:
            where = soql.both(where, soql.equals(Application.STAGE, Stage(stage)))
        fields = [Application.CANDIDATE, Application.STAGE, Application.APPLIED_AT, _JOB]
        query = soql.select(Application.API_NAME, fields, where=where, order_by=[f"-{Application.APPLIED_AT}"])
        told: dict[str, list[str]] = {}
        for row in self._app.salesforce.rows(query):
            day = str(row[Application.APPLIED_AT] or "")[:10]
            line = f"Applied{f' on {day}' if day else ''} for {row[_JOB] or 'a job'}: {row[Application.STAGE] or ''}"
            told.setdefault(str(row[Application.CANDIDATE]), []).append(line.rstrip(": "))
        return told
