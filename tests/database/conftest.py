"""Two tenants in the directory, and ways to look at the database as its different logins."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
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


@contextmanager
def copied(cluster: Cluster, name: str) -> Iterator[str]:
    """The name of a copy of the template. The template itself takes no visitors: nobody can be
    connected to it while it is copied."""
    name = f"{cluster.name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{name}"
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    create = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(f"{cluster.name}_cms_template")
    )
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(create)
        yield name
        connection.execute(drop)


@pytest.fixture(scope="module")
def catalogue(cluster: Cluster) -> Iterator[Catalogue]:
    """As its superuser sees it, for the tests of a module that change nothing."""
    with (
        copied(cluster, "catalogue") as name,
        psycopg.connect(cluster.url(name), autocommit=True) as connection,
    ):
        yield Catalogue(connection)


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[Tenants]:
    """One database with two tenants, for the tests of a module that keep nothing in it."""
    with copied(cluster, "shared") as name:
        where = cluster.addresses(name)
        ours = add_to_directory(where.owner, "clinica", "Clínica", ["clinica.example"])
        theirs = add_to_directory(where.owner, "outra", "Outra", ["outra.example"])
        yield Tenants(where, ours, theirs)


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
