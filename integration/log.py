"""One JSON line per thing that happened: words and ids, never names, addresses or secrets.

`event("message.sent", campaign=…)`. The correlation id of the first request is bound once per message.
"""

import json
import re
import sys
import traceback
from contextvars import ContextVar

_correlation: ContextVar[str] = ContextVar("correlation", default="")
_SHOWN = re.compile(r"“.*”", re.DOTALL)
"""How our own messages show a value to people."""
_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
_ABOUT_CODE = (AttributeError, ImportError, NameError, TypeError)
"""Their quotes stand around names and types of ours, never around what a person said."""
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
    for key, value in facts.items():
        line[key] = scrubbed(_SHOWN.sub("[value]", value)) if isinstance(value, str) else value
    print(json.dumps(line, default=str), file=sys.stderr)  # noqa: T201  (Lambda's log is standard error)


def fault(name: str, error: BaseException, **facts: object) -> None:
    """A bug: where it happened, without the values that were in play."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    reason = str(error) if isinstance(error, _ABOUT_CODE) else _QUOTED.sub("[value]", str(error))
    event(name, fault=type(error).__name__, reason=reason, where=where, **facts)
