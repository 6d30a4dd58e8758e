"""Creating, changing and throwing away posts through REST."""

from datetime import UTC, datetime, timedelta

import pytest

V2 = "/wp-json/wp/v2"


async def test_an_empty_post_is_refused_at_birth_and_later(cms):
    author = await cms.person("ana.autora")
    for body in ({}, {"title": ""}, {"title": " ", "content": {"raw": ""}}, {"slug": "x"}):
        response = await author.post(f"{V2}/posts", body)
        assert (response.status_code, response.json()["code"]) == (400, "empty_content"), body
    nothing_left = await author.post(f"{V2}/posts", {"title": "<script></script>"})
    assert nothing_left.json()["code"] == "empty_content"
    draft = await cms.draft(author)
    emptied = await author.post(f"{V2}/posts/{draft['id']}", {"title": "", "content": ""})
    assert (emptied.status_code, emptied.json()["code"]) == (400, "empty_content")
    kept = await author.get(f"{V2}/posts/{draft['id']}?context=edit")
    assert kept.json()["title"]["raw"] == "Dor de cabeça"


async def test_an_id_cannot_be_chosen(cms):
    author = await cms.person("ana.autora")
    response = await author.post(f"{V2}/posts", {"id": 7, "title": "x"})
    assert (response.status_code, response.json()["code"]) == (400, "rest_post_exists")


async def test_a_draft_is_created_with_its_address(cms):
    author = await cms.person("ana.autora")
    response = await author.post(f"{V2}/posts", {"title": "Enxaqueca crônica", "zz": 1})
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://clinica.example{V2}/posts/{made['id']}"
    assert (made["status"], made["slug"]) == ("draft", "")
    assert made["generated_slug"] == "enxaqueca-cronica"
    assert made["link"] == f"http://clinica.example/?p={made['id']}"
    assert made["date_gmt"] is None
    assert made["author"] == author.id


async def test_slugs_are_folded_and_numbered(cms):
    author = await cms.person("ana.autora")
    titles = ["Dor de Cabeça", "Dor de cabeca!", "DOR DE CABEÇA", "Dor"]
    made = [await cms.draft(author, title=title, status="publish") for title in titles]
    assert [post["slug"] for post in made] == [
        "dor-de-cabeca",
        "dor-de-cabeca-2",
        "dor-de-cabeca-3",
        "dor",
    ]
    wanted = await cms.draft(author, title="x", slug="Dor de cabeça")
    assert wanted["slug"] == "dor-de-cabeca-4"
    same = await author.post(f"{V2}/posts/{wanted['id']}", {"slug": "dor-de-cabeca-4"})
    assert same.json()["slug"] == "dor-de-cabeca-4"
    live = await author.post(f"{V2}/posts/{wanted['id']}", {"status": "publish"})
    assert live.json()["link"] == "http://clinica.example/dor-de-cabeca-4/"
    long = [await cms.draft(author, title="é" * 300, slug="a" * 300) for _ in range(2)]
    assert long[0]["slug"] != long[1]["slug"]
    assert len(long[1]["slug"]) <= 200


async def test_an_address_stays_when_a_better_one_becomes_free(cms):
    author = await cms.person("ana.autora")
    first = await cms.draft(author, title="Gripe", status="publish")
    second = await cms.draft(author, title="Gripe", slug="gripe", status="publish")
    assert second["slug"] == "gripe-2"
    await author.delete(f"{V2}/posts/{first['id']}")
    edited = await author.post(f"{V2}/posts/{second['id']}", {"title": "Gripe forte"})
    assert edited.json()["slug"] == "gripe-2"
    moved = await author.post(f"{V2}/posts/{second['id']}", {"slug": "gripe"})
    assert moved.json()["slug"] == "gripe"


async def test_an_edit_of_a_published_post_is_live_at_once(cms):
    author = await cms.person("ana.autora")
    live = await cms.draft(author, title="Febre", status="publish")
    await author.post(f"{V2}/posts/{live['id']}", {"content": "<p>Beba água.</p>"})
    read = (await cms.http.get(f"{V2}/posts/{live['id']}")).json()
    assert read["content"]["rendered"] == "<p>Beba água.</p>\n"
    assert read["slug"] == "febre"
    found = await cms.http.get(f"{V2}/posts?search=água")
    assert [post["id"] for post in found.json()] == [live["id"]]


