"""A clinic whose every event is kept, with the sequencer at hand and the owner's access."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import AsyncConnection

from cms import core
from cms.cli_support import load_settings
from cms.database import migrate
from cms.database.work import UnitOfWork
from cms.host import Addresses, Host, all_plugins, open_host
from cms.kernel.actors import SYSTEM, Actor, RequestFacts
from cms.kernel.events import Event, Subject
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail import cli
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import Sequencer, open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.verify import verify_log
from plugins.audit_trail.writing import recording
from plugins.audit_trail.writing.writer import Writer
from plugins.zero_trust import plugin as zero_trust
from tests.support.clinic import Clinic


class Noted(Event, frozen=True, kw_only=True):
    """Something happened to a post."""

    tag = "test:post:note"
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


notes = Plugin(slug="notes", events=(Noted,))


TABLES = ("events", "leaves", "batches", "checkpoints", "epochs", "personal", "subtrees")


@dataclass
class House:
    """One tenant, its trail, and the two people who touch the log: the sequencer and the owner."""

    host: Host
    tenant: Any
    settings: AuditSettings = field(default_factory=lambda: AuditSettings(checkpoint=0))

    @property
    def owner_url(self) -> str:
        return self.host.addresses.audit.owner

    @property
    def folder(self) -> Path:
        return audit_folder(self.host.settings)

    def work(self, actor: Actor = SYSTEM, **facts: Any) -> UnitOfWork:
        return self.host.shop.work(self.tenant, actor, RequestFacts("request-1", **facts))

    async def note(self, *post_ids: int, **fields: Any) -> None:
        """One transaction with one event for each post."""
        async with self.work() as work:
            for post_id in post_ids:
                await work.emit(Noted(post_id=post_id, **fields))

    @asynccontextmanager
    async def sequencer(self) -> AsyncIterator[Sequencer]:
        """A sequencer that has recovered the log and does nothing by itself."""
        async with await AsyncConnection.connect(
            self.host.addresses.audit.worker, autocommit=True
        ) as connection:
            evidence, sign = Evidence(self.folder), self.host.secret.digest
            yield await open_sequencer(connection, evidence, "clinica.example", self.settings, sign)

    async def sequence(self, *batches: int) -> None:
        """One batch with a signed head for each number: that many events, a transaction each."""
        async with self.sequencer() as sequencer:
            for count in batches:
                for n in range(count):
                    await self.note(100 + n)
                await sequencer.step()

    def verify(self, **options: Any) -> Report:
        return verify_log(self.owner_url, self.folder, **options)

    def ask(self, query: str, *values: Any) -> list[Any]:
        """Rows as the owner sees them."""
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def tamper(self, *statements: str) -> None:
        """Change the log as its owner, past the triggers."""
        with psycopg.connect(self.owner_url) as connection:
            for table in TABLES:
                connection.execute(f"alter table audit.{table} disable trigger user")
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process numbers its events; each test has a log of its own, where they begin with 0."""
    monkeypatch.setattr(recording, "_writer", Writer())


@pytest.fixture
async def house(database: Addresses, settings: Settings) -> AsyncIterator[House]:
    """The host with the trail, and one tenant; nothing has happened yet."""
    async with _open(database, settings, core.plugin, audit_trail, notes) as host:
        add_to_directory(database.owner, "clinica", "Clínica", ["clinica.example"])
        yield House(host, await host.tenants.by_slug("clinica"))


@pytest.fixture
async def clinic(database: Addresses, settings: Settings) -> AsyncIterator[Clinic]:
    """Two tenants with people, policies and the trail, spoken to by HTTP."""
    async with (
        _open(database, settings, core.plugin, zero_trust, audit_trail) as host,
        Clinic.founded(host) as clinic,
    ):
        yield clinic


@pytest.fixture
def house_of() -> Callable[[Clinic], House]:
    return lambda clinic: House(clinic.host, clinic.tenant)


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    """Runs `cms audit …` against the house's database and data directory."""
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)
    assert not load_settings().is_embedded

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


@asynccontextmanager
async def _open(database: Addresses, settings: Settings, *plugins: Plugin) -> AsyncIterator[Host]:
    if audit_trail not in all_plugins():  # otherwise the template has it
        migrate.upgrade(database.owner, [*all_plugins(), audit_trail])
    async with open_host(settings, database, Registry(plugins)) as host:
        yield host
