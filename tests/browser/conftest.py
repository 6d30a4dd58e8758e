"""The demo clinic, in which something of everything has happened, before a browser."""

from collections.abc import AsyncIterator

import pytest

from cms.demo import DemoSite
from tests.support.chromium import Site, browsing
from tests.support.clinic import Clinic
from tests.support.demo import demo_site


@pytest.fixture
async def site(cms: Clinic) -> AsyncIterator[Site]:
    """The clinic's site with a real browser before it."""
    async with browsing(cms) as opened:
        yield opened


@pytest.fixture
async def demo(cms: Clinic) -> DemoSite:
    return await demo_site(cms)
