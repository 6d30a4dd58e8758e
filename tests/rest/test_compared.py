"""What a running WordPress 6.1.9 was seen to answer, asked the same; see tests/wordpress."""

import pytest

V2 = "/wp-json/wp/v2"
API = '<http://clinica.example/wp-json/>; rel="https://api.w.org/"'


async def test_every_answer_says_where_the_api_is_unless_it_has_links_of_its_own(cms):
    editor = await cms.person("elisa", roles=("editor",))
    post = await cms.draft(editor, status="publish")
    await cms.draft(editor, status="publish")
    for path in ("/users", "/posts/999999", "/settings", "/posts?per_page=x", "/types"):
        assert (await cms.http.get(f"{V2}{path}")).headers.get_list("Link") == [API], path
    single = await cms.http.get(f"{V2}/posts/{post['id']}")
    assert single.headers.get_list("Link") == [f'<{post["link"]}>; rel="alternate"; type=text/html']
    [following] = (await cms.http.get(f"{V2}/posts?_embed&per_page=1")).headers.get_list("Link")
    assert following == (f'<http://clinica.example{V2}/posts?_embed&per_page=1&page=2>; rel="next"')


async def test_a_part_of_a_batch_does_not_repeat_where_the_api_is(cms):
    editor = await cms.person("elisa", roles=("editor",))
    parts = [{"path": "/wp/v2/tags", "body": {"name": "Sal"}}]
    answer = await editor.post("/wp-json/batch/v1", {"requests": parts})
    [part] = answer.json()["responses"]
    assert list(part["headers"]) == ["Location", "Allow"]


async def test_an_envelope_holds_the_headers_in_order(cms):
    envelope = (await cms.http.get(f"{V2}/posts?_envelope")).json()
    assert list(envelope["headers"]) == ["X-WP-Total", "X-WP-TotalPages", "Allow"]


async def test_the_edit_context_is_refused_in_words_of_the_one_thing_that_was_asked_for(cms):
    editor = await cms.person("elisa", roles=("editor",))
    subscriber = await cms.person("saulo", roles=("subscriber",))
    page = await cms.draft(editor, base="pages", status="publish")
    refused = {
        f"pages/{page['id']}": "Sorry, you are not allowed to edit this post.",
        "pages": "Sorry, you are not allowed to edit posts in this post type.",
        f"users/{editor.id}": "Sorry, you are not allowed to edit this user.",
    }
    for path, message in refused.items():
        answer = await subscriber.get(f"{V2}/{path}?context=edit")
        told = (answer.status_code, answer.json()["code"], answer.json()["message"])
        assert told == (403, "rest_forbidden_context", message)


@pytest.mark.parametrize("who", ["nobody", "editor"])
async def test_a_wrong_password_of_a_post_is_refused_to_everybody(cms, who):
    editor = await cms.person("elisa", roles=("editor",))
    post = await cms.draft(editor, status="publish", password="abracadabra")
    asks = editor.get if who == "editor" else cms.http.get
    wrong = await asks(f"{V2}/posts/{post['id']}?password=errada")
    assert (wrong.status_code, wrong.json()["code"]) == (403, "rest_post_incorrect_password")
    right = await asks(f"{V2}/posts/{post['id']}?password=abracadabra")
    assert "Texto." in right.json()["content"]["rendered"]


@pytest.mark.parametrize("path", ["/posts", "/users/me", "/settings"])
async def test_a_wrong_nonce_is_told_before_anything_else(cms, path):
    answer = await cms.http.get(f"{V2}{path}", headers={"X-WP-Nonce": "abc"})
    assert (answer.status_code, answer.json()["code"]) == (403, "rest_cookie_invalid_nonce")


async def test_new_pages_take_neither_comments_nor_pings(cms):
    editor = await cms.person("elisa", roles=("editor",))
    taken = {
        base: (made["comment_status"], made["ping_status"])
        for base in ("posts", "pages")
        for made in [await cms.draft(editor, base=base)]
    }
    assert taken == {"posts": ("open", "open"), "pages": ("closed", "closed")}


