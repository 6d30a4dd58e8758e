"""One process of the product: settings, plugins, connections and what units of work share."""

import fcntl
import json
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from cms import core
from cms.database import embedded, migrate, roles
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.work import Workshop
from cms.errors import SetupError
from cms.fields.declared import check_groups
from cms.identity.secrets import SecretKey
from cms.jobs.queue import enqueue
from cms.kernel.decisions import DecisionPort, DenyEverything
from cms.kernel.plugin import Plugin, load
from cms.kernel.registry import PluginProblem, Registry, choose, installed
from cms.media.storage import Storage, open_storage
from cms.sealing.cipher import PlatformKey
from cms.sealing.keys import Keyring
from cms.sealing.values import PlatformCipher
from cms.settings import Settings
from cms.tenancy.directory import TenantDirectory

CONNECTIONS = 10
"""Of a process to the database: it has so many units of work open at once, and no more."""

DATABASE, OWNER, WEB, WORKER = "cms", "cms_owner", "cms_web", "cms_jobs"


@dataclass(frozen=True)
class Addresses:
    """Where the database is, for each of the three logins."""

    owner: str
    web: str
    worker: str


@dataclass
class Host:
    """What a process has once it is open. Plugins' decision ports, services and health checks get
    it as it is."""

    settings: Settings
    registry: Registry
    engine: AsyncEngine
    ids: IdAllocator
    decisions: DecisionPort
    tenants: TenantDirectory
    secret: SecretKey
    shop: Workshop
    addresses: Addresses

    @property
    def storage(self) -> Storage:
        """Where uploads lie."""
        found: Storage = self.shop.storage
        return found

    @property
    def worker_url(self) -> str:
        return self.addresses.worker

    def new_request_id(self) -> str:
        return str(uuid4())


def all_plugins() -> list[Plugin]:
    """Everything installed, with the host first: whose migrations a database must have."""
    return [core.plugin, *installed().values()]


def upgrade(owner_url: str, settings: Settings) -> migrate.Status:
    """Apply the migrations that are missing, and what plugins do as the owner after that."""
    status = migrate.upgrade(owner_url, all_plugins())
    for plugin in all_plugins():
        if plugin.upgraded is not None:
            load(plugin.upgraded)(owner_url, settings)
    return status


def build_registry(settings: Settings) -> Registry:
    """The host and the enabled plugins, checked. SetupError names what does not fit."""
    try:
        chosen = choose(installed(), settings.enabled)
        registry = Registry([core.plugin, *chosen], settings.plugins)
        registry.check()
        check_groups(registry)
    except (PluginProblem, ValueError, TypeError) as error:
        raise SetupError(str(error)) from error
    return registry


def secret_key(settings: Settings) -> SecretKey:
    """The installation's key; made on first use when the data directory is where it lives."""
    if settings.secret_key_file:
        return SecretKey.load(Path(settings.secret_key_file), create=False)
    return SecretKey.load(settings.data / "secret-key", create=True)


def platform_key(settings: Settings) -> PlatformKey:
    """The key that wraps those of tenants; made on first use in the data directory."""
    if settings.platform_key_file:
        return PlatformKey.load(Path(settings.platform_key_file), create=False)
    return PlatformKey.load(settings.data / "platform-key", create=True)


def prepare_embedded(settings: Settings) -> Addresses:
    """Start the embedded PostgreSQL, bring it up to date, and make its three logins."""
    try:
        server = embedded.start(settings.data)
    except embedded.EmbeddedServerError as error:
        raise SetupError(str(error)) from error
    # Commands start side by side; only one of them makes what is missing.
    with (settings.data / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _prepared(server, _logins(settings.data / "database-logins.json"), settings)


def _prepared(
    server: embedded.EmbeddedServer, passwords: dict[str, str], settings: Settings
) -> Addresses:
    owner, web, worker = (
        server.url(DATABASE, login, passwords[login]) for login in (OWNER, WEB, WORKER)
    )
    if not roles.can_log_in(owner):
        roles.create_owner(server.url(), OWNER, passwords[OWNER], DATABASE)
    upgrade(owner, settings)
    if not roles.can_log_in(web):
        roles.create_member(owner, WEB, passwords[WEB], roles.WEB_GROUP)
    if not roles.can_log_in(worker):
        roles.create_member(owner, WORKER, passwords[WORKER], roles.WORKER_GROUP)
    return Addresses(owner, web, worker)


def _logins(path: Path) -> dict[str, str]:
    if not path.exists():
        drawn = {login: secrets.token_urlsafe(24) for login in (OWNER, WEB, WORKER)}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(drawn, file)
    logins: dict[str, str] = json.loads(path.read_text())
    return logins


def addresses(settings: Settings) -> Addresses:
    """The database of the settings, or the embedded one, which is started for it."""
    if settings.is_embedded:
        return prepare_embedded(settings)
    owner = settings.database_owner_url or settings.database_url
    web = settings.database_url or owner
    return Addresses(owner, web, web)


def refuse_unfit(where: Addresses, *, for_worker: bool = False) -> None:
    """SetupError unless the database answers, is up to date, and its login is bound by RLS."""
    url = where.worker if for_worker else where.web
    try:
        standing = roles.standing(url)
    except psycopg.OperationalError as error:
        raise SetupError(migrate.unreachable(url, error)) from error
    problem = standing.worker_problem() if for_worker else standing.problem()
    if problem is not None:
        raise SetupError(problem)
    if migrate.status(where.web, all_plugins()).missing:
        raise SetupError("the database lacks migrations: run cms db upgrade")


@asynccontextmanager
async def open_host(
    settings: Settings, where: Addresses, registry: Registry | None = None
) -> AsyncIterator[Host]:
    """Everything a process needs, closed again at the end. Without a registry it has the plugins
    that the settings enable."""
    registry = registry or build_registry(settings)
    engine = build_engine(where.web, pool_size=CONNECTIONS)
    ids_engine = build_engine(where.web, pool_size=2, name="cms-ids")
    ids = IdAllocator(ids_engine)
    port = DenyEverything()
    secret = secret_key(settings)
    host = Host(
        settings=settings,
        registry=registry,
        engine=engine,
        ids=ids,
        decisions=port,
        tenants=TenantDirectory(engine),
        secret=secret,
        shop=Workshop(
            engine,
            ids,
            registry,
            port,
            enqueue,
            open_storage(settings),
            secret.digest,
            settings.media_url,
            PlatformCipher(Keyring(platform_key(settings))),
        ),
        addresses=where,
    )
    try:
        _install_decisions(host)
        await host.decisions.open()
        yield host
    finally:
        await host.decisions.close()
        await engine.dispose()
        await ids_engine.dispose()


def _install_decisions(host: Host) -> None:
    brought = [p.decisions for p in host.registry.plugins if p.decisions is not None]
    if len(brought) > 1:
        raise SetupError("two enabled plugins bring a policy engine; enable one of them")
    if brought:
        host.decisions = brought[0](host)
        host.shop = replace(host.shop, decisions=host.decisions)
