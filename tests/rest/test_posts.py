async def test_a_draft_is_published_and_read_anonymously(cms):
    author = await cms.person("ana.autora")
    draft = await cms.draft(author, title="Dor de cabeça", content="<p>Descanso.</p>")
    assert draft["status"] == "draft"
    hidden = await cms.http.get(f"/wp-json/wp/v2/posts/{draft['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (401, "rest_forbidden")
    published = await author.post(f"/wp-json/wp/v2/posts/{draft['id']}", {"status": "publish"})
    assert published.status_code == 200, published.text
    read = await cms.http.get("/wp-json/wp/v2/posts?slug=dor-de-cabeca")
    assert [post["id"] for post in read.json()] == [draft["id"]]
    assert read.json()[0]["content"]["rendered"] == "<p>Descanso.</p>\n"
