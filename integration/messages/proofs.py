"""One page that shows a mail to several people, in a wide and a narrow window, with every branch of its conditions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import product

from integration.messages.slots import OF_CANDIDATE, PERSONA
from integration.model.message import Block, Message

MOST_BRANCHES = 16
_CONDITION = re.compile(r"{%[-+]?\s*(?:el)?if\b(.*?)%}", re.DOTALL)
_FULL = {"first_name": "Wolfeschlegelsteinhausenbergerdorff", "last_name": "Bjørnsdóttir-O'Keeffe de la Vallée-Poussin"}
_RIGHT_TO_LEFT = {"first_name": "ليلى", "last_name": "الخوري", "city": "بيروت", "title": "مهندسة", "employer": "شركة"}
WIDE, NARROW = 640, 360


def personas() -> Mapping[str, Mapping[str, str]]:
    """Whom a mail is shown to when nobody is named; the first is the one that stands for all."""
    return {
        "With all there is": PERSONA,
        "With nothing": dict.fromkeys(OF_CANDIDATE, ""),
        "With the longest": {name: f"{value} " * 8 for name, value in PERSONA.items()} | _FULL,
        "Written from right to left": {**PERSONA, **_RIGHT_TO_LEFT},
    }


def branches(message: Message) -> Iterator[tuple[str, Mapping[str, str]]]:
    """People made so that every condition on a word holds for one and not for another, up to a cap."""
    pieces = (*message.subject, *message.text, *message.html)
    conditions = " ".join(
        found for piece in pieces if isinstance(piece, Block) for found in _CONDITION.findall(piece.source)
    )
    asked = sorted(set(re.findall(r"[a-z_]+", conditions)) & set(OF_CANDIDATE))
    for number, given in enumerate(product((True, False), repeat=len(asked))):
        if number == MOST_BRANCHES or not asked:
            return
        missing = [name for name, is_given in zip(asked, given, strict=True) if not is_given]
        title = f"Without {', '.join(missing)}" if missing else f"With {', '.join(asked)}"
        yield title, {**PERSONA, **dict.fromkeys(missing, "")}


@dataclass(frozen=True)
class Proof:
    """One mail as a person would get it."""

    to: str
    subject: str
    html: str
    text: str


def as_page(proofs: list[Proof]) -> str:
    """All mails on one page. Frames are sealed: nothing of a mail runs, and nothing of it reaches the page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
        f"<body>{''.join(_shown(proof) for proof in proofs)}</body></html>"
    )


def _shown(proof: Proof) -> str:
    frames = "".join(
        f'<iframe sandbox="" title="{width} pixels wide" width="{width}" height="700" '
        f'srcdoc="{escape(proof.html)}"></iframe> '
        for width in (WIDE, NARROW)
    )
    head = f"<h2>{escape(proof.to)}</h2><p>Subject: <b dir='auto'>{escape(proof.subject)}</b></p>"
    return f"<section>{head}{frames}<pre>{escape(proof.text)}</pre></section>"
