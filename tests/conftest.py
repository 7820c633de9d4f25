"""Fixtures for all tests."""

from tests.app_fixture import app, aws_account
from tests.org_fixture import org, org_template

__all__ = ["app", "aws_account", "org", "org_template"]
