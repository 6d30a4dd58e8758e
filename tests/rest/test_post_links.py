"""Where a post leads: links by context and person, and bodies that others embed."""

import pytest

from cms.rest.errors import RestError
from cms.rest.post_embeds import embeds
from tests.support.asking import asking
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
SITE = "http://clinica.example"
VIEW = [
    "self", "collection", "about", "author", "replies", "version-history", "predecessor-version",
    "wp:attachment", "wp:term", "curies",
]  # fmt: skip
ACTIONS = {
    "contributor": ["assign-categories"],
    "author": ["publish", "assign-categories"],
    "editor": [
        "publish", "sticky", "assign-author", "create-categories",
        "assign-categories",
    ],
}  # fmt: skip


@pytest.mark.parametrize("role", ACTIONS)
async def test_links_say_what_a_person_may_do(cms, role):
    person = await cms.person("ela", [role])
    made = await cms.draft(person)
    shown = (await person.get(f"{V2}/posts/{made['id']}")).json()["_links"]
    assert list(shown) == VIEW
    assert shown["replies"] == [
        {"embeddable": True, "href": f"{SITE}{V2}/comments?post={made['id']}"}
    ]
    assert shown["wp:attachment"] == [{"href": f"{SITE}{V2}/media?parent={made['id']}"}]
    edited = made["_links"]
    actions = [name.partition("action-")[2] for name in edited if "action" in name]
    # Other taxonomies of posts add two of their own.
    assert [one for one in actions if "tags" not in one] == ACTIONS[role]
    assert list(edited)[-1] == "curies"
    assert edited["wp:action-assign-categories"] == shown["self"]


async def test_a_page_has_no_actions_of_posts(cms):
    editor = await cms.person("ed.editor", ["editor"])
    made = await cms.draft(editor, "pages")
    actions = [name for name in made["_links"] if "action" in name]
    assert actions == [
        "wp:action-publish",
        "wp:action-assign-author",
    ]
    assert "wp:term" not in made["_links"]


async def test_embedded_posts_are_those_that_this_reader_may_see(cms):
    editor = await cms.person("ed.editor", ["editor"])
    live = await cms.draft(editor, "pages", status="publish", content="<p>Texto.</p>")
    draft = await cms.draft(editor, "pages")
    ids = [live["id"], draft["id"], 999999]
    [pages] = [one for one in embeds(cms.host.registry) if one.path == "/wp/v2/pages/{id}"]
    request = asking(cms.host, SITE)
    async with cms.host.shop.work(cms.tenant) as work:
        with counted(cms.host) as statements:
            found = await pages.load(request, work, ids)
    assert len(statements) == 1
    body = (await cms.http.get(f"{V2}/pages/{live['id']}?context=embed")).json()
    assert found[live["id"]] == body
    assert isinstance(found[draft["id"]], RestError)
    assert (found[draft["id"]].code, found[draft["id"]].http) == ("rest_forbidden", 403)
    assert (found[999999].code, found[999999].http) == ("rest_post_invalid_id", 404)
    async with editor.work() as work:
        found = await pages.load(request, work, ids)
    assert found[draft["id"]]["id"] == draft["id"]
