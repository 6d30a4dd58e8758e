"""Tenant rules, read from the system tables: they hold for tables that nobody has thought of yet.

They are what row-level security rests on, and what keeps a move to Citus possible (tried
on 14.0.1). Each rule is a query for what breaks it; a table made wrong on purpose shows that it
can.
"""

from collections.abc import Iterator
from typing import LiteralString

import pytest

from cms.database.engine import _WRITE, WRITING_FUNCTIONS
from cms.host import build_registry
from cms.settings import Settings
from plugins.audit_trail.completeness import guard
from tests.database.conftest import Catalogue

# Tables that belong to no single tenant, as patterns, each with the reason. They stay local to the
# coordinator, or become reference tables.
EXCEPTIONS = {
    "cms.tenants": "the directory itself",
    "cms.tenant_hosts": "asked before the tenant is known: which tenant has this host name",
    "cms.alembic_version": "the installation's, not a tenant's",
    "jobs.%": "procrastinate's own tables; arguments are ids, and only the worker reads them",
    "audit.%": "one log for all, that proves itself; officers see it through barrier views",
}

# Triggers that a tenant table may have, and why. Citus has none on distributed tables: what a
# product needs to work must not rest on one, and these are off there.
TRIGGERS = {
    guard.TOLD: "a second line behind the unit of work; `cms audit guard --off` takes it away",
    guard.TRUNCATED: "the same for TRUNCATE, which no row trigger sees",
}

# Views with their owner's rights, each over tables that stay local.
OWNER_VIEWS = {
    "audit.trail_rows": "filters by tenant itself, behind a security barrier; nobody has it",
    "audit.sealed_personal": "filters by tenant and by the stated purpose, behind a barrier",
    **dict.fromkeys(
        (
            "audit.trail",
            "audit.trail_of_subjects",
            "audit.trail_of_addresses",
            "audit.trail_without_people",
        ),
        "filters by tenant and by the stated purpose, behind a security barrier",
    ),
    **dict.fromkeys(
        ("audit.retention", "audit.holds", "audit.pruning_requests"),
        "a tenant's own rules and requests, filtered by tenant itself, behind a barrier",
    ),
    "audit.days": "counts of a tenant, filtered by tenant itself, behind a security barrier",
}

# Policies beside the tenant's own.
OTHER_POLICIES = {("cms.search_documents", "search_reads_all", ("cms_search",))}

