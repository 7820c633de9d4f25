"""The child process in which a feed template is rendered: no keys, little memory, a minute of processor time.

    python -m integration.syndication.own_feeds.child < template and jobs > feed

First line: {"template", "words"}; each further line one job. Jobs are taken as they come, so memory does not grow.
"""

import json
import sys
from collections.abc import Iterator

from integration.confinement import confine

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 60
MOST_BYTES = 400 * 1024 * 1024
TOO_LARGE = 3


def main() -> None:
    """Renders from standard input to standard output."""
    from integration.syndication.own_feeds.language import cleaned, engine

    confine(MEMORY, CPU_SECONDS)
    job = json.loads(sys.stdin.readline())
    template = engine().from_string(job["template"])
    stream = template.stream(**job["words"], jobs=_jobs())
    stream.enable_buffering(200)
    written = 0
    for piece in stream:
        data = cleaned(piece).encode()
        written += len(data)
        if written > MOST_BYTES:
            sys.exit(TOO_LARGE)
        sys.stdout.buffer.write(data)


def _jobs() -> Iterator[dict[str, str]]:
    for line in sys.stdin:
        yield json.loads(line)


if __name__ == "__main__":
    main()
