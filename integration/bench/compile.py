"""Compiling a template once for a campaign, against mjml2html alone for the same document; nothing per recipient.

The product's side is all that happens once: reading, checking, MJML, the table of links, signing them and the wire
form. Starting the child process costs the same for every template, and has a row of its own.
"""

from collections.abc import Callable
from functools import partial
from itertools import islice
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from types import ModuleType

import mjml

from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.bench.mail import _BRAND, _IF, _LOOP, _TEXT, BASE, KEY, body, people, writers
from integration.messages import Draft, engine
from integration.messages.compiling import compiled
from integration.messages.isolation import compile_apart
from integration.messages.making import assembled, source_of
from integration.model.link import Signer

GOAL = 25
COMPILATIONS = 30
RECIPIENTS = 1_000


def run(runs: int) -> list[Row]:
    """Row 2 of the goals, and how often the compilers run when a thousand mails are written."""
    mjml_runs, jinja_runs = _per_recipient()
    return [
        _row("compile a template with slots only", runs, body("")),
        _row("compile a template with conditions and loops", runs, body(_IF + _LOOP)),
        Row("one compilation in its child process, start and all", "us CPU", _apart(runs), None),
        Row("MJML compilations for 1,000 recipients", "count", mjml_runs, 0),
        Row("Jinja compilations for 1,000 recipients", "count", jinja_runs, 0),
    ]


def _row(metric: str, runs: int, source: str) -> Row:
    draft = _draft(source)
    document = _document(draft)
    product, peer = partial(_made, draft), partial(mjml.mjml2html, document)
    measured = interleaved(runs, lambda: _each(product), lambda: _each(peer))
    return Row(metric, "us CPU", measured[0], GOAL, measured[1])


def _each(work: Callable[[], object]) -> float:
    def often() -> None:
        for _ in range(COMPILATIONS):
            work()

    return cpu_seconds(often) / COMPILATIONS * 1_000_000


def _made(draft: Draft) -> object:
    signer = Signer("k1", {"k1": KEY}, KEY)
    made = compiled(source_of(BASE, draft))
    return assembled(draft, made, sender="jobs@mail.warmbench.example", base_url=BASE, links=signer)


def _apart(runs: int) -> float:
    """Processor time of the child, from its start to its answer."""
    source = source_of(BASE, _draft(body(_IF + _LOOP)))

    def child() -> float:
        before = getrusage(RUSAGE_CHILDREN)
        compile_apart(source)
        after = getrusage(RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1_000_000

    return median(child() for _ in range(runs))


def _draft(source: str) -> Draft:
    return Draft("a0C000000000001AAA", "a0D000000000001AAA", "1", "News for {{ first_name }}", source, _TEXT, _BRAND)


def _document(draft: Draft) -> str:
    """The MJML that the compiler is given for a draft."""
    seen: list[str] = []
    with _Watched(mjml, "mjml2html", lambda given: seen.append(str(given))):
        compiled(source_of(BASE, draft))
    return seen[0]


def _per_recipient() -> tuple[int, int]:
    """How often each compiler ran while mails were written, after the first."""
    write, _ = writers(body(_IF + _LOOP))
    crowd = list(islice(people(), RECIPIENTS + 1))
    write(crowd[0])
    runs: list[str] = []
    before = engine._compiled.cache_info().misses
    with _Watched(mjml, "mjml2html", lambda given: runs.append("")):
        for person in crowd[1:]:
            write(person)
    return len(runs), engine._compiled.cache_info().misses - before


class _Watched:
    """Tells of every call of a function of a module while it lasts."""

    def __init__(self, module: ModuleType, name: str, tell: Callable[[object], None]) -> None:
        self._module, self._name, self._tell = module, name, tell
        self._real = getattr(module, name)

    def __enter__(self) -> None:
        def watched(given: object) -> object:
            self._tell(given)
            return self._real(given)

        setattr(self._module, self._name, watched)

    def __exit__(self, *fault: object) -> None:
        setattr(self._module, self._name, self._real)
