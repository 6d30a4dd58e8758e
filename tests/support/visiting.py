"""Somebody at the web application without a browser: a cookie, pages, and forms filled in."""

from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from selectolax.lexbor import LexborHTMLParser

from cms.identity.sessions import COOKIE, nonce_for
from tests.support.browsing import session_of
from tests.support.clinic import Clinic, Person


@dataclass
class Seen:
    """A page as it came."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return self.response.headers.get("location", "")

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.response.text)

    @property
    def title(self) -> str:
        found = self.tree.css_first("h1")
        return found.text(strip=True) if found else ""

    @property
    def words(self) -> str:
        """What a reader reads on it, with single blanks."""
        main = self.tree.css_first("main") or self.tree.body
        return " ".join(main.text(separator=" ").split()) if main else ""

    @property
    def links(self) -> list[str]:
        return [link.attributes.get("href") or "" for link in self.tree.css("a")]

    def fields(self, action: str = "") -> dict[str, str]:
        """What the form with this address would send as it stands."""
        forms = [
            form
            for form in self.tree.css("main form" if not action else "form")
            if not action or form.attributes.get("action") == action
        ]
        assert forms, f"no form for {action!r} on {self.response.url}"
        sent: dict[str, str] = {}
        for one in forms[0].css("input, textarea, select"):
            name = one.attributes.get("name")
            kind = one.attributes.get("type")
            if not name or (kind in {"checkbox", "radio"} and "checked" not in one.attributes):
                continue
            sent[name] = _value(one)
        return sent


def _value(one: Any) -> str:
    if one.tag == "textarea":
        return str(one.text()).removeprefix("\n")
    if one.tag == "select":
        chosen = one.css("option[selected]") or one.css("option")[:1]
        return (chosen[0].attributes.get("value") or "") if chosen else ""
    return one.attributes.get("value") or ""


@dataclass
class Visitor:
    """One browser of one person; or of a stranger."""

    clinic: Clinic
    http: httpx.AsyncClient
    session: str = ""
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, clinic: Clinic, person: Person | None, language: str = "en") -> Self:
        """Signed in with the password just now, as far as policies are concerned."""
        transport = httpx.ASGITransport(app=clinic.app)
        # Browsers send the cookie of a session by https only.
        http = httpx.AsyncClient(
            transport=transport, base_url=f"https://{clinic.tenant.slug}.example"
        )
        visitor = cls(clinic, http, language=language)
        if person is not None:
            opened = await session_of(clinic, person)
            http.cookies.set(COOKIE, opened.secret)
            visitor.session = str(opened.id)
        return visitor

    async def get(self, path: str, **options: Any) -> Seen:
        return Seen(await self.http.get(path, headers=self._headers, **options))

    async def send(self, path: str, data: Any = None, **options: Any) -> Seen:
        """Send a form. Its nonce is added, as the page would hold it."""
        sent = dict(data or {})
        sent.setdefault("_wpnonce", await self._nonce())
        return Seen(await self.http.post(path, data=sent, headers=self._headers, **options))

    async def follow(self, seen: Seen) -> Seen:
        """The page that a redirect leads to."""
        assert seen.status == 303, (seen.status, seen.words[:2000])
        return await self.get(seen.location)

    async def _nonce(self) -> str:
        async with self.clinic.as_system() as work:
            return (
                nonce_for(self.clinic.host.secret, self.session, work.now) if self.session else ""
            )

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language, **self.headers}
