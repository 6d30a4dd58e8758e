"""WordPress's own addresses for browsers: /wp-login.php, /wp-admin/ and the nonce of a session.

Programs that know WordPress sign in here and get our cookie; people are led to the screens.
"""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from cms.api.entering import given_nonce
from cms.api.own_paths import HOME, own_path
from cms.api.routing import get, open_get, post
from cms.database.work import UnitOfWork
from cms.errors import NonceRefused
from cms.identity.secrets import SecretKey
from cms.identity.session_cookies import set_pending_cookie
from cms.identity.sessions import (
    clear_cookie,
    end_session,
    is_nonce,
    nonce_for,
    set_cookie,
)
from cms.identity.signing_in import AwaitedCode, sign_in_browser
from cms.kernel.actors import Method

SIGN_IN = "/admin/sign-in"
_BACK = "/wp-admin"
_MOST_BYTES = 16_000

Asked = Request[Any, Any, Any]


@get("/wp-login.php", action="auth.sign_in", resource="session", include_in_schema=False)
async def show_sign_in(request: Asked, work: UnitOfWork, secret: SecretKey) -> Redirect:
    """To the screen for signing in; with `action=logout` and the nonce, out of the session."""
    asked = request.query_params
    if asked.get("action") != "logout":
        return Redirect(_sign_in(_wanted(request, asked.get("redirect_to"))), status_code=302)
    session = session_id(work)
    if session is not None:
        if not is_nonce(secret, session, given_nonce(request) or "", work.now):
            raise NonceRefused
        await end_session(work)
    answer = Redirect(f"{SIGN_IN}?out=1", status_code=302)
    clear_cookie(answer)
    return answer


@post("/wp-login.php", action="auth.sign_in", resource="session", include_in_schema=False)
async def sign_in_as_wordpress(request: Asked, work: UnitOfWork, secret: SecretKey) -> Redirect:
    """Signs in by the form fields `log`, `pwd` and `rememberme`; on to `redirect_to`."""
    refuse_foreign_form(request)
    form = await _form(request)
    wanted = _wanted(request, form.get("redirect_to"))
    opened = await sign_in_browser(
        work,
        secret,
        form.get("log", "")[:320],
        form.get("pwd", "")[:1000],
        is_remembered="rememberme" in form,
    )
    if opened is None:
        return Redirect(_sign_in(wanted, refused="1"), status_code=302)
    if isinstance(opened, AwaitedCode):
        answer = Redirect(_sign_in(wanted), status_code=302)
        set_pending_cookie(answer, opened.secret)
        return answer
    answer = Redirect(wanted, status_code=302)
    set_cookie(answer, opened, request)
    return answer


@get("/wp-admin/admin-ajax.php", action="auth.sign_in", resource="session", include_in_schema=False)
async def tell_nonce(request: Asked, work: UnitOfWork, secret: SecretKey) -> Response[str]:
    """`action=rest-nonce`: the nonce of the session as text. Whoever has no session, or asks for
    something else, gets 0 with 400, as from WordPress."""
    session = session_id(work)
    if request.query_params.get("action") != "rest-nonce" or session is None:
        return Response("0", status_code=400, media_type="text/html", headers=_UNKEPT)
    nonce = nonce_for(secret, session, work.now)
    return Response(nonce, media_type="text/html", headers=_UNKEPT)


_UNKEPT = {"Cache-Control": "no-cache, must-revalidate, max-age=0, no-store, private"}


@open_get(
    ["/wp-admin", "/wp-admin/{path:path}"],
    because="It leads to the screens, which are the same for every site.",
    include_in_schema=False,
)
async def lead_to_screens() -> Redirect:
    return Redirect(HOME, status_code=302)


def session_id(work: UnitOfWork) -> str | None:
    """The session that this request came with."""
    proof = work.actor.authentication
    return proof.credential if proof.method is Method.SESSION else None


def refuse_foreign_form(request: Asked) -> None:
    """A page of another site may not sign a browser in, into an account of its choice. NonceRefused
    for one that the browser says it comes from (Fetch Metadata; RFC 6454 §7)."""
    fetched = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not is_own or fetched not in {"same-origin", "none"}:
        raise NonceRefused


async def _form(request: Asked) -> dict[str, str]:
    body = (await request.body())[:_MOST_BYTES]
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[-1] for name, values in fields.items()}


def _wanted(request: Asked, redirect_to: str | None) -> str:
    path = own_path(redirect_to, str(request.base_url))
    return HOME if path.startswith(_BACK) else path


def _sign_in(wanted: str, **more: str) -> str:
    asked = {**more, **({} if wanted == HOME else {"next": wanted})}
    return f"{SIGN_IN}?{urlencode(asked)}" if asked else SIGN_IN


COOKIE_DOORS: list[HTTPRouteHandler] = [
    show_sign_in,
    sign_in_as_wordpress,
    tell_nonce,
    lead_to_screens,
]