# Functions with their owner's rights, and why nothing less will do.
SECURITY_DEFINER = {
    **dict.fromkeys(
        (
            "audit.set_retention(text,integer,text,bigint,text,text)",
            "audit.place_hold(text,timestamp with time zone,timestamp with time zone,text,bigint,"
            "bigint)",
            "audit.release_hold(bigint,text,bigint)",
            "audit.approve_pruning(bigint,bigint)",
            "audit.expire_personal(text)",
        ),
        "officers decide about their own tenant's events in fixed words, and touch no table",
    ),
    **dict.fromkeys(
        (
            "audit.class_of(text)",
            "audit.months_kept(bigint,text)",
            "audit.ranges()",
            "audit.range_content(text)",
            "audit.range_problems(text)",
            "audit.pruning_problems(bigint)",
            "audit.propose_pruning(text)",
            "audit.archive_range(bigint,text,bytea)",
            "audit.withdraw_pruning(bigint)",
            "audit.drop_range(bigint,uuid[])",
            "audit.prune_tiles(audit.prunings)",
        ),
        "retention takes away what these let go, and owns nothing",
    ),
    "audit.outbox_standing()": "health sees how many wait, and no row",
    "audit.take_over(json[])": "the carrier brings events over, and reads none",
    "cms.search_posts_2(bigint,text,text,integer)": "the same, for the version before",
    "cms.search_posts_3(bigint,text,text,integer,boolean)": (
        "row-level security would cost the index"
    ),
    "jobs.enqueue(text,text,jsonb)": "a request may add a job and see none",
    "jobs.enqueue_at(text,text,jsonb,timestamp with time zone)": "the same, for a later time",
    "jobs.counted()": "a request counts the jobs of its own tenant, and reads no table",
    "jobs.listed(text,bigint,integer)": "it sees those jobs without the queue's own columns",
    "jobs.try_again(bigint)": "it puts one of them that has failed back into the queue",
    "jobs.workers()": "it learns how many workers run, and nothing about them",
    "cms.erase_post(bigint)": "no request may remove a revision, but with a post from the bin",
    "audit.refuse_silence()": "who may change content may not look into the queue of the trail",
    "audit.erase_personal(bigint[])": "who writes personal values may empty her own tenant's only",
    "audit.make_partitions(integer)": "the same, for the version before",
    "audit.make_partitions(integer,integer)": (
        "the sequencer owns no table, and months come by themselves"
    ),
    "audit.choose_chunks()": "the worker owns no table, and chunks follow what is written",
    "audit.seal_range(interval)": "the worker owns no table, and packs what has closed",
    "audit.hashes(integer,integer,bigint,integer)": "hashes of the tree, the same for all tenants",
    "audit.latest_head()": "officers see heads of the whole log, and no table",
    "audit.cosigned_heads(integer,bigint,integer)": "the same heads, with the lines of witnesses",
    "audit.seams()": "the keys of each epoch and what ties it to the one before, all public",
    "audit.log_keys(integer)": "what verifies them: public keys",
    "audit.outside_standing()": "health sees how it stands with witnesses, and no table",
    "audit.logs()": "exports carry the records of the log and its heads, and read no table",
    "audit.stamps()": "the same, for heads that an authority has stamped",
    "audit.standing()": "health sees counts of the log, and no table",
    "audit.is_urgent(uuid[],timestamp with time zone[],text[])": (
        "the sequencer learns one bit about a batch, and sees no event"
    ),
    "audit.pinned_heads(integer)": "which heads others refer to, wherever they do",
    "audit.thin_heads()": "the sequencer may remove what the rule lets go, and nothing else",
    "audit.head_of(integer)": "the same for one epoch of the log",
    "audit.signing()": "health sees sizes and times, and no table",
    "audit.publishing()": "the same of the places where heads are published",
    "audit.places(uuid[])": "officers see hashes of their own events",
    "audit.find_keys(jsonb,boolean,timestamp with time zone,uuid,integer)": (
        "officers' questions reach their index, in fixed words and for the stated purpose"
    ),
    "audit.waiting()": "officers see which of their own events have no place yet",
    "audit.last_place()": "how far the log goes, and no table",
    "audit.sequenced(integer,bigint,integer,bigint,integer)": "the watch sees its tenant's events",
    "audit.alarms_after(bigint)": "the watch sees that there was an alarm, and no table",
    "audit.tenants_between(integer,bigint,integer,bigint)": "the worker learns whom to watch for",
    "audit.roll_up(integer)": "the worker counts events that it may not read",
    "audit.daily_counts(date,date)": "officers see counts of their own tenant",
    "audit.ask_verification(uuid,bigint,bigint,bigint,text)": "a request may ask, and run nothing",
    "audit.verification(uuid)": "a site sees its own and the nightly ones",
    "audit.verified()": "health sees a verdict, and no table",
    "audit.verifications_of_late(integer)": "a site sees its own and the nightly ones",
}

TABLES: LiteralString = """
with tables as (
  select c.oid, format('%%s.%%s', n.nspname, c.relname) as name, c.relrowsecurity,
         c.relforcerowsecurity, t.attnum as tenant, t.attnotnull, t.atttypid
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and t.attnum > 0
  where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), tenant_tables as (
  select * from tables where not exists (
    select from unnest(%s::text[]) as exception where tables.name like exception)
)
"""

