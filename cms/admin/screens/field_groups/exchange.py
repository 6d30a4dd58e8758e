"""Groups, types and taxonomies from files of Advanced Custom Fields, and groups back into one."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.field_groups.groups import listed
from cms.admin.screens.field_groups.keeping import HOME, OF, SAVE
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, SetupError
from cms.fields import exchanging

_LARGEST = 8_000_000


@form(f"{HOME}/import", action=SAVE, resource=OF)
async def import_groups(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Bring in what a file holds, and tell what became of each thing in it."""
    try:
        found = exchanging.read_text(await _text(page), "file")
    except (InvalidInput, SetupError) as refused:
        fault = refused.faults["file"] if isinstance(refused, InvalidInput) else refused.message
        return await listed(work, page, {"file": fault})
    lines = await exchanging.bring(work, found)
    work.afterwards(page.request.app.state.host.tenants.forget)
    page.here = HOME
    return page.render("field_groups/imported.html", lines=lines)


async def _text(page: Page) -> str:
    files = page.form.files("file")
    if not files:
        raise InvalidInput({"file": "choose a .json file"})
    content = await files[0].read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InvalidInput({"file": f"is larger than {_LARGEST} bytes; bring in fewer groups"})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InvalidInput({"file": "must be JSON in UTF-8"}) from wrong


@screen(f"{HOME}/export", action="field_group.list", resource=OF)
async def export_groups(
    work: UnitOfWork, page: Page, key: list[str] | None = None
) -> Response[bytes]:
    """A file with the groups of the site, or with those that were ticked, to the letter."""
    kept = await exchanging.kept_of_site(work, key or ())
    name = kept[0].key if len(kept) == 1 else "field-groups"
    answer = Response(
        exchanging.as_file(kept).encode(), media_type="application/json; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


EXCHANGE_SCREENS: list[Any] = [import_groups, export_groups]
