"""No screen costs more statements than this, and none of them more when the site holds more."""

import re

from cms.app import build_routes
from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.queries import counted

CEILING = 25
"""Of a screen that names nothing in its address. Those of one thing have budgets of their own."""


def screens(cms: Clinic) -> list[str]:
    """The addresses of all pages that need no id."""
    return sorted(
        route.path
        for route in build_routes(cms.host).routes
        if re.fullmatch(r"/admin[^{]*", route.path)
        and any("GET" in handler.http_methods for handler in route.route_handlers)
    )


async def test_every_screen_stays_below_the_ceiling(cms: Clinic, visitor: Visiting) -> None:
    eva = await cms.person("eva", ["administrator"])
    page = await visitor("marina", sorted(cms.host.registry.roles))
    for number in range(5):
        await cms.draft(eva, title=f"Nota {number}", status="publish")
        await eva.post("/wp-json/wp/v2/categories", {"name": f"Tema {number}"})
    spent = {}
    for path in screens(cms):
        await page.get(path)
        with counted(cms.host) as sent:
            seen = await page.get(path)
        # Some want a choice first, or something that a young site has not got.
        assert seen.status < 500, (path, seen.status, seen.words[:500])
        spent[path] = len(sent)
    assert len(spent) > 40
    assert {path: count for path, count in spent.items() if count > CEILING} == {}