async def test_a_change_shows_in_the_date_of_modification(cms):
    """Sites copy what has changed since they last asked: publishing and properties count."""
    author = await cms.person("ana.autora")
    post = await cms.draft(author, title="Febre")
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    for body in ({"status": "publish"}, {"comment_status": "closed"}):
        async with cms.host.shop.work(cms.tenant) as work:
            before = await work.one("select modified_gmt from cms.posts")
        await author.post(f"{V2}/posts/{post['id']}", body)
        async with cms.host.shop.work(cms.tenant) as work:
            after = await work.one("select modified_gmt from cms.posts")
        assert after.modified_gmt > before.modified_gmt, body
    listed = await cms.http.get(f"{V2}/posts", params={"modified_after": since.isoformat()})
    assert listed.headers["X-WP-Total"] == "1"


async def test_the_bin_takes_a_post_and_gives_it_back(cms):
    author = await cms.person("ana.autora")
    live = await cms.draft(author, title="Gripe", status="publish")
    path = f"{V2}/posts/{live['id']}"
    binned = await author.delete(path)
    assert binned.status_code == 200
    assert (binned.json()["status"], binned.json()["slug"]) == ("trash", "gripe__trashed")
    again = await author.delete(path)
    assert (again.status_code, again.json()["code"]) == (410, "rest_already_trashed")
    taken = await cms.draft(author, title="Gripe", status="publish")
    assert taken["slug"] == "gripe"
    assert (await author.get(f"{V2}/posts?search=gripe&status=any,trash")).json() != []
    restored = await author.post(path, {"status": "draft"})
    assert (restored.json()["status"], restored.json()["slug"]) == ("draft", "gripe-2")
    assert len((await author.get(f"{V2}/posts?search=gripe&status=any")).json()) == 2
    published = await author.post(path, {"status": "publish"})
    assert published.json()["link"] == "http://clinica.example/gripe-2/"


async def test_a_post_from_the_bin_has_the_rights_of_its_own_status(cms):
    editor = await cms.person("ed.editor", ["editor"])
    contributor = await cms.person("caio", ["contributor"])
    live = await cms.draft(editor, title="Gripe", author=contributor.id, status="publish")
    path = f"{V2}/posts/{live['id']}"
    await editor.delete(path)
    assert (await contributor.post(path, {"status": "draft"})).status_code == 403
    await editor.post(path, {"status": "draft"})
    edited = await contributor.post(path, {"title": "Gripe forte"})
    assert edited.status_code == 200


async def test_a_refused_status_saves_nothing(cms):
    contributor = await cms.person("caio", ["contributor"])
    draft = await cms.draft(contributor, title="Antes")
    path = f"{V2}/posts/{draft['id']}"
    refused = await contributor.post(path, {"title": "Depois", "status": "publish"})
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_publish")
    kept = (await contributor.get(f"{path}?context=edit")).json()
    assert (kept["title"]["raw"], kept["status"]) == ("Antes", "draft")
    created = await contributor.post(f"{V2}/posts", {"title": "Novo", "status": "publish"})
    assert created.status_code == 403
    assert len((await contributor.get(f"{V2}/posts?status=any")).json()) == 1