RULES: dict[str, LiteralString] = {
    "tenant_id is a bigint and never null": """
        select name from tenant_tables
        where tenant is null or not attnotnull or atttypid <> 'bigint'::regtype""",
    "tenant_id comes first in every primary key and unique index": """
        select format('%%s: %%s', t.name, i.indexrelid::regclass)
        from tenant_tables t join pg_index i on i.indrelid = t.oid
        where i.indisunique and i.indkey[0] is distinct from t.tenant""",
    "every table has a primary key": """
        select name from tenant_tables t where not exists (
          select from pg_index i where i.indrelid = t.oid and i.indisprimary)""",
    "exclusion constraints are not used": """
        select format('%%s: %%s', t.name, c.conname)
        from tenant_tables t join pg_constraint c on c.conrelid = t.oid where c.contype = 'x'""",
    "a foreign key goes to the same tenant, at the same position, or to the directory": """
        select format('%%s: %%s', t.name, c.conname)
        from tenant_tables t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
        left join tenant_tables o on o.oid = c.confrelid
        where c.conkey[1] <> t.tenant
           or (o.oid is null and (c.confrelid <> 'cms.tenants'::regclass
                                  or cardinality(c.conkey) > 1))
           or (o.oid is not null and c.confkey[1] <> o.tenant)""",
    "nothing global points at a tenant table": """
        select format('%%s: %%s', c.conrelid::regclass, c.conname)
        from pg_constraint c join tenant_tables o on o.oid = c.confrelid
        where c.contype = 'f' and c.conrelid not in (select oid from tenant_tables)""",
    "no key is blanked or renamed by a foreign key": """
        select format('%%s: %%s', t.name, c.conname)
        from tables t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
        where t.name not like 'jobs.%%'
          and (c.confdeltype in ('n', 'd') or c.confupdtype in ('c', 'n', 'd'))""",
    "row-level security is on, for the owner too": """
        select name from tenant_tables where not (relrowsecurity and relforcerowsecurity)""",
    "the tenant policy compares with the setting, both ways": """
        select name from tenant_tables t where not exists (
          select from pg_policy p where p.polrelid = t.oid and p.polcmd = '*' and p.polpermissive
          and pg_get_expr(p.polqual, t.oid) = pg_get_expr(p.polwithcheck, t.oid)
          and pg_get_expr(p.polqual, t.oid) = '(tenant_id = (NULLIF(current_setting('
            '''app.tenant_id''::text, true), ''''::text))::bigint)')""",
    "no policy is for PUBLIC or asks another table": """
        select format('%%s: %%s', p.polrelid::regclass, p.polname) from pg_policy p
        where 0 = any (p.polroles) or concat(p.polqual, p.polwithcheck) like '%%{SUBLINK%%'""",
    "tenant tables have no triggers and no rules": f"""
        select format('%%s: %%s', t.name, g.tgname)
        from tenant_tables t join pg_trigger g on g.tgrelid = t.oid
        where not g.tgisinternal and g.tgname not in {tuple(TRIGGERS)}
        union all
        select format('%%s: %%s', t.name, r.rulename)
        from tenant_tables t join pg_rewrite r on r.ev_class = t.oid""",
    "text is ordered by bytes wherever an index orders it": """
        select format('%%s: %%s', t.name, i.indexrelid::regclass)
        from tables t join pg_index i on i.indrelid = t.oid
        cross join unnest(i.indcollation) as used (c)
        where used.c not in (0, '"C"'::regcollation) and t.name not like 'jobs.%%'
          and t.name <> 'cms.alembic_version'""",
}


def breaches(catalogue: Catalogue, rule: str) -> list[str]:
    return catalogue.column(TABLES + RULES[rule], list(EXCEPTIONS))


@pytest.mark.parametrize("rule", RULES)
def test_every_tenant_table_keeps_the_rule(catalogue: Catalogue, rule: str) -> None:
    assert breaches(catalogue, rule) == []


BAD = """
create schema careless;
create table careless.notes (
  tenant_id integer, id bigint, title text unique, author bigint, span int4range,
  exclude using gist (span with &&));
create table careless.kept (
  id bigint primary key, tenant_id bigint not null references cms.tenants (id) on delete set null,
  owner bigint references careless.kept (id) on update cascade);
create table cms.tenant_things (kept bigint references careless.kept (id));
alter table cms.tenant_things set schema jobs;
create policy everybody on careless.notes using (tenant_id in (select id from cms.tenants));
create function careless.touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before insert on careless.notes
  for each row execute function careless.touch();
"""


