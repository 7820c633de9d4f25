"""The child process in which templates written by people are compiled: no keys, little memory, two seconds.

    python -m integration.messages.child < job.json > answer.json

A template that makes the MJML compiler crash takes this process with it and nothing else.
"""

import json
import sys
from typing import Any

from integration.confinement import confine

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 2
LONGEST_ANSWER = 4 * 1024 * 1024


def main() -> None:
    """One job from standard input, one answer to standard output."""
    from integration.messages.compiling import compiled  # before the limits: the libraries are not the template

    confine(MEMORY, CPU_SECONDS)
    job: dict[str, Any] = json.load(sys.stdin)
    answer = json.dumps(compiled(job["source"]).as_json())
    if len(answer) > LONGEST_ANSWER:
        sys.exit(3)
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
