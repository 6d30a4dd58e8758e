"""How a request enters: where it comes from, which tenant it is for, and who sends it.

A header with a proof says who sends it, wherever it goes. The cookie of a session does so by itself
on the screens of the application alone; the APIs, which any page of the web can address, ask for
the nonce besides, as WordPress does.
"""

import ipaddress
from typing import Any

from litestar import Request

from cms.api.routing import decided, entrance
from cms.database.work import Entrance, UnitOfWork
from cms.errors import InvalidInput, NonceRefused
from cms.host import Host
from cms.identity.secrets import SecretKey
from cms.identity.sessions import actor_of_session, is_nonce, nonce_for, secret_in
from cms.kernel.actors import Actor, RequestFacts
from cms.kernel.lawfulness import PurposeOfUse

Asked = Request[Any, Any, Any]

SCREENS = "admin"
# Also WordPress's own addresses, which lead to them.
_SCREENS = ("/admin", "/wp-admin", "/wp-login.php")
# Pictures of texts that nobody else sees yet stand on the screens; reading them changes nothing.
_FILES = "/wp-content/uploads/"


async def provide_work(request: Asked) -> UnitOfWork:
    """The unit of work of the request: its tenant is found here, its actor at the entrance."""
    host: Host = request.app.state.host
    facts = request_facts(request, host)
    tenant = await host.tenants.by_host(facts.host)
    work = host.shop.work(tenant, request=facts, entrance=_entrance(request, host, facts.channel))
    request.state.work = work
    return work


async def provide_secret(request: Asked) -> SecretKey:
    host: Host = request.app.state.host
    return host.secret


def _entrance(request: Asked, host: Host, channel: str) -> Entrance:
    handler: Any = request.route_handler
    authorization = request.headers.get("authorization")
    by_header = entrance(host.secret, authorization, handler)
    nonce = given_nonce(request)
    if authorization is not None:
        return by_header if nonce is None else _refusing_nobody(by_header)
    secret = secret_in(request.cookies)
    if channel == SCREENS or request.scope["path"].startswith(_FILES):
        return by_header if secret is None else decided(_by_cookie(host, secret), handler)
    if nonce is None:
        return by_header
    return decided(_by_cookie_and_nonce(request, host, secret, nonce), handler)


def given_nonce(request: Asked) -> str | None:
    """The nonce that a request came with, in the places where WordPress looks for it."""
    return request.headers.get("x-wp-nonce", request.query_params.get("_wpnonce"))


def _refusing_nobody(enter: Entrance) -> Entrance:
    """Whoever sends a nonce takes herself for signed in; if no proof says so, she is told."""

    async def refuse(work: UnitOfWork) -> None:
        await enter(work)
        if work.actor.is_anonymous:
            raise NonceRefused

    return refuse


def _by_cookie(host: Host, secret: str) -> Entrance:
    async def enter(work: UnitOfWork) -> None:
        found = await actor_of_session(work, host.secret, secret)
        if found is not None:
            work.actor = found

    return enter


def _by_cookie_and_nonce(request: Asked, host: Host, secret: str | None, nonce: str) -> Entrance:
    async def enter(work: UnitOfWork) -> None:
        found = await actor_of_session(work, host.secret, secret) if secret else None
        session = _session_of(found)
        if session is None or not is_nonce(host.secret, session, nonce, work.now):
            raise NonceRefused
        work.actor = found or work.actor
        request.state.fresh_nonce = nonce_for(host.secret, session, work.now)

    return enter


def _session_of(actor: Actor | None) -> str | None:
    return None if actor is None else actor.authentication.credential


def request_facts(request: Asked, host: Host) -> RequestFacts:
    """Where the request comes from. Forwarded addresses count only from a trusted proxy."""
    ip = request.client.host if request.client else None
    forwarded = request.headers.get("x-forwarded-for")
    if forwarded and host.settings.trusts(ip):
        ip = forwarded.rpartition(",")[2].strip()
    agent = request.headers.get("user-agent")
    return RequestFacts(
        request_id=host.new_request_id(),
        channel=_channel(request.scope["path"]),
        ip=_address(ip),
        user_agent=agent[:300] if agent else None,
        host=request.headers.get("host", ""),
        purpose=_purpose(request.headers.get("x-purpose-of-use")),
    )


def _channel(path: str) -> str:
    if path.startswith("/wp-json"):
        return "rest"
    is_screen = any(path == one or path.startswith(f"{one}/") for one in _SCREENS)
    return SCREENS if is_screen else "api"


def _purpose(code: str | None) -> PurposeOfUse | None:
    """What a client says that it acts for, for the trail. It opens nothing."""
    if not code:
        return None
    try:
        return PurposeOfUse(code.strip())
    except ValueError:
        known = ", ".join(PurposeOfUse)
        raise InvalidInput({"X-Purpose-Of-Use": f"must be one of {known} (HL7 v3)"}) from None


def _address(text: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None


async def name_request(message: Any, scope: Any) -> None:
    """Every answer carries the id by which the trail and the policy log know its request."""
    work: UnitOfWork | None = scope.get("state", {}).get("work")
    if message["type"] == "http.response.start" and work is not None:
        message["headers"] = [
            *message["headers"],
            (b"x-request-id", work.request.request_id.encode()),
        ]


async def renew_nonce(message: Any, scope: Any) -> None:
    """Whoever came with a right nonce gets today's, so that a page that stays open goes on."""
    nonce: str | None = scope.get("state", {}).get("fresh_nonce")
    if message["type"] == "http.response.start" and nonce is not None:
        message["headers"] = [*message["headers"], (b"x-wp-nonce", nonce.encode())]


async def keep_private(message: Any, scope: Any) -> None:
    """No cache keeps what /api/v1 tells a signed-in person, nor what any address tells one who is
    known by a cookie (RFC 9111 §5.2.2)."""
    is_proved = scope["path"].startswith("/api/v1/") and any(
        name == b"authorization" for name, _ in scope["headers"]
    )
    is_private = is_proved or "fresh_nonce" in scope.get("state", {})
    if message["type"] == "http.response.start" and is_private:
        others = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
        message["headers"] = [*others, (b"cache-control", b"private, no-store")]


BEFORE_SEND = (name_request, renew_nonce, keep_private)
