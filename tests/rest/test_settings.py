"""Settings by both doors: WordPress's fields, and the product's own options."""

import pytest

from cms.rest.settings import EDIT, SCHEMA
from tests.support.wordpress import arguments, fields

PATH = "/wp-json/wp/v2/settings"
OWN = "/api/v1/settings"


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


def test_arguments_and_fields_are_those_of_wordpress():
    wanted = arguments("/wp/v2/settings", "PATCH")
    assert set(EDIT) == set(wanted)
    assert set(SCHEMA["properties"]) == set(fields("wp_v2_settings"))
    for name, one in wanted.items():
        assert SCHEMA["properties"][name]["type"] == one["type"], name
        assert SCHEMA["properties"][name].get("enum") == one.get("enum"), name


async def test_they_begin_as_in_a_new_wordpress(cms, admin):
    body = (await admin.get(PATH)).json()
    assert body == {
        "title": "Clínica clinica", "description": "", "url": "http://clinica.example",
        "email": "", "timezone": "America/Sao_Paulo", "date_format": "F j, Y",
        "time_format": "g:i a", "start_of_week": 1, "language": "pt_BR", "use_smilies": True,
        "default_category": 0, "default_post_format": "0", "posts_per_page": 10,
        "show_on_front": "posts", "page_on_front": 0, "page_for_posts": 0,
        "default_ping_status": "open", "default_comment_status": "open", "site_logo": 0,
        "site_icon": 0,
    }  # fmt: skip
    assert list(body) == list(EDIT)


async def test_a_change_is_seen_at_once_and_null_takes_it_back(cms, admin):
    category = await admin.post("/wp-json/wp/v2/categories", {"name": "Febre"})
    wanted = {
        "title": "Clínica Nova", "description": "Saúde", "email": "a@x.example",
        "timezone": "America/Manaus", "language": "es_MX", "start_of_week": 0,
        "use_smilies": False, "posts_per_page": 5, "default_category": category.json()["id"],
    }  # fmt: skip
    changed = (await admin.post(PATH, {**wanted, "url": "https://outra.example"})).json()
    assert {name: changed[name] for name in wanted} == wanted
    assert changed["url"] == "http://clinica.example", "the host name is the operator's"
    assert (await admin.get(PATH)).json() == changed
    assert (await cms.http.get("/wp-json/")).json()["name"] == "Clínica Nova"
    back = (await admin.post(PATH, dict.fromkeys(wanted))).json()
    assert (back["title"], back["posts_per_page"], back["timezone"]) == (
        "Clínica clinica", 10, "America/Sao_Paulo",
    )  # fmt: skip


FAULTS = {
    "timezone": "Mars/Olympus", "language": "português", "email": "nada", "show_on_front": "x",
    "page_on_front": 999, "page_for_posts": 999, "default_category": 999, "site_icon": 999,
    "start_of_week": 7, "posts_per_page": "muitos", "default_comment_status": "talvez",
    "title": "<script>", "default_post_format": "novela", "use_smilies": "x",
}  # fmt: skip


async def test_what_does_not_fit_is_named_and_nothing_is_saved(cms, admin):
    before = (await admin.get(PATH)).json()
    for name, value in FAULTS.items():
        answer = await admin.post(PATH, {name: value, "description": "nova"})
        said = answer.json()
        assert (answer.status_code, said["code"]) == (400, "rest_invalid_param"), name
        assert list(said["data"]["params"]) == [name]
    typed = await admin.post(PATH, {"posts_per_page": "x"})
    assert typed.json()["data"]["details"]["posts_per_page"] == {
        "code": "rest_invalid_type",
        "message": "posts_per_page is not of type integer.",
        "data": {"param": "posts_per_page"},
    }
    assert (await admin.get(PATH)).json() == before


async def test_they_are_for_those_who_manage_the_site(cms, admin):
    editor = await cms.person("ed", ["editor"])
    for method in ("GET", "POST", "PUT", "PATCH"):
        for headers, status in ((editor.bearer, 403), ({}, 401)):
            answer = await cms.http.request(method, PATH, json={}, headers=headers)
            assert (answer.status_code, answer.json()) == (status, {
                "code": "rest_forbidden",
                "message": "Sorry, you are not allowed to do that.",
                "data": {"status": status},
            })  # fmt: skip
    for method in ("GET", "PATCH"):
        for headers, status in ((editor.bearer, 403), ({}, 401)):
            answer = await cms.http.request(method, OWN, json={}, headers=headers)
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith("application/problem+json")


async def test_own_options_are_set_and_checked(cms, admin):
    wanted = {"front_end_url": "https://leitores.example", "public_menus": True}
    answer = await cms.http.patch(OWN, json=wanted, headers=admin.bearer)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in wanted} == wanted
    assert (await admin.get(OWN)).json() == answer.json()
    me = (await admin.get("/wp-json/wp/v2/users/me")).json()
    assert me["link"].startswith("https://leitores.example/author/")
    back = await cms.http.patch(OWN, json={"front_end_url": None}, headers=admin.bearer)
    assert back.json()["front_end_url"] == ""
    for name, value in (
        ("front_end_url", "javascript:alert(1)"),
        ("preview_url", "//x"),
        ("permalink_structure", "/%senha%/"),
        ("thread_comments_depth", 11),
        ("close_comments_days_old", -1),
    ):
        refused = await cms.http.patch(OWN, json={name: value}, headers=admin.bearer)
        assert refused.status_code == 400, name
        assert list(refused.json()["faults"]) == [name]


async def test_each_site_has_its_own(cms, admin):
    await admin.post(PATH, {"title": "Só aqui"})
    async with cms.other() as other:
        there = await other.person("ze", ["administrator"])
        assert (await there.get(PATH)).json()["title"] == "Clínica outra"
