"""The form of answers: which keys in which order, which headers, and `_fields`."""

import pytest

V2 = "/wp-json/wp/v2"

# As measured on WordPress 6.1.9: the order of PHP's keys, by context.
VIEW = [
    "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "slug", "status", "type", "link",
    "title", "content", "excerpt", "author", "featured_media", "comment_status", "ping_status",
    "sticky", "template", "format", "meta", "categories", "tags", "_links",
]  # fmt: skip
EMBED = [
    "id", "date", "slug", "type", "link", "title", "excerpt", "author", "featured_media", "_links",
]  # fmt: skip
EDIT = [
    *VIEW[: VIEW.index("slug")], "password", *VIEW[VIEW.index("slug") : -1],
    "permalink_template", "generated_slug", "_links",
]  # fmt: skip


@pytest.fixture
async def published(cms):
    author = await cms.person("ana.autora")
    return await cms.draft(author, title="Dor de cabeça", status="publish")


async def test_keys_come_in_wordpress_order_by_context(cms, published):
    author = await cms.person("ana.autora")
    path = f"{V2}/posts/{published['id']}"
    for context, keys in (("view", VIEW), ("embed", EMBED), ("edit", EDIT)):
        item = (await author.get(f"{path}?context={context}")).json()
        assert list(item) == keys, context
        listed = (await author.get(f"{V2}/posts?context={context}")).json()
        assert listed == [item]
    assert list(published) == EDIT


async def test_raw_texts_are_for_those_who_edit(cms, published):
    seen = (await cms.http.get(f"{V2}/posts/{published['id']}")).json()
    assert list(seen["title"]) == ["rendered"]
    assert list(seen["content"]) == ["rendered", "protected"]
    assert list(seen["excerpt"]) == ["rendered", "protected"]
    assert list(seen["guid"]) == ["rendered"]
    assert list(published["content"]) == ["raw", "rendered", "protected", "block_version"]
    assert seen["meta"] == []


async def test_dates_are_the_sites_wall_time_and_utc_without_zone(cms):
    author = await cms.person("ana.autora")
    made = await cms.draft(author, date="2024-03-01T09:30:00", status="publish")
    assert (made["date"], made["date_gmt"]) == ("2024-03-01T09:30:00", "2024-03-01T12:30:00")


FIELDS = [
    ("id,slug", {"id", "slug"}),
    ("slug, id ,", {"id", "slug"}),
    ("title.rendered", {"title"}),
    ("_links.self", {"_links"}),
    ("nothing", set()),
]


async def test_fields_reduce_lists_and_items(cms, published):
    for fields, keys in FIELDS:
        item = (await cms.http.get(f"{V2}/posts/{published['id']}?_fields={fields}")).json()
        [listed] = (await cms.http.get(f"{V2}/posts?_fields={fields}")).json()
        assert set(item) == set(listed) == keys, fields


async def test_dot_paths_reach_into_objects(cms, published):
    path = f"{V2}/posts/{published['id']}"
    item = (await cms.http.get(f"{path}?_fields=slug,title.rendered,content.protected,id")).json()
    assert item == {
        "id": published["id"],
        "slug": "dor-de-cabeca",
        "title": {"rendered": "Dor de cabeça"},
        "content": {"protected": False},
    }
    assert list(item) == ["id", "slug", "title", "content"]
    whole = (await cms.http.get(f"{path}?_fields=title.rendered,title")).json()
    assert whole == {"title": {"rendered": "Dor de cabeça"}}
    repeated = (await cms.http.get(f"{path}?_fields[]=id&_fields[]=slug")).json()
    assert list(repeated) == ["id", "slug"]
    made = await (await cms.person("ana.autora")).post(f"{V2}/posts?_fields=id", {"title": "x"})
    assert list(made.json()) == ["id"]


async def test_errors_are_never_reduced(cms):
    response = await cms.http.get(f"{V2}/posts/999?_fields=id")
    assert response.json()["code"] == "rest_post_invalid_id"


async def test_a_list_tells_its_pages(cms):
    author = await cms.person("ana.autora")
    for number in range(5):
        await cms.draft(author, title=f"Post {number}", status="publish")
    first = await cms.http.get(f"{V2}/posts?per_page=2&order=asc&search=texto")
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("5", "3")
    base = f"http://clinica.example{V2}/posts?per_page=2&order=asc&search=texto&page"
    assert first.headers["Link"] == f'<{base}=2>; rel="next"'
    middle = await cms.http.get(f"{V2}/posts?page=2&per_page=2&order=asc&search=texto")
    assert middle.headers["Link"] == f'<{base}=1>; rel="prev", <{base}=3>; rel="next"'
    last = await cms.http.get(f"{V2}/posts?per_page=2&page=3&order=asc&search=texto")
    assert last.headers["Link"] == f'<{base}=2>; rel="prev"'
    pages = [*first.json(), *middle.json(), *last.json()]
    assert len({post["id"] for post in pages}) == 5
    single = await cms.http.get(f"{V2}/posts")
    assert single.headers["Link"] == '<http://clinica.example/wp-json/>; rel="https://api.w.org/"'


