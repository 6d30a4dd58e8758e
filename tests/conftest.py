"""A real PostgreSQL for the whole run, a fresh database for each test, and people to act as."""

import asyncio
import contextlib
import fcntl
import functools
import itertools
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from cms.identity import proofs
from cms.settings import Settings
from plugins.audit_trail.writing import recording
from plugins.audit_trail.writing.writer import Writer
from tests.support import warm
from tests.support.chromium_process import close_chromium
from tests.support.clinic import Clinic, found
from tests.support.logins import quick_verifier
from tests.support.patience import be_patient

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

Command = Callable[..., Awaitable[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-the-server",
        action="store_true",
        help="only the tests that use the PostgreSQL server of the run",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--on-the-server"):
        others = [one for one in items if "cluster" not in getattr(one, "fixturenames", ())]
        config.hook.pytest_deselected(items=others)
        items[:] = [one for one in items if one not in set(others)]


_HOMES = "cms-tests-"
TEMPLATE, FOUNDED = "cms_template", "cms_founded"
"""The databases that those of tests are copies of: with the schema alone, and with the clinic."""
KEYS = ("secret-key", "platform-key")
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
    keys: Path
    """Those of the installation that the clinic was founded in."""

    def url(self, database: str, login: str | None = None) -> str:
        address = make_url(self.superuser_url).set(database=database)
        if login is not None:
            address = address.set(username=login, password=self.password)
        return address.render_as_string(hide_password=False)

    def addresses(self, database: str) -> Addresses:
        return Addresses(
            self.url(database, _OWNER), self.url(database, _WEB), self.url(database, _WORKER)
        )


@pytest.fixture(scope="session", autouse=True)
def remembering() -> Iterator[None]:
    """A worker does not work the same things out for every test, and waits for what is slow."""
    with pytest.MonkeyPatch.context() as patch:
        warm.remember(patch)
        be_patient(patch)
        yield
    close_chromium()


@pytest.fixture(autouse=True)
def strangers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process tells of ten wrong passwords a minute for each person, and the people of every test
    have the same ids."""
    monkeypatch.setattr(proofs, "_told", {})


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Started once, also when several workers share the run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with _alone(shared / "cluster.lock"):
        notes = shared / "cluster.json"
        if not notes.exists():
            notes.write_text(json.dumps(_start_cluster(shared / "founded")))
        said = json.loads(notes.read_text())
    home = Path(said["home"]) if said["home"] else None
    server = embedded.start(home) if home else None
    yield Cluster(said["url"], said["password"], said["name"], shared / "founded")
    _superuser(said["url"]).close()
    if server is not None:
        # The watchdog stops the server when the last worker has gone.
        embedded.release(server)


@functools.cache
def _superuser(url: str) -> psycopg.Connection[Any]:
    """One connection of this process that makes and drops the databases of its tests."""
    return psycopg.connect(url, autocommit=True)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start_cluster(keys: Path) -> dict[str, str]:
    """Start the server and make the templates that every test's database is a copy of; `keys` is
    where those of the clinic's installation are kept. With CMS_TEST_TIMESCALE_URL (a superuser) the
    trail lies in hypertables."""
    timescale = os.environ.get("CMS_TEST_TIMESCALE_URL", "")
    url, home = timescale or os.environ.get("CMS_TEST_DATABASE_URL", ""), ""
    if not url:
        place = _in_memory()
        _forget_servers(Path(place or tempfile.gettempdir()))
        home = tempfile.mkdtemp(prefix=_HOMES, dir=place)
        Path(home).chmod(0o755)
        url = embedded.start(Path(home)).url()
        _do_not_wait_for_disks(url)
    # One name a run, so that two runs on one server do not meet.
    name = f"t{os.getpid()}_{secrets.token_hex(3)}"
    cluster = Cluster(url, "of-the-tests", name, keys)
    template = f"{name}_{TEMPLATE}"
    roles.create_owner(url, _OWNER, cluster.password, template)
    owner = cluster.url(template, _OWNER)
    if timescale:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("create extension timescaledb")
    migrate.upgrade(owner, all_plugins())
    roles.create_member(owner, _WEB, cluster.password, roles.WEB_GROUP)
    roles.create_member(owner, _WORKER, cluster.password, roles.WORKER_GROUP)
    _log_in_quickly(url, cluster.password)
    if timescale:
        _close_to_workers(url, template)
    _make(cluster, f"{name}_{FOUNDED}", template)
    asyncio.run(_found(cluster, f"{name}_{FOUNDED}"))
    if timescale:
        _close_to_workers(url, f"{name}_{FOUNDED}")
    return {"url": url, "password": cluster.password, "name": name, "home": home}


def _forget_servers(place: Path) -> None:
    """Remove what runs have left whose server nobody uses any more: the watchdog that stops it does
    so after the last of them has gone."""
    for home in place.glob(f"{_HOMES}*"):
        with contextlib.suppress(OSError, StopIteration):
            # A run that begins just now may not have locked it yet.
            if home.stat().st_mtime > time.time() - 600:
                continue
            with next(home.glob("postgres/*/users.lock")).open() as users:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(home, ignore_errors=True)


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
        if connection.info.server_version >= 18_00_00:
            # The kernel copies a template's files, where it can: a fifth less work.
            connection.execute("alter system set file_copy_method = clone")
        # It would sit in a template at the moment when that is to be copied.
        connection.execute("alter system set autovacuum = off")
        connection.execute("select pg_reload_conf()")


def _log_in_quickly(url: str, password: str) -> None:
    """Each test opens half a dozen connections: deriving the key four thousand times for each of
    them is for passwords that matter."""
    with psycopg.connect(url, autocommit=True) as connection:
        for login in (_OWNER, _WEB, _WORKER):
            connection.execute(
                sql.SQL("alter role {} password {}").format(
                    sql.Identifier(login), sql.Literal(quick_verifier(password))
                )
            )


async def _found(cluster: Cluster, database: str) -> None:
    """Two tenants and the roles of the first, as every test with a clinic needs them."""
    where, settings = cluster.addresses(database), Settings(data_dir=str(cluster.keys))
    # A writer of its own: those of the tests number what happens in them alone.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "_writer", Writer())
        async with open_host(settings, where) as host:
            await found(host)


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
def database(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Addresses]:
    """A fresh database with the schema; for `cms` with its tenants too, for others without rows."""
    is_founded = {"cms", "host"} <= set(request.fixturenames)
    with fresh_database(cluster, FOUNDED if is_founded else TEMPLATE) as made:
        yield made


@contextlib.contextmanager
def fresh_database(cluster: Cluster, template: str = TEMPLATE) -> Iterator[Addresses]:
    """One of its own, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    name = f"{cluster.name}_{worker}_{next(_numbers)}"
    _make(cluster, name, f"{cluster.name}_{template}")
    yield cluster.addresses(name)
    _superuser(cluster.superuser_url).execute(
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    )


def _make(cluster: Cluster, name: str, template: str) -> None:
    # Copying the files costs half of what passing each page through the log does.
    _superuser(cluster.superuser_url).execute(
        sql.SQL("create database {} template {} owner {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(_OWNER)
        )
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "var"))


@pytest.fixture
async def host(database: Addresses, settings: Settings, cluster: Cluster) -> AsyncIterator[Host]:
    """The host with all bundled plugins on a fresh database, with the keys of its clinic."""
    settings.data.mkdir(parents=True, exist_ok=True)
    for key in KEYS:
        shutil.copy2(cluster.keys / key, settings.data / key)
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
