"""`DELETE …?force=true`: gone for good, but for what readers had of a reviewed type."""

import pytest

from plugins.audit_trail.officers.purposes import state
from tests.support.pictures import telling_photo

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def editor(cms):
    return await cms.person("bia.editora", ["editor"])


async def rows_of(cms, post_id):
    """How much the database still holds of a post, by table."""
    async with cms.as_system() as work:
        found = {}
        for table, column in (
            ("posts", "id"),
            ("revisions", "post_id"),
            ("comments", "post_id"),
            ("search_documents", "post_id"),
            ("term_relationships", "post_id"),
            ("public_addresses", "post_id"),
        ):
            query = f"select count(*) from cms.{table} where tenant_id = :t and {column} = :p"
            row = await work.one(query, {"t": work.tenant_id, "p": post_id})
            found[table] = row[0]
        row = await work.one(
            "select count(*) from cms.renderings r where tenant_id = :t and not exists (select from"
            " cms.revisions v where v.tenant_id = r.tenant_id and v.id = r.revision_id)",
            {"t": work.tenant_id},
        )
        return {**found, "renderings": row[0]}


async def test_a_published_post_is_gone_with_all_that_was_its(cms, editor):
    tag = (await editor.post(f"{V2}/tags", {"name": "Sono"})).json()
    post = await cms.draft(editor, status="publish", tags=[tag["id"]], title="Sono leve")
    path = f"{V2}/posts/{post['id']}"
    await editor.post(path, {"content": "<p>Segundo texto.</p>"})
    await editor.post(f"{V2}/comments", {"post": post["id"], "content": "Obrigada"})
    said = (await editor.get(f"{path}?context=edit")).json()
    gone = await editor.delete(f"{path}?force=true")
    assert gone.status_code == 200, gone.text
    body = gone.json()
    assert list(body) == ["deleted", "previous"]
    assert body["deleted"] is True
    assert "_links" not in body["previous"]
    assert {**body["previous"], "_links": said["_links"]} == said
    assert set((await rows_of(cms, post["id"])).values()) == {0}
    for answer in (await editor.get(path), await editor.delete(f"{path}?force=true")):
        assert (answer.status_code, answer.json()["code"]) == (404, "rest_post_invalid_id")
    assert (await cms.http.get(f"{V2}/posts")).headers["X-WP-Total"] == "0"
    assert (await cms.http.get(f"{V2}/posts?search=sono")).json() == []
    assert (await editor.get(f"{path}/revisions")).status_code == 404


async def test_from_the_bin_too_and_never_in_use_again(cms, editor):
    draft = await cms.draft(editor)
    path = f"{V2}/posts/{draft['id']}"
    assert (await editor.delete(path)).json()["status"] == "trash"
    gone = (await editor.delete(f"{path}?force=true")).json()
    assert (gone["deleted"], gone["previous"]["status"]) == (True, "trash")
    assert set((await rows_of(cms, draft["id"])).values()) == {0}
    assert (await cms.draft(editor))["id"] != draft["id"]


async def test_the_trail_keeps_ids_and_the_hash(cms, editor):
    post = await cms.draft(editor, title="Segredo da casa", status="publish")
    revisions = (await editor.get(f"{V2}/posts/{post['id']}/revisions")).json()
    post_hash = revisions[0]["content_hash"]
    await editor.delete(f"{V2}/posts/{post['id']}?force=true")
    async with cms.as_system() as work:
        await state(work, "compliance")
        rows = await work.all(
            "select before_state::text as before, to_jsonb(t)::text as everything"
            " from audit.trail t where resource_id = :p and resource_type = 'post'"
            " and action = 'content:post:erase'",
            {"p": post["id"]},
        )
    [row] = rows
    assert post_hash in row.everything
    assert "Segredo" not in row.before


async def test_who_may_not_delete_may_not_erase(cms, editor):
    post = await cms.draft(editor, status="publish")
    author = await cms.person("ana")
    path = f"{V2}/posts/{post['id']}?force=true"
    for answer, status in ((await author.delete(path), 403), (await cms.http.delete(path), 401)):
        assert (answer.status_code, answer.json()["code"]) == (status, "rest_cannot_delete")
    assert (await cms.http.get(f"{V2}/posts/{post['id']}")).status_code == 200


