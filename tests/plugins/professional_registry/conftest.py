"""A clinic with a real database: its people, its registrations, its roster."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from cms.core import plugin as core
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.migrate import upgrade
from cms.database.roles import create_member, create_owner
from cms.database.work import UnitOfWork, Workshop
from cms.kernel.actors import SYSTEM, Actor
from cms.kernel.decisions import DenyEverything
from cms.kernel.events import Event
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.tenancy.founding import add_to_directory
from plugins.professional_registry import plugin, registrations
from plugins.professional_registry.commands import RosterImport, import_roster
from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from plugins.professional_registry.models import StatusHistory

PASSWORD = "only-for-this-test-server"


@dataclass
class Clinic:
    """A tenant, and short ways to say what happens there."""

    shop: Workshop
    tenant: Tenant
    folder: Path
    events: list[Event]
    imports: int = 0
    logins: list[str] = field(default_factory=list)

    def work(self, actor: Actor = SYSTEM) -> UnitOfWork:
        return self.shop.work(self.tenant, actor)

    async def person(self) -> int:
        """A user without any registration."""
        async with self.work() as work:
            user_id = await work.next_id("user")
            await work.session.execute(
                text(
                    "insert into cms.users (tenant_id, id, login, email, display_name, nicename,"
                    " created_at, updated_at) values (:tenant, :id, :n, :n, :n, :n, now(), now())"
                ),
                {"tenant": self.tenant.id, "id": user_id, "n": f"u{user_id}@example.invalid"},
            )
            work._covered.add("cms.users")
        return user_id

    async def registered(
        self, number: str, name: str, *, user_id: int | None = None, **profile: object
    ) -> tuple[int, int]:
        """A person with a registration that nobody has verified: user id and registration id."""
        user_id = user_id or await self.person()
        async with self.work() as work:
            person = await registrations.register(
                work, user_id, number, name, registrations.Profile(**profile)
            )
            return user_id, person.id

    def roster(self, *physicians: DemoPhysician) -> Path:
        self.imports += 1
        return write_roster(self.folder / f"roster{self.imports}", physicians)

    async def import_roster(
        self, *physicians: DemoPhysician, path: Path | None = None, days_ago: float = 0
    ) -> RosterImport:
        return await import_roster(
            self.shop,
            self.tenant,
            path or self.roster(*physicians),
            taken_at=datetime.now(UTC) - timedelta(days=days_ago),
        )

    async def verify(self, professional_id: int, actor: Actor = SYSTEM) -> None:
        async with self.work(actor) as work:
            await registrations.verify(work, professional_id)

    async def history(self, professional_id: int) -> list[tuple[str, str]]:
        async with self.work() as work:
            rows = await work.all(
                select(StatusHistory)
                .where(
                    StatusHistory.tenant_id == self.tenant.id,
                    StatusHistory.professional_id == professional_id,
                )
                .order_by(StatusHistory.at, StatusHistory.id)
            )
            return [(row[0].from_status, row[0].to_status) for row in rows]

    def told(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if type(event) is kind]


@dataclass(frozen=True)
class Addresses:
    owner: str
    web: str


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """A database of its own on the server that CMS_TEST_SUPERUSER_URL names."""
    server = os.environ.get("CMS_TEST_SUPERUSER_URL")
    if not server:
        pytest.skip("CMS_TEST_SUPERUSER_URL names no PostgreSQL server")
    name = f"registry_{uuid4().hex[:8]}"
    owner, web = f"{name}_owner", f"{name}_web"
    create_owner(server, owner, PASSWORD, name)
    with psycopg.connect(server, autocommit=True) as connection:
        for group in ("cms_app", "cms_worker", "cms_search"):
            if connection.execute("select from pg_roles where rolname = %s", [group]).fetchone():
                connection.execute(f"grant {group} to {owner} with admin option")
    url = make_url(server).set(database=name, password=PASSWORD)
    owner_url = url.set(username=owner).render_as_string(hide_password=False)
    upgrade(owner_url, [plugin])
    create_member(owner_url, web, PASSWORD, "cms_app")
    yield Addresses(owner_url, url.set(username=web).render_as_string(hide_password=False))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
async def clinic(addresses: Addresses, tmp_path: Path) -> AsyncIterator[Clinic]:
    events: list[Event] = []

    async def listen(_work: object, event: Event) -> None:
        events.append(event)

    async def enqueue(_work: UnitOfWork, task: str, args: object) -> None:
        raise AssertionError(f"{task} was queued with {args}")

    ear = Plugin(slug="test_ear", connect=lambda hooks: hooks.observe(Event, listen))
    slug = f"clinic-{uuid4().hex[:8]}"
    tenant_id = add_to_directory(addresses.owner, slug, "Clínica Inventada", [])
    engine, ids = build_engine(addresses.web), build_engine(addresses.web, pool_size=2)
    registry = Registry([core, plugin, ear])
    shop = Workshop(engine, IdAllocator(ids), registry, DenyEverything(), enqueue)
    tenant = Tenant(tenant_id, slug, "Clínica Inventada", "pt-BR", "America/Sao_Paulo")
    yield Clinic(shop, tenant, tmp_path, events)
    await engine.dispose()
    await ids.dispose()
