"""A database is brought forward, by whoever comes first, and never backward."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from psycopg import sql

from cms.database import migrate, roles
from cms.errors import SetupError
from cms.host import Addresses, all_plugins
from cms.kernel.plugin import Plugin
from tests.conftest import Cluster
from tests.support import toy_plugin

# Branches are walked in an order that differs from one process to the next.
SCRIPTS = sorted(
    ScriptDirectory.from_config(migrate._config(all_plugins())).walk_revisions(),
    key=lambda script: script.revision,
)
BY_NAME = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.revision)


@pytest.fixture
def empty(cluster: Cluster):
    """A database without anything in it; its owner's address."""
    name = f"{cluster.name}_empty"
    roles.create_owner(cluster.superuser_url, "cms_owner", cluster.password, name)
    yield cluster.url(name, "cms_owner")
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_two_processes_that_start_at_once_upgrade_once(empty: str) -> None:
    before = migrate.status(empty, all_plugins())
    assert before.applied == ()
    with ThreadPoolExecutor() as together:
        starts = [together.submit(migrate.upgrade, empty, all_plugins()) for _ in range(2)]
        first, second = (start.result() for start in starts)
    assert first == second
    assert first.applied == before.missing
    assert first.missing == ()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(database: Addresses) -> None:
    before = migrate.status(database.owner, all_plugins())
    assert migrate.upgrade(database.owner, all_plugins()) == before


def test_a_new_plugin_is_missing_until_the_upgrade(database: Addresses) -> None:
    plugins = [*all_plugins(), toy_plugin.plugin]
    assert migrate.status(database.owner, plugins).missing == ("second_look_0001",)
    assert "second_look_0001" in migrate.upgrade(database.owner, plugins).applied


def test_a_plugin_whose_migrations_are_not_installed_is_named(database: Addresses) -> None:
    gone = Plugin(slug="gone", migrations="tests.no_such_package")
    with pytest.raises((SetupError, ModuleNotFoundError), match="no_such_package"):
        migrate.status(database.owner, [gone])


def test_there_is_no_way_back(database: Addresses) -> None:
    """In words, and before anything is touched."""
    config = migrate._config(all_plugins())
    with migrate._connected(database.owner) as connection:
        config.attributes["connection"] = connection
        with pytest.raises(RuntimeError, match="forward only: restore a backup to go back"):
            command.downgrade(config, "core@base")
    assert migrate.status(database.owner, all_plugins()).missing == ()


@BY_NAME
def test_an_id_can_be_read(script) -> None:
    """`core_0001_the_house.py` is core_0001, in the branch of the core."""
    file = Path(script.path).stem
    branch, number = re.fullmatch(r"([a-z_]+)_(\d{4})", script.revision).groups()
    assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+", file)
    assert branch in script.branch_labels
    home = Path(script.path).parent
    assert home == migrate.home() / "versions" or home.parent.name == branch
    expected = None if number == "0001" else f"{branch}_{int(number) - 1:04d}"
    assert script.down_revision == expected, "one line without forks, so that the order is the id"


def test_a_database_that_does_not_answer_is_one_line_without_the_password() -> None:
    url = "postgresql://cms_owner:hush@127.0.0.1:1/cms"
    with pytest.raises(SetupError) as refused:
        migrate.status(url, all_plugins())
    assert "cannot reach the database" in refused.value.message
    assert "hush" not in refused.value.message
    assert "CMS_DATABASE_OWNER_URL" in refused.value.message
    assert "\n" not in refused.value.message


def test_the_queues_schema_is_the_one_that_the_migration_is_for() -> None:
    """When this fails, procrastinate was upgraded: add a migration for the step, and let the old
    one accept a database that was made with the newer schema at once."""
    jobs = (migrate.home() / "versions" / "core_0002_jobs.py").read_text()
    assert hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest() in jobs