async def test_sticky_is_for_those_who_publish_and_not_for_protected_posts(cms):
    author = await cms.person("ana.autora")
    contributor = await cms.person("caio", ["contributor"])
    refused = await contributor.post(f"{V2}/posts", {"title": "x", "sticky": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_assign_sticky")
    both = await author.post(f"{V2}/posts", {"title": "x", "sticky": True, "password": "s"})
    assert (both.status_code, both.json()["code"]) == (400, "rest_invalid_field")
    stuck = await cms.draft(author, title="x", sticky=True, status="publish")
    path = f"{V2}/posts/{stuck['id']}"
    protected = await author.post(path, {"password": "s"})
    assert protected.json()["message"] == "A sticky post can not be password protected."
    swapped = await author.post(path, {"password": "s", "sticky": False})
    assert (swapped.json()["sticky"], swapped.json()["password"]) == (False, "s")
    again = await author.post(path, {"sticky": True})
    assert again.json()["message"] == "A password protected post can not be set to sticky."
    other = await cms.draft(author, title="y", sticky=True, status="publish")
    listed = await cms.http.get(f"{V2}/posts?sticky=true")
    assert [post["id"] for post in listed.json()] == [other["id"]]
    assert len((await cms.http.get(f"{V2}/posts?sticky=false")).json()) == 1


async def test_dates_are_taken_local_zoned_or_in_utc(cms):
    author = await cms.person("ana.autora")
    given = {
        "2024-03-01T09:30:00": "2024-03-01T12:30:00",
        "2024-03-01T09:30:00Z": "2024-03-01T09:30:00",
        "2024-03-01T09:30:00+02:00": "2024-03-01T07:30:00",
        "2024-03-01": "2024-03-01T03:00:00",
    }
    for text, gmt in given.items():
        assert (await cms.draft(author, date=text))["date_gmt"] == gmt, text
    for text in ("2024-03-01", "2024-03-01T00:00:00", "2024-02-29T21:00:00-03:00"):
        made = await cms.draft(author, date_gmt=text)
        assert (made["date_gmt"], made["date"]) == (
            "2024-03-01T00:00:00",
            "2024-02-29T21:00:00",
        ), text
    both = await cms.draft(author, date="2024-03-01T09:30:00", date_gmt="2020-01-01T00:00:00")
    assert both["date_gmt"] == "2024-03-01T12:30:00"


async def test_null_lets_a_drafts_date_float_and_dates_a_published_post_now(cms):
    author = await cms.person("ana.autora")
    draft = await cms.draft(author, date="2024-03-01T09:30:00")
    floating = (await author.post(f"{V2}/posts/{draft['id']}", {"date": None})).json()
    assert (floating["date_gmt"], floating["date"]) == (None, floating["modified"])
    returned = {name: floating[name] for name in ("date", "date_gmt")}
    kept = (await author.post(f"{V2}/posts/{draft['id']}", returned)).json()
    assert kept["date_gmt"] is None
    live = await cms.draft(author, date="2024-03-01T09:30:00", status="publish")
    now = (await author.post(f"{V2}/posts/{live['id']}", {"date_gmt": None})).json()
    assert now["date_gmt"] == now["modified_gmt"]


async def test_another_author_needs_the_right_and_a_person(cms):
    author, editor = await cms.person("ana.autora"), await cms.person("ed", ["editor"])
    mine = await cms.draft(author, author=author.id)
    path = f"{V2}/posts/{mine['id']}"
    refused = await author.post(path, {"author": editor.id})
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_edit_others")
    nobody = await editor.post(path, {"author": 99999})
    assert (nobody.status_code, nobody.json()["code"]) == (400, "rest_invalid_author")
    given = await editor.post(path, {"author": editor.id})
    assert given.json()["author"] == editor.id
    assert (await author.post(path, {"title": "x"})).status_code == 403


async def test_a_picture_must_be_a_picture(cms):
    author = await cms.person("ana.autora")
    post = await cms.draft(author, featured_media=0)
    for media in (post["id"], 99999, -1):
        response = await author.post(f"{V2}/posts", {"title": "x", "featured_media": media})
        assert response.status_code == 400
        assert response.json()["code"] == "rest_invalid_featured_media"


SCRIPTS = {
    "title": "<script>alert(1)</script>Dor",
    "content": '<p onclick="x()">a</p><script>alert(1)</script><iframe src="//x"></iframe>',
    "excerpt": '<a href="javascript:alert(1)">a</a><script>alert(1)</script>',
    "slug": "<script>alert(1)</script>",
}


async def test_nobody_may_store_script(cms):
    """Also not those who have unfiltered_html: a publisher of medical texts needs none."""
    for role in ("administrator", "editor", "author", "contributor"):
        person = await cms.person(f"o.{role}", [role])
        made = await cms.draft(person, **SCRIPTS)
        stored = await person.get(f"{V2}/posts/{made['id']}?context=edit")
        for danger in ("<script", "onclick", "javascript:", "<iframe"):
            assert danger not in stored.text, role
    admin = await cms.person("o.administrator")
    term = await admin.post(
        f"{V2}/categories",
        {"name": "<script>x</script>Dor & cia", "description": "<b>a</b><script>x</script>"},
    )
    assert "<script" not in term.text
    assert (term.json()["name"], term.json()["description"]) == ("Dor &amp; cia", "<b>a</b>")
    assert term.json()["slug"] == "dor-cia"


@pytest.mark.parametrize("base", ["posts", "pages", "medical-articles"])
async def test_what_creating_answers_is_what_a_later_look_shows(cms, base):
    """It is made of what was just saved, without asking for it again."""
    editor = await cms.person("ed.editor", ["editor", "administrator"])
    status = "draft" if base == "medical-articles" else "pending"
    for more in ({}, {"status": status}, {"slug": "dor", "comment_status": "closed"}):
        body = {"title": "Dor", "content": "<p>Texto.</p>", "excerpt": "Em suma", **more}
        made = await editor.post(f"{V2}/{base}", body)
        assert made.status_code == 201, made.text
        seen = await editor.get(f"{V2}/{base}/{made.json()['id']}?context=edit")
        assert list(made.json()) == list(seen.json())
        assert made.json() == seen.json()
        assert made.headers["etag"] == seen.headers["etag"]
