"""The demo clinic, in which something of everything has happened, before a browser."""

from collections.abc import AsyncIterator

import pytest

from cms.demo import DemoSite
from cms.kernel.plugin import load_demo
from tests.support import trail
from tests.support.chromium import Site, browsing
from tests.support.clinic import Clinic


@pytest.fixture
async def site(cms: Clinic) -> AsyncIterator[Site]:
    """The clinic's site with a real browser before it."""
    async with browsing(cms) as opened:
        yield opened


@pytest.fixture
async def demo(cms: Clinic) -> DemoSite:
    """What `cms demo` shows: an article in each state, reviewers, an officer, a sealed trail."""
    made = DemoSite(cms.host, cms.tenant)
    for plugin in cms.host.registry.plugins:
        if step := load_demo(plugin):
            await step(made)
    await trail.seal(cms)
    return made
