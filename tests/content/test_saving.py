"""Saving makes revisions, and only when something has changed; nobody changes them afterwards."""

import psycopg
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from cms.content import posts, saving
from cms.content.events import PropertiesChanged, RevisionSaved, Transition
from cms.content.models import Revision
from cms.content.saving import Changes
from cms.errors import CapabilityMissing, NotFound

V2 = "/wp-json/wp/v2"


async def history(cms, post_id):
    async with cms.as_system() as work:
        rows = await work.all(
            select(Revision)
            .where(Revision.tenant_id == work.tenant_id, Revision.post_id == post_id)
            .order_by(Revision.created_at)
        )
    return [row[0] for row in rows]


async def test_a_save_that_changes_nothing_makes_no_revision(cms):
    ana = await cms.person("ana.autora")
    editor = await cms.person("ed", ["editor"])
    term = (await editor.post(f"{V2}/categories", {"name": "Dor"})).json()["id"]
    draft = await cms.draft(ana, title="Dor", slug="dor", categories=[term])
    path = f"{V2}/posts/{draft['id']}"
    for same in (
        {},
        {"title": "Dor", "content": {"raw": "<p>Texto.</p>"}},
        {"title": " Dor<script></script>"},
        {"categories": [term, term], "slug": "Dor", "author": ana.id},
        {"status": "publish", "sticky": True},
    ):
        assert (await ana.post(path, same)).status_code == 200, same
    assert len(await history(cms, draft["id"])) == 1
    await ana.post(path, {"title": "Dor forte"})
    first, second = await history(cms, draft["id"])
    assert (second.base_revision_id, first.base_revision_id) == (first.id, None)
    assert second.terms == first.terms == {"category": [term]}
    async with cms.as_system() as work:
        post = await posts.get(work, draft["id"])
    assert post.version_number == 2
    assert post.working_revision_id == post.live_revision_id == second.id


async def test_a_revision_says_who_edited_and_who_is_the_author(cms):
    ana, editor = await cms.person("ana.autora"), await cms.person("ed", ["editor"])
    draft = await cms.draft(ana)
    await editor.post(f"{V2}/posts/{draft['id']}", {"title": "Revisto"})
    _, second = await history(cms, draft["id"])
    assert (second.editor_id, second.author_id) == (editor.id, ana.id)


@pytest.mark.parametrize("verb", ["update", "delete"])
async def test_the_application_cannot_touch_a_revision(cms, verb):
    ana = await cms.person("ana.autora")
    await cms.draft(ana)
    statement = (
        update(Revision).where(Revision.tenant_id == cms.tenant.id).values(title="x")
        if verb == "update"
        else "delete from cms.revisions"
    )
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with cms.as_system() as work:
            await work.execute(statement)


async def test_what_changed_is_told_before_and_after(cms):
    told = []

    async def listen(work, event):
        told.append(event)

    for kind in (RevisionSaved, PropertiesChanged, Transition):
        cms.host.registry.hooks.observe(kind, listen)
    ana = await cms.person("ana.autora")
    draft = await cms.draft(ana, title="Um")
    await ana.post(
        f"{V2}/posts/{draft['id']}",
        {"title": "Dois", "password": "segredo", "status": "publish"},
    )
    first, properties, second, move = told
    assert first.before is None
    assert first.after["title"] == "Um"
    assert (second.before, second.after) == ({"title": "Um"}, {"title": "Dois"})
    assert second.subject().version == second.content_hash
    assert properties.after == {"password": "set"}
    assert "segredo" not in repr(told)
    assert move.before == {"status": "draft", "live_revision": None}
    assert move.after == {"status": "publish", "live_revision": second.revision_id}
    assert move.content_hash == second.content_hash
    await ana.delete(f"{V2}/posts/{draft['id']}")
    assert told[-1].before == {"status": "publish", "live_revision": second.revision_id}
    assert told[-1].after == {"status": "trash", "live_revision": None}


async def test_use_cases_ask_for_rights_themselves(cms):
    """A plugin may call them: the check does not sit in the route."""
    ana, caio = await cms.person("ana.autora"), await cms.person("caio", ["contributor"])
    draft = await cms.draft(ana)
    async with caio.work() as work:
        post = await posts.lock(work, draft["id"])
        with pytest.raises(CapabilityMissing):
            await saving.edit(work, post, Changes({"title": "Meu"}))
    async with ana.work() as work:
        with pytest.raises(NotFound):
            await posts.revision(work, draft["id"], 999)
    assert (await history(cms, draft["id"]))[-1].title == "Dor de cabeça"


async def test_a_later_change_of_zone_shifts_nothing(cms):
    ana = await cms.person("ana.autora")
    dated = await cms.draft(ana, date="2024-03-01T09:30:00", status="publish")
    draft = await cms.draft(ana, date="2024-03-01T09:30:00")
    before = [(await ana.get(f"{V2}/posts/{p['id']}?context=edit")).json() for p in (dated, draft)]
    with psycopg.connect(cms.host.addresses.owner) as owner:
        owner.execute("update cms.tenants set timezone = 'Asia/Tokyo'")
    cms.host.tenants.forget()
    assert (await cms.http.get("/wp-json/")).json()["gmt_offset"] == 9
    after = [(await ana.get(f"{V2}/posts/{p['id']}?context=edit")).json() for p in (dated, draft)]
    assert after == before
    within = await cms.http.get(f"{V2}/posts?after=2024-03-01T09:29:59&before=2024-03-01T09:30:01")
    assert [post["id"] for post in within.json()] == [dated["id"]]
    fresh = await cms.draft(ana, date="2024-03-01T09:30:00")
    assert fresh["date_gmt"] == "2024-03-01T00:30:00"
