"""Search goes through one function: it uses its index, and finds nobody else's posts."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from migrations.versions import core_0005_types_terms_search as house
from migrations.versions import core_0012_quicker_search as quicker
from tests.conftest import Cluster
from tests.database.conftest import Catalogue, copied

OURS, THEIRS, ENGLISH = 1, 2, 3
SIZE = 12_000

FILL = """
insert into cms.tenants (id, slug, name) select n, 'site' || n, 'Site' from generate_series(1, 3) n;
set session_replication_role = replica;
insert into cms.search_documents (tenant_id, post_id, language, document)
select case when n %% 10 = 0 then 1 else 2 end, n, 'pt-BR',
       'Artigo ' || n || ' sobre saúde e prevenção'
       || case when n in (500, 501) then ' das trombofilias ' else ' ' end
       -- As long as an abstract: the plan depends on what it costs to read a row.
       || (select string_agg(md5(n::text || i), ' ') from generate_series(1, 25) i)
from generate_series(1, %(size)s) n;
insert into cms.search_documents (tenant_id, post_id, language, document) values
  (3, 1, 'en-US', 'Treatments of the heart'), (3, 2, 'pt-BR', 'Tratamentos do coração'),
  (3, 3, 'en-US', 'A treatment without warnings');
set session_replication_role = origin;
analyze cms.search_documents;
"""


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Iterator[Catalogue]:
    """Twelve thousand posts of two tenants, as its superuser sees them."""
    with copied(cluster, "search") as name:
        url = cluster.url(name)
        # On the client's side, because one string holds several statements.
        with psycopg.connect(
            url, autocommit=True, cursor_factory=psycopg.ClientCursor
        ) as connection:
            connection.execute(FILL, {"size": SIZE})
            yield Catalogue(connection)


def found(
    database: Catalogue,
    words: str,
    *,
    asked: int = OURS,
    tenant: int | None = OURS,
    most: int = 10,
    language: str | None = None,
) -> list[int]:
    """What a request of the tenant gets when the function is asked about `asked`."""
    with database.connection.transaction():
        database.connection.execute("set local role cms_app")
        if tenant is not None:
            database.connection.execute(f"set local app.tenant_id = '{tenant}'")
        return database.column(
            "select post_id from cms.search_posts_3(%s, %s, %s, %s, false)",
            asked,
            words,
            language,
            most,
        )


def test_a_word_finds_our_posts_and_never_theirs(filled: Catalogue) -> None:
    assert found(filled, "trombofilia") == [500]
    assert found(filled, "trombofilia", asked=THEIRS, tenant=THEIRS) == [501]


def test_asking_about_another_tenant_finds_nothing(filled: Catalogue) -> None:
    assert found(filled, "trombofilia", asked=THEIRS, tenant=OURS) == []
    assert found(filled, "trombofilia", tenant=None) == []


@pytest.mark.parametrize(
    "words", ["§2", "'§2'", "§pt", "saúde or §2", "' || '", "\\", "& | ! ( :*"]
)
def test_words_cannot_reach_past_the_tenant(filled: Catalogue, words: str) -> None:
    everything = found(filled, words, most=SIZE)
    assert all(post % 10 == 0 for post in everything)


def test_candidates_are_capped_at_the_newest(filled: Catalogue) -> None:
    assert found(filled, "prevencao", most=3) == [12_000, 11_990, 11_980]


def test_each_document_is_found_by_the_rules_of_its_language(filled: Catalogue) -> None:
    def in_english_site(words: str) -> list[int]:
        return sorted(found(filled, words, asked=ENGLISH, tenant=ENGLISH))

    assert in_english_site("treatment") == [1, 3]
    assert in_english_site("tratamento") == [2]
    assert in_english_site("treatments -warning") == [1]
    assert in_english_site("coracoes") == [2]


STATEMENT = re.search(r"begin atomic(.*);\s*end;", quicker.SEARCH_FUNCTION, re.DOTALL)


def _plan(database: Catalogue, role: str, mode: str) -> str:
    """The plan of the very statement inside the function, for the large tenant."""
    assert STATEMENT is not None
    body = STATEMENT[1]
    for place, name in enumerate(("tenant", "query", "wanted", "candidates", "ranked"), start=1):
        body = re.sub(rf"\b{name}\b", f"${place}", body)
    execute = database.connection.execute
    with database.connection.transaction(force_rollback=True):
        # Row-level security is the only difference between the two roles then.
        execute("grant select on cms.search_documents to cms_app")
        execute(f"set local role {role}")
        execute(f"set local app.tenant_id = '{THEIRS}'")
        execute(f"set local plan_cache_mode = {mode}")
        execute(f"prepare look (bigint, text, text, integer, boolean) as {body}")
        rows = execute(
            f"explain execute look ({THEIRS}, 'trombofilia', null, 1000, true)"
        ).fetchall()
        execute("deallocate look")
    return "\n".join(row[0] for row in rows)


# Up to 17 a function plans once for all its arguments, from 18 on also for these.
@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
def test_the_search_role_uses_the_index(filled: Catalogue, mode: str) -> None:
    plan = _plan(filled, "cms_search", mode)
    assert "Bitmap Index Scan on search_documents_vector" in plan, plan
    assert "Seq Scan" not in plan, plan


def test_any_other_role_would_read_every_row_of_the_tenant(filled: Catalogue) -> None:
    """Why there is a search role at all: when this fails, PostgreSQL has learnt it, and the role
    can go."""
    assert "search_documents_vector" not in _plan(filled, "cms_app", "force_custom_plan")


@pytest.mark.parametrize("words", ["", "   ", "?!", "& | ! ( :*", "— …"])
def test_a_query_without_a_word_finds_nothing(filled: Catalogue, words: str) -> None:
    assert found(filled, words) == []


def test_english_stop_words_alone_do_not_find_every_english_text(filled: Catalogue) -> None:
    assert found(filled, "the of", asked=ENGLISH, tenant=ENGLISH) == []


def test_a_phrase_is_found_as_it_stands_and_a_minus_excludes(filled: Catalogue) -> None:
    def here(words: str) -> list[int]:
        return sorted(found(filled, words, asked=ENGLISH, tenant=ENGLISH))

    assert here('"treatments of the heart"') == [1]
    assert here('"heart treatments"') == []
    assert here('"tratamento coração"') == []
    assert here('"tratamento do coração"') == [2]
    assert here("treatment -heart") == [3]
    assert found(filled, '"saúde e prevenção" trombofilia') == [500]
    assert found(filled, "trombofilia -prevenção") == []


def test_a_language_may_be_asked_for(filled: Catalogue) -> None:
    for words, language, posts in (
        ("treatment", "en-US", [1, 3]),
        ("treatment", "pt-BR", []),
        ("tratamento", "pt-BR", [2]),
        ("tratamento", "pt", []),
    ):
        shown = found(filled, words, asked=ENGLISH, tenant=ENGLISH, language=language)
        assert sorted(shown) == posts, (words, language)


def test_the_title_says_more_than_the_excerpt_and_the_excerpt_than_the_text(
    filled: Catalogue,
) -> None:
    execute = filled.connection.execute
    with filled.connection.transaction(force_rollback=True):
        execute("set local session_replication_role = replica")
        execute("""
            insert into cms.search_documents
              (tenant_id, post_id, language, title, excerpt, terms, fields, document) values
            (3, 11, 'pt-BR', '', '', '', '', 'Sobre o zumbido no ouvido'),
            (3, 12, 'pt-BR', '', '', '', 'zumbido', 'Sobre o ouvido'),
            (3, 13, 'pt-BR', '', '', 'Zumbidos', '', 'Sobre o ouvido'),
            (3, 14, 'pt-BR', '', 'Zumbido', '', '', 'Sobre o ouvido'),
            (3, 15, 'pt-BR', 'O zumbido', '', '', '', 'Sobre o ouvido')""")
        execute("set local role cms_app")
        execute("set local app.tenant_id = '3'")
        ranked = filled.column(
            "select post_id from cms.search_posts_3(3, 'zumbido', null, 10, true) "
            "order by rank desc, post_id"
        )
    assert ranked == [15, 14, 12, 13, 11]


def test_what_the_first_version_held_is_carried_over_for_every_tenant(cluster: Cluster) -> None:
    """As the owner, whom row-level security binds: a loop that forgot a tenant would move nothing
    of it, silently."""
    with copied(cluster, "refill") as name:
        with psycopg.connect(cluster.url(name), autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")
            for statement in (
                "insert into cms.tenants (id, slug, name) values (1, 'a', 'A'), (2, 'b', 'B')",
                "create table cms.post_search"
                " (tenant_id bigint, post_id bigint, language text, document text)",
                "insert into cms.post_search values (1, 7, 'pt-BR', 'dor'), (2, 7, 'pt-BR', 'dor')",
                "insert into cms.posts (tenant_id, id, post_type, status, language,"
                " translation_group, author_id, last_editor_id, title, date_local, modified_gmt,"
                " modified_local, created_at)"
                " select n, 7, 'post', 'publish', 'pt-BR', 7, 1, 1, 'Cefaleia', now(), now(),"
                " now(), now() from generate_series(1, 2) n",
                "alter table cms.post_search owner to cms_owner",
                "alter table cms.post_search enable row level security",
                "alter table cms.post_search force row level security",
                "create policy tenant on cms.post_search using"
                " (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint)",
            ):
                connection.execute(statement)
        with psycopg.connect(cluster.url(name, "cms_owner")) as owner:
            owner.execute(house.REFILL)
        with psycopg.connect(cluster.url(name)) as connection:
            kept = connection.execute(
                "select tenant_id, title, document from cms.search_documents order by 1"
            ).fetchall()
    assert kept == [(1, "Cefaleia", "dor"), (2, "Cefaleia", "dor")]
