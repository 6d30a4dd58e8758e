"""`Surrogate-Key` names what an answer shows, in the words of the webhooks."""

import pytest

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def site(cms):
    await cms.set_options(sends_surrogate_keys=True)
    editor = await cms.person("ed.itora", ["editor"])
    tag = (await editor.post(f"{V2}/tags", {"name": "Sono"})).json()
    post = await cms.draft(editor, status="publish", tags=[tag["id"]])
    return cms, editor, tag["id"], post["id"]


async def keys_of(answer):
    assert answer.status_code == 200, answer.text
    return set(answer.headers["Surrogate-Key"].split())


async def test_a_post_has_the_keys_of_its_webhook(site):
    cms, editor, tag, post = site
    wanted = {f"post:{post}", "type:post", f"term:{tag}", f"author:{editor.id}"}
    assert await keys_of(await cms.http.get(f"{V2}/posts/{post}")) == wanted
    assert await keys_of(await cms.http.get(f"{V2}/posts/{post}?_fields=id")) == wanted
    listed = await keys_of(await cms.http.get(f"{V2}/posts"))
    assert listed == wanted
    embedded = await keys_of(await cms.http.get(f"{V2}/posts?_embed"))
    assert embedded == wanted | {"taxonomy:post_tag"}
    found = await keys_of(await cms.http.get(f"{V2}/search"))
    assert found == {f"post:{post}", "type:post"}


async def test_an_empty_list_knows_what_it_waits_for(site):
    cms, *_ = site
    assert await keys_of(await cms.http.get(f"{V2}/pages")) == {"type:page"}
    assert await keys_of(await cms.http.get(f"{V2}/categories")) == {"taxonomy:category"}


async def test_terms_people_and_comments_have_theirs(site):
    cms, editor, tag, post = site
    assert await keys_of(await cms.http.get(f"{V2}/tags/{tag}")) == {
        f"term:{tag}",
        "taxonomy:post_tag",
    }
    assert f"author:{editor.id}" in await keys_of(await cms.http.get(f"{V2}/users/{editor.id}"))
    said = (await editor.post(f"{V2}/comments", {"post": post, "content": "Sim"})).json()
    assert await keys_of(await cms.http.get(f"{V2}/comments/{said['id']}")) == {
        f"comment:{said['id']}",
        f"post:{post}",
    }


async def test_without_the_option_and_on_writes_there_are_none(site):
    cms, editor, _, post = site
    assert "Surrogate-Key" not in (await editor.post(f"{V2}/posts/{post}", {"title": "x"})).headers
    await cms.set_options(sends_surrogate_keys=False)
    assert "Surrogate-Key" not in (await cms.http.get(f"{V2}/posts/{post}")).headers
