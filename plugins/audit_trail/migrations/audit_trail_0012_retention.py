"""How long events are kept, and what holds them back.

Revision ID: audit_trail_0012
"""

from alembic import op

revision = "audit_trail_0012"
down_revision = "audit_trail_0011"
branch_labels = None
depends_on = None

# Rules only grow: the newest number counts, and what held before can be read. A class is the first
# by rank with a pattern that fits the action; the last one fits everything. `proof` tells of what
# is gone: without it the log could not be verified any more.
RULES = """
create table audit.retention_classes (
  name text collate "C" primary key,
  rank smallint not null unique,
  patterns text[] collate "C" not null,
  months integer not null check (months between 1 and 1200),
  is_personal boolean not null
);
insert into audit.retention_classes (name, rank, patterns, months, is_personal) values
  ('proof', 5, array['audit:range:prune', 'audit:personal:erase', 'audit:personal:expire'],
   1200, false),
  ('access', 10, array['identity:session:%', 'identity:application_password:use',
                       'host:action:refuse', 'audit:trail:read', 'sealing:value:open'], 84, true),
  ('signature', 20, array['review:%', 'content:post:transition', 'registry:%'], 84, false),
  ('general', 99, array['%'], 84, false);

create table audit.retention_rules (
  tenant_id bigint not null,
  class text collate "C" not null references audit.retention_classes (name),
  number integer not null,
  months integer not null check (months between 6 and 1200),
  reason text not null check (length(reason) between 1 and 2000),
  order_reference text,
  order_ground text,
  set_by bigint not null,
  set_at timestamptz not null default now(),
  primary key (tenant_id, class, number),
  check ((order_reference is null) = (order_ground is null))
);

create table audit.legal_holds (
  tenant_id bigint not null,
  id bigint generated always as identity,
  reason text not null check (length(reason) between 1 and 2000),
  since timestamptz not null default '-infinity',
  until timestamptz not null default 'infinity',
  resource_type text collate "C",
  resource_id bigint,
  placed_by bigint not null,
  placed_at timestamptz not null default now(),
  released_by bigint,
  released_at timestamptz,
  release_reason text,
  primary key (tenant_id, id),
  check (since < until),
  check (resource_type is not null or resource_id is null),
  check ((released_by is null) = (released_at is null))
);
"""

KEPT = """
create function audit.class_of(action text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.name from audit.retention_classes c
  where action like any (c.patterns) order by c.rank limit 1
$$;

create function audit.months_kept(tenant bigint, wanted text) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(
    (select r.months from audit.retention_rules r
     where r.tenant_id = tenant and r.class = wanted order by r.number desc limit 1),
    (select c.months from audit.retention_classes c where c.name = wanted))
$$;
"""

TENANT = "nullif(current_setting('app.tenant_id', true), '')::bigint"

# What is refused is said by its code, which the product turns into words.
SETTING = f"""
create function audit.set_retention(wanted text, new_months integer, why text, person bigint,
                                    reference text, ground text)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := {TENANT};
  kept integer := audit.months_kept(tenant, wanted);
begin
  perform pg_advisory_xact_lock(hashtextextended('audit.retention', tenant));
  kept := audit.months_kept(tenant, wanted);
  if kept is null then
    raise exception 'unknown_class';
  end if;
  if new_months < kept then
    if not (select c.is_personal from audit.retention_classes c where c.name = wanted) then
      raise exception 'only_longer';
    end if;
    if reference is null or ground is null then
      raise exception 'order_missing';
    end if;
  end if;
  insert into audit.retention_rules
    (tenant_id, class, number, months, reason, order_reference, order_ground, set_by)
  select tenant, wanted, coalesce(max(r.number), 0) + 1, new_months, why, reference, ground, person
  from audit.retention_rules r where r.tenant_id = tenant and r.class = wanted;
  return kept;
end $$;

create function audit.place_hold(why text, hold_since timestamptz, hold_until timestamptz,
                                 kind text, number bigint, person bigint)
returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into audit.legal_holds
    (tenant_id, reason, since, until, resource_type, resource_id, placed_by)
  values ({TENANT}, why, coalesce(hold_since, '-infinity'), coalesce(hold_until, 'infinity'),
          kind, number, person)
  returning id
$$;

create function audit.release_hold(hold bigint, why text, person bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with released as (
    update audit.legal_holds h
    set released_by = person, released_at = now(), release_reason = why
    where h.tenant_id = {TENANT} and h.id = hold and h.released_at is null
    returning 1)
  select exists (select from released)
$$;
"""  # noqa: S608

VIEWS = f"""
create view audit.retention with (security_barrier = true) as
select c.name as class, c.rank, c.patterns, c.is_personal, c.months as least_months,
       audit.months_kept({TENANT}, c.name) as months, r.reason, r.order_reference, r.order_ground,
       r.set_by, r.set_at
from audit.retention_classes c
left join lateral (
  select * from audit.retention_rules r
  where r.tenant_id = {TENANT} and r.class = c.name order by r.number desc limit 1) r on true;

create view audit.holds with (security_barrier = true) as
select h.id, h.reason, nullif(h.since, '-infinity') as since, nullif(h.until, 'infinity') as until,
       h.resource_type, h.resource_id, h.placed_by, h.placed_at,
       h.released_by, h.released_at, h.release_reason
from audit.legal_holds h where h.tenant_id = {TENANT};
"""  # noqa: S608

# What is older than its class is kept loses its personal values, unless a hold needs the event.
EXPIRING = f"""
create function audit.expire_personal(wanted text, out events bigint, out until timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := {TENANT};
begin
  until := now() - make_interval(months => audit.months_kept(tenant, wanted));
  with gone as (
    update audit.personal p
    set salt = null, ciphertext = null, ip_token = null, erased_at = now()
    from audit.events e
    where p.tenant_id = tenant and p.occurred_at < until and p.erased_at is null
      and e.occurred_at = p.occurred_at and e.event_id = p.event_id
      and audit.class_of(e.action) = wanted
      and not exists (
        select from audit.legal_holds h
        where h.tenant_id = tenant and h.released_at is null
          and e.occurred_at >= h.since and e.occurred_at < h.until
          and (h.resource_type is null or e.resource_type = h.resource_type)
          and (h.resource_id is null or e.resource_id = h.resource_id))
    returning 1)
  select count(*) into events from gone;
end $$;
"""  # noqa: S608

# The application changes nothing of this but through these functions.
GRANTS = """
revoke all on function audit.class_of(text), audit.months_kept(bigint, text),
  audit.set_retention(text, integer, text, bigint, text, text),
  audit.place_hold(text, timestamptz, timestamptz, text, bigint, bigint),
  audit.release_hold(bigint, text, bigint), audit.expire_personal(text) from public;
grant execute on function audit.set_retention(text, integer, text, bigint, text, text),
  audit.place_hold(text, timestamptz, timestamptz, text, bigint, bigint),
  audit.release_hold(bigint, text, bigint), audit.expire_personal(text) to cms_audit_writer;
grant execute on function audit.months_kept(bigint, text) to cms_audit_reader;
grant execute on function audit.class_of(text), audit.months_kept(bigint, text)
  to cms_audit_retention;
grant select on audit.retention, audit.holds to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (RULES, KEPT, SETTING, VIEWS, EXPIRING, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
