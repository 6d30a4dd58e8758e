"""The tables: of the types that the hashed form is read by, guarded, and in one piece."""

from typing import Any

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

_TEXT, _MOMENT, _NUMBER = "text", "timestamp with time zone", "bigint"
# What the rebuilding rests on. Were a column of JSON one of text, its content could reach into the
# fields beside it; were the events a view, it could show anything.
_EVENTS = {
    **dict.fromkeys(
        ("event_type", "action", "outcome", "resource_type", "actor_kind", "actor_role",
         "actor_ip", "actor_user_agent", "actor_device_fingerprint", "channel", "request_id",
         "purpose", "lgpd_basis", "consent_reference", "data_subject_id", "policy_reference",
         "risk_level", "writer_id"),
        _TEXT,
    ),
    **dict.fromkeys(
        ("tenant_id", "resource_id", "actor_id", "on_behalf_of", "writer_seq"), _NUMBER
    ),
    **dict.fromkeys(("automated_flags", "before_state", "after_state", "event_data"), "json"),
    **dict.fromkeys(("resource_version", "pii_commitment"), "bytea"),
    "event_id": "uuid",
    "occurred_at": _MOMENT,
    "schema_version": "smallint",
    "writer_void": "bigint[]",
}  # fmt: skip
_TYPES = {
    "events": _EVENTS,
    "leaves": {
        "epoch": "integer",
        "seq": _NUMBER,
        "event_id": "uuid",
        "occurred_at": _MOMENT,
        "leaf_hash": "bytea",
        "record_hash": "bytea",
    },
    "pending": {"event_id": "uuid", "occurred_at": _MOMENT, "leaf_hash": "bytea"},
    "batches": {"first_seq": _NUMBER, "last_seq": _NUMBER, "root": "bytea"},
    "checkpoints": {"size": _NUMBER, "root": "bytea", "note": _TEXT},
    "subtrees": {"level": "smallint", "position": _NUMBER, "hash": "bytea"},
}
_GUARDED = ("events", "leaves", "batches", "checkpoints", "epochs", "subtrees")
_GUARDS = ("only_grows", "keeps_all")

_COLUMNS = """
select c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = 'audit' and c.relname = any(%s)
"""
_TRIGGERS = """
select c.relname, t.tgname, t.tgenabled::text from pg_trigger t
join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'audit' and t.tgname = any(%s)
"""
# Whatever is shaped like a month and belongs to none.
_LOOSE = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'audit' and c.relkind = 'r' and c.relname ~ '^events_' and not c.relispartition
order by 1
"""
_HIDING = """
select c.relname, 'row-level security' from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'audit' and c.relname = any(%s) and c.relrowsecurity
union all
select c.relname, 'the rule ' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'audit' and c.relname = any(%s)
order by 1, 2
"""
_REPLICA = """
select coalesce(r.rolname, 'every role') from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole
where array_to_string(s.setconfig, ',') ~ 'session_replication_role=(replica|local)'
"""


def _verify_types(snapshot: Snapshot, report: Report) -> None:
    found: dict[str, dict[str, str]] = {}
    for table, kind, column, type_ in snapshot.ask(_COLUMNS, list(_TYPES)):
        if kind not in "rp":
            message = f"audit.{table} is no table any more: what it shows is made by somebody"
            report.note("table-replaced", message)
        found.setdefault(table, {})[column] = type_
    for table, columns in _TYPES.items():
        for column, type_ in columns.items():
            if (now := found.get(table, {}).get(column, "not there")) != type_:
                message = f"audit.{table}.{column} is {now}, and was {type_} when it was written"
                report.note("schema-altered", message)


def _verify_guards(snapshot: Snapshot, report: Report) -> None:
    triggers = snapshot.ask(_TRIGGERS, list(_GUARDS))
    standing = {(table, name) for table, name, state in triggers if state in "OA"}
    present = {(table, name) for table, name, _ in triggers}
    for table in _GUARDED:
        if missing := [name for name in _GUARDS if (table, name) not in standing]:
            is_off = any((table, name) in present for name in missing)
            how = "switched off" if is_off else "gone"
            message = f"the triggers {', '.join(missing)} of audit.{table} are {how}: enable them"
            report.warn("guard-off", message)
    for table, what in snapshot.ask(_HIDING, list(_TYPES), list(_TYPES)):
        report.warn("rows-hidden", f"{what} on audit.{table} may hide rows: nobody of ours made it")
    for (role,) in snapshot.ask(_REPLICA):
        report.warn("guard-off", f"session_replication_role is set for {role}: triggers are off")


def _verify_pieces(snapshot: Snapshot, report: Report) -> None:
    rows: list[Any] = snapshot.ask(_LOOSE)
    for (table,) in rows:
        message = (
            f"audit.{table} was detached from audit.events: its events are missing from the log "
            "until it is attached again"
        )
        report.warn("partition-detached", message)


CHECKS = (
    Check("types", _verify_types, order=5),
    Check("guards", _verify_guards, order=60),
    Check("pieces", _verify_pieces, order=61),
)
