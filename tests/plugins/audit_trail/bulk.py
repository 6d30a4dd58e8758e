"""Many events at once, as real rows with real hashes: PostgreSQL makes them, the sequencer orders
them."""

from pathlib import Path

import psycopg
from psycopg import AsyncConnection

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import open_sequencer
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.verification.in_sql import LEAF

_EVENTS = """
insert into audit.events (
  event_id, occurred_at, tenant_id, schema_version, event_type, action, outcome, resource_type,
  resource_id, resource_version, actor_id, actor_kind, actor_role, channel, request_id, lgpd_basis,
  risk_level, automated_flags, before_state, after_state, event_data, writer_id, writer_seq,
  writer_void)
select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint + n), 12, '0') || '7'
        || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid,
       now() + n * interval '1 millisecond', 1 + n % 16, 1 + (n >= {old})::int,
       'post_published', 'content:post:' || (array['publish', 'edit', 'read', 'trash'])[1 + n % 4],
       'success', 'post', n % 50000,
       case when n % 4 = 0 then sha256(n::text::bytea) end, 1 + n % 400, 'user',
       'medical_reviewer', 'rest', encode(sha256(n::text::bytea), 'base64'), 'art-11-ii-f',
       'low', '[]'::json,
       case when n % 4 = 1 then ('{{"title":"Dose na insuficiência ' || n || '"}}')::json end,
       case when n % 4 = 1 then ('{{"title":"Dose «renal» ' || n || '"}}')::json end,
       ('{{"note":"one\\ntwo","post_id":' || n % 50000 || '}}')::json,
       case when n < {old} then 'old' else 'writer-' || n % 8 end,
       case when n < {old} then n else (n - {old}) / 8 end,
       case when n >= {old} then '{{}}'::bigint[] end
from generate_series(0, {count} - 1) n
"""
_QUEUE = f"""
insert into audit.pending (event_id, occurred_at, leaf_hash)
select e.event_id, e.occurred_at, {LEAF} from audit.events e;
insert into audit.unsealed select event_id from audit.pending
"""


def _no_sign(text: str) -> bytes:
    """Entries from before there were seals need no key."""
    return bytes(32)


async def fill(owner_url: str, worker_url: str, folder: Path, count: int, *, batch: int) -> None:
    """So many events, in batches of `batch`, under signed heads."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("set local jit = off")
        # A tenth is of the first version; the numbers of each writer have no holes.
        connection.execute(_EVENTS.format(count=count, old=count // 80 * 8))
        connection.execute(_QUEUE)
    settings = AuditSettings(checkpoint=0.5, batch=batch)
    async with await AsyncConnection.connect(worker_url, autocommit=True) as connection:
        sequencer = await open_sequencer(
            connection, Evidence(folder), "clinica.example", settings, _no_sign
        )
        while await sequencer.step():
            pass
        await sequencer.finish()
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("analyze audit.events, audit.leaves, audit.subtrees")
