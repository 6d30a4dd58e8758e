"""Content checks: rules of the tenant, their severities, results, overrides, medicines.

Revision ID: medical_review_0008
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0008"
down_revision = "medical_review_0007"
branch_labels = None
depends_on = None

RULES = """
create table medical_review.check_rule_sets (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  set_id text collate "C" not null,
  version integer not null check (version > 0),
  council text collate "C",
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  digest bytea not null check (length(digest) = 32),
  body jsonb not null,
  added_by bigint not null,
  added_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, set_id, version),
  foreign key (tenant_id, added_by) references cms.users (tenant_id, id)
);
create index check_rule_sets_by_adder on medical_review.check_rule_sets (tenant_id, added_by);
create table medical_review.check_severities (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  rule text collate "C" not null,
  severity text collate "C" not null check (severity in ('blocker', 'warning', 'note')),
  reason text not null check (reason <> ''),
  chosen_by bigint not null,
  chosen_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, chosen_by) references cms.users (tenant_id, id)
);
create index check_severities_of_rule on medical_review.check_severities
  (tenant_id, rule, id desc);
create index check_severities_by_chooser on medical_review.check_severities
  (tenant_id, chosen_by);
"""

# What can be made again from text and rules: no event need tell of it, and it goes with its post.
RESULTS = """
create table medical_review.check_results (
  tenant_id bigint not null references cms.tenants (id),
  content_hash bytea not null check (length(content_hash) = 32),
  fingerprint bytea not null check (length(fingerprint) = 32),
  body jsonb not null,
  checked_at timestamptz not null,
  primary key (tenant_id, content_hash, fingerprint)
);
create table medical_review.post_checks (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  fingerprint bytea not null check (length(fingerprint) = 32),
  rule_sets text[] not null,
  blockers integer not null,
  warnings integer not null,
  notes integer not null,
  checked_at timestamptz not null,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
create table medical_review.post_findings (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  rule text collate "C" not null,
  severity text collate "C" not null check (severity in ('blocker', 'warning', 'note')),
  places integer not null,
  primary key (tenant_id, post_id, rule),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
create index post_findings_of_rule on medical_review.post_findings (tenant_id, rule, post_id);
create index post_findings_by_severity on medical_review.post_findings
  (tenant_id, severity, post_id, rule);
"""

# A signature names the override by kind and number; the row keeps the signature's number.
OVERRIDES = """
create table medical_review.check_overrides (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  rule text collate "C" not null,
  rule_set text collate "C" not null,
  severity text collate "C" not null check (severity in ('blocker', 'warning', 'note')),
  justification text not null check (justification <> ''),
  signature_id bigint not null,
  overridden_by bigint not null,
  overridden_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, post_id, content_hash, rule),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, overridden_by) references cms.users (tenant_id, id)
);
create index check_overrides_of_revision on medical_review.check_overrides
  (tenant_id, post_id, revision_id);
create index check_overrides_by_person on medical_review.check_overrides
  (tenant_id, overridden_by);
"""

MEDICINES = """
create table medical_review.medicine_lists (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  source text not null check (source <> ''),
  digest bytea not null check (length(digest) = 32),
  names integer not null,
  imported_by bigint not null,
  imported_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, imported_by) references cms.users (tenant_id, id)
);
create index medicine_lists_by_importer on medical_review.medicine_lists
  (tenant_id, imported_by);
create table medical_review.medicines (
  tenant_id bigint not null references cms.tenants (id),
  list_id bigint not null,
  number integer not null,
  first_word text collate "C" not null,
  name text not null,
  kind text collate "C" not null check (kind in ('prescription', 'controlled', 'free')),
  substance text not null,
  is_brand boolean not null,
  primary key (tenant_id, list_id, number),
  foreign key (tenant_id, list_id) references medical_review.medicine_lists (tenant_id, id)
);
create index medicines_by_word on medical_review.medicines (tenant_id, list_id, first_word);
"""

# Rules, severities, overrides and lists are added and never touched again; the names of a list
# that is not in use any longer may go.
GRANTS = """
grant select, insert on medical_review.check_rule_sets, medical_review.check_severities,
  medical_review.check_results, medical_review.check_overrides, medical_review.medicine_lists
  to cms_app;
grant select, insert, delete on medical_review.medicines to cms_app;
grant select, insert, update on medical_review.post_checks to cms_app;
grant select, insert, delete on medical_review.post_findings to cms_app;
"""

TENANT_TABLES = (
    "check_rule_sets",
    "check_severities",
    "check_results",
    "post_checks",
    "post_findings",
    "check_overrides",
    "medicine_lists",
    "medicines",
)


def upgrade() -> None:
    for statements in (RULES, RESULTS, OVERRIDES, MEDICINES):
        op.execute(statements)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
