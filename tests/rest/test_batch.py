"""`POST /batch/v1`: several writes in one request, each as if it came alone."""

import pytest

BATCH, V2 = "/wp-json/batch/v1", "/wp-json/wp/v2"


def parts(*requests, **more):
    return {"requests": list(requests), **more}


async def test_each_part_is_answered_in_its_place(cms):
    editor = await cms.person("ed.itora", ["editor"])
    made = await cms.draft(editor)
    response = await editor.post(
        BATCH,
        parts(
            {"path": "/wp/v2/categories", "body": {"name": "Dor"}},
            {"path": f"/wp/v2/posts/{made['id']}", "method": "PATCH", "body": {"title": "Novo"}},
            {"path": "/wp/v2/posts/999", "body": {"title": "x"}},
            {"path": f"/wp/v2/posts/{made['id']}?force=false", "method": "DELETE"},
        ),
    )
    assert response.status_code == 207
    term, changed, missing, binned = response.json()["responses"]
    assert list(term) == ["body", "status", "headers"]
    assert (term["status"], term["body"]["name"]) == (201, "Dor")
    own = f"http://clinica.example{V2}/categories/{term['body']['id']}"
    assert term["headers"] == {"Allow": "GET, POST", "Location": own}
    assert (changed["status"], changed["body"]["title"]["raw"]) == (200, "Novo")
    assert (missing["status"], missing["body"]["code"]) == (404, "rest_post_invalid_id")
    assert (binned["status"], binned["body"]["status"]) == (200, "trash")


async def test_each_part_has_the_rights_of_who_sends_the_whole_and_no_others(cms):
    editor = await cms.person("ed.itora", ["editor"])
    reader = await cms.person("le.itora", ["subscriber"])
    wanted = parts(
        {
            "path": "/wp/v2/categories",
            "body": {"name": "Dor"},
            "headers": editor.bearer | {"Host": "outra.example"},
        }
    )
    for sent, status in ((await cms.http.post(BATCH, json=wanted), 401),
                         (await reader.post(BATCH, wanted), 403)):  # fmt: skip
        [part] = sent.json()["responses"]
        assert (sent.status_code, part["status"]) == (207, status)
    assert (await cms.http.get(f"{V2}/categories")).json() == []


async def test_a_refused_part_undoes_no_other(cms):
    ana = await cms.person("ana.autora")
    response = await ana.post(
        BATCH,
        parts(
            {"path": "/wp/v2/posts", "body": {"title": "Um"}},
            {"path": "/wp/v2/categories", "body": {"name": "Proibida"}},
            {"path": "/wp/v2/posts", "body": {"title": "Dois", "status": "publish"}},
        ),
    )
    assert [part["status"] for part in response.json()["responses"]] == [201, 403, 201]
    assert (await ana.get(f"{V2}/posts?status=any")).headers["X-WP-Total"] == "2"


async def test_all_or_none_may_be_asked_for(cms):
    ana = await cms.person("ana.autora")
    requests = (
        {"path": "/wp/v2/posts", "body": {"title": "Um"}},
        {"path": "/wp/v2/posts", "body": {"status": "nonsense"}},
    )
    strict = await ana.post(BATCH, parts(*requests, validation="require-all-validate"))
    body = strict.json()
    assert (strict.status_code, body["failed"]) == (207, "validation")
    assert body["responses"][0] is None
    assert body["responses"][1]["body"]["data"]["params"] == {
        "status": "status is not one of publish, future, draft, pending, and private."
    }
    assert (await ana.get(f"{V2}/posts?status=any")).json() == []
    normal = await ana.post(BATCH, parts(*requests))
    assert [part["status"] for part in normal.json()["responses"]] == [201, 400]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/batch/v1", "rest_batch_not_allowed"),
        ("/wp/v2/nope", "rest_no_route"),
        ("/wp/v2/posts/../users", "rest_no_route"),
        ("/wp/v2/posts/1/revisions", "rest_no_route"),
        ("//[", "parse_path_failed"),
        ("", "rest_no_route"),
    ],
)
async def test_what_may_not_be_in_a_batch_is_refused_in_its_place(cms, path, code):
    ana = await cms.person("ana.autora")
    response = await ana.post(BATCH, parts({"path": path, "body": {}}))
    [part] = response.json()["responses"]
    assert part["body"]["code"] == code


async def test_a_batch_has_its_bounds(cms):
    ana = await cms.person("ana.autora")
    one = {"path": "/wp/v2/posts", "body": {"title": "x"}}
    for wanted in (parts(*[one] * 26), {}, parts({"path": "/wp/v2/posts", "method": "GET"})):
        assert (await ana.post(BATCH, wanted)).status_code == 400
    assert (await ana.get(f"{V2}/posts?status=any")).json() == []


async def test_a_part_may_promise_what_it_has_seen(cms):
    ana = await cms.person("ana.autora")
    made = await cms.draft(ana)
    stale = {"path": f"/wp/v2/posts/{made['id']}", "headers": {"If-Match": '"1.2"'}}
    [part] = (await ana.post(BATCH, parts(stale))).json()["responses"]
    assert (part["status"], part["body"]["code"]) == (412, "rest_precondition_failed")


async def test_menus_their_items_and_widgets_are_written_in_batches_and_say_so(cms):
    admin = await cms.person("ada", ["administrator"])
    response = await admin.post(
        BATCH,
        parts(
            {"path": "/wp/v2/menus", "body": {"name": "Principal"}},
            {"path": "/wp/v2/menu-items", "body": {"title": "x", "url": "/x/", "type": "custom"}},
            {"path": "/wp/v2/widgets", "body": {"id_base": "block", "sidebar": "sidebar-1"}},
            {"path": "/wp/v2/settings", "body": {"title": "x"}},
        ),
    )
    *made, refused = response.json()["responses"]
    assert all(one["status"] != 400 or one["body"]["code"] != "rest_batch_not_allowed"
               for one in made), made  # fmt: skip
    assert made[0]["status"] == 201
    assert refused["body"]["code"] == "rest_batch_not_allowed"
    for base in ("menus", "menu-items", "widgets"):
        described = (await cms.http.request("OPTIONS", f"{V2}/{base}")).json()
        assert all(one.get("allow_batch") == {"v1": True} for one in described["endpoints"]), base
