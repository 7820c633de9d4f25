"""One deployment: from a zip to an org that has changed as a whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.local.org.deploying import kept
from integration.local.org.deploying.altering import CannotAlter, alter
from integration.local.org.deploying.archive import BadArchive, unpacked
from integration.local.org.deploying.components import Component
from integration.local.org.deploying.judging import Problem, Verdict, judge
from integration.local.org.deploying.overlay import Files, is_same, places
from integration.local.org.deploying.package import Package
from integration.local.org.signin.users import follow_permission_sets
from integration.local.org.values import moment

if TYPE_CHECKING:
    from integration.local.org.app import OrgApp


@dataclass(frozen=True)
class Options:
    """What a client may ask of a deployment. Tests are none: there is no Apex."""

    check_only: bool = False
    rollback_on_error: bool = True


@dataclass(frozen=True)
class Done:
    """A component that is part of the org now, or no longer is."""

    type: str
    name: str
    file: str
    created: bool = False
    changed: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    total: int = 0
    done: tuple[Done, ...] = ()
    problems: tuple[Problem, ...] = ()
    refusal: str = ""
    """Why the package was not even looked into."""

    @property
    def failures(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if not each.advice)


class _Undo(Exception):
    """Takes back what was only to be tried."""


def deploy(org: "OrgApp", data: bytes, options: Options) -> Outcome:
    """Judges a package and, unless it is only checked, makes it part of the org."""
    try:
        package = Package(unpacked(data))
    except BadArchive as error:
        return Outcome(refusal=str(error))
    with org.shape.turn:
        with org.store.reading() as connection:
            present = kept.files_of(connection)
        if not present and org.catalog.schema.objects:
            return Outcome(refusal="this org was made from values, not from a source folder: nothing can be deployed")
        return _Deployment(org, package, present, options).run()


class _Deployment:
    def __init__(self, org: "OrgApp", package: Package, present: Files, options: Options) -> None:
        self._org = org
        self._package = package
        self._present = present
        self._options = options

    def run(self) -> Outcome:
        """Once; without rollbackOnError again and again without what was wrong, until the rest is right."""
        found = self._package.problems(self._present)
        wrong = [each for each in found if not each.advice]
        while True:
            good = _without(self._package.components, wrong)
            verdict, new = self._attempt(good, wrong)
            advice = [each for each in (*found, *verdict.problems) if each.advice]
            if verdict.catalog and not new and not (wrong and self._options.rollback_on_error):
                return self._outcome(good, [*wrong, *advice])
            wrong += new
            if self._options.rollback_on_error or not new:
                return self._outcome([], [*wrong, *advice])

    def _attempt(self, good: Sequence[Component], wrong: Sequence[Problem]) -> tuple[Verdict, list[Problem]]:
        """Applies what stands every test; else the problems that were not known before."""
        org = self._org
        with org.store.reading() as connection:
            prefixes = dict(connection.execute("SELECT object, prefix FROM _prefixes"))
        wanted = self._package.applied(self._present, good)
        verdict = judge(self._present, wanted, good, prefixes, removing=bool(self._package.removed))
        new = [each for each in verdict.failures if each not in wrong]
        if new or verdict.catalog is None or (wrong and self._options.rollback_on_error):
            return verdict, new
        try:
            self._apply(wanted, verdict)
        except CannotAlter as error:
            new = [_of(error, good)]
        return verdict, new

    def _apply(self, wanted: Files, verdict: Verdict) -> None:
        """Tables, files and permission sets in one transaction, then the catalog, while nobody else is at work."""
        org, catalog, automation = self._org, verdict.catalog, verdict.automation
        if catalog is None or automation is None:
            raise AssertionError("only what was found to be right is applied")
        with org.shape.alone(), suppress(_Undo):
            with org.store.writing() as connection:
                alter(connection, org.catalog, catalog)
                kept.put(connection, wanted)
                follow_permission_sets(org.store, catalog, connection, moment(org.now()))
                if self._options.check_only:
                    raise _Undo
            org.become(catalog, automation)

    def _outcome(self, good: Sequence[Component], problems: list[Problem]) -> Outcome:
        is_done = bool(good) or not any(not each.advice for each in problems)
        done = list(self._done(good)) if is_done else []
        total = len({(each.type, each.name) for each in self._package.components}) + len(self._package.removed)
        return Outcome(total, tuple(done), tuple(dict.fromkeys(problems)))

    def _done(self, good: Sequence[Component]) -> Iterator[Done]:
        yield Done("", "package.xml", "package.xml", changed=True)
        for each in good:
            old = [self._present.get(source.path) for source in each.sources]
            created = all(content is None for content in old)
            pairs = zip(old, each.sources, strict=True)
            changed = created or not all(is_same(content, source.content) for content, source in pairs)
            yield Done(each.type, each.name, each.file, created, changed)
        for kind, name, file in self._package.removed:
            if places(kind, name, self._present):
                yield Done(kind, name, file, changed=True, deleted=True)


def _without(components: Sequence[Component], problems: Sequence[Problem]) -> list[Component]:
    wrong = {(each.type, each.name) for each in problems}
    return [each for each in components if (each.type, each.name) not in wrong and not each.problem]


def _of(error: CannotAlter, components: Sequence[Component]) -> Problem:
    for each in components:
        if each.name == error.name:
            return Problem(each.type, each.name, each.file, error.message, each.line)
    kind = "CustomField" if "." in error.name else "CustomObject"
    return Problem(kind, error.name, f"objects/{error.name.partition('.')[0]}.object", error.message)
