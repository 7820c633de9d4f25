"""One JSON line per thing that happened: words and ids, never names, addresses or secrets.

`event("message.sent", campaign=…)`. The correlation id of the first request is bound once per message.
"""

import json
import re
import sys
import traceback
from contextvars import ContextVar

_correlation: ContextVar[str] = ContextVar("correlation", default="")
_ADDRESS = re.compile(r"[^\s\"'<>=,;:/?&%]+(?:@|%40)[^\s\"'<>,;/?&]+")


def bind(correlation: str) -> None:
    """Every later line of this message carries this id."""
    _correlation.set(correlation)


def scrubbed(text: str) -> str:
    """Text with anything like an e-mail address taken out and cut at 500 characters."""
    return _ADDRESS.sub("[address]", text)[:500]


def event(name: str, **facts: object) -> None:
    """`name` is noun.verb in the past tense."""
    line: dict[str, object] = {"event": name}
    if _correlation.get():
        line["correlation"] = _correlation.get()
    line.update({key: scrubbed(value) if isinstance(value, str) else value for key, value in facts.items()})
    print(json.dumps(line, default=str), file=sys.stderr)  # noqa: T201  (Lambda's log is standard error)


def fault(name: str, error: BaseException, **facts: object) -> None:
    """A bug: where it happened, without the values that were in play."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    event(name, fault=type(error).__name__, reason=str(error), where=where, **facts)
