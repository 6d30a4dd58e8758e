"""What roles grant, and changing it."""

import pytest

from cms.identity import role_editing

ROLES = "/admin/people/roles"


async def own_role(admin, name="redatora"):
    sent = {"name": name, "label": "Redatora", "like": "contributor"}
    done = await admin.send(ROLES, sent)
    assert done.location == f"{ROLES}/{name}", done.words
    return f"{ROLES}/{name}"


def ticked(seen):
    """What the form of a role sends as it stands."""
    boxes = seen.tree.css("#capabilities input[name=capabilities]")
    return [
        one.attributes["value"]
        for one in boxes
        if one.attributes["type"] == "hidden" or "checked" in one.attributes
    ]


async def test_the_matrix_says_what_each_role_grants_and_means(visitor):
    admin = await visitor("marina", roles=["administrator"], language="pt")
    seen = await admin.get(ROLES)
    assert seen.status == 200, seen.words
    assert "Publicar posts e agendar quando serão publicados" in seen.words
    assert "do produto" in seen.words
    rows = {row.css_first("code").text(): row for row in seen.tree.css("tbody tr") if row.css("td")}
    heads = [one.text() for one in seen.tree.css("thead th")]
    column = next(i for i, head in enumerate(heads) if "Assinante" in head)
    cells = {name: row.css("td")[column].text().strip() for name, row in rows.items()}
    assert "sim" in cells["read"]
    assert "não" in cells["publish_posts"]


async def test_a_change_says_first_who_gains_and_loses_what(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    where = await own_role(admin)
    await cms.person("ana", ["redatora"])
    await cms.person("bia", ["redatora", "author"])
    wanted = [one for one in ticked(await admin.get(where)) if one != "delete_posts"]
    wanted.append("publish_posts")
    confirm = await admin.send(f"{where}/check", {"capabilities": wanted})
    assert confirm.title == "Change Redatora?"
    rows = {row.css_first("th").text(): row.css("td") for row in confirm.tree.css("tbody tr")}
    assert [cell.text() for cell in rows["Ana"]] == ["publish_posts", "delete_posts"]
    assert "another role grants it" in rows["Bia"][0].text()
    # Nothing has changed yet; sending what the page holds does it.
    assert "publish_posts" not in ticked(await admin.get(where))
    hidden = [one.attributes["value"] for one in confirm.tree.css("main input[name=capabilities]")]
    done = await admin.send(where, {"capabilities": hidden})
    assert done.location == where
    assert sorted(ticked(await admin.get(where))) == sorted(wanted)
    post = await cms.draft(await cms.person("ana"), status="publish")
    assert post["status"] == "publish"


async def test_nobody_gives_or_takes_what_she_lacks(visitor):
    admin = await visitor("marina", roles=["administrator"])
    where = f"{ROLES}/content_reviewer"
    seen = await admin.get(where)
    kept = ticked(seen)
    assert "disabled" in seen.tree.css_first("#may-approve_medical_content").attributes
    assert "approve_medical_content" in kept
    less = [one for one in kept if one != "approve_medical_content"]
    assert (await admin.send(where, {"capabilities": less})).status == 403
    own = await own_role(admin)
    more = [*ticked(await admin.get(own)), "approve_medical_content"]
    assert (await admin.send(own, {"capabilities": more})).status == 403


async def test_the_last_way_to_give_roles_stays(visitor):
    admin = await visitor("marina", roles=["administrator"])
    where = f"{ROLES}/administrator"
    less = [one for one in ticked(await admin.get(where)) if one != "promote_users"]
    refused = await admin.send(where, {"capabilities": less})
    assert refused.status == 422
    assert "last administrator" in refused.words


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "Não!", "label": "X"},
        {"name": "author", "label": "X"},
        {"name": "nova", "label": ""},
        {"name": "nova", "label": "X", "like": "ninguem"},
    ],
)
async def test_faults_of_a_new_role(visitor, sent):
    admin = await visitor("marina", roles=["administrator"])
    assert (await admin.send(ROLES, sent)).status == 422


async def test_a_role_of_ones_own_goes_when_nobody_has_it(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    where = await own_role(admin)
    ana = await cms.person("ana", ["redatora"])
    assert "Somebody has this role" in (await admin.send(f"{where}/remove")).words
    assert (await admin.send(f"{ROLES}/author/remove")).status == 422
    assert (await admin.send(f"/admin/people/{ana.id}/roles", {"roles": ["author"]})).status == 303
    assert (await admin.send(f"{where}/remove")).location == ROLES
    assert (await admin.get(where)).status == 404


async def test_an_unknown_capability_and_role_are_refused(visitor):
    admin = await visitor("marina", roles=["administrator"])
    where = await own_role(admin)
    assert (await admin.send(where, {"capabilities": ["fly"]})).status == 422
    assert (await admin.send(f"{ROLES}/ninguem", {"capabilities": ["read"]})).status == 404
    assert (await admin.send(f"{ROLES}/ninguem/check", {"capabilities": []})).status == 404


async def test_a_label_may_hold_anything(visitor):
    admin = await visitor("marina", roles=["administrator"])
    sent = {"name": "nova", "label": "100% <b>dedicada</b> %(x)s"}
    assert (await admin.send(ROLES, sent)).status == 303
    for path in (ROLES, f"{ROLES}/nova", "/admin/people", "/admin/people/new"):
        seen = await admin.get(path)
        assert seen.status == 200, path
        assert "100% <b>dedicada</b> %(x)s" in seen.tree.body.text(), path


async def test_a_declared_role_that_was_changed_is_marked(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    where = f"{ROLES}/subscriber"
    more = [*ticked(await admin.get(where)), "upload_files"]
    assert (await admin.send(where, {"capabilities": more})).status == 303
    async with cms.as_system() as work:
        changed = [one.name for one in await role_editing.listed(work) if one.has_changed]
    assert changed == ["subscriber"]
