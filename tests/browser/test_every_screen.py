"""What holds for every screen that the menu reaches: a new one is walked to by itself."""

import pytest

from cms.demo import DemoSite
from tests.browser.walking import NARROW, USUAL, WIDE, Walk
from tests.support.chromium import Site
from tests.support.clinic import Clinic, Person

THEMES = ("light", "dark")


async def everybody(cms: Clinic) -> Person:
    """Somebody with every role there is, who therefore sees every line of the menu."""
    return await cms.person("iris", list(cms.host.registry.roles))


async def test_every_screen_is_accessible_and_fits_a_phone(
    site: Site, cms: Clinic, demo: DemoSite
) -> None:
    """Every line of the menu, an article and a review; screens take turns with the themes.
    `make test-browser` goes further, with each screen in both."""
    walk = Walk(await site.page(await everybody(cms)))
    async for address in walk.screens("/admin/posts/1", "/admin/reviews/1"):
        await walk.is_accessible(address, THEMES[len(walk.seen) % 2])
        await walk.fits(NARROW, address)
    assert not walk.faults, "\n".join(walk.faults)
    assert len(walk.seen) > 30


@pytest.mark.browser_matrix
@pytest.mark.parametrize("language", ["pt-BR", "en"])
async def test_every_screen_in_each_theme_language_and_width(
    site: Site, cms: Clinic, demo: DemoSite, language: str
) -> None:
    walk = Walk(await site.page(await everybody(cms), language=language), is_deep=True)
    async for address in walk.screens():
        for theme in THEMES:
            await walk.is_accessible(address, theme)
        for size in (NARROW, WIDE):
            await walk.fits(size, address)
        for size in (NARROW, USUAL):
            await walk.fits_with_long_words(size, address)
    assert not walk.faults, "\n".join(walk.faults)
