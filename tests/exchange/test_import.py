"""A WordPress site moves in: what came, as it was, and what the report says of the rest."""

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from cms.exchange.report import Outcome
from tests.exchange.conftest import notes, read, told
from tests.exchange.files import SITE, author, category, export, item, term

POSTS = "/wp-json/wp/v2/posts"


async def test_a_post_comes_in_as_it_was(cms, bring):
    report = await bring(
        export(
            author("ana", 7, name="Ana Inventada"),
            category("crise", "Crise", 12, parent="dor"),
            category("dor", "Dor", 11),
            item(
                412,
                title="Dor de cabeça",
                content="<!-- wp:paragraph -->\n<p>Texto.</p>\n<!-- /wp:paragraph -->",
                excerpt="Resumo",
                slug="dor-de-cabeca",
                terms=[("category", "crise", "Crise")],
                modified="2021-07-01 08:00:00",
                modified_gmt="2021-07-01 11:00:00",
                comment_status="open",
                ping_status="closed",
                sticky=True,
            ),
        )
    )
    assert await told(cms, report) == [
        ("author", "ana", "created"),
        ("term", "category/dor", "created"),
        ("term", "category/crise", "created"),
        ("post", "412", "created"),
    ]
    assert report.is_whole
    post = await read(cms, "posts", 412)
    assert post["title"] == {"rendered": "Dor de cabeça"}
    assert post["content"]["rendered"].strip() == "<p>Texto.</p>"
    assert (post["date"], post["date_gmt"]) == ("2019-03-04T09:30:00", "2019-03-04T12:30:00")
    assert (post["modified"], post["modified_gmt"]) == (
        "2021-07-01T08:00:00",
        "2021-07-01T11:00:00",
    )
    assert (post["status"], post["slug"], post["sticky"]) == ("publish", "dor-de-cabeca", True)
    assert (post["comment_status"], post["ping_status"]) == ("open", "closed")
    assert (post["author"], post["categories"]) == (7, [12])
    category_ = (await cms.http.get("/wp-json/wp/v2/categories/12")).json()
    assert category_["parent"] == 11


async def test_an_imported_author_cannot_sign_in(cms, bring):
    await bring(export(author("ana", 7), item(1)))
    async with cms.as_system() as work:
        row = await work.one("select * from cms.users where login = 'ana'")
    assert (row.id, row.password_hash, row.is_active) == (7, None, False)


async def test_authors_are_those_that_the_operator_names(cms, bring):
    bruno = await cms.person("bruno")
    clara = await cms.person("clara")
    await bring(
        export(author("ana"), item(1, by="ana"), item(2, by="dora"), item(3, by="clara")),
        authors={"ana": "bruno"},
        default_author="clara",
    )
    authors = [(await read(cms, "posts", number))["author"] for number in (1, 2, 3)]
    assert authors == [bruno.id, clara.id, clara.id]


async def test_an_id_that_was_handed_out_here_is_not_taken_again(cms, bring):
    mine = await cms.draft(await cms.person("ana"))
    report = await bring(export(item(mine["id"]), item(900)))
    async with cms.as_system() as work:
        rows = await work.all("select key, new_id from cms.import_items where kind = 'post'")
    ids = {row.key: row.new_id for row in rows}
    assert ids["900"] == 900
    assert ids[str(mine["id"])] != mine["id"]
    assert "is taken here" in (await notes(cms, report, str(mine["id"])))[0]
    later = await cms.draft(await cms.person("ana"))
    assert later["id"] > 900


@pytest.mark.parametrize(
    ("status", "found"), [("draft", "draft"), ("pending", "pending"), ("private", "private")]
)
async def test_what_was_not_public_is_not_public_here(cms, bring, status, found):
    await bring(export(item(5, status=status)))
    assert (await cms.http.get(f"{POSTS}/5")).status_code == 401
    editor = await cms.person("edu", ["administrator"])
    assert (await editor.get(f"{POSTS}/5")).json()["status"] == found


