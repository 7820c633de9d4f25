"""The text and links of a résumé: PDF by pypdf, DOCX by python-docx."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from integration.errors import Rejected
from integration.prospecting.files import archive
from integration.prospecting.files.kinds import Kind

MOST_CHARACTERS = 100_000
"""Of the text kept for search; what follows a hundred pages is no résumé."""
MOST_PAGES = 60
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{_W}txbxContent"
_LINK = re.compile(r"^(?:https?://|mailto:|tel:)\S+$", re.IGNORECASE)
_EDGES = re.compile(r"word/(?:header|footer)\d*\.xml")


@dataclass
class ResumeText:
    """What a résumé says: its lines, then what stands in headers and footers, and where its links lead."""

    lines: list[str]
    edges: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return "\n".join([*self.lines, *self.edges])[:MOST_CHARACTERS]


def read(path: Path, kind: Kind) -> ResumeText:
    """The text of one file; raises Rejected."""
    text = _pdf(path) if kind is Kind.PDF else _docx(path)
    if not any(character.isalpha() for line in (*text.lines, *text.edges) for character in line):
        raise Rejected(
            "It holds pictures and no text (a scan). Run text recognition over it, or save the original as PDF.",
            field="File",
        )
    return text


def _pdf(path: Path) -> ResumeText:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked()
        lines: list[str] = []
        links: list[str] = []
        for page in reader.pages[:MOST_PAGES]:
            lines += _tidied((page.extract_text() or "").splitlines())
            links += _pdf_links(page)
        return ResumeText(lines, links=links)
    except (FileNotDecryptedError, DependencyError) as locked:
        raise _locked() from locked
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, OSError) as broken:
        # What pypdf raises over broken files is not limited to its own errors.
        raise Rejected("The PDF is damaged and cannot be read. Save it again.", field="File") from broken


def _pdf_links(page: Any) -> Iterator[str]:
    for note in page.get("/Annots") or ():
        action = (note.get_object() or {}).get("/A")
        target = str((action.get_object() if action is not None else {}).get("/URI", ""))
        if _LINK.match(target):
            yield target


def _locked() -> Rejected:
    return Rejected("It is protected by a password. Save it without one.", field="File")


def _docx(path: Path) -> ResumeText:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    _check_parts(path)
    try:
        document = docx.Document(str(path))
        lines = _tidied(_paragraphs(document.element.body))
        edges: list[str] = []
        links: list[str] = []
        for part in document.part.package.iter_parts():
            links += [rel.target_ref for rel in part.rels.values() if rel.is_external and _LINK.match(rel.target_ref)]
            if _EDGES.fullmatch(str(part.partname).lstrip("/")):
                edges += _tidied(_paragraphs(part.element if hasattr(part, "element") else _parsed(part.blob)))
        return ResumeText(lines, list(dict.fromkeys(edges)), links)
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        zipfile.BadZipFile,
        SyntaxError,
    ) as broken:
        raise Rejected("The document is damaged and cannot be read. Save it again.", field="File") from broken


def _check_parts(path: Path) -> None:
    """Refuses bombs, and XML with declarations of its own, which Word never writes; raises Rejected."""
    with archive.opened(path) as packed:
        archive.check(packed, archive.MOST_OF_DOCUMENT)
        left = archive.MOST_OF_DOCUMENT
        for entry in packed.infolist():
            with io.BytesIO() as content:
                archive.unpack(packed, entry, content, left)
                left -= content.tell()
                if entry.filename.endswith((".xml", ".rels")):
                    content.seek(0)
                    _check_xml(content)


def _check_xml(content: io.BytesIO) -> None:
    try:
        for _, element in defusedxml.ElementTree.iterparse(content, forbid_dtd=True):
            element.clear()
    except DefusedXmlException as unsafe:
        raise Rejected(
            "The document is refused: its XML declares entities, which Word never writes. Save it again.", field="File"
        ) from unsafe
    except defusedxml.ElementTree.ParseError as broken:
        raise Rejected("The document is damaged and cannot be read. Save it again.", field="File") from broken


def _parsed(blob: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(blob)  # checked before: it has no declarations of its own


def _paragraphs(root: Any) -> Iterator[str]:
    """Every paragraph in reading order, those in tables and text boxes too; a box stands behind its paragraph."""
    for paragraph in root.iter(f"{_W}p"):
        if any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
            continue  # the same box again, for older programs
        yield from "".join(_runs(paragraph)).split("\n")


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in {_BOX, _FALLBACK}:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif not isinstance(child.tag, str) or child.tag != f"{_W}pPr":
            yield from _runs(child)


def _tidied(lines: Any) -> list[str]:
    plain = (re.sub(r"[ \u00a0\u2000-\u200a]+", " ", line.replace("\0", "")).strip() for line in lines)
    return [line for line in plain if line]
