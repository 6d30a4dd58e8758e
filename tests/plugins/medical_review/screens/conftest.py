"""Reviewers at their screens."""

from tests.admin.conftest import site, visitor

__all__ = ["site", "visitor"]
