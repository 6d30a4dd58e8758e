"""Ways in: the owner's connection and the superuser's, as somebody who has taken the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from plugins.audit_trail.verification.in_sql import LEAF
from plugins.audit_trail.verification.report import Finding, Report
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.telling import told
from tests.conftest import Cluster
from tests.plugins.audit_trail.conftest import House

TABLES = ("events", "leaves", "batches", "checkpoints", "subtrees", "epochs", "pending", "writers")

_QUEUED = f"""
insert into audit.pending (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
select e.event_id, e.occurred_at, {LEAF}, e.writer_id, e.writer_seq, %s
from audit.events e where e.writer_id = 'intruder' returning leaf_hash
"""


def forge(connection: psycopg.Connection[Any], moment: str, seal: bytes | None) -> bytes:
    """One more event with the columns of an old one, queued as a writer would; its leaf hash."""
    own = {"event_id": "gen_random_uuid()", "occurred_at": f"'{moment}'::timestamptz",
           "writer_id": "'intruder'", "writer_seq": "0"}  # fmt: skip
    names = [row[0] for row in connection.execute(
        "select attname from pg_attribute where attrelid = 'audit.events'::regclass and attnum > 0"
    )]  # fmt: skip
    values = ", ".join(own.get(name, name) for name in names)
    into = f"insert into audit.events ({', '.join(names)}) select {values} from audit.events"
    connection.execute(f"{into} limit 1")  # type: ignore[arg-type]
    [leaf] = connection.execute(_QUEUED, [seal]).fetchone()  # type: ignore[arg-type, misc]
    return bytes(leaf)


@contextmanager
def superuser(cluster: Cluster, house: House) -> Iterator[psycopg.Connection[Any]]:
    """A superuser whose session fires no trigger."""
    name = make_url(house.owner_url).database
    assert name is not None
    with psycopg.connect(cluster.url(name)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


def kept(house: House) -> None:
    """Put copies of all tables aside: the attacker's backup."""
    for table in TABLES:
        house.tamper(f"create table public.kept_{table} as select * from audit.{table}")


def put_back(house: House) -> None:
    """Restore the backup as it was, and nothing of what came after it."""
    house.tamper(
        *(f"delete from audit.{table}" for table in TABLES),
        *(f"insert into audit.{table} select * from public.kept_{table}" for table in (
            "epochs", "events", "leaves", "batches", "checkpoints", "subtrees", "pending",
            "writers")),
    )  # fmt: skip


def verified(house: House, by: str = "python") -> tuple[Report, dict[str, Finding], str]:
    """The report, its findings by kind, and what a person reads."""
    report = house.verify(wanted=Wanted(by=(by,)))
    return report, {finding.kind: finding for finding in report.findings}, told(report)
