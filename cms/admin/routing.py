"""Screens and the forms on them: routes below /admin that say what they do, like all others.

A handler gets `work`, as in `cms.api.routing`, and `page`, which knows the reader's language, draws
templates and holds what a form sent. A screen changes nothing; a form is believed only with the
nonce of the session that it was drawn in.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from cms.admin.page import Page
from cms.api.routing import Decorator, get, post

Handler = Callable[..., Awaitable[Any]]


def screen(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """A page, read by GET, by somebody who has signed in."""
    return _opened(get(path, **_declared(action, resource, options)), Page.open)


def open_screen(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """A page that strangers see too, such as the one for signing in."""
    return _opened(get(path, **_declared(action, resource, options)), Page.open_to_all)


def form(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """What a form on a page sends, by POST. It answers with a redirect, or with the form again."""
    declared = {"status_code": 200, **_declared(action, resource, options)}
    return _opened(post(path, **declared), Page.open_form)


def open_form(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """A form for somebody who has no session yet. It must come from a page of this site."""
    declared = {"status_code": 200, **_declared(action, resource, options)}
    return _opened(post(path, **declared), Page.open_strangers_form)


def _declared(action: str, resource: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"action": action, "resource": resource, "include_in_schema": False, **options}


def _opened(declare: Decorator, opening: Callable[[Page], Awaitable[None]]) -> Decorator:
    """The page is opened inside the unit of work, before the handler runs."""

    def decorate(fn: Handler) -> Any:
        @wraps(fn)
        async def with_page(**values: Any) -> Any:
            await opening(values["page"])
            return await fn(**values)

        return declare(with_page)

    return decorate
