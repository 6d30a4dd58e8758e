"""The history of a post: newest first, page by page, and never of another post."""

from tests.support.wordpress import fields

V2 = "/wp-json/wp/v2"


async def test_revisions_are_listed_newest_first(cms):
    ana = await cms.person("ana.autora")
    post = await cms.draft(ana, title="Um")
    for title in ("Dois", "Três"):
        await ana.post(f"{V2}/posts/{post['id']}", {"title": title})
    base = f"{V2}/posts/{post['id']}/revisions"
    pages = [await ana.get(f"{base}?per_page=2&page={n}&context=edit") for n in (1, 2)]
    found = [revision for page in pages for revision in page.json()]
    assert [revision["title"]["raw"] for revision in found] == ["Três", "Dois", "Um"]
    assert (pages[0].headers["X-WP-Total"], pages[0].headers["X-WP-TotalPages"]) == ("3", "2")
    beyond = await ana.get(f"{base}?page=9")
    assert beyond.json()["code"] == "rest_revision_invalid_page_number"
    one = (await ana.get(f"{base}/{found[1]['id']}?context=edit")).json()
    assert one == found[1]
    assert (one["parent"], one["slug"]) == (post["id"], f"{post['id']}-revision-v1")
    assert one["_links"]["parent"] == [{"href": f"http://clinica.example{V2}/posts/{post['id']}"}]
    assert len(one["content_hash"]) == 64


async def test_a_revision_belongs_to_its_post(cms):
    ana = await cms.person("ana.autora")
    first, second = await cms.draft(ana), await cms.draft(ana)
    [revision] = (await ana.get(f"{V2}/posts/{first['id']}/revisions")).json()
    strange = await ana.get(f"{V2}/posts/{second['id']}/revisions/{revision['id']}")
    assert (strange.status_code, strange.json()["message"]) == (404, "Invalid revision ID.")
    nowhere = await ana.get(f"{V2}/posts/999999/revisions")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "rest_post_invalid_parent")


async def test_nobody_deletes_a_revision(cms):
    """Not even an administrator, as measured on WordPress."""
    admin = await cms.person("dona.marina", ["administrator"])
    post = await cms.draft(admin)
    path = f"{V2}/posts/{post['id']}/revisions"
    [revision] = (await admin.get(path)).json()
    for address in (f"{path}/{revision['id']}", f"{path}/{revision['id']}?force=true"):
        refused = await admin.delete(address)
        assert refused.status_code == 403
        assert refused.json()["message"] == "Sorry, you are not allowed to delete this revision."
    assert (await cms.http.delete(f"{path}/{revision['id']}")).status_code == 401
    assert len((await admin.get(path)).json()) == 1


async def test_revisions_have_the_fields_of_wordpress(cms):
    ana = await cms.person("ana.autora")
    post = await cms.draft(ana, title="Um", content="<p>a</p>")
    for context in ("view", "edit", "embed"):
        [shown] = (await ana.get(f"{V2}/posts/{post['id']}/revisions?context={context}")).json()
        wanted = {name for name in fields("wp_v2_posts_1_autosaves", context) if "." not in name}
        assert set(shown) - {"_links", "content_hash"} == wanted - {"preview_link"}
    assert list(shown) == [
        "author", "date", "id", "parent", "slug", "title", "excerpt", "content_hash", "_links"
    ]  # fmt: skip
    # What was written, not what lists make of it.
    assert shown["excerpt"] == {"rendered": ""}


async def test_revisions_are_searched_and_ordered(cms):
    ana = await cms.person("ana.autora")
    post = await cms.draft(ana, title="Açúcar")
    for title in ("Sal", "Água"):
        await ana.post(f"{V2}/posts/{post['id']}", {"title": title})
    base = f"{V2}/posts/{post['id']}/revisions?context=edit"

    async def titles(query):
        response = await ana.get(f"{base}&{query}")
        assert response.status_code == 200, response.text
        return [one["title"]["raw"] for one in response.json()]

    assert await titles("search=acucar") == ["Açúcar"]
    assert await titles("order=asc") == ["Açúcar", "Sal", "Água"]
    assert await titles("orderby=title&order=asc") == ["Açúcar", "Água", "Sal"]
    assert await titles("offset=1&per_page=1") == ["Sal"]
    newest, *others = [one["id"] for one in (await ana.get(base)).json()]
    assert await titles(f"exclude={newest}") == ["Sal", "Açúcar"]
    wanted = f"{others[1]},{newest}"
    assert await titles(f"include={wanted}&orderby=include") == ["Açúcar", "Água"]
    refused = await ana.get(f"{base}&orderby=include")
    assert refused.json()["code"] == "rest_orderby_include_missing_include"
