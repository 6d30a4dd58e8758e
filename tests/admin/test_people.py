"""What an administrator does about people."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cms.identity.models import User, UserRole
from tests.identity.test_proofs import as_owner
from tests.support.queries import counted


async def test_the_list_is_by_name_goes_on_and_is_searched(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    for number in range(60):
        await cms.person(f"autora{number:02}", ["author"])
    seen = await admin.get("/admin/people")
    assert seen.status == 200, seen.words
    assert "Autora00" in seen.words
    assert "Autora59" not in seen.words
    further = next(link for link in seen.links if "after=" in link)
    assert "Autora59" in (await admin.get(further)).words
    found = await admin.get("/admin/people?search=AUTÓRA59")
    assert "Autora59" in found.words
    assert "Autora58" not in found.words
    assert "autora58@" not in (await admin.get("/admin/people?role=administrator")).words


async def test_the_list_costs_the_same_for_many(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    with counted(cms.host) as few:
        await admin.get("/admin/people")
    for number in range(12):
        await cms.person(f"autora{number}", ["author"])
    with counted(cms.host) as many:
        await admin.get("/admin/people")
    assert len(many) == len(few) <= 5


async def test_an_author_sees_no_people(visitor):
    ana = await visitor("ana")
    assert (await ana.get("/admin/people")).status == 403
    assert (await ana.get("/admin/people/invitations")).status == 403
    assert (await ana.get("/admin/people/roles")).status == 403
    assert "/admin/people" not in (await ana.get("/admin")).links


async def test_a_person_is_added_without_a_password_and_chooses_it_by_a_link(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    form = (await admin.get("/admin/people/new")).fields("/admin/people/new")
    sent = {"login": "rui", "name": "Rui Inventado", "email": "rui@x.example", "roles": ["author"]}
    seen = await admin.send("/admin/people/new", form | sent)
    assert seen.status == 200, seen.words
    link = seen.tree.css_first("#link").attributes["value"]
    assert link.startswith("https://clinica.example/admin/password?token=cmspw_")
    rui = await visitor()
    page = await rui.get(link.removeprefix("https://clinica.example"))
    fields = page.fields("/admin/password")
    weak = await rui.send("/admin/password", fields | {"password": "curta"})
    assert weak.status == 422
    done = await rui.send("/admin/password", fields | {"password": "uma senha bem longa"})
    assert done.location == "/admin/sign-in"
    again = await rui.send("/admin/password", fields | {"password": "outra senha bem longa"})
    assert again.status == 404
    sent = {"login": "rui", "password": "uma senha bem longa"}
    assert (await rui.send("/admin/sign-in", sent)).status == 303
    assert "Rui Inventado" in (await rui.get("/admin")).response.text


async def test_faults_of_a_new_person_stand_at_their_fields(visitor):
    admin = await visitor("marina", roles=["administrator"])
    sent = {"login": "Rui!", "name": "Rui", "email": "nada", "roles": ["author"]}
    seen = await admin.send("/admin/people/new", sent)
    assert seen.status == 422
    assert seen.tree.css_first("#login-fault") is not None
    assert seen.tree.css_first("#email-fault") is not None
    assert seen.tree.css_first("#login").attributes["value"] == "Rui!"


async def test_a_profile_is_changed(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    where = f"/admin/people/{ana.id}"
    form = (await admin.get(where)).fields(f"{where}/profile")
    done = await admin.send(f"{where}/profile", form | {"display_name": "Ana de Tal"})
    assert done.location == where
    seen = await admin.follow(done)
    assert seen.title == "Ana de Tal"
    assert "The profile is saved." in seen.words
    refused = await admin.send(f"{where}/profile", form | {"email": "nada"})
    assert refused.status == 422


async def test_a_role_is_given_with_a_last_day_and_ends(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    where = f"/admin/people/{ana.id}"
    form = (await admin.get(where)).fields(f"{where}/roles")
    wanted = form | {"roles": ["author", "editor"], "until-editor": "2999-12-31"}
    assert (await admin.send(f"{where}/roles", wanted)).location == where
    seen = await admin.get(where)
    assert seen.tree.css_first("#until-editor").attributes["value"] == "2999-12-31"
    past = await admin.send(f"{where}/roles", wanted | {"until-editor": "2001-01-01"})
    assert past.status == 422
    nonsense = await admin.send(f"{where}/roles", wanted | {"until-editor": "amanhã"})
    assert nonsense.status == 422
    async with cms.as_system() as work:
        # Only a moment that has passed is missing; the row is the one that the form made.
        rows = await work.all("select role_name, expires_at from cms.user_roles where user_id = "
                              f"{ana.id} order by 1")  # fmt: skip
    assert [(row.role_name, row.expires_at is None) for row in rows] == [
        ("author", True),
        ("editor", False),
    ]
    # Saving the form as it stands changes nothing.
    form = (await admin.get(where)).fields(f"{where}/roles")
    assert (
        await admin.send(f"{where}/roles", form | {"roles": ["author", "editor"]})
    ).status == 303


async def test_nobody_gives_what_she_lacks(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    where = f"/admin/people/{ana.id}"
    seen = await admin.get(where)
    assert "disabled" in seen.tree.css_first("#role-content_reviewer").attributes
    refused = await admin.send(f"{where}/roles", {"roles": ["author", "content_reviewer"]})
    assert refused.status == 403


async def test_the_last_administrator_stays_also_by_a_last_day(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    marina = await cms.person("marina", ["administrator"])
    where = f"/admin/people/{marina.id}"
    for sent in (
        {"roles": ["author"]},
        {"roles": "administrator", "until-administrator": "2999-01-01"},
    ):
        refused = await admin.send(f"{where}/roles", sent)
        assert refused.status == 422, refused.words
        assert "last administrator" in refused.words


async def test_sign_ins_are_ended_one_by_one_and_all_at_once(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await visitor("ana")
    person = await cms.person("ana")
    where = f"/admin/people/{person.id}"
    seen = await admin.get(where)
    form = seen.fields(f"{where}/sign-out")
    assert form["sign_in"] == ana.session
    assert (await ana.get("/admin")).status == 200
    assert (await admin.send(f"{where}/sign-out", form)).status == 303
    assert (await ana.get("/admin")).status == 303
    assert (await person.get("/api/v1/notices")).status_code == 200
    assert (await admin.send(f"{where}/sign-out", {})).status == 303
    assert (await person.get("/api/v1/notices")).status_code == 401
    assert (await admin.send(f"{where}/sign-out", form)).status == 404


async def test_an_application_is_revoked_and_a_lock_lifted(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    async with cms.host.shop.work(cms.tenant) as work:
        await work.execute(
            update(User)
            .where(User.tenant_id == cms.tenant.id, User.id == ana.id)
            .values(account_locked_until=work.now + timedelta(minutes=15), failed_login_attempts=10)
        )
        await work.session.commit()
    where = f"/admin/people/{ana.id}"
    seen = await admin.get(where)
    assert "locked" in seen.words
    assert (await admin.send(f"{where}/unlock", seen.fields(f"{where}/unlock"))).status == 303
    form = seen.fields(f"{where}/application")
    assert (await admin.send(f"{where}/application", form)).status == 303
    seen = await admin.get(where)
    assert "locked" not in seen.words
    assert "No program acts for her." in seen.words
    answer = await cms.http.get("/wp-json/wp/v2/users/me", auth=ana.basic)
    assert answer.status_code == 401


async def test_a_second_factor_that_was_lost_is_taken_off(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    as_owner(
        cms,
        "insert into cms.user_factors (tenant_id, user_id, kind, commitment, created_at, "
        f"confirmed_at) values ({cms.tenant.id}, {ana.id}, 'totp', '', now(), now())",
    )
    where = f"/admin/people/{ana.id}"
    form = (await admin.get(where)).fields(f"{where}/factors")
    assert (await admin.send(f"{where}/factors", form)).location == where
    seen = await admin.get(where)
    assert f"{where}/factors" not in seen.response.text
    assert (await admin.send(f"{where}/factors", form)).status == 404


async def test_somebody_leaves_and_her_posts_get_another_owner(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    await cms.draft(ana)
    where = f"/admin/people/{ana.id}/leave"
    form = (await admin.get(where)).fields(where)
    unsure = await admin.send(where, form)
    assert unsure.status == 422
    nobody = await admin.send(where, form | {"sure": "1"})
    assert "must be" in nobody.words or "takes them over" in nobody.words
    wrong = await admin.send(where, form | {"sure": "1", "reassign": "ana"})
    assert wrong.status == 422
    done = await admin.send(where, form | {"sure": "1", "reassign": "marina"})
    assert done.location == "/admin/people"
    assert (await admin.get(f"/admin/people/{ana.id}")).status == 404
    assert "ana@" not in (await admin.get("/admin/people")).words


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_pages_are_in_the_language_of_their_reader(visitor, language):
    admin = await visitor("marina", roles=["administrator"], language=language)
    seen = await admin.get("/admin/people/new")
    assert ("Adicionar" in seen.words) is (language == "pt")


async def test_a_role_that_has_ended_is_not_held(visitor, cms):
    admin, ana = await visitor("marina", roles=["administrator"]), await cms.person("ana")
    async with cms.host.shop.work(cms.tenant) as work:
        work.session.add(
            UserRole(
                tenant_id=cms.tenant.id,
                user_id=ana.id,
                role_name="editor",
                expires_at=work.now - timedelta(days=1),
            )
        )
        await work.session.flush()
        await work.session.commit()
    seen = await admin.get(f"/admin/people/{ana.id}")
    assert "checked" not in seen.tree.css_first("#role-editor").attributes
