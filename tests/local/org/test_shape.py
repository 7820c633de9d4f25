"""What the org is made of is replaced between requests, never under one."""

import threading

import pytest

from integration.local.org.automation import Automation
from integration.local.org.catalog import build
from integration.local.org.shape import Shape
from integration.metadata.schema import Schema


@pytest.fixture
def shape():
    catalog = build(Schema())
    return Shape(catalog, Automation(catalog))


def replacing(shape, done):
    def work():
        with shape.alone():
            shape.replace(shape.catalog, shape.automation)
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_replacement_waits_for_who_holds(shape):
    done = threading.Event()
    with shape.held(), shape.held():
        thread = replacing(shape, done)
        assert not done.wait(0.05)
    assert done.wait(5)
    thread.join()


def test_newcomers_wait_for_a_waiting_replacement(shape):
    done, entered = threading.Event(), threading.Event()

    def newcomer():
        with shape.held():
            assert done.is_set()
            entered.set()

    with shape.held():
        threads = [replacing(shape, done)]
        while not shape.is_awaited:
            pass
        threads.append(threading.Thread(target=newcomer))
        threads[1].start()
        assert not entered.wait(0.05)
    assert entered.wait(5)
    for thread in threads:
        thread.join()


def test_holder_that_wants_to_be_alone_is_told(shape):
    with shape.held(), pytest.raises(RuntimeError, match="wait for itself"), shape.alone():
        pass


def test_who_is_alone_may_hold(shape):
    with shape.alone(), shape.held():
        shape.replace(shape.catalog, shape.automation)
