"""Fixtures for all tests."""

from tests.app_fixture import app, aws_account, handled
from tests.org_fixture import org, org_template

__all__ = ["app", "aws_account", "handled", "org", "org_template"]
