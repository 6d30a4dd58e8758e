"""Options pages: /options-pages. There are those that location rules of field groups name."""

from typing import Any

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from cms.api.fields import FieldsIn, FieldsOut, Thing, shown_thing, write_thing
from cms.api.routing import get, patch, put
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.fields.drafts import fields_of_site
from cms.fields.kinds import OPTION, Kind
from cms.fields.own_form import options_page, options_pages, readable
from cms.fields.subject_values import Owner
from cms.fields.subjects import of_page

Asked = Request[Any, Any, Any]


class PageOut(msgspec.Struct, frozen=True):
    """An options page, and the keys of the groups that you get there."""

    slug: str
    groups: list[str]


@get("/options-pages", action="options_page.read", resource="options_page")
async def list_pages(work: UnitOfWork) -> list[PageOut]:
    """The pages of which you may read something: all for those who manage the site, for others
    those with a group that REST shows."""
    found = []
    for slug in options_pages(fields_of_site(work)):
        groups = _groups(work, Kind(OPTION, slug))
        if groups:
            found.append(PageOut(slug, groups))
    return found


def _groups(work: UnitOfWork, kind: Kind) -> list[str]:
    plan = readable(work, kind, of_page(work, kind.name, {}))
    return list(dict.fromkeys(group.key for _, group in plan.fields.values()))


def _page(work: UnitOfWork, slug: str) -> Thing:
    kind = options_page(work, slug)
    return Thing(
        kind,
        Owner(OPTION, 0, slug),
        "options_page.edit",
        lambda kept: of_page(work, slug, kept.values),
    )


@get("/options-pages/{slug:str}", action="options_page.read", resource="options_page")
async def read_page(request: Asked, work: UnitOfWork, slug: str) -> FieldsOut:
    """The values of a page: for readers those of groups that REST shows."""
    thing = _page(work, slug)
    if not _groups(work, thing.kind):
        raise NotFound("options page", slug)
    return await shown_thing(request, work, thing)


@put("/options-pages/{slug:str}", action="options_page.edit", resource="options_page")
async def replace_page(request: Asked, work: UnitOfWork, slug: str, data: FieldsIn) -> FieldsOut:
    """All values of a page. What is left out has none afterwards."""
    return await write_thing(request, work, _page(work, slug), data, is_whole=True)


@patch("/options-pages/{slug:str}", action="options_page.edit", resource="options_page")
async def change_page(request: Asked, work: UnitOfWork, slug: str, data: FieldsIn) -> FieldsOut:
    """Some values of a page; the others stay."""
    return await write_thing(request, work, _page(work, slug), data, is_whole=False)


OPTIONS_PAGE_ROUTES: list[HTTPRouteHandler] = [list_pages, read_page, replace_page, change_page]
