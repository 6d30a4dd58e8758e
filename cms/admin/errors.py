"""Errors below /admin: a page that says what is wrong and what to do next."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response

from cms.admin.page import NONCE, Page, signing_in
from cms.admin.panels import place_of
from cms.admin.translating import N_
from cms.api.own_paths import own_path
from cms.errors import (
    CmsError,
    Forbidden,
    InvalidInput,
    NonceRefused,
    NotFound,
    StepUpRequired,
    TransitionRefused,
    Unauthenticated,
)

Asked = Request[Any, Any, Any]

_TITLES: tuple[tuple[type[CmsError], str], ...] = (
    (NotFound, N_("There is no such page")),
    (Forbidden, N_("You may not do this")),
    (TransitionRefused, N_("Something still stands in the way")),
    (InvalidInput, N_("Some values cannot be used")),
)
_TITLE = N_("This did not work")


def answer_page(request: Asked, error: CmsError) -> Response[bytes] | None:
    """The error as a page. None where there is no page yet: the site itself is not known."""
    page: Page | None = request.state.get("page")
    if page is None:
        return None
    path = _asked(request)
    is_gone = page.work.actor.is_anonymous and isinstance(error, (Unauthenticated, Forbidden))
    if (is_gone or isinstance(error, NonceRefused)) and _sent(page):
        return _again(page, path)
    if is_gone:
        return page.redirect(signing_in(path))
    if isinstance(error, StepUpRequired):
        return _step_up(page, error, path)
    return page.render("frame/error.html", status=error.status, **_facts(page, error))


def _facts(page: Page, error: CmsError) -> dict[str, Any]:
    title = next((title for kind, title in _TITLES if isinstance(error, kind)), _TITLE)
    objections = error.objections if isinstance(error, TransitionRefused) else ()
    faults = error.faults if isinstance(error, InvalidInput) else {}
    is_listed = bool(objections or faults)
    return {
        "title": page.words.gettext(title),
        "message": "" if is_listed else page.words.told(error.message),
        "objections": objections,
        "faults": faults,
        "reasons": error.facts.get("reasons", ()),
        "why": _why(page, error),
        "back": _back(page.request),
        "request_id": page.work.request.request_id if error.status >= 500 else "",
    }


def _why(page: Page, error: CmsError) -> str:
    """The screen that explains this refusal to who met it; empty where there is none."""
    if page.reader.id is None or not isinstance(error, Forbidden):
        return ""
    return place_of(page.work.registry, "refusal", error.action) or ""


def _again(page: Page, path: str) -> Response[bytes]:
    """The session is gone, or another one than the form was drawn in: what was typed is kept on the
    page. One signs in beside it, and sends it again from here."""
    is_gone = page.work.actor.is_anonymous
    facts = {
        "again": path,
        "sent": _sent(page),
        "is_gone": is_gone,
        "sign_in": signing_in("/admin"),
    }
    return page.render("frame/again.html", status=401 if is_gone else 403, **facts)


def _sent(page: Page) -> list[tuple[str, str]]:
    return [pair for pair in page.form.pairs() if pair[0] != NONCE]


def _step_up(page: Page, error: StepUpRequired, path: str) -> Response[bytes]:
    """Ask for the password again, and go on with what was sent."""
    is_form = page.request.method == "POST"
    facts = {
        "again": path,
        "is_form": is_form,
        "sent": _sent(page),
        "faults": {},
        "obligations": error.obligations,
    }
    return page.render("identity/step_up.html", status=401, **facts)


def _asked(request: Asked) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}{'?' if query else ''}{query}"


def _back(request: Asked) -> str:
    """The page that the reader came from, if it is one of this site."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host", ""):
        return "/admin"
    return own_path(f"{came.path}{'?' if came.query else ''}{came.query}")
