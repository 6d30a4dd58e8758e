"""The library of references, and which texts name what.

Revision ID: medical_review_0004
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0004"
down_revision = "medical_review_0003"
branch_labels = None
depends_on = ("core_0011",)

ENTRIES = """
create table medical_review.library_entries (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  key text collate "C" not null,
  doi text collate "C",
  pmid text collate "C",
  pmcid text collate "C",
  isbn text collate "C",
  url text collate "C",
  csl jsonb not null,
  words text not null,
  version integer not null check (version > 0),
  origin text collate "C" not null
    check (origin in ('crossref', 'pubmed', 'europe_pmc', 'hand', 'import')),
  fetched_at timestamptz,
  notice text collate "C" check (notice in ('corrected', 'concern', 'retracted')),
  notice_doi text collate "C",
  notice_origin text collate "C",
  noticed_at timestamptz,
  asked_at timestamptz,
  merged_into bigint,
  added_by bigint,
  added_at timestamptz not null,
  changed_at timestamptz not null,
  check ((notice is null) = (noticed_at is null)),
  check (merged_into <> id),
  primary key (tenant_id, id),
  foreign key (tenant_id, merged_into) references medical_review.library_entries (tenant_id, id),
  foreign key (tenant_id, added_by) references cms.users (tenant_id, id)
);
-- Two people who add the same publication at the same time get the same entry.
create unique index library_entries_key on medical_review.library_entries (tenant_id, key)
  where merged_into is null;
create unique index library_entries_doi on medical_review.library_entries (tenant_id, doi)
  where merged_into is null;
create unique index library_entries_pmid on medical_review.library_entries (tenant_id, pmid)
  where merged_into is null;
create unique index library_entries_pmcid on medical_review.library_entries (tenant_id, pmcid)
  where merged_into is null;
create index library_entries_isbn on medical_review.library_entries (tenant_id, isbn)
  where merged_into is null;
create index library_entries_url on medical_review.library_entries (tenant_id, url)
  where merged_into is null;
create index library_entries_merged on medical_review.library_entries (tenant_id, merged_into)
  where merged_into is not null;
"""

VERSIONS = """
create table medical_review.library_versions (
  tenant_id bigint not null references cms.tenants (id),
  entry_id bigint not null,
  version integer not null check (version > 0),
  csl jsonb not null,
  origin text collate "C" not null,
  by bigint,
  at timestamptz not null,
  primary key (tenant_id, entry_id, version),
  foreign key (tenant_id, entry_id) references medical_review.library_entries (tenant_id, id),
  foreign key (tenant_id, by) references cms.users (tenant_id, id)
);
"""

# With the revision goes what it names: a draft may be erased, a text that was reviewed is kept.
USES = """
create table medical_review.reference_uses (
  tenant_id bigint not null references cms.tenants (id),
  key text collate "C" not null,
  revision_id bigint not null,
  post_id bigint not null,
  primary key (tenant_id, key, revision_id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id) on delete cascade
);
create index reference_uses_revision on medical_review.reference_uses
  (tenant_id, post_id, revision_id);
"""

# What a version says stays as it was said.
GRANTS = """
grant select, insert on medical_review.library_entries, medical_review.library_versions,
  medical_review.reference_uses to cms_app;
grant update (key, doi, pmid, pmcid, isbn, url, csl, words, version, origin, fetched_at, notice,
  notice_doi, notice_origin, noticed_at, asked_at, merged_into, changed_at)
  on medical_review.library_entries to cms_app;
"""

TENANT_TABLES = ("library_entries", "library_versions", "reference_uses")


def upgrade() -> None:
    op.execute(ENTRIES)
    op.execute(VERSIONS)
    op.execute(USES)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
