"""What every bench shares: a row of figures, the machine, and interleaved runs."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. With a peer the goal is the largest ratio product / peer; without one it is the largest product; a
    figure without a goal is there to be known."""

    metric: str
    unit: str
    product: float
    goal: float | None
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else self.product / self.peer

    @property
    def met(self) -> bool:
        return self.goal is None or (self.product if self.ratio is None else self.ratio) <= self.goal

    @property
    def ratio_in_words(self) -> str:
        return _share(self.ratio or 0.0)

    @property
    def goal_in_words(self) -> str:
        if self.goal is None:
            return "none"
        return f"<= {_share(self.goal) if self.peer is not None else f'{self.goal:g}'}"

    def as_json(self) -> dict[str, Any]:
        ratio = None if self.ratio is None else round(self.ratio, 5)
        figures = {"product": round(self.product, 3), "peer": None if self.peer is None else round(self.peer, 3)}
        goal = {"ratio": ratio, "goal": self.goal_in_words, "met": self.met}
        return {"metric": self.metric, "unit": self.unit, **figures, **goal}


def _share(value: float) -> str:
    """`1/51.3` reads better than 0.0195."""
    return f"1/{1 / value:.3g}" if 0 < value < 0.5 else f"{value:.3g}"


def cpu_seconds(work: Callable[[], object]) -> float:
    """The processor time one piece of work takes in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def most_memory(pid: int | str = "self") -> float:
    """MiB at the most, of a process's own pages: getrusage counts those of the parent it was forked from."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def interleaved(runs: int, *measures: Callable[[], float]) -> Sequence[float]:
    """The median of each measure; A, B, A, B …, so that what else the machine does falls on all alike."""
    results = [[measure() for measure in measures] for _ in range(runs)]
    return [median(column) for column in zip(*results, strict=True)]


def machine() -> str:
    """Processor, cores and Python, for whoever reads the figures later."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    return f"{os.cpu_count()} x {model}, Python {platform.python_version()}"