async def test_an_undated_draft_floats(cms, bring):
    zero = "0000-00-00 00:00:00"
    await bring(export(item(5, status="draft", date_gmt=zero, modified_gmt=zero)))
    editor = await cms.person("edu", ["administrator"])
    post = (await editor.get(f"{POSTS}/5?context=edit")).json()
    assert (post["date"], post["date_gmt"]) == ("2019-03-04T09:30:00", None)


async def test_what_was_scheduled_for_a_day_in_the_past_is_published(cms, bring):
    report = await bring(export(item(5, status="future")))
    assert (await read(cms, "posts", 5))["status"] == "publish"
    assert "a day that has passed" in (await notes(cms, report, "5"))[0]


async def test_the_bin_stays_the_bin(cms, bring):
    await bring(export(item(5, status="trash", slug="dor__trashed")))
    editor = await cms.person("edu", ["administrator"])
    assert (await editor.get(f"{POSTS}/5?context=edit")).json()["status"] == "trash"


async def test_what_cleaning_takes_away_is_kept_unserved(cms, bring):
    wild = '<p onclick="x()">Texto</p><script>alert(1)</script>'
    report = await bring(export(item(5, content=wild, meta={"cor": "azul"})))
    assert "script" not in (await read(cms, "posts", 5))["content"]["rendered"]
    async with cms.as_system() as work:
        rows = await work.all("select field, original from cms.import_originals order by field")
    assert [tuple(row) for row in rows] == [
        ("content", wild),
        ("meta", '[{"key":"cor","value":"azul"}]'),
    ]
    said = await notes(cms, report, "5")
    assert "cleaned: content; the original is kept" in said


async def test_addresses_of_the_old_site_lead_here(cms, bring):
    content = (
        f'<p><a href="{SITE}/dor/">aqui</a> http://blog.exemplo.example/x '
        "https://blog.exemplo.example.outro/ </p>"
        f'<img src="{SITE}/wp-content/uploads/2019/03/a.jpg" alt="">'
    )
    await bring(export(item(5, content=content)))
    editor = await cms.person("edu", ["administrator"])
    raw = (await editor.get(f"{POSTS}/5?context=edit")).json()["content"]["raw"]
    assert 'href="https://clinica.example/dor/"' in raw
    assert "https://clinica.example/x" in raw
    assert "https://blog.exemplo.example.outro/" in raw
    assert f"{SITE}/wp-content/uploads/2019/03/a.jpg" in raw


async def test_kinds_that_have_no_place_here_are_told(cms, bring):
    report = await bring(
        export(
            term("especialidade", "neuro", "Neurologia"),
            item(5, comments=["Obrigado!", "Também."], terms=[("especialidade", "neuro", "N")]),
            item(6, type="receita"),
            item(7, type="revision", status="inherit"),
            item(8, type="attachment", status="inherit"),
            item(9, type="nav_menu_item"),
        )
    )
    assert report.counts.not_imported == {
        "terms of especialidade": 1,
        "items of type receita": 1,
        "items of type attachment": 1,
        "lines of menus": 1,
    }
    assert not report.is_whole
    assert ("receita", "6", "not imported") in await told(cms, report)
    assert ("revision", "7", "skipped") in await told(cms, report)
    assert any("especialidade 'N' is left out" in note for note in await notes(cms, report, "5"))


async def test_types_and_taxonomies_of_other_names_are_mapped(cms, bring):
    await bring(
        export(
            term("especialidade", "neuro", "Neurologia", 31),
            item(6, type="receita", terms=[("especialidade", "neuro", "Neurologia")]),
        ),
        types={"receita": "post"},
        taxonomies={"especialidade": "category"},
    )
    assert (await read(cms, "posts", 6))["categories"] == [31]


async def test_one_bad_item_does_not_keep_the_others_out(cms, bring):
    empty = item(2, title="", content="", excerpt="")
    report = await bring(export(item(1), empty, item(3)))
    outcomes = {key: outcome for kind, key, outcome in await told(cms, report) if kind == "post"}
    assert outcomes == {"1": "created", "2": "refused", "3": "created"}
    assert "empty" in (await notes(cms, report, "2"))[0]


