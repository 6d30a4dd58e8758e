"""Invitations and lost passwords, through the pages and through the API."""

import asyncio
import re

import psycopg
import pytest

from cms.identity import invitations
from cms.jobs.worker import build_queue
from cms.settings import Settings
from tests.identity.test_proofs import as_owner
from tests.support.postbox import open_postbox
from tests.support.visiting import Visitor

PASSWORD = "quatro palavras bem longas"
INVITATIONS = "/admin/people/invitations"
ASKED = {"email": "Nova@X.example", "roles": ["author"], "days": "7"}
HOST = "https://clinica.example"


async def invited(visitor, **more):
    """The path of the link that an administrator is shown."""
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.send(INVITATIONS, ASKED | more)
    assert seen.status == 200, seen.words
    return seen.tree.css_first("#link").attributes["value"].removeprefix(HOST)


async def test_who_is_invited_joins_with_her_role_and_signs_in(visitor, cms):
    path = await invited(visitor)
    nova = await visitor()
    seen = await nova.get(path)
    assert "nova@x.example" in seen.words
    form = seen.fields("/admin/join")
    chosen = form | {"login": "nova", "display_name": "Nova Inventada", "password": PASSWORD}
    done = await nova.send("/admin/join", chosen)
    assert done.location == "/admin/sign-in", done.words
    assert "Sign in with it now" in (await nova.follow(done)).words
    signed = await nova.send("/admin/sign-in", {"login": "nova", "password": PASSWORD})
    assert signed.status == 303
    assert (await nova.get("/admin")).status == 200
    listed = await (await visitor("marina", roles=["administrator"])).get(INVITATIONS)
    assert "accepted" in listed.words
    async with cms.as_system() as work:
        row = await work.one("select email, ended_as, user_id from cms.invitations")
        role = await work.one(f"select role_name from cms.user_roles where user_id = {row.user_id}")
    assert (row.email, row.ended_as, role.role_name) == ("", "accepted", "author")


async def test_faults_of_joining_are_shown_and_use_nothing_up(visitor):
    path = await invited(visitor)
    nova = await visitor()
    form = (await nova.get(path)).fields("/admin/join")
    wrong = await nova.send("/admin/join", form | {"login": "marina", "password": "curta"})
    assert wrong.status == 422
    assert wrong.tree.css_first("#password-fault") is not None
    assert wrong.tree.css_first("#display_name-fault") is not None
    taken = form | {"login": "marina", "display_name": "Nova", "password": PASSWORD}
    assert "taken" in (await nova.send("/admin/join", taken)).words
    assert (await nova.get(path)).status == 200


async def test_a_link_works_once_also_for_two_at_the_same_time(visitor, cms):
    path = await invited(visitor)
    token = path.partition("token=")[2]

    async def join(login):
        body = {"token": token, "login": login, "display_name": "Nova", "password": PASSWORD}
        return await cms.http.post("/api/v1/invitations/accept", json=body)

    answers = await asyncio.gather(join("uma"), join("outra"))
    assert sorted(answer.status_code for answer in answers) == [201, 404]


@pytest.mark.parametrize("spoiled", ["changed", "late", "taken back", "sent again", "other kind"])
async def test_a_link_that_is_not_good_says_nothing_of_why(visitor, cms, spoiled):
    path = await invited(visitor)
    admin = await visitor("marina", roles=["administrator"])
    if spoiled == "changed":
        path = path[:-1] + ("A" if path[-1] != "A" else "B")
    if spoiled == "late":
        as_owner(cms, "update cms.invitations set expires_at = now()")
    if spoiled == "taken back":
        assert (await admin.send(f"{INVITATIONS}/1/end")).status == 303
    if spoiled == "sent again":
        assert (await admin.send(f"{INVITATIONS}/1/link")).status == 200
    if spoiled == "other kind":
        path = path.replace("cmsin_", "cmspw_")
    seen = await (await visitor()).get(path)
    assert (seen.status, seen.title) == (404, "This link is not valid")


async def test_a_link_does_not_outlive_the_right_of_who_made_it(visitor, cms):
    path = await invited(visitor)
    marina = await cms.person("marina")
    assert (await (await visitor()).get(path)).status == 200
    as_owner(cms, f"delete from cms.user_roles where user_id = {marina.id}")
    assert (await (await visitor()).get(path)).status == 404


