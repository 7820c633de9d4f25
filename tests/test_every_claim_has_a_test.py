"""Each security claim S1–S28 and each bad input B1–B44 that is promised has a test with its number in its name.

`test_S9_B37_…` stands for both. What the claims say in full is told in docs/security.md.
"""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLAIMS = {
    "S1": "templates read nothing but the words that are meant for them, and end",
    "S2": "no text of candidates, vendors or files becomes markup or script",
    "S3": "no value or name changes the query that was meant",
    "S4": "ids are checked before they stand in an address",
    "S5": "no forged notification is believed",
    "S6": "a subscription is confirmed with SNS itself and for our own topic only",
    "S7": "no address inside a private network is asked, in whatever spelling",
    "S8": "uploads are never run nor shown, and lie under random names",
    "S9": "a token opens its own door for its own person only",
    "S10": "no cell of an export runs as a formula",
    "S11": "no link is made from a header",
    "S12": "no address of ours leads wherever a visitor says",
    "S13": "nobody is bombed with mail by forms",
    "S14": "double opt-in is asked for and given by a POST",
    "S15": "nothing adds a header or a recipient",
    "S16": "tokens: every changed bit is noticed, keys rotate",
    "S17": "no secret and no personal data in logs, faults and dead letters",
    "S18": "secrets come from where secrets lie",
    "S19": "token pages are private, nothing sets a cookie",
    "S20": "forms of other sites are refused, but for one-click unsubscribing",
    "S21": "a role may do what it needs",
    "S22": "an event cannot run code",
    "S23": "seats see and change objects of ours only",
    "S24": "what is stored is encrypted, recoverable and watched",
    "S25": "no package is older than its last hole",
    "S26": "a webhook is taken as it was signed, now, and once",
    "S27": "an erasure erases, and holds",
    "S28": "limits of rate stand against spoofed addresses",
}
EXCEPTIONS: dict[str, str] = {}
"""Number -> why the product does not claim it."""


@cache
def numbers():
    """Number -> names of its tests."""
    found: dict[str, list[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for name, marks in re.findall(r"^def (test_((?:[SsBb]\d+_)+)\w+)\(", path.read_text(), re.MULTILINE):
            for number in marks.upper().split("_")[:-1]:
                found.setdefault(number, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


@pytest.mark.parametrize("number", [*CLAIMS, *(f"B{number}" for number in range(1, 45))])
def test_every_claim_and_bad_input_has_a_test_of_its_number(number):
    assert (number in numbers()) != (number in EXCEPTIONS)


def test_no_test_has_a_number_that_is_no_claim():
    known = {*CLAIMS, *(f"B{number}" for number in range(1, 45))}
    assert {number: names for number, names in numbers().items() if number not in known} == {}


def test_what_protects_is_told_under_every_number():
    """docs/security.md names each claim."""
    told = (TESTS.parent / "docs/security.md").read_text()
    assert [number for number in CLAIMS if not re.search(rf"\b{number}\b", told)] == []
