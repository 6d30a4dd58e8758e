"""Two tenants in the directory, and ways to look at the database as its different logins."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from cms import core
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.work import UnitOfWork, Workshop
from cms.host import Addresses
from cms.jobs.queue import enqueue
from cms.kernel.actors import SYSTEM
from cms.kernel.decisions import DenyEverything
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.tenancy.founding import add_to_directory
from tests.conftest import Cluster
from tests.support.working import Open, OptionSet, Peeked


@dataclass(frozen=True)
class Tenants:
    """The ids of two tenants of one database, and its addresses."""

    where: Addresses
    ours: int
    theirs: int


@pytest.fixture
def tenants(database: Addresses) -> Tenants:
    ours = add_to_directory(database.owner, "clinica", "Clínica", ["clinica.example"])
    theirs = add_to_directory(database.owner, "outra", "Outra", ["outra.example"])
    return Tenants(database, ours, theirs)


@pytest.fixture
async def engine(tenants: Tenants) -> AsyncIterator[AsyncEngine]:
    """One connection only: whatever it remembers meets the next one who gets it."""
    built = build_engine(tenants.where.web, pool_size=1)
    yield built
    await built.dispose()


class Catalogue:
    """Questions to the system tables of the template that every test's database is a copy of."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def rows(self, query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values or None).fetchall()

    def column(self, query: LiteralString, *values: Any) -> list[Any]:
        return [row[0] for row in self.rows(query, *values)]


@pytest.fixture(scope="module")
def catalogue(cluster: Cluster) -> Iterator[Catalogue]:
    """A database of its own: nobody can be connected to the template while it is copied."""
    name = f"{cluster.name}_catalogue"
    create = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(f"{cluster.name}_cms_template")
    )
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(create)
    with psycopg.connect(cluster.url(name), autocommit=True) as connection:
        yield Catalogue(connection)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(drop)


@pytest.fixture
async def open_work(tenants: Tenants) -> AsyncIterator[Open]:
    """`open_work(connect)` is a unit of work of our tenant, with the hooks of one plugin."""
    engine, ids = build_engine(tenants.where.web), build_engine(tenants.where.web, pool_size=1)
    allocator = IdAllocator(ids)

    def start(connect: Any = None, tenant: int = tenants.ours, events: Any = None) -> UnitOfWork:
        declared = (OptionSet, Peeked) if events is None else events
        plugin = Plugin(slug="test", events=declared, connect=connect)
        registry = Registry([core.plugin, plugin])
        shop = Workshop(engine, allocator, registry, DenyEverything(), enqueue)
        return shop.work(Tenant(tenant, "c", "C", "pt-BR", "America/Sao_Paulo"), SYSTEM)

    yield start
    await engine.dispose()
    await ids.dispose()
