"""Reviewers at their screens, and texts that wait for them."""

import pytest

from tests.admin.conftest import site, visitor
from tests.identity.test_proofs import as_owner
from tests.plugins.medical_review.quorums import bound, stage, workflow

__all__ = ["site", "visitor"]


@pytest.fixture
async def ana(newsroom):
    """A physician who writes."""
    return await newsroom.physician()


@pytest.fixture
async def review(newsroom, ana):
    """A review of a text of hers that waits."""
    return await newsroom.submit(await newsroom.article(ana), ana)


@pytest.fixture
async def review_of_two(newsroom, ana):
    """One that needs two reviewers."""
    await bound(newsroom, workflow(stage(people=2)))
    return await newsroom.submit(await newsroom.article(ana), ana)


@pytest.fixture
async def live(newsroom, ana):
    """An article that readers have."""
    return await newsroom.published(ana, await newsroom.reviewer())


@pytest.fixture
async def bruno(visitor):
    """A reviewer at her browser."""
    return await visitor("bruno.revisor", ["content_reviewer"])


@pytest.fixture
def half_an_hour_later(cms):
    """Every sign-in is half an hour old."""

    def pass_by() -> None:
        ago = "authenticated_at - interval '30 min'"
        as_owner(cms, f"update cms.sessions set authenticated_at = {ago}")

    return pass_by
