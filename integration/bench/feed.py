"""Writing a feed of 100,000 jobs: the product's CDATA templates against lxml.xmlfile, and the memory it takes.

The third row is the feed of the hour after: jobs of which one in a thousand was edited, made from the feed before,
against the same feed made anew, each job cleaned, checked, written and read back by the board's rules.

Both write the same jobs, 13 elements each and about 2.5 KB of description, into nothing. Memory is the high-water mark
of a process of its own that imports the writer and writes such a feed.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice

from integration.bench._delta import CHANGED, REBUILT, anew, from_before
from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.model.feed import INDEED, Entry, Publisher, write

JOBS = 100_000
DIFFERENT = 500
PARSED = 2_000
TIME_GOAL = 1 / 2
MEMORY_GOAL = 24.0
DELTA_GOAL = 1 / 20
_TEXT = (
    "you will our team with patients ward night day care plan lead data design build café Zürich “quoted” code & "
    "review test people place work hours rota senior junior shift €50k customers support train travel learn grow"
)


def run(runs: int) -> list[Row]:
    """Row 11 of the goals. Raises when the two feeds do not hold the same jobs."""
    _compare()
    ours, theirs = interleaved(runs, partial(cpu_seconds, _product), partial(cpu_seconds, _peer))
    from_before()  # what it compares with is made once, before the clock runs
    after, whole = interleaved(runs, partial(cpu_seconds, from_before), partial(cpu_seconds, anew))
    return [
        Row("feed of 100,000 jobs, processor time", "s", ours, TIME_GOAL, theirs),
        Row("feed of 100,000 jobs, most memory", "MiB", _memory(), MEMORY_GOAL),
        Row(f"feed of {REBUILT:,} jobs, {CHANGED} of them edited, processor time", "s", after, DELTA_GOAL, whole),
    ]


def entries(count: int) -> Iterator[Entry]:
    """Jobs as they come from the org: some with every field, some without salary or street."""
    return islice(cycle(_different()), count)


def _different() -> list[Entry]:
    words = _TEXT.split()
    chance = random.Random(1)  # noqa: S311 (the same jobs in every run)
    made = []
    for number in range(DIFFERENT):
        text = " ".join(chance.choice(words) for _ in range(380))
        whole = number % 3
        made.append(
            Entry(
                title=f"Engineer {number}",
                date="2026-03-02",
                reference=f"j{number:012d}",
                requisition=f"R-{number}",
                url=f"https://jobs.warmbench.example/c/k1.{'x' * 150}{number}",
                company="Lee & Sons",
                street="1 Quay Street" if whole else "",
                city="Cork",
                region="Munster",
                country="IE",
                postal_code="T12",
                description=f"<p>{text}</p><ul><li>{text[:300]}</li></ul>",
                salary="EUR 60,000 to 75,000 a year" if whole else "",
                job_type="fulltime",
                category="",
                expires="",
                remote="",
            )
        )
    return made


def _product() -> int:
    return sum(map(len, _pieces(JOBS)))


def _pieces(count: int) -> Iterator[bytes]:
    return write(INDEED, entries(count), Publisher("Lee & Sons", "https://jobs.warmbench.example"))


class _Sink:
    """A file that keeps the last feed only when asked to."""

    def __init__(self, keep: bool = False) -> None:
        self.data = bytearray()
        self.keep = keep

    def write(self, data: bytes) -> None:
        if self.keep:
            self.data += data


def _peer(count: int = JOBS, sink: _Sink | None = None) -> None:
    from lxml import etree

    pairs = (*INDEED.required, *INDEED.optional)
    with etree.xmlfile(sink or _Sink(), encoding="utf-8") as file, file.element(INDEED.root):
        for entry in entries(count):
            with file.element(INDEED.item):
                for name, field in pairs:
                    if value := getattr(entry, field):
                        with file.element(name):
                            file.write(value)


def _compare() -> None:
    """The same jobs with the same texts, as an XML parser reads them."""
    from lxml import etree

    sink = _Sink(keep=True)
    _peer(PARSED, sink)
    parsed = [etree.fromstring(data).findall("job") for data in (b"".join(_pieces(PARSED)), bytes(sink.data))]
    texts = [[[(element.tag, element.text) for element in job] for job in jobs] for jobs in parsed]
    if texts[0] != texts[1] or len(texts[0]) != PARSED:
        raise AssertionError("the two feeds do not hold the same jobs")


def _memory() -> float:
    """MiB, from a fresh process with the writer and nothing of this bench in it."""
    done = subprocess.run([sys.executable, "-c", _ALONE, str(JOBS)], capture_output=True, text=True, check=True)  # noqa: S603
    return int(done.stdout) / 1024


_ALONE = """
import sys
from integration.model.feed import INDEED, Entry, Publisher, write

TEXT = "<p>" + "you will our team with patients “quoted” café €50k " * 45 + "</p>"

def entries(count):
    for number in range(count):
        yield Entry(f"Engineer {number}", "2026-03-02", f"j{number}", f"R-{number}", f"https://x.example/c/{number}",
                    "Lee & Sons", "1 Quay Street", "Cork", "Munster", "IE", "T12", TEXT + str(number),
                    "EUR 60,000 a year", "fulltime", "", "", "")

with open("/dev/null", "wb") as file:
    for piece in write(INDEED, entries(int(sys.argv[1])), Publisher("Lee & Sons", "https://x.example")):
        file.write(piece)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
