"""Redirects: where addresses lead that nothing stands at any more."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.queries import with_query
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.site import redirect_csv, redirects
from cms.site.resolving import Found, resolve

_A_PAGE, _LARGEST_FILE = 50, 2_000_000
_PATH, _OF = "/admin/redirects", "redirect"
_ONE = f"{_PATH}/{{redirect_id:int}}"


@screen(_PATH, action="redirect.list", resource=_OF)
async def list_redirects(
    work: UnitOfWork, page: Page, search: str = "", after: str = "", address: str = ""
) -> Response[bytes]:
    """Redirects by source; with `address`, where that one leads."""
    end = await _tested(work, address) if address else None
    return await _listed(work, page, {}, search=search, after=after, address=address, end=end)


async def _tested(work: UnitOfWork, address: str) -> Found:
    redirects.require_manager(work, "redirect.list")
    path, _, query = address.partition("?")
    return await resolve(work, path if path.startswith("/") else f"/{path}", query)


async def _listed(
    work: UnitOfWork,
    page: Page,
    faults: dict[str, str],
    *,
    search: str = "",
    after: str = "",
    address: str = "",
    end: Found | None = None,
) -> Response[bytes]:
    found, total = await redirects.listing(work, search=search, after=after, limit=_A_PAGE + 1)
    shown = found[:_A_PAGE]
    last = shown[-1][0].source if found[_A_PAGE:] else ""
    return page.render(
        "redirects/list.html",
        status=422 if faults else 200,
        redirects=shown,
        total=total,
        search=search,
        address=address,
        end=end,
        faults=faults,
        first=with_query(_PATH, search=search) if after else "",
        next=with_query(_PATH, search=search, after=last) if last else "",
    )


@form(_PATH, action="redirect.create", resource=_OF)
async def add_redirect(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A new redirect."""
    sent = page.form
    try:
        await redirects.save(
            work,
            source=sent.text("source"),
            target=sent.text("target"),
            status=sent.number("status") or 301,
        )
    except InvalidInput as refused:
        return await _listed(work, page, refused.faults)
    except Conflict as refused:
        return await _listed(work, page, {"source": refused.message})
    return page.redirect(_PATH, page.say("The redirect is there."))


@screen(_ONE, action="redirect.read", resource=_OF)
async def show_redirect(work: UnitOfWork, page: Page, redirect_id: int) -> Response[bytes]:
    """One redirect, to be changed."""
    return await _one(work, page, redirect_id, {})


async def _one(
    work: UnitOfWork, page: Page, redirect_id: int, faults: dict[str, str]
) -> Response[bytes]:
    found = await redirects.get(work, redirect_id)
    between = (await redirects.chain(work, found.source, found.target))[:-1]
    return page.render(
        "redirects/one.html",
        status=422 if faults else 200,
        redirect=found,
        between=between,
        faults=faults,
    )


@form(_ONE, action="redirect.edit", resource=_OF)
async def change_redirect(work: UnitOfWork, page: Page, redirect_id: int) -> Response[bytes]:
    """Change it; an automatic one becomes yours by it."""
    sent = page.form
    try:
        await redirects.save(
            work,
            source=sent.text("source"),
            target=sent.text("target"),
            status=sent.number("status") or 301,
            redirect_id=redirect_id,
        )
    except InvalidInput as refused:
        return await _one(work, page, redirect_id, refused.faults)
    except Conflict as refused:
        return await _one(work, page, redirect_id, {"source": refused.message})
    return page.redirect(_PATH, page.say("The redirect is saved."))


@form(f"{_ONE}/remove", action="redirect.delete", resource=_OF)
async def remove_redirect(work: UnitOfWork, page: Page, redirect_id: int) -> Response[bytes]:
    """Let the address lead nowhere."""
    await redirects.remove(work, redirect_id)
    return page.redirect(_PATH, page.say("The redirect is gone."))


@form(f"{_PATH}/import", action="redirect.import", resource=_OF)
async def import_redirects(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Redirects from a CSV file: all rows, or none and every fault by its line."""
    redirects.require_manager(work, "redirect.import")
    try:
        count = await redirect_csv.read_in(work, await _text_of_file(page))
    except InvalidInput as refused:
        return await _listed(work, page, refused.faults)
    return page.redirect(_PATH, page.say("%(count)s redirects are imported.", count=count))


async def _text_of_file(page: Page) -> str:
    files = page.form.files("file")
    if not files:
        raise InvalidInput({"file": "choose a CSV file first"})
    body = await files[0].read(_LARGEST_FILE + 1)
    if len(body) > _LARGEST_FILE:
        raise InvalidInput({"file": "is larger than 2 MB; bring it in parts"})
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput({"file": "must be a CSV file in UTF-8"}) from error


REDIRECT_SCREENS: list[Any] = [
    list_redirects,
    add_redirect,
    show_redirect,
    change_redirect,
    remove_redirect,
    import_redirects,
]
