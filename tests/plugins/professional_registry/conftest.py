"""A clinic with a real database: its people, its registrations, its roster."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from cms.core import plugin as core
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.work import UnitOfWork, Workshop
from cms.host import Addresses
from cms.identity.users import add_user
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
        login = f"u{uuid4().hex[:8]}"
        async with self.work() as work:
            user = await add_user(
                work, login, email=f"{login}@example.invalid", display_name=login, roles=[]
            )
        return user.id

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


@asynccontextmanager
async def opened(database: Addresses, folder: Path) -> AsyncIterator[Clinic]:
    """A tenant of its own on the test's database."""
    events: list[Event] = []

    async def listen(_work: object, event: Event) -> None:
        events.append(event)

    async def enqueue(_work: UnitOfWork, task: str, args: object) -> None:
        raise AssertionError(f"{task} was queued with {args}")

    ear = Plugin(slug="test_ear", connect=lambda hooks: hooks.observe(Event, listen))
    slug = f"clinic-{uuid4().hex[:8]}"
    tenant_id = add_to_directory(database.owner, slug, "Clínica Inventada", [])
    engine, ids = build_engine(database.web), build_engine(database.web, pool_size=2)
    registry = Registry([core, plugin, ear])
    shop = Workshop(engine, IdAllocator(ids), registry, DenyEverything(), enqueue)
    tenant = Tenant(tenant_id, slug, "Clínica Inventada", "pt-BR", "America/Sao_Paulo")
    yield Clinic(shop, tenant, folder, events)
    await engine.dispose()
    await ids.dispose()


@pytest.fixture
async def clinic(database: Addresses, tmp_path: Path) -> AsyncIterator[Clinic]:
    async with opened(database, tmp_path) as found:
        yield found


@pytest.fixture
async def other_clinic(database: Addresses, tmp_path: Path) -> AsyncIterator[Clinic]:
    """A second tenant, to prove that the two never meet."""
    async with opened(database, tmp_path / "other") as found:
        yield found