async def test_another_site_cannot_be_reached(cms, editor):
    post = await cms.draft(editor)
    await editor.delete(f"{V2}/posts/{post['id']}")
    async with cms.other() as other, other.as_system() as work:
        row = await work.one("select cms.erase_post(:p) as gone", {"p": post["id"]})
        work._covered |= {"cms.posts", "cms.revisions"}
    assert row.gone is False
    assert (await rows_of(cms, post["id"]))["posts"] == 1


async def test_the_database_erases_nothing_outside_of_the_bin(cms, editor):
    post = await cms.draft(editor, status="publish")
    async with cms.as_system() as work:
        row = await work.one("select cms.erase_post(:p) as gone", {"p": post["id"]})
        work._covered |= {"cms.posts", "cms.revisions"}
    assert row.gone is False


async def test_pages_below_move_up_and_pictures_of_drafts_stay_hidden(cms, editor):
    top = await cms.draft(editor, "pages", title="Acima", status="publish")
    middle = await cms.draft(editor, "pages", title="Meio", parent=top["id"], status="publish")
    below = await cms.draft(editor, "pages", title="Abaixo", parent=middle["id"], status="publish")
    await editor.delete(f"{V2}/pages/{middle['id']}?force=true")
    moved = (await cms.http.get(f"{V2}/pages/{below['id']}")).json()
    assert (moved["parent"], moved["link"]) == (
        top["id"],
        "http://clinica.example/acima/abaixo/",
    )
    draft = await cms.draft(editor)
    upload = await cms.http.post(
        f"{V2}/media?post={draft['id']}",
        content=telling_photo(),
        headers={
            **editor.bearer,
            "Content-Disposition": 'attachment; filename="a.jpg"',
            "Content-Type": "image/jpeg",
        },
    )
    assert upload.status_code == 201, upload.text
    picture = f"{V2}/media/{upload.json()['id']}"
    await editor.delete(f"{V2}/posts/{draft['id']}?force=true")
    assert (await cms.http.get(picture)).status_code == 401
    kept = (await editor.get(f"{picture}?context=edit")).json()
    assert (kept["post"], kept["status"]) == (None, "private")


async def test_what_readers_had_of_a_reviewed_type_is_kept(cms, editor):
    article = await cms.draft(editor, "medical-articles", title="Dose segura")
    async with cms.as_system() as work:
        await work.execute(
            "update cms.posts set has_been_live = true where tenant_id = :t and id = :p",
            {"t": work.tenant_id, "p": article["id"]},
        )
        work._covered.add("cms.posts")
    refused = await editor.delete(f"{V2}/medical-articles/{article['id']}?force=true")
    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "rest_cannot_delete")
    assert "kept as evidence" in body["message"]
    assert "Leave out 'force'" in body["message"]
    assert (await editor.delete(f"{V2}/medical-articles/{article['id']}")).json()[
        "status"
    ] == "trash"


async def test_a_draft_of_a_reviewed_type_that_nobody_read_or_reviewed_goes(cms, editor):
    article = await cms.draft(editor, "medical-articles", title="Rascunho")
    gone = await editor.delete(f"{V2}/medical-articles/{article['id']}?force=true")
    assert (gone.status_code, gone.json()["deleted"]) == (200, True)
    assert set((await rows_of(cms, article["id"])).values()) == {0}


async def test_what_was_handed_over_for_review_is_kept(cms, editor):
    article = await cms.draft(editor, "medical-articles", title="Dose segura")
    async with cms.as_system() as work:
        await work.execute(
            "insert into medical_review.reviews (tenant_id, id, post_id, revision_id, content_hash,"
            " state, stage, submitted_at) select v.tenant_id, 1, v.post_id, v.id, v.content_hash,"
            " 'open', 'medical', now() from cms.revisions v"
            " where v.tenant_id = :t and v.post_id = :p",
            {"t": work.tenant_id, "p": article["id"]},
        )
        work._covered.add("medical_review.reviews")
    refused = await editor.delete(f"{V2}/medical-articles/{article['id']}?force=true")
    assert refused.status_code == 409
    assert refused.json()["data"]["objections"][0]["code"] == "review.evidence"
