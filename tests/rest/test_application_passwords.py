"""Application passwords through REST: made, shown once, used, renamed, revoked."""

import base64
import re

import pytest

from cms.rest import application_passwords
from tests.support.queries import counted
from tests.support.wordpress import arguments

USERS = "/wp-json/wp/v2/users"
OWN = f"{USERS}/me/application-passwords"
ROUTE = "/wp/v2/users/(?P<user_id>(?:[\\d]+|me))/application-passwords"


def basic(login, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


def test_the_arguments_are_those_of_wordpress():
    for path, method, table in (
        (ROUTE, "GET", application_passwords._ITEM),
        (ROUTE, "POST", application_passwords._CREATE),
        (f"{ROUTE}/(?P<uuid>[\\w\\-]+)", "PATCH", application_passwords._EDIT),
        (f"{ROUTE}/introspect", "GET", application_passwords._ITEM),
    ):
        wanted = arguments(path, method)
        assert set(table) == set(wanted)
        for name, one in wanted.items():
            assert table[name].get("required", False) == one["required"]
            assert table[name].get("format") == one.get("format")


async def test_a_password_is_shown_once_and_works_until_it_is_revoked(cms):
    ana = await cms.person("ana.autora")
    made = await ana.post(OWN, {"name": "Editor do celular"})
    assert made.status_code == 201
    body = made.json()
    assert list(body) == [
        "uuid", "app_id", "name", "created", "last_used", "last_ip", "password", "_links",
    ]  # fmt: skip
    assert re.fullmatch(r"(?:[A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4}", body["password"])
    assert (body["app_id"], body["last_used"], body["last_ip"]) == ("", None, None)
    assert made.headers["Location"] == body["_links"]["self"][0]["href"]
    assert made.headers["Cache-Control"] == "no-store"
    item = f"{OWN}/{body['uuid']}"
    assert "password" not in (await ana.get(f"{item}?context=edit")).json()
    for written in (body["password"], body["password"].replace(" ", "")):
        seen = await cms.http.get(f"{OWN}/introspect", headers=basic("ana.autora", written))
        assert seen.json()["uuid"] == body["uuid"]
    assert (await ana.get(item)).json()["last_used"] is not None
    renamed = await ana.post(item, {"name": "Outro", "app_id": body["uuid"]})
    assert (renamed.json()["name"], renamed.json()["app_id"]) == ("Outro", body["uuid"])
    gone = (await ana.delete(item)).json()
    assert (gone["deleted"], gone["previous"]["name"]) == (True, "Outro")
    refused = await cms.http.get(f"{USERS}/me", headers=basic("ana.autora", body["password"]))
    assert refused.status_code == 401
    assert (await ana.get(item)).json()["code"] == "rest_application_password_not_found"
    assert (await ana.delete(OWN)).json() == {"deleted": True, "count": 1}
    assert (await ana.get(OWN)).json() == []


async def test_its_use_is_noted_once_a_day(cms):
    ana = await cms.person("ana.autora")
    costs = []
    for _ in range(3):
        with counted(cms.host) as statements:
            await cms.http.get(f"{USERS}/me", auth=ana.basic)
        costs.append(str(statements).count("UPDATE cms.application_passwords"))
    assert costs == [1, 0, 0]


async def test_whose_they_are(cms):
    ana, admin = await cms.person("ana.autora"), await cms.person("marina", ["administrator"])
    editor = await cms.person("ed", ["editor"])
    path = f"{USERS}/{ana.id}/application-passwords"
    [own] = (await ana.get(path)).json()
    assert (await admin.get(path)).json() == [own]
    assert (await admin.post(path, {"name": "De fora"})).status_code == 201
    for who, status, code in (
        (editor, 403, "rest_cannot_list_application_passwords"),
        (cms.http, 401, "rest_not_logged_in"),
    ):
        answer = await who.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for method, address, code in (
        ("POST", path, "rest_cannot_create_application_passwords"),
        ("DELETE", path, "rest_cannot_delete_application_passwords"),
        ("GET", f"{path}/{own['uuid']}", "rest_cannot_read_application_password"),
        ("PATCH", f"{path}/{own['uuid']}", "rest_cannot_edit_application_password"),
        ("DELETE", f"{path}/{own['uuid']}", "rest_cannot_delete_application_password"),
    ):
        answer = await cms.http.request(method, address, json={"name": "x"}, headers=editor.bearer)
        assert (answer.status_code, answer.json()["code"]) == (403, code), (method, address)
        assert (await cms.http.request(method, address, json={})).status_code == 401
    # One of hers is not found under somebody else's address.
    stray = await admin.get(f"{USERS}/{editor.id}/application-passwords/{own['uuid']}")
    assert stray.status_code == 404
    by_token = await ana.get(f"{path}/introspect")
    assert (by_token.status_code, by_token.json()["code"]) == (
        404,
        "rest_no_authenticated_app_password",
    )
    # With one made for a reviewer, an administrator could act as the reviewer.
    reviewer = await cms.person("rui", ["content_reviewer"])
    grab = await admin.post(f"{USERS}/{reviewer.id}/application-passwords", {"name": "x"})
    assert grab.status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "rest_missing_callback_param"),
        ({"name": "  "}, "rest_invalid_param"),
        ({"name": ""}, "rest_invalid_param"),
        ({"name": "a\0"}, "rest_invalid_param"),
        ({"name": "x", "app_id": "nada"}, "rest_invalid_param"),
    ],
)
async def test_a_wrong_one_is_refused(cms, body, code):
    ana = await cms.person("ana.autora")
    answer = await ana.post(OWN, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_names_are_unique_and_addresses_are_checked(cms):
    ana = await cms.person("ana.autora")
    twice = await ana.post(OWN, {"name": "t"})
    assert (twice.status_code, twice.json()["code"]) == (
        409,
        "application_password_duplicate_name",
    )
    for stray in ("nada", "%00", "0" * 36, "00000000-0000-0000-0000-000000000000"):
        assert (await ana.get(f"{OWN}/{stray}")).status_code == 404, stray
    for far in ("9223372036854775808", "999999"):
        assert (await ana.get(f"{USERS}/{far}/application-passwords")).status_code == 404
