"""Signatures, the keys that seal them, passkeys and proofs, and certificates of publications.

Revision ID: medical_review_0002
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0002"
down_revision = "medical_review_0001"
branch_labels = None
depends_on = ("core_0015",)

# The public halves stay when the key itself is destroyed: what it has sealed can still be checked.
KEYS = """
create table medical_review.signing_keys (
  tenant_id bigint not null references cms.tenants (id),
  key_id bigint not null,
  public_key bytea not null check (length(public_key) = 32),
  made_at timestamptz not null,
  primary key (tenant_id, key_id),
  unique (tenant_id, public_key),
  foreign key (tenant_id, key_id) references cms.encryption_keys (tenant_id, key_id)
);
create table medical_review.passkeys (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  credential_id bytea not null,
  public_key bytea not null,
  sign_count bigint not null,
  label text not null,
  aaguid text collate "C" not null,
  is_synced boolean not null,
  added_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, user_id, id),
  unique (tenant_id, credential_id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create table medical_review.signing_acceptances (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  words text not null check (words <> ''),
  accepts_synced boolean not null,
  accepted_by bigint not null,
  accepted_at timestamptz not null,
  withdrawn_by bigint,
  withdrawn_at timestamptz,
  check ((withdrawn_by is null) = (withdrawn_at is null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, accepted_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, withdrawn_by) references cms.users (tenant_id, id)
);
create unique index signing_acceptances_one on medical_review.signing_acceptances (tenant_id)
  where withdrawn_at is null;
"""

# `once` is what a proof can be given with one time only: its challenge, or the signature's hash.
SIGNATURES = """
create table medical_review.signing_proofs (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  kind text collate "C" not null check (kind in ('passkey', 'icp_brasil')),
  passkey_id bigint,
  to_sign bytea not null check (length(to_sign) = 32),
  once bytea not null check (length(once) = 32),
  evidence jsonb not null,
  given_at timestamptz not null,
  check ((kind = 'passkey') = (passkey_id is not null)),
  primary key (tenant_id, id),
  unique (tenant_id, once),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, user_id, passkey_id)
    references medical_review.passkeys (tenant_id, user_id, id)
);
create index signing_proofs_of on medical_review.signing_proofs
  (tenant_id, user_id, to_sign, given_at);
create table medical_review.signatures (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  about_kind text collate "C" not null check (about_kind ~ '^[a-z][a-z_]{1,30}$'),
  about_id bigint not null,
  post_id bigint,
  content_hash bytea not null check (length(content_hash) = 32),
  statement jsonb not null,
  meaning text collate "C" not null
    check (meaning in ('review', 'approval', 'responsibility', 'authorship')),
  signer_id bigint,
  signer_name text not null check (signer_name <> ''),
  registration jsonb,
  roles text[] not null,
  byline text not null,
  on_behalf_of bigint,
  method text collate "C" not null,
  factors text[] not null,
  authenticated_at timestamptz not null,
  level text collate "C" not null check (level in ('simple', 'advanced', 'qualified')),
  proof_id bigint,
  evidence jsonb,
  signed_at timestamptz not null,
  request_id text collate "C" not null,
  hash bytea not null check (length(hash) = 32),
  key_id bigint not null,
  seal bytea not null check (length(seal) = 64),
  check (level = 'simple' or proof_id is not null),
  check ((proof_id is null) = (evidence is null)),
  primary key (tenant_id, id),
  unique (tenant_id, about_kind, about_id, meaning, signer_id),
  unique (tenant_id, proof_id),
  foreign key (tenant_id, signer_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, on_behalf_of) references cms.users (tenant_id, id),
  foreign key (tenant_id, proof_id) references medical_review.signing_proofs (tenant_id, id),
  foreign key (tenant_id, key_id) references medical_review.signing_keys (tenant_id, key_id)
);
create index signatures_of_text on medical_review.signatures (tenant_id, post_id, content_hash);
create index signatures_by on medical_review.signatures (tenant_id, signer_id, signed_at);
"""

CERTIFICATES = """
create table medical_review.certificates (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  document text not null,
  hash bytea not null check (length(hash) = 32),
  key_id bigint not null,
  seal bytea not null check (length(seal) = 64),
  issued_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, hash),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, key_id) references medical_review.signing_keys (tenant_id, key_id)
);
create index certificates_of_post on medical_review.certificates (tenant_id, post_id, id);
create index certificates_of_text on medical_review.certificates (tenant_id, content_hash, id);
create table medical_review.certificate_signatures (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  certificate_id bigint not null,
  pdf bytea not null,
  pdf_hash bytea not null check (length(pdf_hash) = 32),
  report jsonb not null,
  added_by bigint not null,
  added_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, pdf_hash),
  foreign key (tenant_id, certificate_id)
    references medical_review.certificates (tenant_id, id),
  foreign key (tenant_id, added_by) references cms.users (tenant_id, id)
);
create index certificate_signatures_of on medical_review.certificate_signatures
  (tenant_id, certificate_id);
"""

# What was signed, and what it was signed with, is added and never touched again.
GRANTS = """
grant select, insert on medical_review.signing_keys, medical_review.passkeys,
  medical_review.signing_acceptances, medical_review.signing_proofs, medical_review.signatures,
  medical_review.certificates, medical_review.certificate_signatures to cms_app;
grant update (sign_count, is_synced, last_used_at, removed_at) on medical_review.passkeys
  to cms_app;
grant update (withdrawn_by, withdrawn_at) on medical_review.signing_acceptances to cms_app;
"""

TENANT_TABLES = (
    "signing_keys",
    "passkeys",
    "signing_acceptances",
    "signing_proofs",
    "signatures",
    "certificates",
    "certificate_signatures",
)


def upgrade() -> None:
    op.execute(KEYS)
    op.execute(SIGNATURES)
    op.execute(CERTIFICATES)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
