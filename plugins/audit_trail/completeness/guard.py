"""The database itself refuses a commit that changed a protected table and wrote no audit event.

The unit of work refuses it too (cms/database/work.py); this is for whatever does not come through
it: a script, a console, a forgotten code path, whoever runs it, the owner included. It hinders and
proves nothing: whoever owns the tables can take the triggers off.

Citus refuses triggers on distributed tables, so there it is off.
"""

from collections.abc import Iterable

import msgspec
import psycopg
from psycopg import Connection, sql

from cms.host import all_plugins
from cms.kernel.registry import Registry
from cms.settings import Settings

TOLD, TRUNCATED = "told_by_an_event", "emptied_with_an_event"
"""The names of the triggers."""

LOCK_SECONDS = "5s"

_STATUS = """
select n.nspname || '.' || c.relname, count(g.oid) filter (where g.tgname in (%s, %s)
  and g.tgenabled in ('O', 'A')) = 2
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_trigger g on g.tgrelid = c.oid
where n.nspname || '.' || c.relname = any (%s) group by 1 order by 1
"""
_WANTED = "select is_wanted from audit.guard"
_WANT = """
insert into audit.guard (is_wanted) values (%s)
on conflict (is_the_row) do update set is_wanted = excluded.is_wanted, said_at = now()
"""
_CITUS = "select exists (select from pg_extension where extname = 'citus')"
_MAINTAINED = "select audit.maintain(%s)"

_DROP = "drop trigger if exists {trigger} on {table}"
_ADD = """
create constraint trigger {trigger} after insert or update or delete on {table}
  deferrable initially deferred for each row execute function audit.refuse_silence()
"""
_ADD_TRUNCATED = """
create trigger {trigger} before truncate on {table}
  for each statement execute function audit.refuse_silence()
"""


class GuardStatus(msgspec.Struct):
    """`unguarded` are protected tables without the triggers. `wanted` is what an operator said, and
    null while the settings decide."""

    is_on: bool
    wanted: bool | None
    has_citus: bool
    guarded: list[str]
    unguarded: list[str]


def protected_tables() -> frozenset[str]:
    """Of the host and of every installed plugin, enabled or not: their rows stay protected."""
    return Registry(all_plugins()).protected_tables


def status(connection: Connection[tuple[object, ...]]) -> GuardStatus:
    """Which protected tables are guarded now."""
    names = sorted(protected_tables())
    found = connection.execute(_STATUS, [TOLD, TRUNCATED, names]).fetchall()
    wanted = connection.execute(_WANTED).fetchone()
    citus = connection.execute(_CITUS).fetchone()
    guarded = [str(name) for name, has_both in found if has_both]
    return GuardStatus(
        is_on=bool(guarded),
        wanted=None if wanted is None else bool(wanted[0]),
        has_citus=bool(citus and citus[0]),
        guarded=guarded,
        unguarded=[str(name) for name, has_both in found if not has_both],
    )


def switch(owner_url: str, *, on: bool, wanted: bool | None = None) -> GuardStatus:
    """Put the triggers on, or take them off, a table at a time; `wanted` is kept as the operator's
    word, which later upgrades obey."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("set lock_timeout = {}").format(LOCK_SECONDS))
        before = status(connection)
        if on and before.has_citus:
            return before
        if wanted is not None:
            connection.execute(_WANT, [wanted])
        for table in before.unguarded if on else [*before.guarded, *before.unguarded]:
            with connection.transaction():
                _set(connection, table, on=on)
        return status(connection)


def follow_settings(owner_url: str, settings: Settings) -> None:
    """After an upgrade: on where the trail is enabled, unless an operator has said something. A
    process without the trail writes no events, and could not write at all."""
    with psycopg.connect(owner_url) as connection:
        known = status(connection)
    is_enabled = "audit_trail" in settings.enabled
    on = is_enabled if known.wanted is None else known.wanted and is_enabled
    if (on and known.unguarded) or (not on and known.guarded):
        switch(owner_url, on=on)


def _set(connection: Connection[tuple[object, ...]], table: str, *, on: bool) -> None:
    where = sql.Identifier(*table.split("."))
    for trigger in (TOLD, TRUNCATED):
        connection.execute(_filled(_DROP, trigger, where))
    if on:
        connection.execute(_filled(_ADD, TOLD, where))
        connection.execute(_filled(_ADD_TRUNCATED, TRUNCATED, where))


def _filled(statement: str, trigger: str, table: sql.Identifier) -> sql.Composed:
    return sql.SQL(statement).format(trigger=sql.Identifier(trigger), table=table)


def missing(tables: Iterable[str]) -> str:
    """A few names, for a message."""
    names = list(tables)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
