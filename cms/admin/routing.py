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
    """A page, read by GET."""
    return _opened(get, path, Page.open, action, resource, options)


def form(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """What a form on a page sends, by POST. It answers with a redirect, or with the form again."""
    options.setdefault("status_code", 200)
    return _opened(post, path, Page.open_form, action, resource, options)


def open_form(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    """A form for somebody who has no session yet. It must come from a page of this site."""
    options.setdefault("status_code", 200)
    return _opened(post, path, Page.open_strangers_form, action, resource, options)


def _opened(
    method: Callable[..., Decorator],
    path: str,
    opening: Callable[[Page], Awaitable[None]],
    action: str,
    resource: str,
    options: dict[str, Any],
) -> Decorator:
    def decorate(fn: Handler) -> Any:
        @wraps(fn)
        async def with_page(**values: Any) -> Any:
            await opening(values["page"])
            return await fn(**values)

        declared = method(
            path, action=action, resource=resource, include_in_schema=False, **options
        )
        return declared(with_page)

    return decorate
