"""The child process in which files of strangers are read: no keys, bounded memory and time.

    python -m integration.prospecting.files.child KIND PATH OPTIONS

A file that makes a library crash takes this process with it and nothing else. The first line of the output says what
the file is or why it is refused, as JSON; the table follows. With the kind `documents` it answers one line for each
line asked, until there are no more.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from integration.confinement import confine

if TYPE_CHECKING:
    from integration.prospecting.files.table import Table

MEMORY = 768 * 1024 * 1024
MOST_WRITTEN = 16 * 1024 * 1024
"""To a file; what it has to say goes into pipes."""
CPU_SECONDS = 120
CPU_SECONDS_OF_DOCUMENT = 15
_MODULES = {"workbook": "workbook", "cards": "cards", "json": "json_people", "html": "web_table"}


def main() -> None:
    """Reads one file, or documents as they are asked for."""
    kind, path, options = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    output = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stderr  # what libraries print is no answer
    logging.disable()  # and what they say of a file's faults may quote it
    with output:
        if kind == "documents":
            _answer(sys.stdin, output)
        else:
            _convert(kind, path, options, output)


def _convert(kind: str, path: Path, options: dict[str, str], output: TextIO) -> None:
    from integration.errors import Rejected
    from integration.prospecting.files.table import lines_of

    # Before the limits: the libraries are not the file. Only those of the kind are loaded.
    read: Callable[..., Table] = import_module(f"integration.prospecting.files.{_MODULES[kind]}").read
    limit(CPU_SECONDS)
    try:
        table = read(path, options.get("sheet", "")) if kind == "workbook" else read(path)
    except Rejected as refused:
        output.write(json.dumps({"refused": refused.message, "field": refused.field}) + "\n")
        return
    output.write(table.about.as_json() + "\n")
    output.writelines(lines_of(table))


def _answer(questions: TextIO, output: TextIO) -> None:
    from integration.errors import Rejected
    from integration.prospecting.files.documents import people_of
    from integration.prospecting.files.kinds import Kind

    for line in questions:
        question = json.loads(line)
        limit(CPU_SECONDS_OF_DOCUMENT)
        try:
            found = people_of(Kind(question["kind"]), Path(question["path"]), question["name"])
            answer = json.dumps({"rows": found})
        except Rejected as refused:
            answer = json.dumps({"refused": refused.message})
        output.write(answer + "\n")
        output.flush()


def limit(cpu_seconds: int) -> None:
    """From here on this process may use so much memory and so many more seconds."""
    confine(MEMORY, cpu_seconds)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))


if __name__ == "__main__":
    main()
