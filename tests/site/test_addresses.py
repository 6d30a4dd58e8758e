"""What stands at an address: asked by the middleware of a front end, and by the CMS itself."""

import pytest

from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"
HOME = "http://clinica.example"


async def resolved(http, path):
    answer = await http.get(f"{V1}/resolve", params={"path": path})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editor", ["editor"])


async def test_everything_public_is_found(cms, editor):
    term = (await editor.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
    post = await cms.draft(editor, title="Dor", status="publish", categories=[term])
    for path in ("/dor/", "/dor", "dor", "//dor//", "/dor/?utm_source=x", "/dor/#x"):
        assert await resolved(cms.http, path) == {
            "kind": "post",
            "id": post["id"],
            "type": "post",
            "path": "/dor/",
            "link": f"{HOME}/dor/",
            "rest": f"{HOME}{V2}/posts/{post['id']}",
            "redirect": None,
        }
    for path, kind, thing, rest in (
        ("/category/febre/", "term", term, f"/categories/{term}"),
        (f"/author/author-{editor.id}/", "author", editor.id, f"/users/{editor.id}"),
        ("/", "front", None, "/posts"),
    ):
        found = await resolved(cms.http, path)
        assert (found["kind"], found["id"]) == (kind, thing)
        assert found["rest"] == f"{HOME}{V2}{rest}"
        assert (await cms.http.get(found["rest"])).status_code == 200
    short = await resolved(cms.http, f"/?p={post['id']}")
    assert short["redirect"] == {"status": 301, "target": f"{HOME}/dor/"}


@pytest.mark.parametrize("status", ["draft", "pending", "private"])
async def test_what_is_not_public_is_nowhere(cms, editor, status):
    post = await cms.draft(editor, title="Segredo", slug="segredo", status=status)
    for path in ("/segredo/", f"/?p={post['id']}", f"/?page_id={post['id']}"):
        assert (await resolved(cms.http, path))["kind"] == "none"
        # It is the same for those who may see it, so that caches cannot tell.
        signed_in = await editor.get(f"{V1}/resolve", params={"path": path})
        assert signed_in.json()["kind"] == "none"
        assert (await cms.http.get(path)).status_code in {200, 404}
    await cms.person("novo.autor")
    assert (await resolved(cms.http, "/author/novo-autor/"))["kind"] == "none"


async def test_slugs_in_other_scripts_are_found_in_both_spellings(cms, editor):
    post = await cms.draft(editor, title="頭痛", status="publish")
    for path in ("/頭痛/", "/%E9%A0%AD%E7%97%9B/", "/%e9%a0%ad%e7%97%9b"):
        assert (await resolved(cms.http, path))["id"] == post["id"]


HOSTILE = [
    "/nada",
    "/%00",
    "/%ff%fe",
    "/a" * 400,
    "/" + "9" * 400,
    "/9223372036854775808",
    "/?p=99999999999999999999",
    "/?p=abc",
    "/?p=" + "1" * 900,
    "/author/",
    "/category/%27%20or%201=1",
    "/..%2f..%2fetc/passwd",
    "/?" + "&".join(f"p{n}=1" for n in range(90)),
]


async def test_hostile_paths_lead_nowhere(cms):
    for path in HOSTILE:
        found = await cms.http.get(f"{V1}/resolve", params={"path": path})
        assert found.status_code in {200, 400}, path
        assert found.status_code == 400 or found.json()["kind"] in {"none", "front"}, path
        assert (await cms.http.get(path)).status_code in {200, 400, 404}, path


async def test_too_long_a_path_is_not_looked_for(cms):
    with counted(cms.host) as statements:
        found = await resolved(cms.http, "/" + "a" * 1001)
        assert (await cms.http.get("/" + "a" * 1001)).status_code == 404
    assert found["kind"] == "none"
    assert len(statements) == 0


async def test_a_question_costs_few_statements(cms, editor):
    await cms.draft(editor, title="Dor", status="publish")
    for path, cost in (
        ("/dor/", 2),
        ("/nada/", 2),
        ("/a/b/", 4),
        (f"/author/author-{editor.id}/", 4),
    ):
        with counted(cms.host) as statements:
            await resolved(cms.http, path)
        assert len(statements) <= cost, (path, str(statements))


async def test_the_answer_is_cached(cms, editor):
    await cms.draft(editor, title="Dor", status="publish")
    first = await cms.http.get(f"{V1}/resolve?path=/dor/")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    known = {"If-None-Match": first.headers["ETag"]}
    assert (await cms.http.get(f"{V1}/resolve?path=/dor/", headers=known)).status_code == 304


async def test_the_cms_leads_to_its_front_end(cms, editor):
    post = await cms.draft(editor, title="Dor", status="publish")
    missing = await cms.http.get("/dor/")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:cms:problem:not-found")
    await cms.set_options(front_end_url="https://front.example/")
    for path in ("/dor/", "/dor"):
        answer = await cms.http.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            "https://front.example/dor/",
        )
    short = await cms.http.get(f"/?p={post['id']}")
    assert (short.status_code, short.headers["Location"]) == (301, "https://front.example/dor/")
    assert (await resolved(cms.http, "/dor"))["link"] == "https://front.example/dor/"
    assert (await cms.http.get("/nada/")).status_code == 404
    # A front end at the very same address would lead in a circle.
    await cms.set_options(front_end_url="https://clinica.example")
    assert (await cms.http.get("/dor/")).status_code == 404


async def test_tenants_do_not_meet(cms, editor):
    await cms.draft(editor, title="Dor", status="publish")
    async with cms.other() as other:
        assert (await resolved(other.http, "/dor/"))["kind"] == "none"


async def test_other_doors_stay_what_they_are(cms):
    assert (await cms.http.get("/wp-json/nada")).json()["code"] == "rest_no_route"
    assert (await cms.http.get("/api/v1/nada")).status_code == 404
    assert (await cms.http.get("/")).json()["wordpress"] == "/wp-json/"
    assert (await cms.http.get("/healthz")).status_code == 200
    stranger = await cms.http.get("/dor/", headers={"Host": "nobody.example"})
    assert stranger.status_code == 421
