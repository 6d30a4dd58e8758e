"""Personal values beside the events: sealed, bound by commitments, and the only part that can go.

Revision ID: audit_trail_0004
"""

from alembic import op

revision = "audit_trail_0004"
down_revision = "audit_trail_0003"
branch_labels = None
depends_on = None

# No foreign key to the events: theirs are dropped by whole months, and these rows go after them.
TABLE = """
create table audit.personal (
  event_id uuid not null,
  occurred_at timestamptz not null,
  tenant_id bigint not null,
  key_id bigint not null,
  salt bytea check (length(salt) = 32),
  ciphertext bytea,
  ip_token bytea check (length(ip_token) = 32),
  erased_at timestamptz,
  primary key (occurred_at, event_id),
  check ((salt is null) = (ciphertext is null)),
  check ((erased_at is null) = (ciphertext is not null)),
  check (erased_at is null or ip_token is null)
);
create index personal_of_key on audit.personal (tenant_id, key_id);
create index personal_of_address on audit.personal (tenant_id, ip_token, occurred_at desc)
  where ip_token is not null;
"""

# A hindrance like the others; that nothing was changed is proven by the commitments.
REFUSAL = """
create function audit.refuse_all_but_erasure() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null
     and (new.event_id, new.occurred_at, new.tenant_id, new.key_id)
       = (old.event_id, old.occurred_at, old.tenant_id, old.key_id) then
    return new;
  end if;
  if tg_op = 'DELETE' and not exists (
    select from audit.events e
    where e.occurred_at = old.occurred_at and e.event_id = old.event_id) then
    return old;
  end if;
  raise exception 'audit.personal only loses what is erased: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$;

create trigger only_erased before update or delete on audit.personal
  for each row execute function audit.refuse_all_but_erasure();
create trigger keeps_all before truncate on audit.personal
  for each statement execute function audit.refuse_change();
"""

# For officers: no condition of theirs sees a row of another tenant.
READING = """
create view audit.sealed_personal with (security_barrier = true) as
select p.event_id, p.occurred_at, p.key_id, p.salt, p.ciphertext, p.ip_token, p.erased_at
from audit.personal p
where p.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint;
"""

# What it erases was sealed with keys that are destroyed in the same transaction.
ERASURE = """
create function audit.erase_personal(of_keys bigint[]) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  with gone as (
    update audit.personal p set salt = null, ciphertext = null, ip_token = null, erased_at = now()
    where p.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
      and p.key_id = any(of_keys) and p.erased_at is null
    returning 1
  )
  select count(*) from gone;
end;
"""

GRANTS = """
revoke all on function audit.refuse_all_but_erasure(), audit.erase_personal(bigint[]) from public;
grant insert on audit.personal to cms_audit_writer;
grant execute on function audit.erase_personal(bigint[]) to cms_audit_writer;
grant select on audit.sealed_personal to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (TABLE, REFUSAL, READING, ERASURE, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
