"""Work in a second process beside this one, where the machine has a core for it."""

import os
import pickle
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Start = Callable[[Callable[[], T]], Callable[[], T]]


def starter(people: int, beside_from: int) -> "Start[Any]":
    """A second process for so many people, if this one can be copied.

    With threads it must not be: a lock that another thread holds would stay locked in the copy.
    """
    can = threading.active_count() == 1 and hasattr(os, "fork") and (os.cpu_count() or 1) > 1
    return beside if can and people >= beside_from else in_turn


def in_turn(work: Callable[[], T]) -> Callable[[], T]:
    """The work is done here, when its result is asked for."""
    return work


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """The work begins now, in a copy of this process; asking for its result waits for it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        _answer(work, theirs)
    os.close(theirs)

    def result() -> T:
        with os.fdopen(ours, "rb") as pipe:
            written = pipe.read()
        _, status = os.waitpid(child, 0)
        if status:
            # It was killed, or memory was short: whatever is wrong shows here as it would without it.
            return work()
        made: T = pickle.loads(written)  # noqa: S301 - written by our own copy
        return made

    return result


def _answer(work: Callable[[], object], theirs: int) -> None:
    """Ends the copy without what the program does at its end, which is the original's to do."""
    status = 1
    try:
        with os.fdopen(theirs, "wb") as pipe:
            pickle.dump(work(), pipe, pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)
