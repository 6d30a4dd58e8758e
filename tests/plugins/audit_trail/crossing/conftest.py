"""A house whose trail has a database of its own, and ways to take either of the two away."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import AsyncConnection, sql

from cms import core
from cms.host import Addresses, open_host
from cms.kernel.registry import Registry
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.crossing.carrier import carry
from plugins.zero_trust import plugin as zero_trust
from tests.conftest import Cluster, fresh_database
from tests.plugins.audit_trail.conftest import House, notes
from tests.support.clinic import Clinic


class TwoHouses(House):
    """The trail is elsewhere; whoever looks at the log looks there."""

    superuser_url: str

    async def carry(self) -> int:
        """Everything that waits, as the worker carries it."""
        taken = 0
        where = self.host.addresses
        async with (
            await AsyncConnection.connect(where.worker, autocommit=True) as here,
            await AsyncConnection.connect(where.audit.worker, autocommit=True) as there,
        ):
            while count := await carry(here, there, 100):
                taken += count
        return taken

    def waiting(self) -> int:
        with psycopg.connect(self.host.addresses.owner) as connection:
            row = connection.execute("select count(*) from audit.outbox").fetchone()
        return row[0] if row else 0

    @contextlib.contextmanager
    def away(self, url: str) -> Iterator[None]:
        """This database answers nobody for as long as that takes."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            set_to = sql.SQL("alter database {} allow_connections {}")
            connection.execute(set_to.format(sql.Identifier(str(name)), sql.SQL("false")))
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
            )
            try:
                yield
            finally:
                connection.execute(set_to.format(sql.Identifier(str(name)), sql.SQL("true")))


@pytest.fixture
def second(cluster: Cluster) -> Iterator[Addresses]:
    """A second fresh database."""
    with fresh_database(cluster) as addresses:
        yield addresses


@pytest.fixture
async def clinic_of_two(
    database: Addresses, second: Addresses, settings: Settings
) -> AsyncIterator[Clinic]:
    """Two tenants with people, spoken to by HTTP; their trail has a database of its own."""
    where = replace(database, own_audit=second)
    registry = Registry([core.plugin, zero_trust, audit_trail])
    async with open_host(settings, where, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
async def houses(
    database: Addresses, second: Addresses, settings: Settings, cluster: Cluster
) -> AsyncIterator[TwoHouses]:
    add_to_directory(database.owner, "clinica", "Clínica", ["clinica.example"])
    where = replace(database, own_audit=second)
    async with open_host(settings, where, Registry([core.plugin, audit_trail, notes])) as host:
        houses = TwoHouses(host, await host.tenants.by_slug("clinica"))
        houses.superuser_url = cluster.superuser_url
        yield houses
