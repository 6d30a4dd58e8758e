"""The linter of the migrations finds what would stop a running site."""

import inspect
from types import SimpleNamespace
from typing import Any

import pytest

from cms.database import migrate
from tests.support.lint_migrations import PREFACE, findings, lint, lint_script, scripts, sql_of


def rules(sql: str) -> set[str]:
    return {finding.rule for finding in lint("core_0099", sql)}


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("create index posts_title on cms.posts (title);", "index-concurrently"),
        ("create unique index on cms.posts (tenant_id, title);", "index-concurrently"),
        (
            "alter table cms.posts add foreign key (tenant_id, id)"
            " references cms.users (tenant_id, id);",
            "adding-foreign-key-constraint",
        ),
        ("alter table cms.posts alter column title set not null;", "adding-not-nullable-field"),
        ("alter table cms.posts alter column menu_order type bigint;", "changing-column-type"),
        ("alter table cms.posts rename column title to name;", "renaming-column"),
        ("alter table cms.posts drop column title;", "ban-drop-column"),
        (
            "alter table cms.posts add constraint c check (title <> '');",
            "constraint-missing-not-valid",
        ),
    ],
)
def test_what_would_stop_a_running_site_is_found(sql: str, rule: str) -> None:
    assert rule in rules(sql), rules(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "create table x.notes (id bigint primary key); create index on x.notes (id);",
        "create table x.notes (id bigint primary key, up bigint references x.notes (id));",
        "alter table cms.posts add column note text;",
        "create index concurrently if not exists posts_title on cms.posts (title);",
        "alter table cms.posts add constraint c check (title <> '') not valid;",
    ],
)
def test_what_nobody_waits_for_is_left_alone(sql: str) -> None:
    assert rules(sql) - {"ban-concurrent-index-creation-in-transaction"} == set()


def test_what_stands_outside_of_a_transaction_is_judged_so() -> None:
    sql = "create index concurrently if not exists posts_title on cms.posts (title);"
    assert rules(sql) == {"ban-concurrent-index-creation-in-transaction"}
    assert rules(f"COMMIT;\n\n{sql}\n\nBEGIN;\n\n") == set()
    assert "index-concurrently" in rules("COMMIT;\n\ncreate index on cms.posts (title);\n\nBEGIN;")


def test_an_upgrade_does_not_wait_for_a_lock_for_ever() -> None:
    """The linter assumes it, so it has to be there."""
    assert PREFACE.strip().rstrip(";") in inspect.getsource(migrate.upgrade)


def _script(**changes: Any) -> Any:
    def refuse() -> None:
        raise RuntimeError("migrations go forward only: restore a backup to go back")

    said = {
        "revision": "core_0099",
        "path": "/x/core_0099_more.py",
        "branch_labels": {"core"},
        "module": SimpleNamespace(downgrade=refuse),
    }
    return SimpleNamespace(**{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"revision": "3f2a9c"}, "readable-id"),
        ({"path": "/x/core_0098_more.py"}, "readable-id"),
        ({"branch_labels": {"zero_trust"}}, "readable-id"),
        ({"module": SimpleNamespace(downgrade=lambda: None)}, "forward-only"),
    ],
)
def test_a_file_that_breaks_the_form_is_found(changes: dict[str, Any], rule: str) -> None:
    assert [finding.rule for finding in lint_script(_script(**changes))] == [rule]
    assert list(lint_script(_script())) == []


def test_what_is_linted_is_what_runs() -> None:
    sql = {script.revision: sql_of(script) for script in scripts()}
    assert "create table cms.posts" in sql["core_0001"]
    assert "create policy tenant on cms.posts" in sql["core_0001"]
    assert "create function jobs.enqueue" in sql["core_0002"]


def test_our_migrations_are_clean() -> None:
    assert [str(finding) for finding in findings(scripts())] == []
