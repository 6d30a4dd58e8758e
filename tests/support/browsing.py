"""A browser of somebody who has signed in: its cookie, and the nonce that its pages know."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from cms.identity.sessions import COOKIE, OpenedSession, nonce_for, start_session
from cms.kernel.actors import RequestFacts
from tests.support.clinic import Clinic, Person

PASSWORD = frozenset({"pwd"})


@dataclass
class Browser:
    """Speaks https to the site, as browsers send such cookies by nothing else."""

    clinic: Clinic
    http: httpx.AsyncClient
    opened: OpenedSession

    @property
    def nonce(self) -> str:
        """What the pages of this session know now."""
        return self.nonce_at(datetime.now(UTC))

    def nonce_at(self, moment: datetime) -> str:
        return nonce_for(self.clinic.host.secret, str(self.opened.id), moment)

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request with cookie and nonce."""
        headers: Mapping[str, str] = {"X-WP-Nonce": self.nonce, **options.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("POST", path, json=json, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("DELETE", path, **options)


@asynccontextmanager
async def stranger(clinic: Clinic, **cookies: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in with."""
    transport = httpx.ASGITransport(app=clinic.app)
    site = f"https://{clinic.tenant.slug}.example"
    async with httpx.AsyncClient(transport=transport, base_url=site, cookies=cookies) as http:
        yield http


@asynccontextmanager
async def browser(
    clinic: Clinic,
    person: Person,
    factors: frozenset[str] = PASSWORD,
    *,
    is_remembered: bool = False,
) -> AsyncIterator[Browser]:
    """A browser with a session of this person."""
    opened = await session_of(clinic, person, factors, is_remembered=is_remembered)
    async with stranger(clinic, **{COOKIE: opened.secret}) as http:
        yield Browser(clinic, http, opened)


async def session_of(
    clinic: Clinic,
    person: Person,
    factors: frozenset[str] = PASSWORD,
    *,
    is_remembered: bool = False,
) -> OpenedSession:
    """Straight from the use case: hashing a password costs 50 ms that no test needs."""
    facts = RequestFacts("of-a-test", "admin", "192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64)")
    async with clinic.host.shop.work(clinic.tenant, request=facts) as work:
        return await start_session(
            work, clinic.host.secret, person.id, factors, is_remembered=is_remembered
        )
