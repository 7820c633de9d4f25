"""A parsed formula as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Literal:
    """Text, a number, true, false or null."""

    value: str | float | bool | None


@dataclass(frozen=True)
class Reference:
    """A field, a global or a flow's variable: `Pool__r.Private__c`, `$User.Id`, `{!Full_Name}`."""

    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True)
class Call:
    """A function; `name` is in upper case."""

    name: str
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True)
class Unary:
    operator: str
    operand: "Node"


@dataclass(frozen=True)
class Binary:
    """`operator` is one of + - * / ^ & = <> < <= > >= && ||."""

    operator: str
    left: "Node"
    right: "Node"


Node = Literal | Reference | Call | Unary | Binary