async def test_a_text_that_is_null_is_not_given(cms):
    author = await cms.person("ana", roles=("author",))
    made = await author.post(f"{V2}/posts", {"title": None, "content": "<p>Só texto.</p>"})
    assert (made.status_code, made.json()["title"]["raw"]) == (201, "")
    kept = await author.post(f"{V2}/posts/{made.json()['id']}", {"content": None, "title": "Já"})
    assert kept.json()["content"]["raw"] == "<p>Só texto.</p>"


async def test_the_slug_that_a_title_gives_is_told_beside_the_one_it_has(cms):
    editor = await cms.person("elisa", roles=("editor",))
    post = await cms.draft(editor, title="Dor", slug="outra", status="publish")
    assert (post["slug"], post["generated_slug"]) == ("outra", "dor")
    twin = [await cms.draft(editor, title="Sal", status="publish") for _ in range(2)][1]
    assert (twin["slug"], twin["generated_slug"]) == ("sal-2", "sal-2")


async def test_a_moderator_who_names_a_visitor_does_not_speak_herself(cms):
    editor = await cms.person("elisa", roles=("editor",))
    post = await cms.draft(editor, status="publish")
    said = {"post": post["id"], "content": "Bom.", "author_name": "Lia Leitora"}
    visitor = (await editor.post(f"{V2}/comments", said)).json()
    assert (visitor["author"], visitor["author_name"]) == (0, "Lia Leitora")
    own = (await editor.post(f"{V2}/comments", {**said, "author": editor.id})).json()
    assert own["author"] == editor.id


async def test_members_at_one_address_do_not_wait_for_each_other(cms):
    editor = await cms.person("elisa", roles=("editor",))
    post = await cms.draft(editor, status="publish")
    for login in ("ana", "bia"):
        member = await cms.person(login, roles=("subscriber",))
        said = {"post": post["id"], "content": f"Olá de {login}."}
        assert (await member.post(f"{V2}/comments", said)).status_code == 201
    again = await member.post(f"{V2}/comments", {**said, "content": "Mais."})
    assert (again.status_code, again.json()["code"]) == (429, "comment_flood")


async def test_places_of_menus_are_for_those_who_edit_the_theme(cms):
    editor = await cms.person("elisa", roles=("editor",))
    admin = await cms.person("marina", roles=("administrator",))
    refused = await editor.get(f"{V2}/menu-locations")
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_view")
    assert (await admin.get(f"{V2}/menu-locations")).status_code == 200
    await cms.set_options(public_menus=True)
    for asks in (editor.get, cms.http.get):
        assert (await asks(f"{V2}/menu-locations")).status_code == 200


async def test_types_tell_their_icons_and_the_capabilities_that_count(cms):
    admin = await cms.person("marina", roles=("administrator",))
    types = (await admin.get(f"{V2}/types?context=edit")).json()
    icons = [types[name]["icon"] for name in ("post", "page", "attachment")]
    assert icons == [f"dashicons-admin-{name}" for name in ("post", "page", "media")]
    block = types["wp_block"]["capabilities"]
    assert [block[name] for name in ("read", "create_posts", "edit_posts")] == [
        "edit_posts", "publish_posts", "edit_posts",
    ]  # fmt: skip
    assert types["attachment"]["visibility"]["show_in_nav_menus"] is False
    names = [name for name in types if name.startswith("wp_")]
    assert names == ["wp_block", "wp_template", "wp_template_part", "wp_navigation"]


@pytest.mark.parametrize("base", ["menus", "menu-items", "widgets", "posts", "tags"])
async def test_routes_say_that_a_batch_may_hold_them(cms, base):
    told = (await cms.http.options(f"{V2}/{base}")).json()
    assert all(one["allow_batch"] == {"v1": True} for one in told["endpoints"])
