"""The demo clinic, in which something of everything has happened."""

from cms.demo import DemoSite
from cms.kernel.plugin import load_demo
from tests.support import trail
from tests.support.clinic import Clinic


async def demo_site(cms: Clinic) -> DemoSite:
    """What `cms demo` shows: an article in each state, reviewers, an officer, a sealed trail."""
    made = DemoSite(cms.host, cms.tenant)
    for plugin in cms.host.registry.plugins:
        if step := load_demo(plugin):
            await step(made)
    await trail.seal(cms)
    return made
