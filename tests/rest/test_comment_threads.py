"""How deep answers nest is the site's to say."""

import pytest

V2 = "/wp-json/wp/v2"
COMMENTS = f"{V2}/comments"


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.itora", ["editor"])


@pytest.fixture
async def post(cms, editor):
    return (await cms.draft(editor, status="publish"))["id"]


async def said(by, post, text, parent=0):
    return await by.post(COMMENTS, {"post": post, "content": text, "parent": parent})


async def test_answers_nest_as_deep_as_the_site_says(cms, editor, post):
    await cms.set_options(thread_comments_depth=2)
    first = (await said(editor, post, "Um")).json()["id"]
    second = await said(editor, post, "Dois", first)
    assert second.status_code == 201
    third = await said(editor, post, "Tr\u00eas", second.json()["id"])
    assert (third.status_code, third.json()["code"]) == (400, "rest_invalid_param")
    assert "at most 2 deep" in third.json()["data"]["params"]["parent"]
    other = (await said(editor, post, "Outro")).json()["id"]
    moved = await editor.post(f"{COMMENTS}/{other}", {"parent": second.json()["id"]})
    assert moved.status_code == 400


async def test_where_comments_do_not_answer_each_other_none_does(cms, editor, post):
    first = (await said(editor, post, "Um")).json()["id"]
    await cms.set_options(thread_comments=False)
    refused = await said(editor, post, "Dois", first)
    assert refused.status_code == 400
    assert "leave out the parent" in refused.json()["data"]["params"]["parent"]
    assert (await said(editor, post, "Dois")).status_code == 201
