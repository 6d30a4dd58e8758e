"""People at the web application: by HTTP as `visitor`, by a browser as `site`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.support.chromium import Site, browsing
from tests.support.clinic import Clinic, Person
from tests.support.visiting import Visitor

Visiting = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def visitor(cms: Clinic) -> AsyncIterator[Visiting]:
    """`await visitor("ana", roles=["author"], language="pt")`; without a login a stranger."""
    opened: list[Visitor] = []

    async def come(login: str = "", roles: Any = ("author",), language: str = "en") -> Visitor:
        person: Person | None = await cms.person(login, roles) if login else None
        opened.append(await Visitor.of(cms, person, language))
        return opened[-1]

    yield come
    for one in opened:
        await one.http.aclose()


@pytest.fixture
async def site(cms: Clinic) -> AsyncIterator[Site]:
    """The clinic's site with a real browser before it."""
    async with browsing(cms) as opened:
        yield opened