@pytest.fixture
def spoilt(catalogue: Catalogue) -> Iterator[Catalogue]:
    """The same database with tables that break every rule, until the end of the test."""
    connection = catalogue.connection
    with connection.transaction(force_rollback=True):
        connection.execute(BAD)
        yield catalogue


@pytest.mark.parametrize("rule", RULES)
def test_a_careless_table_is_found(spoilt: Catalogue, rule: str) -> None:
    assert breaches(spoilt, rule) != []


def test_the_rules_look_at_every_table_that_the_plugins_declare(catalogue: Catalogue) -> None:
    seen = set(catalogue.column(TABLES + "select name from tenant_tables", list(EXCEPTIONS)))
    models = build_registry(Settings()).each("models")
    declared = {getattr(model, "__table__", model).fullname for model in models}
    local = {name for name in declared if name.startswith("audit.")}
    assert declared - local - {"cms.tenants", "cms.tenant_hosts"} <= seen
    assert len(seen) >= 13


def test_every_exception_is_still_needed(catalogue: Catalogue) -> None:
    names = catalogue.column(TABLES + "select name from tables", [])
    schemas = {name.partition(".")[0] for name in names}
    for pattern in EXCEPTIONS:
        if pattern.partition(".")[0] in schemas:
            stem = pattern.removesuffix("%")
            assert any(name == pattern or name.startswith(stem) for name in names), pattern


def test_views_over_tenant_tables_see_with_the_readers_eyes(catalogue: Catalogue) -> None:
    views = catalogue.column("""
        select n.nspname || '.' || c.relname
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not coalesce('security_invoker=true' = any (c.reloptions), false)""")
    assert set(views) <= set(OWNER_VIEWS)


def test_policies_beside_the_tenants_own_are_few(catalogue: Catalogue) -> None:
    rows = catalogue.rows("""
        select p.polrelid::regclass::text, p.polname,
               array(select rolname from pg_roles where oid = any (p.polroles))
        from pg_policy p where p.polname <> 'tenant'""")
    assert {(table, name, tuple(roles)) for table, name, roles in rows} == OTHER_POLICIES


def test_the_tenant_policy_is_for_the_application_and_the_owner(catalogue: Catalogue) -> None:
    rows = catalogue.rows("""
        select p.polrelid::regclass::text, array(
          select rolname from pg_roles where oid = any (p.polroles) order by rolname)
        from pg_policy p where p.polname = 'tenant'""")
    assert [row for row in rows if row[1] != ["cms_app", "cms_owner"]] == []


FUNCTIONS: LiteralString = """
    select p.oid::regprocedure::text, p.prosecdef, coalesce(p.proconfig, '{}'),
           pg_get_functiondef(p.oid)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prokind = 'f'
"""


def test_functions_with_their_owners_rights_are_few_and_choose_their_own_schemas(
    catalogue: Catalogue,
) -> None:
    definers = {row[0]: row[2] for row in catalogue.rows(FUNCTIONS) if row[1]}
    assert set(definers) <= set(SECURITY_DEFINER)
    for name, settings in definers.items():
        path = next(s for s in settings if s.startswith("search_path="))
        # Else a temporary table of the caller would stand in for one of ours.
        assert path.endswith(", pg_temp"), name


def test_no_function_writes_a_protected_table_behind_the_back_of_the_tracking(
    catalogue: Catalogue,
) -> None:
    protected = build_registry(Settings()).protected_tables
    for name, _, _, body in catalogue.rows(FUNCTIONS):
        written = {table.replace('"', "").lower() for table in _WRITE.findall(body)}
        told = WRITING_FUNCTIONS.get(name.partition("(")[0], frozenset())
        assert written & protected <= told, name


def test_a_function_that_finds_tenants_rows_takes_the_tenant_and_asks_the_setting(
    catalogue: Catalogue,
) -> None:
    bodies = {row[0].partition("(")[0]: row[3] for row in catalogue.rows(FUNCTIONS)}
    for name in ("search_posts_2", "search_posts_3"):
        body = bodies[f"cms.{name}"]
        assert f"tenant_id = {name}.tenant" in body or "tenant_id = tenant" in body
        assert "app.tenant_id" in body
