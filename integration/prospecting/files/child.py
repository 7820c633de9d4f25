"""The child process in which files of strangers are read: no keys, bounded memory and time.

    python -m integration.prospecting.files.child KIND PATH OPTIONS

A file that makes a library crash takes this process with it and nothing else. The first line of the output says what
the file is or why it is refused, as JSON; the table follows.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integration.prospecting.files.table import Table

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 120


def main() -> None:
    """Reads one file."""
    kind, path, options = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    read = _reader(kind, options)  # before the limits: the libraries are not the file
    limit(CPU_SECONDS)
    from integration.errors import Rejected
    from integration.prospecting.files.table import lines_of

    try:
        table = read(path)
    except Rejected as refused:
        print(json.dumps({"refused": refused.message, "field": refused.field}))  # noqa: T201
        return
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.stdout.write(table.about.as_json() + "\n")
    sys.stdout.writelines(lines_of(table))


def limit(cpu_seconds: int) -> None:
    """From here on this process may use so much memory and so many more seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reader(kind: str, options: dict[str, str]) -> "Callable[[Path], Table]":
    """What reads a kind of file; only its own libraries are loaded."""
    from integration.errors import Rejected

    if kind == "workbook":
        from integration.prospecting.files import workbook

        return lambda path: workbook.read(path, options.get("sheet", ""))

    def refuse(path: Path) -> Table:
        raise Rejected("The file is neither a text nor a workbook. Save it as “CSV UTF-8”.", field="File")

    return refuse


if __name__ == "__main__":
    main()
