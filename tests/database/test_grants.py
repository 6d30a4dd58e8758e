"""Who may do what to which table. A right that is not in this table is a defect."""

import re
from typing import Any, LiteralString

import psycopg
import pytest

from tests.database.audit_rights import AUDIT_FUNCTIONS, AUDIT_MATRIX
from tests.database.conftest import Catalogue, Tenants

# S select, I insert, U update, D delete. Members of a role have its rights too: the worker is a
# member of app, and app of the audit's writer and reader.
MATRIX = """
cms.alembic_version                       app S
cms.tenants                               app S
cms.tenant_hosts                          app S
cms.options                               app SIU
cms.id_counters                           app SIU
cms.roles                                 app SIUD
cms.users                                 app SIU
cms.user_roles                            app SID
cms.application_passwords                 app SIUD
cms.tokens                                app SIU
cms.sessions                              app SIDU(authenticated_at, digest, factors, revoked_at)
cms.session_uses                          app SIDU(last_seen_at)
cms.user_factors                          app SIDU(confirmed_at, last_step)
cms.recovery_codes                        app SIDU(used_at)
cms.pending_sign_ins                      app SIDU(attempts, ended_at)
cms.known_agents                          app SID
cms.post_counts                           app SIU
cms.posts                                 app SIU
cms.revisions                             app SI
cms.renderings                            app SIU
cms.rendering_uses                        app SID
cms.terms                                 app SIUD
cms.term_relationships                    app SID
cms.post_schedules                        app SIUD
cms.post_heads                            app SID
cms.autosaves                             app SIUD
cms.edit_locks                            app SIDU(seen_at, token, user_id)
cms.search_documents                      app SIUD  search S(language, post_id, tenant_id, vector)
cms.dropped_terms                         app SI
cms.content_types                         app SIUD
cms.taxonomies                            app SIUD
cms.media_files                           app SIU(erased_at, files, removed_at)
cms.comments                              app SIUD
cms.menus                                 app SIUD
cms.menu_items                            app SIUD
cms.menu_locations                        app SID
cms.widgets                               app SIUD
cms.field_groups                          app SIUD
cms.field_group_versions                  app SI
cms.field_values                          app SIUD
cms.field_index                           app SIUD
cms.encryption_keys                       app SIU(expires_at, rotated_to_key_id, status, wrapped_key)
cms.sealed_values                         app SIDU(key_id, sealed)
cms.redirects                             app SIUD
cms.redirect_hits                         app SIU
cms.public_addresses                      app SIU
cms.preview_keys                          app SIU
cms.webhooks                              app SIUD
cms.webhook_deliveries                    app SIUD
cms.notices                               app SIDU(mail, mail_at, mail_attempts, mail_fault, read_at)
cms.notice_preferences                    app SIU
cms.notice_hours                          app SIU
cms.invitations                           app SIU(email, ended_as, ended_at, expires_at, mail, sent_at, user_id)
cms.password_links                        app SIU(ended_at, mail)
cms.job_faults                            app SID
cms.import_runs                           app SIU(counts, fault, finished_at, state)
cms.import_items                          app SIU
cms.import_lines                          app SI
cms.import_originals                      app SID

jobs.procrastinate_events                 worker SIUD
jobs.procrastinate_jobs                   worker SIUD
jobs.procrastinate_periodic_defers        worker SIUD
jobs.procrastinate_workers                worker SIUD

professional_registry.professionals       app SIU
professional_registry.status_history      app SI
professional_registry.rosters             app SIU
professional_registry.roster_rows         app SID
professional_registry.council_corrections app SIU(confirmed_at, confirmed_by, state, withdrawn_at, withdrawn_by)
professional_registry.manual_proofs       app SIU(confirmed_at, confirmed_by, withdrawn_at, withdrawn_by)
professional_registry.clinic_identification  app SIU
professional_registry.provider_answers    app SIU
professional_registry.cases               app SIU(@course)
professional_registry.case_actions        app SI

zero_trust.policies                       app SIU
zero_trust.evaluations                    app SI

medical_review.reviews                    app SIU(closed_at, stage, state)
medical_review.decisions                  app SI
medical_review.check_rule_sets            app SI
medical_review.check_severities           app SI
medical_review.check_results              app SI
medical_review.check_overrides            app SI
medical_review.medicine_lists             app SI
medical_review.medicines                  app SID
medical_review.post_checks                app SIU
medical_review.post_findings              app SID
medical_review.aftercare_rules            app SIU
medical_review.publications               app SI
medical_review.upkeep                     app SIU
medical_review.reopenings                 app SIU(closed_at, closed_by, outcome)
medical_review.public_notices             app SIU(lifted_at, lifted_by)
medical_review.case_texts                 app SI
medical_review.inherited_texts            app SIU
medical_review.inherited_plans            app SIU(ended_at)
medical_review.inherited_duties           app SIU
medical_review.amendments                 app SI
medical_review.workflows                  app SI
medical_review.workflow_bindings          app SIDU(bound_at, bound_by, version, workflow)
medical_review.rounds                     app SIU(closed_at, due_at, entered_at, escalated_at, overdue_at, priority, stage)
medical_review.voices                     app SI
medical_review.claims                     app SIU(ended_as, ended_at)
medical_review.absences                   app SIU(ended_at)
medical_review.delegations                app SIU(ended_at)
medical_review.invitations                app SIU(code_sent_at, codes_sent, ended_at, tries)
medical_review.library_entries            app SIU(asked_at, changed_at, csl, doi, fetched_at, isbn, key, merged_into, notice, notice_doi, notice_origin, noticed_at, origin, pmcid, pmid, url, version, words)
medical_review.library_versions           app SI
medical_review.reference_uses             app SI
medical_review.signing_keys               app SI
medical_review.passkeys                   app SIU(is_synced, last_used_at, removed_at, sign_count)
medical_review.signing_acceptances        app SIU(withdrawn_at, withdrawn_by)
medical_review.signing_proofs             app SI
medical_review.signatures                 app SI
medical_review.certificates               app SI
medical_review.certificate_signatures     app SI
medical_review.threads                    app SIU(made_revision_id, settled_at, settled_by, state)
medical_review.comments                   app SI
medical_review.comment_versions           app SI
medical_review.thread_acts                app SI

"""  # noqa: E501

