"""Processes that work on what they are given, each in its order: copies of this one, with a pipe to it.

Only processes and pipes: Lambda has none of the semaphores that pools and queues are made of.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Generic, TypeVar

from integration import log

Given = TypeVar("Given")
Answer = TypeVar("Answer")
_FORK = get_context("fork")


def may_copy(processes: int) -> bool:
    """Whether there is a processor for each. A copy holds the locks of other threads: so there must be none."""
    return (os.cpu_count() or 1) >= processes and threading.active_count() == 1


class Member(Generic[Given, Answer]):
    """One process. It ends with its pipe, so it never outlives the one that gives it work."""

    def __init__(self, work: Callable[[Given], Answer | None], before: Sequence[Member[Given, Answer]]) -> None:
        self._pipe, theirs = _FORK.Pipe()
        # A copy of another member's pipe would keep that one waiting when this process is gone.
        ours = [self._pipe, *(member._pipe for member in before)]
        self._process = _FORK.Process(target=_live, args=(work, theirs, ours), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, work: Given) -> None:
        try:
            self._pipe.send(work)
        except OSError:
            log.event("crew.member_gone")  # there will be no answer either

    def answer(self) -> Answer | None:
        """The answer to the earliest work that has none yet; None also when the process died."""
        try:
            answer: Answer | None = self._pipe.recv()
        except (EOFError, OSError):
            log.event("crew.member_gone")
            return None
        return answer

    def close(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


@contextmanager
def crew(work: Callable[[Given], Answer | None], size: int) -> Iterator[Sequence[Member[Given, Answer]]]:
    """Processes that `work`; None is the answer to what they cannot do."""
    members: list[Member[Given, Answer]] = []
    try:
        for _ in range(size):
            members.append(Member(work, members))
        yield members
    finally:
        for member in members:
            member.close()


def _live(work: Callable[[Given], Answer | None], pipe: Connection, others: Sequence[Connection]) -> None:
    for other in others:
        other.close()
    waiting: SimpleQueue[Given | None] = SimpleQueue()
    done: SimpleQueue[Answer | None] = SimpleQueue()
    # Neither side waits until the other reads: two who both did would wait for ever.
    for target, line in ((_take, waiting), (_send, done)):
        threading.Thread(target=target, args=(pipe, line), daemon=True).start()
    while (given := waiting.get()) is not None:
        try:
            done.put(work(given))
        except Exception:
            done.put(None)  # whoever gave it meets the same error, where it can be told


def _take(pipe: Connection, waiting: SimpleQueue[Given | None]) -> None:
    try:
        while True:
            waiting.put(pipe.recv())
    except (EOFError, OSError):
        waiting.put(None)


def _send(pipe: Connection, done: SimpleQueue[Answer | None]) -> None:
    try:
        while True:
            pipe.send(done.get())
    except OSError:
        return  # nobody is there any more; the other pipe tells, too