async def test_a_page_beyond_the_last_is_refused_unless_there_is_nothing(cms, published):
    beyond = await cms.http.get(f"{V2}/posts?page=2")
    assert (beyond.status_code, beyond.json()["code"]) == (400, "rest_post_invalid_page_number")
    empty = await cms.http.get(f"{V2}/posts?page=2&slug=nobody")
    assert (empty.status_code, empty.json()) == (200, [])
    assert (empty.headers["X-WP-Total"], empty.headers["X-WP-TotalPages"]) == ("0", "0")


async def test_an_offset_leaves_the_totals_alone(cms):
    author = await cms.person("ana.autora")
    ids = [(await cms.draft(author, title=f"P {n}", status="publish"))["id"] for n in range(3)]
    response = await cms.http.get(f"{V2}/posts?offset=1&per_page=1&orderby=id&order=asc")
    assert [post["id"] for post in response.json()] == [sorted(ids)[1]]
    assert response.headers["X-WP-Total"] == "3"
    beyond = await cms.http.get(f"{V2}/posts?offset=9")
    assert (beyond.status_code, beyond.json(), beyond.headers["X-WP-Total"]) == (200, [], "3")


async def test_allow_tells_each_person_her_own_methods(cms, published):
    everybody = {"anonymous": {}}
    for role in ("subscriber", "contributor", "editor"):
        everybody[role] = (await cms.person(f"o.{role}", [role])).bearer
    everybody["owner"] = (await cms.person("ana.autora")).bearer
    allowed = {}
    for name, headers in everybody.items():
        item = await cms.http.get(f"{V2}/posts/{published['id']}", headers=headers)
        listed = await cms.http.get(f"{V2}/posts", headers=headers)
        terms = await cms.http.get(f"{V2}/categories", headers=headers)
        allowed[name] = [r.headers["Allow"] for r in (listed, item, terms)]
    all_methods = "GET, POST, PUT, PATCH, DELETE"
    assert allowed == {
        "anonymous": ["GET", "GET", "GET"],
        "subscriber": ["GET", "GET", "GET"],
        "contributor": ["GET, POST", "GET", "GET"],
        "owner": ["GET, POST", all_methods, "GET"],
        "editor": ["GET, POST", all_methods, "GET, POST"],
    }


async def test_every_answer_keeps_robots_and_caches_away(cms, published):
    author = await cms.person("ana.autora")
    paths = ["/posts", f"/posts/{published['id']}", "/categories", "/types", "/posts/999", "/nope"]
    for path in paths:
        for headers in ({}, author.bearer):
            sent = (await cms.http.get(f"{V2}{path}", headers=headers)).headers
            assert sent["X-Robots-Tag"] == "noindex", path
            assert sent["X-Content-Type-Options"] == "nosniff", path
            assert sent["Content-Type"] == "application/json; charset=UTF-8", path
            kept = "no-cache, must-revalidate, max-age=0" if headers else None
            assert sent.get("Cache-Control") == kept, path


async def test_a_post_links_to_what_belongs_to_it(cms, published):
    base = f"http://clinica.example{V2}"
    links, own = published["_links"], f"{base}/posts/{published['id']}"
    assert links["self"] == [{"href": own}]
    assert links["collection"] == [{"href": f"{base}/posts"}]
    assert links["about"] == [{"href": f"{base}/types/post"}]
    assert links["author"][0]["embeddable"] is True
    assert links["version-history"] == [{"count": 1, "href": f"{own}/revisions"}]
    assert links["curies"][0]["name"] == "wp"
    assert "wp:action-publish" in links
    assert "wp:action-unfiltered-html" not in links
    read = await cms.http.get(f"{V2}/posts/{published['id']}")
    assert not [rel for rel in read.json()["_links"] if rel.startswith("wp:action")]
    alternate = 'rel="alternate"; type=text/html'
    assert read.headers["Link"] == f"<http://clinica.example/dor-de-cabeca/>; {alternate}"
    for rel in ("self", "collection", "about", "author", "wp:term"):
        assert (await cms.http.get(links[rel][0]["href"])).status_code == 200, rel
