"""People through REST: WordPress's arguments, fields, codes and roles; and what it leaves open."""

import psycopg
import pytest

from cms.content.people import public_types
from cms.identity.granting import set_roles
from cms.identity.users import user_by_login
from cms.rest.user_arguments import CREATE, DELETE, EDIT, list_table
from tests.support.queries import counted
from tests.support.wordpress import arguments, fields, flat

V2 = "/wp-json/wp/v2"
USERS = f"{V2}/users"
PASSWORD = "quatro palavras bem longas"
NEW = {"username": "nova.pessoa", "email": "nova@x.example", "password": PASSWORD, "name": "Nova P"}


def test_the_arguments_are_those_of_wordpress(host):
    tables = {
        ("/wp/v2/users", "GET"): list_table(host.registry),
        ("/wp/v2/users", "POST"): CREATE,
        ("/wp/v2/users/(?P<id>[\\d]+)", "PUT"): EDIT,
        ("/wp/v2/users/me", "PATCH"): EDIT,
        ("/wp/v2/users/me", "DELETE"): DELETE,
    }
    for (route, method), table in tables.items():
        for name, wanted in arguments(route, method).items():
            if name == "id":
                continue
            ours = table[name]
            assert ours.get("required", False) == wanted["required"], (route, name)
            assert ours.get("default") == wanted.get("default"), (route, name)
            types = ours["type"] if isinstance(ours["type"], list) else [ours["type"]]
            theirs = wanted["type"] if isinstance(wanted["type"], list) else [wanted["type"]]
            assert set(theirs) <= set(types), (route, name)
            # Types of content and languages are those of the site.
            if "enum" in wanted and name not in {"locale", "has_published_posts"}:
                assert ours["enum"] == wanted["enum"], (route, name)


