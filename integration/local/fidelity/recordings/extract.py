"""Run by CumulusCI's own Python, which has PyYAML: prints its recorded exchanges as JSON.

    python extract.py FOLDER       FOLDER holds the package's files

Each exchange is printed once: a recording that only includes a shared one is not counted again. Ids are printed of
every text below a folder of cassettes, templates too.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

_HOLE = re.compile(r"\{([^:}]+)(?::(.*?))?\}")
_ID = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{18}(?![A-Za-z0-9])")
_LEAST_DIGITS = 4
"""Words such as `childRelationships` have 18 characters, too."""


def main(root: Path) -> None:
    """Everything as one JSON object."""
    files = sorted(path for path in root.rglob("*") if _is_recording(path))
    templates = {path.name: path.read_text() for path in files if path.suffix == ".tpl"}
    exchanges = [each for path in files if path.suffix == ".yaml" for each in _exchanges(path, templates)]
    json.dump({"exchanges": exchanges, "ids": _ids(files)}, sys.stdout)


def _is_recording(path: Path) -> bool:
    return path.suffix in (".yaml", ".tpl") and any("cassettes" in parent.name for parent in path.parents)


def _ids(files: list[Path]) -> list[str]:
    found = {word for path in files for word in _ID.findall(path.read_text())}
    return sorted(word for word in found if sum(each.isdigit() for each in word) >= _LEAST_DIGITS)


def _exchanges(path: Path, templates: dict[str, str]) -> list[dict[str, Any]]:
    content = yaml.safe_load(path.read_text())
    recorded = content.get("interactions") or [content]
    return [
        {"file": path.name, "index": index, **_exchange(each, templates)}
        for index, each in enumerate(recorded)
        if "request" in each
    ]


def _exchange(recorded: dict[str, Any], templates: dict[str, str]) -> dict[str, Any]:
    request, response = recorded["request"], recorded["response"]
    return {
        "method": request["method"],
        "uri": request["uri"],
        "body": _text(request["body"], templates),
        "status": response["status"]["code"],
        "answer": _text(response["body"]["string"], templates),
    }


def _text(recorded: Any, templates: dict[str, str]) -> str:
    """A body as it was sent; repetitive ones are recorded as a template and what fills its holes."""
    if isinstance(recorded, bytes):
        return recorded.decode(errors="replace")
    if not isinstance(recorded, dict):
        return str(recorded or "")
    filling = recorded["vars"]
    return _HOLE.sub(lambda hole: str(filling.get(hole[1], hole[2] or "")), templates[recorded["include_template"]])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
