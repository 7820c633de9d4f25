"""Fixtures for all tests."""

import gc

from tests.app_fixture import app, aws_account, handled
from tests.org_fixture import org, org_template

__all__ = ["app", "aws_account", "handled", "org", "org_template"]


def pytest_collection_finish():
    """Thousands of tests and all that they import stay to the end: no collection need look through them."""
    gc.collect()
    gc.freeze()
