"""A real PostgreSQL for the whole run, a fresh database for each test, and people to act as."""

import asyncio
import contextlib
import fcntl
import itertools
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from sqlalchemy.engine import make_url

from cms.cli import cms as commands
from cms.database import embedded, migrate, roles
from cms.host import Addresses, Host, all_plugins, open_host
from cms.settings import Settings
from tests.support.clinic import Clinic

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

Command = Callable[..., Awaitable[str]]

TEMPLATE = "cms_template"
ROOM_IN_MEMORY = 3 << 30
"""Bytes that the databases of a run and their log take at most, and some more."""
_OWNER, _WEB, _WORKER = "cms_owner", "cms_web", "cms_jobs"
_numbers = itertools.count()


@dataclass(frozen=True)
class Cluster:
    """The server of this run. With CMS_TEST_DATABASE_URL (a superuser) it is one of yours."""

    superuser_url: str
    password: str
    name: str

    def url(self, database: str, login: str | None = None) -> str:
        address = make_url(self.superuser_url).set(database=database)
        if login is not None:
            address = address.set(username=login, password=self.password)
        return address.render_as_string(hide_password=False)

    def addresses(self, database: str) -> Addresses:
        return Addresses(
            self.url(database, _OWNER), self.url(database, _WEB), self.url(database, _WORKER)
        )


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Started once, also when several workers share the run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with _alone(shared / "cluster.lock"):
        notes = shared / "cluster.json"
        if not notes.exists():
            notes.write_text(json.dumps(_start_cluster()))
        said = json.loads(notes.read_text())
    home = Path(said["home"]) if said["home"] else None
    server = embedded.start(home) if home else None
    found = Cluster(said["url"], said["password"], said["name"])
    yield found
    if server is not None:
        # The watchdog stops the server when the last worker has gone.
        embedded.release(server)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start_cluster() -> dict[str, str]:
    """Start the server and make the template that every test's database is a copy of. With
    CMS_TEST_TIMESCALE_URL (a superuser) the trail lies in hypertables."""
    timescale = os.environ.get("CMS_TEST_TIMESCALE_URL", "")
    url, home = timescale or os.environ.get("CMS_TEST_DATABASE_URL", ""), ""
    if not url:
        home = tempfile.mkdtemp(prefix="cms-tests-", dir=_in_memory())
        Path(home).chmod(0o755)
        url = embedded.start(Path(home)).url()
        _do_not_wait_for_disks(url)
    # One name a run, so that two runs on one server do not meet.
    name = f"t{os.getpid()}_{secrets.token_hex(3)}"
    cluster = Cluster(url, "of-the-tests", name)
    template = f"{name}_{TEMPLATE}"
    roles.create_owner(url, _OWNER, cluster.password, template)
    owner = cluster.url(template, _OWNER)
    if timescale:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("create extension timescaledb")
    migrate.upgrade(owner, all_plugins())
    roles.create_member(owner, _WEB, cluster.password, roles.WEB_GROUP)
    roles.create_member(owner, _WORKER, cluster.password, roles.WORKER_GROUP)
    if timescale:
        _close_to_workers(url, template)
    return {"url": url, "password": cluster.password, "name": name, "home": home}


def _in_memory() -> str | None:
    """A folder in memory, if there is room: every test has a database of its own, and copying
    thousands of them to a disk takes longer than the tests."""
    place = Path("/dev/shm")
    has_room = place.is_dir() and shutil.disk_usage(place).free > ROOM_IN_MEMORY
    return str(place) if has_room else None


def _do_not_wait_for_disks(url: str) -> None:
    """Nobody needs a run's databases after a power cut; a killed process loses nothing by it."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes"):
            connection.execute(f"alter system set {name} = off")
        connection.execute("alter system set max_wal_size = '256MB'")
        connection.execute("select pg_reload_conf()")


def _close_to_workers(superuser_url: str, template: str) -> None:
    """The extension keeps a process in each of its databases, and no database that somebody is in
    can be copied."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("alter database {} allow_connections false").format(sql.Identifier(template))
        )
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [template]
        )


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Addresses]:
    """A fresh database with the schema and no rows."""
    with fresh_database(cluster) as made:
        yield made


@contextlib.contextmanager
def fresh_database(cluster: Cluster) -> Iterator[Addresses]:
    """One of its own, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    name = f"{cluster.name}_{worker}_{next(_numbers)}"
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} owner {}").format(
                sql.Identifier(name),
                sql.Identifier(f"{cluster.name}_{TEMPLATE}"),
                sql.Identifier(_OWNER),
            )
        )
    yield cluster.addresses(name)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "var"))


@pytest.fixture
async def host(database: Addresses, settings: Settings) -> AsyncIterator[Host]:
    """The host with all bundled plugins on a fresh database."""
    async with open_host(settings, database) as opened:
        yield opened


@pytest.fixture
async def cms(host: Host) -> AsyncIterator[Clinic]:
    """Two tenants with people, and a client that speaks HTTP to the application."""
    async with Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
def command(cms: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """A command of the installation that the clinic lives in, as an operator types it; what it
    prints. The test names the exit code when it is not 0."""
    where = cms.host.addresses
    monkeypatch.setenv("CMS_DATABASE_URL", where.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", where.owner)
    monkeypatch.setenv("CMS_DATA_DIR", str(cms.host.settings.data))
    monkeypatch.chdir(tmp_path)

    async def call(*words: str, code: int = 0) -> str:
        ran = await asyncio.to_thread(CliRunner().invoke, commands, [*words])
        assert ran.exit_code == code, (ran.output, ran.exception)
        return ran.stdout

    return call