# Whoever is not named here may not even look into the schema; nobody may create in it.
SCHEMAS = {
    "cms": {"cms_app", "cms_search"},
    "jobs": {"cms_app", "cms_worker"},
    "professional_registry": {"cms_app"},
    "zero_trust": {"cms_app"},
    "medical_review": {"cms_app"},
    "audit_desk": {"cms_app"},
    "audit": {
        "cms_audit_writer",
        "cms_audit_sequencer",
        "cms_audit_reader",
        "cms_audit_retention",
        "cms_audit_verifier",
    },
}

# Functions that a role may call; those of procrastinate are the worker's, all of them.
FUNCTIONS = {
    "cms.fold": {"cms_app", "cms_search"},
    "cms.pt_1": {"cms_app", "cms_search"},
    "cms.search_query_1": {"cms_app", "cms_search"},
    "cms.search_posts_2": {"cms_app"},
    "cms.erase_post": {"cms_app"},
    "cms.search_posts_3": {"cms_app"},
    "jobs.enqueue": {"cms_app", "cms_worker"},
    "jobs.enqueue_at": {"cms_app", "cms_worker"},
    **{f"jobs.{one}": {"cms_app"} for one in ("counted", "listed", "try_again", "workers")},
    **AUDIT_FUNCTIONS,
}

MEMBERS = {
    ("cms_worker", "cms_app"),
    ("cms_app", "cms_audit_writer"),
    ("cms_app", "cms_audit_reader"),
    ("cms_worker", "cms_audit_sequencer"),
    ("cms_worker", "cms_audit_verifier"),
}

PRIVILEGES: LiteralString = """
with found as (
  select c.oid, n.nspname || '.' || c.relname as name, c.relacl, c.relowner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_' and not c.relispartition
    and n.nspname <> 'information_schema'
)
select f.name, g.grantee, g.privilege_type, null::name as "column"
from found f cross join aclexplode(f.relacl) g where g.grantee <> f.relowner
union all
select f.name, g.grantee, g.privilege_type, a.attname
from found f join pg_attribute a on a.attrelid = f.oid
cross join aclexplode(a.attacl) g where g.grantee <> f.relowner
union all
select f.name, null, null, null from found f
"""


# Of a case its course may be written, never what opened it.
COURSE = (
    "closed_at, contest, contested_at, outcome, outcome_reason, reviewed_at, reviewed_by, state"
)


