"""The newest events are sought from today backwards, so that a question about all of time opens the
months in which its answer lies, and not all of them.

Revision ID: audit_trail_0017
"""

from alembic import op

revision = "audit_trail_0017"
down_revision = "audit_trail_0016"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('app.tenant_id', true), '')::bigint"
STATED = (
    "current_setting('app.audit_purpose', true) in "
    "('compliance', 'data_protection', 'security', 'external_audit')"
)

# Planning costs a third of a millisecond for each month that may hold a row, more than finding the
# rows. So all of time is asked in windows of two, two, four and eight months and the rest, until
# the page is full; and what is asked most, of one actor, one thing or one address, has plans of its
# own that are made once for each connection and open the months of the window only. A request is
# over in a moment, and of a person there is little: they are found in one piece.
_BOUNDS = """
        and e.occurred_at >= coalesce(since, '-infinity')
        and e.occurred_at < coalesce(until, 'infinity')
        and (start_at is null or (e.occurred_at, e.event_id) < (start_at, start_id))
      order by e.occurred_at desc, e.event_id desc limit most"""
FINDING = f"""
create or replace function audit.find_keys(sought jsonb, newest_first boolean, start_at timestamptz,
                                start_id uuid, most integer)
returns table (occurred_at timestamptz, event_id uuid)
language plpgsql stable security definer rows 100
  set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  purpose constant text := current_setting('app.audit_purpose', true);
  way constant text := case when newest_first then 'desc' else 'asc' end;
  moment text := 'e.occurred_at';
  asked text := format(' from audit.events e where e.tenant_id = %L::bigint', {TENANT});
  name text;
  since timestamptz;
  until timestamptz;
  part text;
  months integer := 2;
  is_last boolean := false;
  asked_for text[];
  tenant constant bigint := {TENANT};
  listed bigint;
begin
  if not coalesce({STATED}, false)
     or sought ?| array['actor_ip', 'ip_token'] and purpose not in ('compliance', 'security')
     or sought ? 'data_subjects' and purpose not in ('compliance', 'data_protection') then
    return;
  end if;
  if sought ? 'ip_token' then
    moment := 'p.occurred_at';
    asked := format(' from audit.personal p join audit.events e on e.occurred_at = p.occurred_at'
      ' and e.event_id = p.event_id where p.tenant_id = %1$L::bigint'
      ' and e.tenant_id = %1$L::bigint and p.ip_token = decode(%2$L, ''hex'')',
      {TENANT}, sought->>'ip_token');
  end if;
  foreach name in array array['actor_kind', 'resource_type', 'outcome', 'risk_level', 'channel',
                              'actor_ip', 'action'] loop
    if sought ? name then
      asked := asked || format(' and e.%I = %L', name, sought->>name);
    end if;
  end loop;
  foreach name in array array['actor_id', 'resource_id'] loop
    if sought ? name then
      asked := asked || format(' and e.%I = %L::bigint', name, sought->>name);
    end if;
  end loop;
  if sought ? 'action_from' then
    asked := asked || format(' and e.action >= %L and e.action < %L',
                             sought->>'action_from', sought->>'action_end');
  end if;
  if sought ? 'risk_levels' then
    asked := asked || format(' and e.risk_level in (%s)', (
      select string_agg(quote_literal(r.level), ', ')
      from jsonb_array_elements_text(sought->'risk_levels') as r (level)));
  end if;
  if sought ? 'data_subjects' then
    asked := asked || format(' and e.data_subject_id in (%s)', (
      select coalesce(string_agg(quote_literal(s.reference), ', '), 'null')
      from jsonb_array_elements_text(sought->'data_subjects') as s (reference)));
  end if;
  if sought ? 'request_id' then
    asked := asked || format(' and hashtextextended(e.request_id, 0) = hashtextextended(%1$L, 0)'
                             ' and e.request_id = %1$L', sought->>'request_id');
  end if;
  if sought ? 'of_post' then
    asked := asked || format(' and e.event_data->>''post_id'' = %L', sought->>'of_post');
  end if;
  if sought ? 'since' then
    asked := asked || format(' and %s >= %L::timestamptz', moment, sought->>'since');
  end if;
  if sought ? 'until' then
    asked := asked || format(' and %s < %L::timestamptz', moment, sought->>'until');
  end if;
  if start_at is not null then
    asked := asked || format(' and (%s, e.event_id) %s (%L::timestamptz, %L::uuid)', moment,
                             case when newest_first then '<' else '>' end, start_at, start_id)
      || format(' and %s %s %L::timestamptz', moment,
                case when newest_first then '<=' else '>=' end, start_at);
  end if;
  asked_for := array(select jsonb_object_keys(sought - 'since' - 'until') order by 1);
  if not newest_first or sought ?| array['request_id', 'data_subjects'] then
    return query execute 'select e.occurred_at, e.event_id' || asked
      || format(' order by %1$s %2$s, e.event_id %2$s limit %3$s', moment, way, most);
    return;
  end if;
  until := (sought->>'until')::timestamptz;
  since := date_trunc('month', least(until, start_at, now()), 'UTC') - interval '1 month';
  loop
    if months > 8 or since < (sought->>'since')::timestamptz then
      since := (sought->>'since')::timestamptz;
      is_last := true;
    end if;
    if asked_for = array['resource_id', 'resource_type'] then
      return query select e.occurred_at, e.event_id from audit.events e
      where e.tenant_id = tenant and e.resource_id = (sought->>'resource_id')::bigint
        and e.resource_type = sought->>'resource_type' {_BOUNDS};
    elsif asked_for = array['actor_id'] then
      return query select e.occurred_at, e.event_id from audit.events e
      where e.tenant_id = tenant and e.actor_id = (sought->>'actor_id')::bigint {_BOUNDS};
    elsif asked_for = array['actor_ip'] then
      return query select e.occurred_at, e.event_id from audit.events e
      where e.tenant_id = tenant and e.actor_ip = sought->>'actor_ip' {_BOUNDS};
    elsif asked_for = array['ip_token'] then
      return query select e.occurred_at, e.event_id
      from audit.personal p
      join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
      where p.tenant_id = tenant and e.tenant_id = tenant
        and p.ip_token = decode(sought->>'ip_token', 'hex')
        and p.occurred_at >= coalesce(since, '-infinity')
        and p.occurred_at < coalesce(until, 'infinity') {_BOUNDS};
    else
      part := asked;
      if until is not null then
        part := part || format(' and %s < %L::timestamptz and e.occurred_at < %2$L::timestamptz',
                               moment, until);
      end if;
      if since is not null then
        part := part || format(' and %s >= %L::timestamptz and e.occurred_at >= %2$L::timestamptz',
                               moment, since);
      end if;
      return query execute 'select e.occurred_at, e.event_id' || part
        || format(' order by %1$s %2$s, e.event_id %2$s limit %3$s', moment, way, most);
    end if;
    get diagnostics listed = row_count;
    most := most - listed;
    exit when most <= 0 or is_last;
    until := since;
    since := since - make_interval(months => months);
    months := months * 2;
  end loop;
end $$;
"""  # noqa: S608 - constants only


def upgrade() -> None:
    op.execute(FINDING)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
