"""The history of a post: newest first, page by page, and never of another post."""

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
    gone = await ana.delete(f"{V2}/posts/{first['id']}/revisions/{revision['id']}")
    assert gone.status_code == 404
