"""Fixtures for all tests."""

from tests.app_fixture import app, aws_account

__all__ = ["app", "aws_account"]
