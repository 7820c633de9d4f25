"""Judging a file of any length: mails are brought together through files, so memory does not grow with the lines."""

import json
import marshal
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from zlib import crc32

from integration.errors import Rejected
from integration.judging.reading import Line, read
from integration.model.event import Event, Kind
from integration.model.verdict import CLASSIFIER, JUDGED, Verdict, Watch, judge, who
from integration.model.verdict.crowds import Crowds

_PARTS = 64
_SIZE = 4
"""Bytes that tell how long a kept line is."""
Fault = Callable[[int, str], None]


@dataclass
class Tally:
    """What a run came to."""

    lines: int = 0
    judged: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    ignored: int = 0
    """Lines of kinds that are not ours."""
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(label, verdict) -> events, where the file gives labels."""


class FileJudge:
    """One file: `run` writes the verdicts in the order of the lines and returns the tally."""

    def __init__(self, source: Path, fault: Fault) -> None:
        self._source, self._fault = source, fault
        self._names_browsers = False
        self._tally = Tally()
        self._answers: list[Verdict] = []
        self._numbers: dict[Verdict, int] = {}
        self._of_line = array("I")
        self._labels: dict[int, str] = {}

    def run(self, out: IO[str]) -> Tally:
        with tempfile.TemporaryDirectory(prefix="warmbench-judge-") as folder:
            parts = [Path(folder) / f"{number:02}" for number in range(_PARTS)]
            ids = Path(folder) / "ids"
            self._part(parts, ids)
            watches: dict[str, Watch] = defaultdict(Watch)
            for part in parts:
                self._judge_part(part, watches)
            crowds = {campaign: seen.crowds() for campaign, seen in watches.items()}
            watches.clear()
            for part in parts:
                self._judge_again(part, crowds)
            self._write(ids, out)
        self._count()
        return self._tally

    def _part(self, parts: list[Path], ids: Path) -> None:
        """Lines of one mail into one part, each with its number."""
        with ExitStack() as stack, self._source.open("rb") as lines:
            files = [stack.enter_context(part.open("wb")) for part in parts]
            names = stack.enter_context(ids.open("w", encoding="ascii"))
            for number, text in enumerate(lines, start=1):
                self._tally.lines += 1
                self._of_line.append(0)
                line = self._read(number, text)
                names.write(f"{json.dumps(line.event.id) if line else ''}\n")
                if line is None:
                    continue
                if line.event.kind in JUDGED and line.event.user_agent:
                    self._names_browsers = True
                place = crc32("|".join(_mail_of(line.event, number)).encode(errors="replace")) % _PARTS
                fields = {**vars(line.event), "kind": line.event.kind.value}
                packed = marshal.dumps((number, line.label, *fields.values()))
                files[place].write(len(packed).to_bytes(_SIZE, "big") + packed)

    def _read(self, number: int, text: bytes) -> Line | None:
        if not text.strip():
            return None
        try:
            line = read(text)
        except Rejected as rejected:
            self._tally.unreadable += 1
            self._fault(number, rejected.message)
            return None
        if line is None:
            self._tally.ignored += 1
        elif line.fault:
            self._fault(number, line.fault)
        return line

    def _mails(self, part: Path) -> Iterator[list[tuple[int, str, Event]]]:
        mails: dict[tuple[str, ...], list[tuple[int, str, Event]]] = defaultdict(list)
        with part.open("rb") as lines:
            while size := lines.read(_SIZE):
                number, label, *values = marshal.loads(lines.read(int.from_bytes(size, "big")))  # noqa: S302  (ours)
                event = Event(values[0], Kind(values[1]), *values[2:])
                mails[_mail_of(event, number)].append((number, label, event))
        yield from mails.values()

    def _judge_part(self, part: Path, watches: dict[str, Watch]) -> None:
        for mail in self._mails(part):
            events = [event for _, _, event in mail]
            seen = watches[events[0].campaign]
            self._note(mail, judge(events, names_browsers=self._names_browsers, watch=seen))

    def _judge_again(self, part: Path, crowds: dict[str, Crowds]) -> None:
        """The mails of visitors who turned out to be in many."""
        if not any(known for known in crowds.values()):
            return
        for mail in self._mails(part):
            events = [event for _, _, event in mail]
            known = crowds[events[0].campaign]
            if any(known.knows(who(event)) for event in events):
                self._note(mail, judge(events, known, names_browsers=self._names_browsers))

    def _note(self, mail: list[tuple[int, str, Event]], verdicts: dict[str, Verdict]) -> None:
        for number, label, event in mail:
            # A copy of an event was judged with the first: `pop` leaves nothing for it.
            verdict = verdicts.pop(event.id, None)
            if verdict is None:
                continue
            if verdict not in self._numbers:
                self._answers.append(verdict)
                self._numbers[verdict] = len(self._answers)
            self._of_line[number - 1] = self._numbers[verdict]
            if label:
                self._labels[number] = label.lower()

    def _count(self) -> None:
        for number, answers in Counter(self._of_line).items():
            if number:
                self._tally.judged[self._answers[number - 1].word] += answers
        for number, label in self._labels.items():
            self._tally.right[label, self._answers[self._of_line[number - 1] - 1].word] += 1

    def _write(self, ids: Path, out: IO[str]) -> None:
        tails = [
            json.dumps({"verdict": answer.word, "reasons": list(answer.reasons), "version": CLASSIFIER})[1:]
            for answer in self._answers
        ]
        with ids.open(encoding="ascii") as names:
            for number, name in zip(self._of_line, names, strict=True):
                if number:
                    out.write(f'{{"id": {name.strip()}, {tails[number - 1]}\n')


def _mail_of(event: Event, number: int) -> tuple[str, ...]:
    """What belongs together: one mail to one person; of nobody, one visitor; without any mark, the line alone."""
    if event.candidate or event.message_id:
        return (event.campaign, event.step, event.candidate or event.message_id)
    if event.network or event.user_agent:
        return (event.campaign, event.network, event.user_agent)
    return (str(number),)