def _expected() -> dict[str, dict[str, set[str]]]:
    table: dict[str, dict[str, set[str]]] = {}
    for line in (MATRIX + AUDIT_MATRIX).replace("@course", COURSE).split("\n"):
        if line:
            name, *_ = line.split()
            granted = re.findall(r"(\w+) ([SIUD]+)(?:\(([\w, ]+)\))?", line.removeprefix(name))
            table[name] = {f"cms_{role}": _letters(word, cols) for role, word, cols in granted}
    return table


def _letters(word: str, columns: str) -> set[str]:
    """The last letter is the one that is for some columns only."""
    if not columns:
        return set(word)
    return {*word[:-1], *(f"{word[-1]}({column})" for column in columns.split(", "))}


def _actual(catalogue: Catalogue) -> dict[str, dict[str, set[str]]]:
    roles = dict(catalogue.rows("select oid, rolname from pg_roles"))
    table: dict[str, dict[str, set[str]]] = {}
    for name, grantee, privilege, column in catalogue.rows(PRIVILEGES):
        granted = table.setdefault(name, {})
        if privilege is not None:
            letter = privilege[0] if privilege in {"SELECT", "INSERT", "UPDATE", "DELETE"} else ""
            word = letter or privilege
            role = roles.get(grantee, "PUBLIC")
            granted.setdefault(role, set()).add(f"{word}({column})" if column else word)
    return table


def test_the_rights_to_tables_are_these_and_no_others(catalogue: Catalogue) -> None:
    actual = _actual(catalogue)
    schemas = {name.partition(".")[0] for name in actual}
    expected = {n: rights for n, rights in _expected().items() if n.partition(".")[0] in schemas}
    assert actual == expected


def test_partitions_are_reached_through_their_parent_only(catalogue: Catalogue) -> None:
    rows = catalogue.column("""
        select c.oid::regclass::text from pg_class c
        where c.relispartition and c.relkind = 'r' and exists (
          select from aclexplode(c.relacl) g where g.grantee <> c.relowner)""")
    assert rows == []


def test_schemas_are_open_to_those_who_work_in_them_and_nobody_creates(
    catalogue: Catalogue,
) -> None:
    rows = catalogue.rows("""
        select n.nspname, coalesce(r.rolname, 'PUBLIC'), g.privilege_type
        from pg_namespace n cross join aclexplode(n.nspacl) g
        left join pg_roles r on r.oid = g.grantee
        where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
          and g.grantee <> n.nspowner""")
    found: dict[str, set[str]] = {}
    for schema, role, privilege in rows:
        assert privilege == "USAGE", (schema, role)
        found.setdefault(schema, set()).add(role)
    assert found == {schema: SCHEMAS[schema] for schema in found}


def test_functions_are_called_by_those_they_are_for(catalogue: Catalogue) -> None:
    rows = catalogue.rows("""
        select n.nspname || '.' || p.proname, p.proacl is null, array(
          select coalesce(r.rolname, 'PUBLIC') from aclexplode(p.proacl) g
          left join pg_roles r on r.oid = g.grantee
          where g.grantee <> p.proowner)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')""")
    open_to_all = [name for name, is_default, _ in rows if is_default]
    assert open_to_all == [], "a new function is for PUBLIC until that is revoked"
    for name, _, roles in rows:
        if name.startswith("jobs.procrastinate_"):
            assert set(roles) == {"cms_worker"}, name
        else:
            assert set(roles) == FUNCTIONS[name], name


def test_sequences_are_the_workers(catalogue: Catalogue) -> None:
    rows = catalogue.rows("""
        select c.oid::regclass::text, coalesce(r.rolname, 'PUBLIC'), g.privilege_type
        from pg_class c cross join aclexplode(c.relacl) g
        left join pg_roles r on r.oid = g.grantee
        where c.relkind = 'S' and g.grantee <> c.relowner""")
    for name, role, privilege in rows:
        assert name.startswith("jobs.")
        assert role == "cms_worker"
        assert privilege in {"USAGE", "SELECT"}


def test_nobody_is_a_member_of_the_search_role(catalogue: Catalogue) -> None:
    """A policy reaches the members of its role: `using (true)` would show them every tenant.

    Since 16 whoever creates a role may grant it, which alone gives none of its rights."""
    assert _members(catalogue, "cms_search") == set()


