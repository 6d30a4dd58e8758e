"""Brings a database up to date: the core's branch and one branch for each installed plugin."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from cms.errors import SetupError
from cms.kernel.plugin import Plugin

# One migration at a time, whoever starts it ("CMS" in ASCII).
_LOCK = 0x434D53
_EVERY = 0.2
"""Seconds between two looks."""


@dataclass(frozen=True)
class Status:
    """Applied and missing revisions, by their readable ids."""

    applied: tuple[str, ...]
    missing: tuple[str, ...]


def upgrade(owner_url: str, plugins: Iterable[Plugin]) -> Status:
    """Apply what is missing, as the owner role. Safe to call from several processes."""
    with _connected(owner_url) as connection:
        _wait_for_turn(connection)
        connection.exec_driver_sql("create schema if not exists cms")
        connection.exec_driver_sql("set lock_timeout = '10s'")
        connection.commit()
        config = _config(plugins)
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")
        connection.commit()
        return _status(connection, config)


def _wait_for_turn(connection: Connection) -> None:
    """One process upgrades at a time. Whoever waits asks again and again, and holds no snapshot
    meanwhile: an index that is created concurrently waits for every one that is held."""
    while not connection.exec_driver_sql(f"select pg_try_advisory_lock({_LOCK})").scalar():
        connection.rollback()
        time.sleep(_EVERY)


def status(owner_url: str, plugins: Iterable[Plugin]) -> Status:
    """What is applied and what is missing; changes nothing."""
    with _connected(owner_url) as connection:
        return _status(connection, _config(plugins))


def locations(plugins: Iterable[Plugin]) -> list[Path]:
    """The folders with migrations: of installed plugins, not of enabled ones, because alembic
    refuses a database that names a revision it cannot find."""
    folders = [home() / "versions"]
    folders += [_folder(plugin.migrations) for plugin in plugins if plugin.migrations]
    return folders


def home() -> Path:
    """The migrations beside the package, or inside it when it was installed from a wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(f"the migrations {package!r} of a plugin are not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _config(plugins: Iterable[Plugin]) -> Config:
    return _config_of("\n".join(map(str, locations(plugins))))


def _config_of(version_locations: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(home()))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", version_locations)
    return config


@cache
def _scripts(version_locations: str) -> ScriptDirectory:
    """Read once: a process does not see migrations that are installed while it runs, and whoever
    looks at the health of a site does not wait for fifty files."""
    return ScriptDirectory.from_config(_config_of(version_locations))


def _status(connection: Connection, config: Config) -> Status:
    scripts = _scripts(config.get_main_option("version_locations") or "")
    context = MigrationContext.configure(connection, opts={"version_table_schema": "cms"})
    heads = context.get_current_heads()
    applied = {r.revision for head in heads for r in scripts.iterate_revisions(head, "base")}
    known = {script.revision for script in scripts.walk_revisions()}
    return Status(tuple(sorted(applied)), tuple(sorted(known - applied)))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        if isinstance(error.orig, psycopg.Error) and not error.statement:
            raise SetupError(unreachable(url, error.orig)) from error
        raise
    finally:
        engine.dispose()


def unreachable(url: str, error: BaseException) -> str:
    """One line on why the database does not answer, without the password."""
    address = make_url(url).set(password=None).render_as_string()
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return (
        f"cannot reach the database {address}: {reason}. Check CMS_DATABASE_URL and "
        "CMS_DATABASE_OWNER_URL, or unset both to use the embedded PostgreSQL."
    )
