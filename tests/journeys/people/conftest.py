"""The clinic's site before a real browser, and the newsroom that works in it."""

from tests.admin.conftest import site
from tests.plugins.medical_review.conftest import newsroom

__all__ = ["newsroom", "site"]
