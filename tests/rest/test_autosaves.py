"""What is written and not saved: an own draft takes it, every other post keeps it apart."""

import pytest

from tests.support.wordpress import fields

V2 = "/wp-json/wp/v2"
KEYS = [
    "author", "date", "date_gmt", "id", "modified", "modified_gmt", "parent", "slug", "guid",
    "title", "content", "excerpt", "preview_link", "_links",
]  # fmt: skip


@pytest.fixture
async def ana(cms):
    return await cms.person("ana.autora")


async def test_an_own_draft_is_saved_itself(cms, ana):
    draft = await cms.draft(ana, title="Um")
    path = f"{V2}/posts/{draft['id']}"
    kept = await ana.post(f"{path}/autosaves", {"title": "Dois", "status": "publish"})
    assert kept.status_code == 200
    saved = kept.json()
    assert (saved["id"], saved["parent"], saved["title"]["raw"]) == (draft["id"], 0, "Dois")
    assert saved["preview_link"] == f"http://clinica.example/?p={draft['id']}&preview=true"
    now = (await ana.get(f"{path}?context=edit")).json()
    assert (now["title"]["raw"], now["status"]) == ("Dois", "draft")
    assert (await ana.get(f"{path}/autosaves")).json() == []


async def test_a_published_post_is_left_alone(cms, ana):
    live = await cms.draft(ana, title="Um", content="<p>a</p>", status="publish")
    path = f"{V2}/posts/{live['id']}"
    first = (await ana.post(f"{path}/autosaves", {"content": "<script>x</script>b"})).json()
    assert list(first) == KEYS
    assert first["slug"] == f"{live['id']}-autosave-v1"
    assert (first["parent"], first["author"]) == (live["id"], ana.id)
    assert first["title"] == {"raw": "Um", "rendered": "Um"}
    assert first["content"] == {"raw": "b", "rendered": "<p>b</p>\n"}
    assert first["preview_link"].endswith(f"preview_id={live['id']}&preview=true")
    assert first["_links"] == {"parent": [{"href": f"http://clinica.example{path}"}]}
    # The next one takes its place.
    second = (await ana.post(f"{path}/autosaves", {"title": "Dois"})).json()
    assert (second["id"], second["content"]["raw"]) == (first["id"], "b")
    [listed] = (await ana.get(f"{path}/autosaves?context=edit")).json()
    assert listed == second
    one = (await ana.get(f"{path}/autosaves/{first['id']}?context=edit")).json()
    assert one == second
    shown = (await cms.http.get(path)).json()
    assert shown["title"]["rendered"] == "Um"
    assert len((await ana.get(f"{path}/revisions")).json()) == 1


async def test_each_person_has_one_of_her_own(cms, ana):
    draft = await cms.draft(ana, title="Um")
    editor = await cms.person("ed.editor", ["editor"])
    path = f"{V2}/posts/{draft['id']}"
    theirs = (await editor.post(f"{path}/autosaves", {"title": "Do editor"})).json()
    assert theirs["slug"] == f"{draft['id']}-autosave-v1"
    await ana.post(path, {"status": "pending"})
    await ana.post(f"{path}/autosaves", {"title": "Da autora"})
    listed = (await ana.get(f"{path}/autosaves?context=edit")).json()
    assert [one["title"]["raw"] for one in listed] == ["Da autora", "Do editor"]
    assert (await ana.get(f"{path}?context=edit")).json()["title"]["raw"] == "Um"


async def test_nothing_to_save_gives_an_earlier_one_up(cms, ana):
    live = await cms.draft(ana, title="Um", content="a", status="publish")
    path = f"{V2}/posts/{live['id']}/autosaves"
    await ana.post(path, {"title": "Dois"})
    same = await ana.post(path, {"title": "Um"})
    assert (same.status_code, same.json()["code"]) == (400, "rest_autosave_no_changes")
    assert (await ana.get(path)).json() == []


async def test_autosaves_are_for_those_who_edit(cms, ana):
    live = await cms.draft(ana, title="Um", status="publish")
    path = f"{V2}/posts/{live['id']}/autosaves"
    kept = (await ana.post(path, {"title": "Dois"})).json()
    bia = await cms.person("bia.autora")
    for address in (path, f"{path}/{kept['id']}"):
        for person, status in ((cms.http, 401), (bia, 403)):
            refused = await person.get(address)
            assert (refused.status_code, refused.json()["code"]) == (status, "rest_cannot_read")
            assert "autosaves" in refused.json()["message"]
    for person, status in ((cms.http, 401), (bia, 403)):
        refused = await person.post(path, json={"title": "x"})
        assert (refused.status_code, refused.json()["code"]) == (status, "rest_cannot_edit")
    other = await cms.draft(ana)
    for address in (f"{path}/999999", f"{V2}/posts/{other['id']}/autosaves/{kept['id']}"):
        missing = await ana.get(address)
        assert (missing.status_code, missing.json()["code"]) == (404, "rest_post_no_autosave")
    nowhere = await ana.get(f"{V2}/posts/999999/autosaves")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "rest_post_invalid_parent")
    assert (await cms.http.get(f"{V2}/posts/{live['id']}")).json()["title"]["rendered"] == "Um"


async def test_autosaves_have_the_fields_of_wordpress(cms, ana):
    live = await cms.draft(ana, status="publish")
    path = f"{V2}/posts/{live['id']}/autosaves"
    await ana.post(path, {"title": "Dois"})
    for context in ("view", "edit", "embed"):
        [shown] = (await ana.get(f"{path}?context={context}")).json()
        wanted = {name for name in fields("wp_v2_posts_1_autosaves", context) if "." not in name}
        assert set(shown) - {"_links"} == wanted, context
