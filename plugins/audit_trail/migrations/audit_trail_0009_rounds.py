"""Verifications that the worker runs: what was asked for, how far it is, what came out.

Revision ID: audit_trail_0009
"""

from alembic import op

from cms.database.ddl import group_role

revision = "audit_trail_0009"
down_revision = "audit_trail_0008"
branch_labels = None
depends_on = None

# No tenant: the nightly round. Reports hold places and counts, never what an event says.
TABLE = """
create table audit.verifications (
  id uuid primary key,
  tenant_id bigint,
  actor_id bigint,
  round text collate "C" not null check (round in ('asked', 'newest', 'rolling')),
  by text collate "C" not null check (by in ('python', 'sql', 'both')),
  first_seq bigint not null check (first_seq >= 0),
  until_seq bigint check (until_seq > first_seq),
  state text collate "C" not null default 'queued'
    check (state in ('queued', 'running', 'ended', 'failed')),
  asked_at timestamptz not null default now(),
  ended_at timestamptz,
  done bigint not null default 0,
  total bigint not null default 0,
  verdict text collate "C" check (verdict in ('green', 'red', 'unknown')),
  report json
);
create index verifications_of_round on audit.verifications (round, asked_at desc);
create index verifications_open on audit.verifications (asked_at)
  where state in ('queued', 'running');
"""

FUNCTIONS = """
create function audit.ask_verification(
  asked uuid, of_actor bigint, from_seq bigint, to_seq bigint, with_method text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into audit.verifications (id, tenant_id, actor_id, round, by, first_seq, until_seq)
  values (asked, current_setting('app.tenant_id')::bigint, of_actor, 'asked', with_method,
          from_seq, to_seq);
end;

create function audit.verification(asked uuid)
returns table (id uuid, round text, by text, first_seq bigint, until_seq bigint, state text,
               asked_at timestamptz, ended_at timestamptz, done bigint, total bigint, verdict text,
               report json)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select v.id, v.round, v.by, v.first_seq, v.until_seq, v.state, v.asked_at, v.ended_at, v.done,
         v.total, v.verdict, v.report
  from audit.verifications v
  where v.id = asked and (v.tenant_id is null
    or v.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint);
end;

-- A red one stands until a green one has covered all of it.
create function audit.verified()
returns table (newest timestamptz, red uuid, red_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select (select max(v.ended_at) from audit.verifications v where v.state = 'ended'), r.id,
         r.ended_at
  from (select 1) one left join lateral (
    select v.id, v.ended_at from audit.verifications v
    where v.verdict = 'red' and not exists (
      select from audit.verifications g where g.verdict = 'green' and g.ended_at > v.ended_at
        and g.first_seq <= v.first_seq
        and g.until_seq >= coalesce(v.until_seq, v.first_seq))
    order by v.ended_at limit 1) r on true;
end;
revoke all on function audit.ask_verification(uuid, bigint, bigint, bigint, text),
  audit.verification(uuid), audit.verified() from public;
"""

# Whoever verifies reads everything. The worker acts for every tenant anyway, requests do not.
GRANTS = """
grant usage on schema audit to cms_audit_verifier;
grant select on audit.events, audit.leaves, audit.batches, audit.checkpoints, audit.subtrees,
  audit.epochs, audit.pending, audit.personal, audit.quarantine, audit.writers
  to cms_audit_verifier;
grant select, insert, update (state, ended_at, done, total, until_seq, verdict, report)
  on audit.verifications to cms_audit_verifier;
grant execute on function audit.ask_verification(uuid, bigint, bigint, bigint, text),
  audit.verification(uuid), audit.verified() to cms_audit_reader;
grant cms_audit_verifier to cms_worker;
"""


def upgrade() -> None:
    group_role("cms_audit_verifier")
    for part in (TABLE, FUNCTIONS, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