def _members(catalogue: Catalogue, role: str) -> set[str]:
    modern = catalogue.connection.info.server_version >= 160000
    grants = "m.inherit_option or m.set_option" if modern else "true"
    query: Any = f"""
        select m.member::regrole::text from pg_auth_members m
        where m.roleid = %s::regrole and ({grants})"""
    return set(catalogue.column(query, role))


def test_group_roles_are_members_of_each_other_as_drawn(catalogue: Catalogue) -> None:
    groups = catalogue.column(
        "select rolname from pg_roles where rolname ~ '^cms_' and not rolcanlogin"
    )
    found = {(member, role) for role in groups for member in _members(catalogue, role)}
    between = {(member, role) for member, role in found if member in groups}
    assert between == {(member, role) for member, role in MEMBERS if role in groups}


def test_no_role_of_ours_stands_above_row_level_security(catalogue: Catalogue) -> None:
    rows = catalogue.column("""
        select rolname from pg_roles where rolname ~ '^cms_'
          and (rolsuper or rolbypassrls or rolreplication or rolcreatedb
               or (rolcreaterole and rolname <> 'cms_owner')
               or (rolcanlogin and rolname in ('cms_app', 'cms_worker', 'cms_search')))""")
    assert rows == []


def test_only_the_owner_owns_things_and_the_search_role_its_function(catalogue: Catalogue) -> None:
    rows = catalogue.rows("""
        select r.rolname, o.what from (
          select relowner as owner, oid::regclass::text as what from pg_class
          where relkind in ('r', 'p', 'v', 'S')
          union all select proowner, oid::regprocedure::text from pg_proc
          union all select nspowner, nspname::text from pg_namespace) as o
        join pg_roles r on r.oid = o.owner and r.rolname ~ '^cms_' and r.rolname <> 'cms_owner'""")
    assert sorted(rows) == [
        ("cms_search", "cms.search_posts_2(bigint,text,text,integer)"),
        ("cms_search", "cms.search_posts_3(bigint,text,text,integer,boolean)"),
    ]


# -- the same as those who log in feel it


def _refusal(url: str, statement: LiteralString) -> str:
    with psycopg.connect(url) as connection:
        connection.execute("set app.tenant_id = '1'")
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            return str(error).splitlines()[0]
    return "allowed"


@pytest.mark.parametrize(
    "statement",
    [
        "update cms.revisions set title = 'x'",
        "delete from cms.revisions",
        "truncate cms.revisions",
        "delete from cms.posts",
        "delete from cms.users",
        "insert into cms.tenants (slug, name) values ('x', 'X')",
        "update cms.tenant_hosts set tenant_id = 1",
        "insert into cms.alembic_version values ('core_9999')",
        "select from jobs.procrastinate_jobs",
        "insert into jobs.procrastinate_jobs (queue_name, task_name) values ('cms', 'cms:hook')",
        "select jobs.procrastinate_defer_jobs_v1(null)",
        "alter table cms.posts no force row level security",
        "create table cms.mine ()",
        "create table public.mine ()",
        "set role cms_search",
        "set role cms_owner",
    ],
)
def test_a_request_may_not(shared: Tenants, statement: LiteralString) -> None:
    refusal = _refusal(shared.where.web, statement)
    assert refusal.startswith(("permission denied", "must be owner")), refusal


def test_the_worker_reads_its_jobs_and_a_request_only_adds_one(shared: Tenants) -> None:
    add: LiteralString = "select jobs.enqueue('cms', 'cms:hook', '{}')"
    assert _refusal(shared.where.web, add) == "allowed"
    assert _refusal(shared.where.worker, "select from jobs.procrastinate_jobs") == "allowed"
    assert _refusal(shared.where.worker, "set role cms_search").startswith("permission denied")


def test_the_owner_without_a_tenant_sees_no_rows(shared: Tenants) -> None:
    """So a data migration that forgets to go from tenant to tenant changes nothing."""
    with psycopg.connect(shared.where.owner) as connection:
        connection.execute(f"set app.tenant_id = '{shared.ours:d}'")
        connection.execute(
            "insert into cms.options (tenant_id, name, value) values (%s, 'a', '1')", [shared.ours]
        )
        assert connection.execute("select name from cms.options").fetchall() == [("a",)]
        connection.execute("set app.tenant_id = ''")
        assert connection.execute("select name from cms.options").fetchall() == []
        connection.execute(f"set app.tenant_id = '{shared.theirs:d}'")
        assert connection.execute("select name from cms.options").fetchall() == []
        connection.rollback()
