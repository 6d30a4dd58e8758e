"""The page of one request: its reader, her language, what her form sent, and what she gets back."""

import base64
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from cms.admin.forms import Form
from cms.admin.menu import menu_of
from cms.admin.reader import Reader, reader_of
from cms.admin.rendering import Templates
from cms.admin.translating import TAGS, Words, accepted, language_of
from cms.api.cookie_door import refuse_foreign_form, session_id
from cms.api.own_paths import own_path
from cms.database.work import UnitOfWork
from cms.errors import NonceRefused, Unauthenticated
from cms.identity.secrets import SecretKey
from cms.identity.sessions import is_nonce, nonce_for

Asked = Request[Any, Any, Any]

TOLD = "cms_told"
NONCE = "_wpnonce"
_LONGEST_TOLD = 1500


class Page:
    """Made for each request below /admin. `words` speak the reader's language once it is open."""

    def __init__(
        self, request: Asked, work: UnitOfWork, secret: SecretKey, templates: Templates
    ) -> None:
        self.request = request
        self.work = work
        self.form = Form()
        self.reader = Reader()
        self.here: str = request.scope["path"]
        """Which line of the menu leads here; a screen that serves several says which."""
        self.words: Words = templates.words(self._language())
        self._secret = secret
        self._templates = templates

    # -- opening

    async def receive(self) -> None:
        """Hold what a form of this site sent, before it is known whether it may be taken: nothing
        that was typed is lost when the session is gone, and a slow sender holds no connection."""
        if self.request.method == "POST":
            with suppress(NonceRefused):
                refuse_foreign_form(self.request)
                self.form = await self._sent()

    async def open(self) -> None:
        """Learn who reads, inside the unit of work. Unauthenticated when nobody has signed in: what
        the APIs show to everybody is no reason to show strangers a screen."""
        if self.work.actor.is_anonymous:
            raise Unauthenticated("Sign in first.")
        await self.open_to_all()

    async def open_to_all(self) -> None:
        """The same for a page that strangers see too."""
        self.reader = await reader_of(self.work)
        self.words = self._templates.words(self._language())

    async def learn_reader(self, after: UnitOfWork) -> None:
        """Who reads the page of a refusal that came before the page was open, such as a policy's.
        The work of the request is over then, and `after` is another one of the same person."""
        if self.reader.id is None:
            self.reader = await reader_of(after)
            self.words = self._templates.words(self._language())

    async def open_form(self) -> None:
        """The same for what a form sent. NonceRefused when it was not drawn in this session."""
        refuse_foreign_form(self.request)
        given = self.request.headers.get("x-wp-nonce") or self.form.text(NONCE)
        session = self._session
        if session is None or not is_nonce(self._secret, session, given, self.work.now):
            raise NonceRefused
        await self.open()

    async def open_strangers_form(self) -> None:
        """A form of somebody without a session: it must come from this site (RFC 6454 §7)."""
        refuse_foreign_form(self.request)
        await self.open_to_all()

    async def _sent(self) -> Form:
        """In the order of the form, on which rows of fields rely."""
        return Form([*(await self.request.form()).items()])

    @property
    def _session(self) -> str | None:
        """The id of the session; what forms prove must be of the same."""
        return session_id(self.work)

    def _language(self) -> str:
        site = self.work.tenant.site.language or self.work.tenant.language
        chosen = self.request.query_params.get("lang", "") if self.reader.id is None else ""
        asked = accepted(self.request.headers.get("accept-language"))
        return language_of([chosen, self.reader.locale, *asked, site])

    # -- answering

    @property
    def is_fragment(self) -> bool:
        """Whether the page's script asks for a part of it."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def nonce(self) -> str:
        """What a form on this page proves that it was drawn in this session with."""
        session = self._session
        return "" if session is None else nonce_for(self._secret, session, self.work.now)

    def say(self, text: str, **facts: Any) -> str:
        """The text in the reader's language, with its facts."""
        return self.words.say(text, **facts)

    def render(self, template: str, *, status: int = 200, **facts: Any) -> Response[bytes]:
        """The template with these facts, and with those that every page has."""
        told = self._told()
        html = self.draw(template, told=told, **facts)
        answer = Response(html.encode(), status_code=status, media_type="text/html; charset=utf-8")
        answer.headers.update(private_headers(self.work.shop.media_url))
        if told:
            answer.delete_cookie(TOLD)
        return answer

    def draw(self, template: str, **facts: Any) -> str:
        """The markup of a template, for a part of a page."""
        common = {
            "page": self,
            "reader": self.reader,
            "told": "",
            "lang": TAGS[self.words.language],
            "site_name": self.work.tenant.site.title or self.work.tenant.name,
        }
        return self._templates.render(template, self.words, {**common, **facts})

    def redirect(self, path: str, told: str = "") -> Response[bytes]:
        """See another page, which tells once what was done; own addresses only."""
        answer = Response(b"", status_code=303, headers={"Location": own_path(path)})
        answer.headers["Cache-Control"] = "no-store"
        if self.is_fragment:
            answer = Response(b"", headers={"HX-Redirect": own_path(path)})
        if told:
            answer.set_cookie(self._telling(told))
        return answer

    @property
    def menu(self) -> Any:
        """The sections of the menu, for the template."""
        return menu_of(self.work.registry, self.work.actor, self.here)

    def may(self, action: str) -> bool:
        """Whether the person has the capability of the action; for what a screen offers."""
        capability = self.work.registry.actions[action].capability
        return capability is None or self.work.actor.has(capability)

    # -- what the page before tells

    def _telling(self, told: str) -> Cookie:
        said = base64.urlsafe_b64encode(json.dumps(told[:_LONGEST_TOLD]).encode()).decode()
        value = f"{said}.{self._seal(said)}"
        is_secure = self.request.scope["scheme"] == "https"
        return Cookie(
            key=TOLD,
            value=value,
            path="/",
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=is_secure,
        )

    def _told(self) -> str:
        said, _, seal = self.request.cookies.get(TOLD, "").partition(".")
        if not said or not hmac.compare_digest(seal.encode(), self._seal(said).encode()):
            return ""
        found: str = json.loads(base64.urlsafe_b64decode(said))
        return found

    def _seal(self, said: str) -> str:
        return self._secret.digest(f"told:{self._session}:{said}").hex()[:32]


def signing_in(path: str) -> str:
    """Where somebody signs in who wants to see this path."""
    return f"/admin/sign-in?next={quote(own_path(path), safe='')}"


def to_script(body: Any, status: int = 200) -> Response[bytes]:
    """What a script of a page asked for, as JSON."""
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers=dict(private_headers()),
        media_type="application/json",
    )


def private_headers(media_url: str = "") -> Mapping[str, str]:
    """No cache keeps a page of the web application, no other site frames or scripts it (CSP 3)."""
    media = urlsplit(media_url)
    images = f" {media.scheme}://{media.netloc}" if media.netloc else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' data: blob:{images}; media-src 'self'{images}; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Robots-Tag": "noindex, nofollow",
    }
