"""Months of a trail: rows that the product wrote, copied with ids, times and hashes of their own.

The copies belong to no signed log. They are for sizes and for times of queries.
"""

from typing import Any, LiteralString

import psycopg
from psycopg import sql

# What is random in life must be random here, or it would compress like nothing in life does.
_HASH = "sha256((random()::text || n || random()::text)::bytea)"
_OTHER: dict[str, LiteralString] = {
    "occurred_at": "c.moment",
    # RFC 9562 §5.7: milliseconds, version, and random bits.
    "event_id": "encode(substr(int8send((extract(epoch from c.moment) * 1000)::bigint), 3) || "
    "set_byte(substr(uuid_send(gen_random_uuid()), 7, 10), 0, 112), 'hex')::uuid",
    "resource_id": "e.resource_id + n",
    "resource_version": f"case when e.resource_version is not null then {_HASH} end",
    "request_id": "md5(e.request_id || n)::uuid::text",
    "event_data": "regexp_replace(e.event_data::text, '[0-9a-f]{64}',"
    f" encode({_HASH}, 'hex'), 'g')::json",
    "before_state": "regexp_replace(e.before_state::text, '[0-9a-f]{64}',"
    f" encode({_HASH}, 'hex'), 'g')::json",
    "after_state": "regexp_replace(e.after_state::text, '[0-9a-f]{64}',"
    f" encode({_HASH}, 'hex'), 'g')::json",
    "writer_seq": "e.writer_seq + n",
    # Personal values lie apart; what the event holds of them is the commitment.
    "actor_ip": "null",
    "actor_user_agent": "null",
    "pii_commitment": _HASH,
}

# Days that are still to come: rows are then written in the order of time, at the right edge of
# every index, as they are in life. What one request did stays together.
_MOMENTS = """
create temp table copies as
select e.event_id, r.n, r.moment + (e.occurred_at - r.since) as moment
from (select request_id, min(occurred_at) as since, n,
             now() + make_interval(secs => %s) * random() as moment
      from audit.events, generate_series(1, %s) n group by request_id, n) r
join audit.events e on e.request_id is not distinct from r.request_id
"""
_EVENTS = """
insert into audit.events ({names}) select {values}
from copies c join audit.events e using (event_id) order by c.moment, e.event_id
"""
_LEAVES = """
insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)
select 0, n + (select coalesce(max(seq), -1) from audit.leaves), e.event_id, e.occurred_at,
       {hash}, {hash}
from (select event_id, occurred_at, row_number() over (order by occurred_at, event_id) as n
      from audit.events) e
where not exists (select from audit.leaves l where l.event_id = e.event_id)
order by n
"""


def copy_events(owner: psycopg.Connection[Any], times: int, days: int) -> int:
    """So many copies of each event, spread over so many days; how many events there are. Native
    partitions are made for three months."""
    owner.execute(_MOMENTS, [days * 86_400, times])
    names = [
        row[0]
        for row in owner.execute(
            "select attname from pg_attribute where attrelid = 'audit.events'::regclass "
            "and attnum > 0 and not attisdropped order by attnum"
        )
    ]
    values = [
        sql.SQL(_OTHER[name]) if name in _OTHER else sql.Identifier("e", name) for name in names
    ]
    owner.execute(
        sql.SQL(_EVENTS).format(
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
            values=sql.SQL(", ").join(values),
        )
    )
    owner.execute(sql.SQL(_LEAVES).format(hash=sql.SQL(_HASH)))
    owner.execute("drop table copies")
    row = owner.execute("select count(*) from audit.events").fetchone()
    assert row is not None
    return int(row[0])
