"""A publisher as the tests see it: people who sign in and speak HTTP, in words of the domain."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from cms.app import open_front
from cms.database.work import UnitOfWork
from cms.host import Host
from cms.identity.application_passwords import add_application_password
from cms.identity.proofs import identify, issue_token
from cms.identity.users import add_user, found_roles
from cms.kernel.actors import SYSTEM
from cms.kernel.tenant import Tenant
from cms.tenancy.founding import add_to_directory
from cms.tenancy.options import change
from tests.support.warm import routes_of


@dataclass
class Person:
    """Somebody with a login, an application password and, once signed in, a token."""

    clinic: "Clinic"
    id: int
    login: str
    application_password: str
    token: str

    @property
    def basic(self) -> httpx.BasicAuth:
        return httpx.BasicAuth(self.login, self.application_password)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.clinic.http.get(path, headers=self.bearer, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.clinic.http.post(path, json=json, headers=self.bearer, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.clinic.http.delete(path, headers=self.bearer, **options)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work as this person, signed in."""
        host = self.clinic.host

        async def enter(work: UnitOfWork) -> None:
            work.actor = await identify(work, host.secret, f"Bearer {self.token}")

        async with host.shop.work(self.clinic.tenant, entrance=enter) as work:
            yield work


@dataclass
class Clinic:
    """One tenant of two; the other is there to prove that the two never meet."""

    host: Host
    tenant: Tenant
    http: httpx.AsyncClient
    app: Any
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def founded(cls, host: Host) -> AsyncIterator[Self]:
        await found(host)
        app = open_front(host, routes_of(host))
        async with _client(app, "clinica.example") as http:
            yield cls(host, await host.tenants.by_slug("clinica"), http, app)

    @asynccontextmanager
    async def other(self) -> AsyncIterator["Clinic"]:
        """The second tenant, with a client of its own."""
        async with _client(self.app, "outra.example") as http:
            tenant = await self.host.tenants.by_slug("outra")
            clinic = Clinic(self.host, tenant, http, self.app)
            async with clinic.as_system() as work:
                await found_roles(work)
            yield clinic

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[UnitOfWork]:
        async with self.host.shop.work(self.tenant, SYSTEM) as work:
            yield work

    async def set_options(self, **wanted: Any) -> None:
        """Options of the site, as if an administrator had set them."""
        async with self.as_system() as work:
            await change(work, wanted)
            work.afterwards(self.host.tenants.forget)
        self.tenant = await self.host.tenants.by_slug(self.tenant.slug)

    async def person(self, login: str, roles: Sequence[str] = ("author",)) -> Person:
        """The person of this login; added and signed in at the first call."""
        if login not in self.people:
            async with self.as_system() as work:
                user = await add_user(
                    work,
                    login,
                    email=f"{login}@{self.tenant.slug}.example",
                    display_name=login.replace(".", " ").title(),
                    roles=roles,
                    password=None,
                )
                app_password = await add_application_password(work, self.host.secret, user, "t")
                token = await self._token(work, user)
            self.people[login] = Person(self, user.id, login, app_password, token)
        return self.people[login]

    async def _token(self, work: UnitOfWork, user: Any) -> str:
        # Straight from the use case: hashing a password costs 50 ms that no test needs.
        return (await issue_token(work, self.host.secret, user)).token

    async def draft(self, by: Person, base: str = "posts", **fields: Any) -> dict[str, Any]:
        """A draft made through REST."""
        body = {"title": "Dor de cabeça", "content": "<p>Texto.</p>", **fields}
        response = await by.post(f"/wp-json/wp/v2/{base}", body)
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()
        return made


async def found(host: Host) -> None:
    """Add the two tenants, and the roles of the first. A database may be a copy of one where that
    has happened."""
    if await host.tenants.all():
        return
    for slug in ("clinica", "outra"):
        add_to_directory(host.addresses.owner, slug, f"Clínica {slug}", [f"{slug}.example"])
    async with host.shop.work(await host.tenants.by_slug("clinica"), SYSTEM) as work:
        await found_roles(work)


def _client(app: Any, host: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")
