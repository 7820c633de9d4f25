"""What a gate of calls makes of an answer, a difference and a surprise."""

import pytest

from integration.local.fidelity._calls import Calls, Differs, holds, refused, same


def outcome(function):
    calls = Calls()
    calls("Client.method (a variant)")(function)
    assert calls.names() == {"Client.method"}
    (check,) = calls.run("world")
    assert check.id == "Client.method (a variant)"
    return check.detail


def test_call_that_returns_has_passed():
    assert outcome(lambda world: same(world, "world")) == ""


def test_difference_tells_both():
    assert outcome(lambda world: same(1, 2, "number")) == "number: 1 instead of 2"
    assert outcome(lambda world: holds([], "there is none")) == "there is none"


def test_surprise_names_the_exception():
    assert outcome(lambda world: {}["x"]) == "KeyError: 'x'"


def test_refusal_must_be_of_that_very_kind():
    assert isinstance(refused(KeyError, lambda: {}["x"]), KeyError)
    for call in (lambda: {}["x"], lambda: 1):
        with pytest.raises(Differs):
            refused(LookupError, call)


def test_call_is_not_tried_twice():
    calls = Calls()
    calls("Client.method")(print)
    with pytest.raises(ValueError, match="tried twice"):
        calls("Client.method")(print)
