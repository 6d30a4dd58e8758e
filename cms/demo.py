"""The demo clinic: invented people with impossible documents, and articles in Portuguese."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import SetupError
from cms.host import Host
from cms.identity.application_passwords import add_application_password
from cms.identity.models import User
from cms.identity.proofs import identify
from cms.identity.signing_in import sign_in
from cms.identity.users import add_user, found_roles
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.plugin import load_demo
from cms.kernel.tenant import Tenant
from cms.tenancy.founding import add_to_directory

SLUG, NAME = "clinica", "Clínica Exemplo"


@dataclass
class DemoSite:
    """What the plugins' demo steps are given: they add people and act as them."""

    host: Host
    tenant: Tenant
    people: dict[str, dict[str, str]] = field(default_factory=dict)

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[UnitOfWork]:
        async with self.host.shop.work(self.tenant, SYSTEM, self._facts()) as work:
            yield work

    @asynccontextmanager
    async def as_person(self, key: str) -> AsyncIterator[UnitOfWork]:
        """A unit of work of this person, signed in with her password like anybody."""
        person = self.people[key]
        async with self.as_system() as work:
            issued = await sign_in(work, self.host.secret, person["login"], person["password"])
        if issued is None:
            raise LookupError(f"the demo person {key!r} cannot sign in")

        async def enter(work: UnitOfWork) -> None:
            work.actor = await identify(work, self.host.secret, f"Bearer {issued.token}")

        work = self.host.shop.work(self.tenant, request=self._facts(), entrance=enter)
        async with work:
            yield work

    async def person(self, key: str, display_name: str, roles: Sequence[str]) -> int:
        """Add a person with random passwords, which go into the credentials file."""
        password = secrets.token_urlsafe(12)
        async with self.as_system() as work:
            user = await add_user(
                work,
                key,
                email=f"{key}@clinica.example",
                display_name=display_name,
                roles=roles,
                password=password,
            )
            application = await add_application_password(work, self.host.secret, user, "demo")
        self.people[key] = {
            "login": key,
            "password": password,
            "application_password": application,
        }
        return user.id

    def _facts(self) -> RequestFacts:
        return RequestFacts(request_id=self.host.new_request_id(), channel="demo")


async def seed_demo(host: Host) -> Path:
    """Found the demo clinic once; the file with its logins (mode 0600)."""
    credentials = host.settings.data / "demo-credentials.json"
    tenant = await _tenant(host)
    if await _has_people(host, tenant):
        return _told_anew(host, credentials)
    site = DemoSite(host, tenant)
    async with site.as_system() as work:
        await found_roles(work)
    await site.person("admin", "Marina Administradora", ["administrator"])
    for plugin in host.registry.plugins:
        step = load_demo(plugin)
        if step is not None:
            await step(site)
    _write(credentials, {"url": host.settings.url, "users": site.people})
    return credentials


def _told_anew(host: Host, credentials: Path) -> Path:
    """The file of the first start, with the address of this one."""
    if not credentials.exists():
        raise SetupError(
            f"the demo clinic is there and {credentials} is not: its first start was interrupted, "
            f"or the file was lost. Remove the folder {host.settings.data} to begin anew, or keep "
            "the data and use cms serve."
        )
    told = json.loads(credentials.read_text())
    if told["url"] != host.settings.url:
        _write(credentials, {**told, "url": host.settings.url})
    return credentials


async def _tenant(host: Host) -> Tenant:
    names = {tenant.slug for tenant in await host.tenants.all()}
    if names and SLUG not in names:
        raise SetupError(
            "cms demo makes a clinic with known logins, and this database serves other "
            "publishers already: use cms serve, or another database"
        )
    if not names:
        # Without ports, so that the demo can come back on another one.
        hosts = ["127.0.0.1", "localhost"]
        await asyncio.to_thread(add_to_directory, host.addresses.owner, SLUG, NAME, hosts)
    return await host.tenants.by_slug(SLUG)


async def _has_people(host: Host, tenant: Tenant) -> bool:
    async with host.shop.work(tenant, SYSTEM) as work:
        row = await work.one(select(User.id).where(User.tenant_id == tenant.id).limit(1))
    return row is not None


def _write(path: Path, value: object) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
