"""The child process in which templates written by people are compiled: no keys, little memory, two seconds.

    python -m integration.messages.child < job.json > answer.json

A template that makes the MJML compiler crash takes this process with it and nothing else.
"""

import json
import resource
import sys
from typing import Any

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 2
LONGEST_ANSWER = 4 * 1024 * 1024


def main() -> None:
    """One job from standard input, one answer to standard output."""
    from integration.messages.compiling import compiled  # before the limits: the libraries are not the template

    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, spent + CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job: dict[str, Any] = json.load(sys.stdin)
    answer = json.dumps(compiled(job["source"]).as_json())
    if len(answer) > LONGEST_ANSWER:
        sys.exit(3)
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
