"""Reads the résumés among the files of a mail, in the process apart that reads strangers' files."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from integration import log
from integration.errors import Rejected, TryAgain
from integration.model.incoming import Attachment
from integration.prospecting.files import resumes

MOST = 3
_RESUMES = (b"%PDF", b"PK\x03\x04")


def first_read(attachments: Sequence[Attachment]) -> dict[str, str]:
    """Value by column (resumes.COLUMNS) of the first that can be read; empty when none can."""
    for attachment in [each for each in attachments if each.data.lstrip()[:4] in _RESUMES][:MOST]:
        with tempfile.NamedTemporaryFile(prefix="resume-") as file:
            file.write(attachment.data)
            file.flush()
            if values := _values(Path(file.name), attachment.name):
                return values
    return {}


def _values(path: Path, name: str) -> dict[str, str]:
    rows: dict[int, resumes.Rows] = {}
    parts = resumes.Parts(read=rows.get, write=rows.__setitem__, tell=lambda read, count: None)
    try:
        resumes.read(resumes.alone(path, name), parts)
    except (Rejected, TryAgain) as reason:
        log.event("resume.unread", reason=type(reason).__name__)
        return {}
    for _, values, _ in (row for part in rows.values() for row in part):
        if values:
            return values
    return {}