async def test_who_may_invite_gives_only_what_she_may_do(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    refused = await admin.send(INVITATIONS, ASKED | {"roles": ["content_reviewer"]})
    assert refused.status == 403
    ana = await cms.person("ana")
    answer = await ana.post("/api/v1/invitations", {"email": "x@y.example", "roles": ["author"]})
    assert answer.status_code == 403


async def test_faults_of_an_invitation(visitor, cms):
    await cms.person("ana")
    admin = await visitor("marina", roles=["administrator"])
    wrong = await admin.send(INVITATIONS, {"email": "nada", "days": "99"})
    assert [
        bool(wrong.tree.css_first(f"#{name}-fault")) for name in ("email", "roles", "days")
    ] == [
        True,
        True,
        True,
    ]
    here = await admin.send(INVITATIONS, ASKED | {"email": "ana@clinica.example"})
    assert "here already" in here.words
    assert (await admin.send(INVITATIONS, ASKED)).status == 200
    assert "invited already" in (await admin.send(INVITATIONS, ASKED)).words


async def test_what_nobody_answers_is_ended_and_forgotten(visitor, cms):
    await invited(visitor)
    as_owner(cms, "update cms.invitations set expires_at = now()")
    async with cms.as_system() as work:
        await invitations.forget_lapsed(work)
    async with cms.as_system() as work:
        row = await work.one("select email, ended_as from cms.invitations")
    assert (row.email, row.ended_as) == ("", "lapsed")
    assert await invited(visitor)


async def test_the_other_tenant_knows_nothing_of_a_link(visitor, cms):
    path = await invited(visitor)
    async with cms.other() as other:
        stranger = await Visitor.of(other, None)
        assert (await stranger.get(path)).status == 404
        await stranger.http.aclose()


async def test_the_api_invites_lists_and_takes_back(cms):
    admin = await cms.person("marina", ["administrator"])
    body = {"email": "nova@x.example", "roles": ["author"]}
    made = await admin.post("/api/v1/invitations", body)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "private, no-store"
    assert made.json()["token"].startswith("cmsin_")
    [listed] = (await admin.get("/api/v1/invitations")).json()["invitations"]
    assert "token" not in listed
    assert (await admin.post(f"/api/v1/invitations/{listed['id']}/link")).status_code == 201
    assert (await admin.delete(f"/api/v1/invitations/{listed['id']}")).status_code == 204
    assert (await admin.delete(f"/api/v1/invitations/{listed['id']}")).status_code == 409
    assert (await admin.delete("/api/v1/invitations/99")).status_code == 404


# -- with a mail server


@pytest.fixture
async def box():
    async with open_postbox() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path, request) -> Settings:
    if "box" not in request.fixturenames:
        return Settings(data_dir=str(tmp_path / "var"))
    return Settings(data_dir=str(tmp_path / "var"), **request.getfixturevalue("box").settings)


async def delivered(cms):
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, queues=["cms"], install_signal_handlers=False)


def link_in(letter):
    return re.search(r"https://clinica\.example(\S+)", letter.get_content())[1]


async def test_with_a_mail_server_the_link_is_in_the_letter_and_nowhere_else(box, visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    sent = await admin.send(INVITATIONS, ASKED | {"language": "pt"})
    assert sent.location == INVITATIONS
    await delivered(cms)
    [(to, letter)] = box.letters
    assert to == ["nova@x.example"]
    assert "convidado" in letter["Subject"]
    assert (await (await visitor()).get(link_in(letter))).status == 200
    async with cms.as_system() as work:
        assert (await work.one("select mail from cms.invitations")).mail == "sent"


async def test_a_letter_that_is_refused_for_good_is_seen(box, visitor, cms):
    box.answer = "550 no such person"
    admin = await visitor("marina", roles=["administrator"])
    await admin.send(INVITATIONS, ASKED)
    await delivered(cms)
    assert "letter refused" in (await admin.get(INVITATIONS)).words


async def test_a_lost_password_gets_one_answer_and_one_letter(box, visitor, cms):
    ana = await cms.person("ana")
    stranger = await visitor()
    form = (await stranger.get("/admin/lost-password")).fields("/admin/lost-password")
    known = await stranger.send("/admin/lost-password", form | {"login": "Ana@clinica.example"})
    unknown = await stranger.send("/admin/lost-password", form | {"login": "ninguem\0"})
    assert known.status == unknown.status == 200
    assert known.response.text == unknown.response.text
    await delivered(cms)
    [(to, letter)] = box.letters
    assert to == ["ana@clinica.example"]
    path = link_in(letter)
    fields = (await stranger.get(path)).fields("/admin/password")
    done = await stranger.send("/admin/password", fields | {"password": PASSWORD})
    assert done.location == "/admin/sign-in"
    assert (await ana.get("/api/v1/notices")).status_code == 401
    assert (await stranger.get(path)).status == 404


async def test_nobodys_mail_is_flooded(box, cms):
    await cms.person("ana")
    for _ in range(5):
        answer = await cms.http.post("/api/v1/auth/lost-password", json={"login": "ana"})
        assert answer.status_code == 202
    await delivered(cms)
    assert len(box.letters) == 3


async def test_a_link_to_a_password_lasts_half_an_hour_and_works_once_for_two(cms):
    admin, ana = await cms.person("marina", ["administrator"]), await cms.person("ana")
    issued = await admin.post(f"/api/v1/users/{ana.id}/password-link")
    assert issued.status_code == 201
    body = {"token": issued.json()["token"]}

    async def choose(password):
        address = "/api/v1/auth/new-password"
        return await cms.http.post(address, json=body | {"password": password})

    answers = await asyncio.gather(choose(PASSWORD), choose(f"{PASSWORD} sim"))
    assert sorted(answer.status_code for answer in answers) == [204, 404]
    body["token"] = (await admin.post(f"/api/v1/users/{ana.id}/password-link")).json()["token"]
    as_owner(cms, "update cms.password_links set expires_at = now()")
    assert (await choose(PASSWORD)).status_code == 404


async def test_no_link_is_made_for_who_may_do_more(cms):
    admin = await cms.person("marina", ["administrator"])
    reviewer = await cms.person("rui", ["content_reviewer"])
    assert (await admin.post(f"/api/v1/users/{reviewer.id}/password-link")).status_code == 403
    ana = await cms.person("ana")
    assert (await ana.post(f"/api/v1/users/{ana.id}/password-link")).status_code == 403


async def test_without_a_mail_server_the_page_says_whom_to_ask(visitor):
    assert "Ask an administrator" in (await (await visitor()).get("/admin/lost-password")).words


async def test_the_trail_never_holds_an_address(visitor, cms):
    await invited(visitor)
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute("select set_config('app.tenant_id', %s, false)", [str(cms.tenant.id)])
        rows = connection.execute("select to_jsonb(e)::text from audit.events e").fetchall()
    assert rows
    assert "nova@x.example" not in str(rows)