async def test_the_same_post_is_not_brought_twice(cms, bring):
    """Same title, date and type as something that was written here."""
    first = export(item(1, title="Dor"), site="https://um.example")
    await bring(first)
    report = await bring(export(item(77, title="Dor"), site="https://dois.example"))
    assert ("post", "77", "skipped") in await told(cms, report)
    assert len((await cms.http.get(POSTS)).json()) == 1


async def test_twins_in_one_file_are_two_posts(cms, bring):
    await bring(export(item(1, title="Dor"), item(2, title="Dor")))
    assert len((await cms.http.get(POSTS)).json()) == 2


# -- again


async def test_a_second_import_changes_only_what_changed(cms, bring):
    await bring(export(author("ana"), item(1, content="<p>Um.</p>"), item(2)))
    before = await read(cms, "posts", 2)
    newer = export(author("ana"), item(1, content="<p>Outro.</p>"), item(2), item(3))
    report = await bring(newer)
    assert await told(cms, report) == [("post", "1", "changed"), ("post", "3", "created")]
    assert report.counts.of(Outcome.UNCHANGED) == 2
    assert "Outro." in (await read(cms, "posts", 1))["content"]["rendered"]
    assert await read(cms, "posts", 2) == before
    again = await bring(newer)
    assert await told(cms, again) == []


async def test_what_was_edited_here_is_not_overwritten(cms, bring):
    await bring(export(item(1, content="<p>Um.</p>")))
    editor = await cms.person("edu", ["administrator"])
    await editor.post(f"{POSTS}/1", {"content": "<p>Corrigido aqui.</p>"})
    report = await bring(export(item(1, content="<p>Dois.</p>")))
    assert await told(cms, report) == [("post", "1", "skipped")]
    assert "Corrigido" in (await read(cms, "posts", 1))["content"]["rendered"]


async def test_a_dry_run_reports_everything_and_changes_nothing(cms, bring):
    raw = export(
        author("ana"),
        category("dor", "Dor", 11),
        item(1, terms=[("category", "dor", "Dor")]),
        item(2, title="", content=""),
        item(3, type="receita"),
    )
    rehearsed = await bring(raw, is_dry_run=True)
    for table in ("users", "terms", "posts", "import_items", "import_originals"):
        async with cms.as_system() as work:
            assert (await work.one(f"select count(*) from cms.{table}"))[0] == 0, table
    real = await bring(raw)
    assert await told(cms, rehearsed) == await told(cms, real)
    assert rehearsed.counts == real.counts


async def test_two_tenants_import_the_same_file_and_never_meet(cms, bring):
    raw = export(author("ana"), category("dor", "Dor", 3), item(1, title="Aqui"))
    await bring(raw)
    async with cms.other() as other:
        assert (await other.http.get(POSTS)).json() == []
        report = await bring(raw, into=other)
        assert report.counts.outcomes["post"] == {"created": 1}
        assert (await read(other, "posts", 1))["title"]["rendered"] == "Aqui"


async def test_the_trail_says_who_brought_what(cms, bring):
    edu = await cms.person("edu", ["administrator"])
    report = await bring(export(item(1)), operator="edu")
    with psycopg.connect(cms.host.addresses.owner, row_factory=namedtuple_row) as owner:
        rows = owner.execute(
            "select action, actor_kind, actor_role, event_data from audit.events"
            " where channel = 'import' order by event_id"
        ).fetchall()
    actions = [row.action for row in rows]
    assert actions[0] == "exchange:import:start"
    assert actions[-1] == "exchange:import:end"
    assert {"content:post:create", "content:revision:save", "content:post:transition"} <= set(
        actions
    )
    assert {(row.actor_kind, row.actor_role) for row in rows} == {("system", "importer")}
    assert rows[0].event_data["operator_id"] == edu.id
    assert rows[0].event_data["run_id"] == report.run_id