async def test_the_fields_are_those_of_wordpress(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    deep = frozenset({"avatar_urls", "meta"})
    for context in ("view", "edit", "embed"):
        body = (await admin.get(f"{USERS}/me?context={context}")).json()
        known = set(fields("wp_v2_users", context)) - {"meta.persisted_preferences._modified"}
        assert flat(body, deep=deep) - {"medical_profile"} == known, context
    body = (await admin.get(f"{USERS}/me?context=edit")).json()
    assert [name for name in body if name != "medical_profile"] == [
        "id", "username", "name", "first_name", "last_name", "email", "url", "description", "link",
        "locale", "nickname", "slug", "roles", "registered_date", "capabilities",
        "extra_capabilities", "avatar_urls", "meta", "_links",
    ]  # fmt: skip
    assert body["capabilities"]["administrator"] is True
    assert body["extra_capabilities"] == {"administrator": True}
    assert body["meta"] == {"persisted_preferences": []}
    assert body["locale"] == "pt_BR"
    assert body["registered_date"].endswith("+00:00")


async def test_strangers_see_only_who_has_published(cms):
    ana, caio = await cms.person("ana.autora"), await cms.person("caio.calado")
    admin = await cms.person("dona.marina", ["administrator"])
    assert (await cms.http.get(USERS)).json() == []
    await cms.draft(ana, status="publish")
    await cms.draft(caio)
    for who in (cms.http, caio):
        seen = await who.get(USERS)
        assert [one["id"] for one in seen.json()] == [ana.id]
        assert seen.headers["X-WP-Total"] == "1"
    assert (await admin.get(USERS)).headers["X-WP-Total"] == "3"
    # Neither what she signs in with, nor a search for it.
    assert "ana.autora" not in (await cms.http.get(USERS)).text.replace("Ana Autora", "")
    for asked in ("ana.autora", "clinica.example", "ana.autora@clinica.example"):
        assert (await cms.http.get(f"{USERS}?search={asked}")).json() == [], asked
        assert (await admin.get(f"{USERS}?search={asked}")).json() != [], asked
    assert len((await cms.http.get(f"{USERS}?search=ANA")).json()) == 1


async def test_lists_answer_to_every_argument(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    ana, bia = await cms.person("ana.autora"), await cms.person("bia.beta", ["subscriber"])
    ed = await cms.person("ed.editor", ["editor", "author"])
    await cms.draft(ana, status="publish")
    names = {admin.id: "admin", ana.id: "ana", bia.id: "bia", ed.id: "ed"}
    cases = {
        "": ["ana", "bia", "admin", "ed"],
        "order=desc": ["ed", "admin", "bia", "ana"],
        "roles=author": ["ana", "ed"],
        "roles=author,subscriber": ["ana", "bia", "ed"],
        "capabilities=manage_options": ["admin"],
        "capabilities=edit_posts,edit_others_posts": ["admin", "ed"],
        "who=authors": ["ana", "admin", "ed"],
        "has_published_posts=true": ["ana"],
        "has_published_posts=post": ["ana"],
        f"slug=author-{bia.id}": ["bia"],
        f"include={ed.id},{ana.id}&orderby=include": ["ed", "ana"],
        f"slug=author-{ed.id},author-{ana.id}&orderby=include_slugs": ["ed", "ana"],
        f"exclude={ed.id},{ana.id}": ["bia", "admin"],
        "orderby=email": ["ana", "bia", "admin", "ed"],
        "orderby=id": ["admin", "ana", "bia", "ed"],
        "orderby=registered_date&order=desc": ["ed", "bia", "ana", "admin"],
        "orderby=slug": ["admin", "ana", "bia", "ed"],
        "search=beta": ["bia"],
        "search=%25": [],
        "per_page=2&page=2": ["admin", "ed"],
        "per_page=2&offset=1": ["bia", "admin"],
        "page=9": [],
    }
    for query, wanted in cases.items():
        found = await admin.get(f"{USERS}?{query}")
        assert [names[one["id"]] for one in found.json()] == wanted, query
    paged = await admin.get(f"{USERS}?per_page=3")
    assert (paged.headers["X-WP-Total"], paged.headers["X-WP-TotalPages"]) == ("4", "2")
    assert paged.headers["Allow"] == "GET, POST"


REFUSED = {
    "?roles=author": (
        "rest_user_cannot_view",
        "Sorry, you are not allowed to filter users by role.",
    ),
    "?capabilities=x": (
        "rest_user_cannot_view",
        "Sorry, you are not allowed to filter users by capability.",
    ),
    "?context=edit": ("rest_forbidden_context", "Sorry, you are not allowed to edit users."),
    "?orderby=email": (
        "rest_forbidden_orderby",
        "Sorry, you are not allowed to order users by this parameter.",
    ),
    "?orderby=registered_date": (
        "rest_forbidden_orderby",
        "Sorry, you are not allowed to order users by this parameter.",
    ),
    "?who=authors": (
        "rest_forbidden_who",
        "Sorry, you are not allowed to query users by this parameter.",
    ),
}  # fmt: skip


async def test_what_only_managers_ask_is_refused_to_others(cms):
    reader = await cms.person("leitor", ["subscriber"])
    for query, said in REFUSED.items():
        for who, status in ((cms.http, 401), (reader, 403)):
            answer = await who.get(USERS + query)
            assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
                status,
                *said,
            ), query


async def test_a_person_is_added_and_signs_in(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    made = await admin.post(
        USERS, {**NEW, "roles": ["author", "editor"], "url": "https://x.example"}
    )
    assert made.status_code == 201, made.text
    body = made.json()
    assert made.headers["Location"].endswith(f"/wp-json/wp/v2/users/{body['id']}")
    assert (body["username"], body["slug"], body["roles"]) == (
        "nova.pessoa", "nova-p", ["author", "editor"],
    )  # fmt: skip
    assert "password" not in body
    token = await cms.http.post(
        "/api/v1/auth/token", json={"login": "nova.pessoa", "password": PASSWORD}
    )
    assert token.status_code == 200
    plain = await admin.post(
        USERS, {"username": "x.y", "email": "x@x.example", "password": PASSWORD}
    )
    # A login is not shown to readers, as the name neither.
    assert (plain.json()["name"], plain.json()["roles"]) == ("Author", ["subscriber"])


FAULTS = [
    ({"username": "Dona.Marina"}, 409, "existing_user_login"),
    ({"email": "DONA.marina@clinica.example"}, 409, "existing_user_email"),
    ({"roles": ["zz"]}, 400, "rest_user_invalid_role"),
    ({"password": "curta"}, 400, "rest_invalid_param"),
    ({"password": "a" * 40}, 400, "rest_invalid_param"),
    ({"username": "a b"}, 400, "rest_invalid_param"),
    ({"email": "nada"}, 400, "rest_invalid_param"),
    ({"slug": "A b"}, 400, "rest_user_invalid_slug"),
    ({"url": "javascript:alert(1)"}, 400, "rest_invalid_param"),
    ({"id": 4}, 400, "rest_user_exists"),
]


async def test_a_wrong_person_is_refused_by_name(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    for change, status, code in FAULTS:
        answer = await admin.post(USERS, {**NEW, **change})
        assert (answer.status_code, answer.json()["code"]) == (status, code), change
        assert PASSWORD not in answer.text
    missing = await admin.post(USERS, {})
    assert missing.json()["data"]["params"] == ["username", "email", "password"]
    assert (await admin.get(USERS)).headers["X-WP-Total"] == "1"


async def test_who_may_manage_people(cms):
    target = await cms.person("alvo", ["subscriber"])
    codes = {
        ("POST", ""): "rest_cannot_create_user",
        ("PATCH", f"/{target.id}"): "rest_cannot_edit",
        ("DELETE", f"/{target.id}?force=true&reassign=false"): "rest_user_cannot_delete",
    }
    for role in ("editor", "author", "contributor", "subscriber"):
        person = await cms.person(f"um.{role}", [role])
        for (method, path), code in codes.items():
            answer = await cms.http.request(
                method, USERS + path, json=NEW if method == "POST" else {"name": "x"},
                headers=person.bearer,
            )  # fmt: skip
            assert (answer.status_code, answer.json()["code"]) == (403, code), (role, method)
        grab = await person.post(f"{USERS}/me", {"roles": ["administrator"]})
        assert (grab.status_code, grab.json()["code"]) == (403, "rest_cannot_edit_roles")
        # Asking for nothing is no way to read what only managers see.
        for nothing in ({}, {"roles": []}):
            peek = await person.post(f"{USERS}/{target.id}", nothing)
            assert (peek.status_code, peek.json()["code"]) == (403, "rest_cannot_edit")
        own = await person.post(f"{USERS}/me", {"first_name": "Eu", "description": "Oi"})
        assert (own.status_code, own.json()["first_name"]) == (200, "Eu")
        assert (await person.get(USERS)).headers["Allow"] == "GET"
    for (method, path), code in codes.items():
        answer = await cms.http.request(method, USERS + path, json=NEW)
        assert (answer.status_code, answer.json()["code"]) == (401, code), method


async def test_a_profile_is_changed(cms):
    admin, ana = await cms.person("dona.marina", ["administrator"]), await cms.person("ana.autora")
    wanted = {
        "name": "Ana A.", "first_name": "Ana", "last_name": "Autora", "nickname": "Aninha",
        "url": "https://ana.example/", "description": "Escreve.", "locale": "es_MX",
        "slug": "aninha", "email": "Nova.Ana@x.example",
    }  # fmt: skip
    body = (await admin.post(f"{USERS}/{ana.id}", wanted)).json()
    assert {name: body[name] for name in wanted} == wanted | {"email": "nova.ana@x.example"}
    kept = await ana.post(f"{USERS}/me", {"meta": {"persisted_preferences": {"core": {"a": True}}}})
    assert kept.json()["meta"] == {"persisted_preferences": {"core": {"a": True}}}
    for change, code in (
        ({"email": "dona.marina@clinica.example"}, "rest_user_invalid_email"),
        ({"username": "outra"}, "rest_user_invalid_argument"),
        ({"slug": f"author-{admin.id}"}, "rest_user_invalid_slug"),
        ({"slug": "Á b"}, "rest_user_invalid_slug"),
        ({"roles": ["zz"]}, "rest_user_invalid_role"),
    ):
        answer = await admin.post(f"{USERS}/{ana.id}", change)
        assert (answer.status_code, answer.json()["code"]) == (400, code), change
    roles = await admin.post(f"{USERS}/{ana.id}", {"roles": ["editor", "contributor"]})
    assert roles.json()["roles"] == ["contributor", "editor"]
    assert (await admin.get(f"{USERS}/999999")).json()["code"] == "rest_user_invalid_id"


async def test_nobody_gives_what_she_does_not_have(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    reviewer = await cms.person("rui.revisor", ["content_reviewer"])
    grab = await admin.post(f"{USERS}/me", {"roles": ["administrator", "content_reviewer"]})
    assert (grab.status_code, grab.json()["code"]) == (403, "rest_user_invalid_role")
    puppet = await admin.post(USERS, {**NEW, "roles": ["content_reviewer"]})
    assert (puppet.status_code, puppet.json()["code"]) == (403, "rest_user_invalid_role")
    # Nor acts as somebody who may do more, by her password or her address.
    for change in ({"password": PASSWORD}, {"email": "meu@x.example"}):
        answer = await admin.post(f"{USERS}/{reviewer.id}", change)
        assert (answer.status_code, answer.json()["code"]) == (403, "rest_cannot_edit"), change
    assert (await admin.post(f"{USERS}/{reviewer.id}", {"name": "Rui R."})).status_code == 200
    # Who runs the installation may, on the command line.
    async with cms.as_system() as work:
        await set_roles(work, await user_by_login(work, "rui.revisor"), ["legal_reviewer"])
    seen = await admin.get(f"{USERS}/{reviewer.id}?context=edit")
    assert seen.json()["roles"] == ["legal_reviewer"]


async def test_the_last_administrator_stays(cms):
    admin, other = (
        await cms.person("dona.marina", ["administrator"]),
        await cms.person("ana.autora"),
    )
    for answer in (
        await admin.post(f"{USERS}/me", {"roles": ["editor"]}),
        await admin.delete(f"{USERS}/me?force=true&reassign={other.id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "rest_user_last_administrator")
    await admin.post(f"{USERS}/{other.id}", {"roles": ["administrator"]})
    stepped_down = await admin.post(f"{USERS}/me", {"roles": ["editor"]})
    assert stepped_down.json()["roles"] == ["editor"]


async def test_a_new_password_ends_the_other_sessions(cms):
    admin, ana = await cms.person("dona.marina", ["administrator"]), await cms.person("ana.autora")
    assert (await ana.post(f"{USERS}/me", {"password": PASSWORD})).status_code == 200
    assert (await ana.get(f"{USERS}/me")).status_code == 200, "the session that changed it goes on"
    assert (await admin.post(f"{USERS}/{ana.id}", {"password": f"{PASSWORD}!"})).status_code == 200
    assert (await ana.get(f"{USERS}/me")).status_code == 401
    # An application must not make itself a person who signs.
    by_application = await cms.http.post(
        f"{USERS}/me", json={"password": f"{PASSWORD}?"}, auth=ana.basic
    )
    said = by_application.json()
    assert (by_application.status_code, said["code"]) == (401, "rest_step_up_required")


async def test_whoever_leaves_is_a_number_and_the_texts_stay(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    ana, bia = await cms.person("ana.autora"), await cms.person("bia.beta")
    live = await cms.draft(ana, status="publish")
    path = f"{USERS}/{ana.id}"
    for query, status, code in (
        ("", 400, "rest_missing_callback_param"),
        ("?reassign=1", 501, "rest_trash_not_supported"),
        (f"?force=true&reassign={ana.id}", 400, "rest_user_invalid_reassign"),
        ("?force=true&reassign=999999", 400, "rest_user_invalid_reassign"),
        ("?force=true&reassign=false", 400, "rest_user_invalid_reassign"),
    ):
        answer = await admin.delete(path + query)
        assert (answer.status_code, answer.json()["code"]) == (status, code), query
    gone = (await admin.delete(f"{path}?force=true&reassign={bia.id}")).json()
    assert (gone["deleted"], gone["previous"]["username"]) == (True, "ana.autora")
    assert (await admin.get(path)).json()["code"] == "rest_user_invalid_id"
    assert ana.id not in [one["id"] for one in (await admin.get(USERS)).json()]
    for proof in ({"headers": ana.bearer}, {"auth": ana.basic}):
        assert (await cms.http.get(f"{USERS}/me", **proof)).status_code == 401
    read = (await cms.http.get(f"{V2}/posts/{live['id']}")).json()
    assert read["author"] == bia.id
    assert [one["author"] for one in (await admin.get(f"{V2}/posts/{live['id']}/revisions")).json()]
    # Once she edits, revisions name her; those before still name who wrote them.
    await bia.post(f"{V2}/posts/{live['id']}", {"title": "Nova"})
    history = (await admin.get(f"{V2}/posts/{live['id']}/revisions")).json()
    assert history[-1]["author"] == ana.id
    assert (await cms.http.get(f"{V2}/posts/{live['id']}")).json()["author"] == bia.id
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        row = connection.execute(
            "select login, email, display_name, is_active from cms.users where id = %s", [ana.id]
        ).fetchone()
    assert row == (f"former {ana.id}", f"former {ana.id}@former.invalid",
                   f"Former member {ana.id}", False)  # fmt: skip


async def test_a_list_costs_the_same_for_one_and_for_many(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    costs = []
    for count in (1, 6):
        for number in range(count):
            await cms.person(f"pessoa.{number}")
        with counted(cms.host) as statements:
            await admin.get(f"{USERS}?context=edit")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 6


async def test_tenants_never_meet(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    async with cms.other() as other:
        stranger = await other.person("ze.outro", ["administrator"])
        for number in range(30):
            await other.draft(stranger, title=str(number))
        found = await admin.get(f"{USERS}/{stranger.id + 40}")
        assert found.status_code == 404
        assert (await stranger.get(USERS)).headers["X-WP-Total"] == "1"
        assert (await admin.get(USERS)).headers["X-WP-Total"] == "1"
        taken = await admin.post(USERS, {**NEW, "username": "ze.outro"})
        assert taken.status_code == 201, "a login is one of its own site"


@pytest.mark.parametrize("name", ["\0", "x" * 300])
async def test_no_name_breaks_the_server(cms, name):
    admin = await cms.person("dona.marina", ["administrator"])
    for field in ("name", "email", "username", "password", "slug", "locale", "url", "nickname"):
        answer = await admin.post(USERS, {**NEW, field: name})
        if (name, field) == ("x" * 300, "password"):
            continue
        assert answer.status_code == 400, field
    async with cms.as_system() as work:
        assert "post" in public_types(work)
