"""A client's calls, each tried once and its result compared: what a gate of calls is made of."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from integration.local.fidelity._check import Check

World = TypeVar("World")
_LONGEST = 400


class Differs(Exception):
    """A call answered something else than a real org would."""


def same(found: Any, wanted: Any, what: str = "") -> None:
    """Raises Differs, telling both."""
    if found != wanted:
        raise Differs(f"{what + ': ' if what else ''}{_short(found)} instead of {_short(wanted)}")


def holds(condition: object, what: str) -> None:
    """Raises Differs with what should have been true."""
    if not condition:
        raise Differs(what)


def refused(kind: type[Exception], call: Callable[[], Any]) -> Any:
    """The exception that a call raises, which must be of exactly this kind."""
    try:
        answer = call()
    except kind as error:
        same(type(error).__name__, kind.__name__)
        return error
    raise Differs(f"{_short(answer)} instead of {kind.__name__}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


class Calls(Generic[World]):
    """Functions by the call that each of them tries: `Salesforce.query`, or `Salesforce.query (a variant)`."""

    def __init__(self) -> None:
        self._tries: dict[str, Callable[[World], None]] = {}

    def __call__(self, call: str) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
        """Notes the decorated function."""

        def note(function: Callable[[World], None]) -> Callable[[World], None]:
            if call in self._tries:
                raise ValueError(f"{call} is tried twice")
            self._tries[call] = function
            return function

        return note

    def names(self) -> set[str]:
        """The calls, without their variants."""
        return {each.partition(" (")[0] for each in self._tries}

    def run(self, world: World) -> Iterable[Check]:
        """Tries each in the order it was written down; whatever goes wrong is that check's detail."""
        for call, function in self._tries.items():
            yield Check(call, _detail(function, world))


def _detail(function: Callable[[World], None], world: World) -> str:
    try:
        function(world)
    except Exception as error:
        return str(error) if isinstance(error, Differs) else f"{type(error).__name__}: {error}"
    return ""
