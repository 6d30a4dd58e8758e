"""From the Authorization header to a person; and what becomes of wrong proofs."""

import asyncio
import base64
import time
from datetime import timedelta

import psycopg
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from cms.errors import InvalidInput
from cms.identity import passwords, secrets
from cms.identity.events import SignedIn, SignInFailed
from cms.identity.proofs import issue_token
from cms.identity.users import add_user, get_user

ME = "/wp-json/wp/v2/users/me"
POSTS = "/wp-json/wp/v2/posts"
TOKEN = "/api/v1/auth/token"
PASSWORD = "uma senha bem longa"


def basic(login, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def member(cms, login="rui.revisor", password=PASSWORD, roles=("editor",)):
    async with cms.as_system() as work:
        user = await add_user(
            work,
            login,
            email=f"{login}@Clinica.Example",
            display_name="Rui",
            roles=roles,
            password=password,
        )
        return user.id


def as_owner(cms, statement, *values):
    """What time and administrators do, past the application."""
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        changed = connection.execute(statement, values)
        assert changed.rowcount > 0


async def test_an_application_password_is_its_letters_without_the_spaces(cms):
    ana = await cms.person("ana.autora")
    password = ana.application_password
    for written in (password, password.replace(" ", ""), f" {password} ", "  ".join(password)):
        for login in ("ana.autora", "ANA.Autora", "ana.autora@clinica.example"):
            response = await cms.http.get(ME, headers=basic(login, written))
            assert response.json()["id"] == ana.id
    assert (await cms.http.get(ME, headers={"Authorization": "bAsIc x"})).status_code == 401


async def test_a_wrong_application_password_is_nobodys(cms):
    """As in WordPress, it does not spoil a public read."""
    ana, bia = await cms.person("ana.autora"), await cms.person("bia.autora")
    wrong = [
        basic("ana.autora", "x" * 24),
        basic("ana.autora", ""),
        basic("ana.autora", bia.application_password),
        basic("ninguem", ana.application_password),
        basic("ana.autora", ana.application_password.swapcase()),
    ]
    for headers in wrong:
        assert (await cms.http.get(POSTS, headers=headers)).status_code == 200
        refused = await cms.http.get(ME, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "rest_not_logged_in")
        create = await cms.http.post(POSTS, json={"title": "x"}, headers=headers)
        assert (create.status_code, create.json()["code"]) == (401, "rest_cannot_create")


async def test_a_token_ends_with_its_time_its_sign_out_and_its_person(cms):
    ana = await cms.person("ana.autora")
    assert (await ana.get(ME)).status_code == 200
    as_owner(cms, "update cms.tokens set expires_at = now() - interval '1 second'")
    await refused(cms, ana.token)
    as_owner(cms, "update cms.tokens set expires_at = now() + interval '1 hour'")
    assert (await ana.post("/api/v1/auth/sign-out")).status_code == 204
    await refused(cms, ana.token)
    bia = await cms.person("bia.autora")
    as_owner(cms, "update cms.users set is_active = false where id = %s", bia.id)
    await refused(cms, bia.token)
    assert (await cms.http.get(ME, auth=bia.basic)).status_code == 401


async def refused(cms, token):
    """A wrong bearer token is refused also where everybody may read (RFC 6750 §3.1)."""
    for path in (ME, POSTS, "/api/v1/audit/events"):
        response = await cms.http.get(path, headers=bearer(token))
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_unknown_tokens_are_refused(cms):
    for token in ("", "x", "cmst_" + "A" * 43):
        await refused(cms, token)


async def test_one_persons_sign_out_leaves_the_others_tokens(cms):
    ana = await cms.person("ana.autora")
    async with cms.as_system() as work:
        user = await get_user(work, ana.id)
        second = (await issue_token(work, cms.host.secret, user)).token
    await ana.post("/api/v1/auth/sign-out")
    assert (await cms.http.get(ME, headers=bearer(second))).status_code == 200
    with_password = await cms.http.post("/api/v1/auth/sign-out", auth=ana.basic)
    assert with_password.status_code == 400
    assert "Bearer <token>" in with_password.json()["faults"]["Authorization"]
    assert (await cms.http.get(ME, headers=bearer(second))).status_code == 200


async def test_signing_in_gives_a_token_for_eight_hours(cms):
    told = []

    async def listen(work, event):
        told.append(event)

    cms.host.registry.hooks.observe(SignedIn, listen)
    user_id = await member(cms)
    for login in ("rui.revisor", "RUI.Revisor", "rui.revisor@clinica.example"):
        response = await cms.http.post(TOKEN, json={"login": login, "password": PASSWORD})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        issued = response.json()
        assert issued["expires_in"] == timedelta(hours=8).total_seconds()
        assert (issued["token_type"], issued["user_id"]) == ("Bearer", user_id)
        me = await cms.http.get(ME, headers=bearer(issued["access_token"]))
        assert me.json()["id"] == user_id
    assert [event.user_id for event in told] == [user_id] * 3
    assert PASSWORD not in repr(told)


async def test_after_ten_failures_an_account_rests(cms):
    failures = []

    async def listen(work, event):
        failures.append(event.user_id)

    cms.host.registry.hooks.observe(SignInFailed, listen)
    user_id = await member(cms)

    async def attempt(password, login="rui.revisor"):
        answer = await cms.http.post(TOKEN, json={"login": login, "password": password})
        return answer.status_code, answer.json().get("detail")

    for _ in range(9):
        wrong = await attempt("errada")
    unknown = await attempt("errada", "ninguem")
    assert wrong == unknown
    assert (await attempt(PASSWORD))[0] == 200
    for _ in range(10):
        assert (await attempt("errada"))[0] == 401
    assert await attempt(PASSWORD) == wrong
    # The one of the login that nobody has is not among them: strangers cannot fill the trail.
    assert failures == [user_id] * 20
    as_owner(cms, "update cms.users set account_locked_until = now() - interval '1 second'")
    assert (await attempt(PASSWORD))[0] == 200
    as_owner(cms, "update cms.users set is_active = false")
    assert await attempt(PASSWORD) == wrong


async def test_who_has_no_password_cannot_sign_in_with_one(cms):
    await cms.person("ana.autora")
    for password in ("x", "None", " "):
        body = {"login": "ana.autora", "password": password}
        assert (await cms.http.post(TOKEN, json=body)).status_code == 401


async def test_people_keep_apart(cms):
    """Login and address both sign in, so neither may be somebody else's; pages have own names."""
    await member(cms, "ana.lima")
    second = await member(cms, "ana-lima")
    clashes = {
        "ana.lima": "outra@x.example",
        "nova": "ANA.LIMA@clinica.example",
        "ana.lima@clinica.example": "nova@x.example",
    }
    for login, email in clashes.items():
        with pytest.raises(InvalidInput, match="taken"):
            async with cms.as_system() as work:
                await add_user(work, login, email=email, display_name="x", roles=["author"])
    admin = await cms.person("marina", ["administrator"])
    seen = await admin.get(f"/wp-json/wp/v2/users/{second}")
    assert seen.json()["slug"] == "rui-2"
    with pytest.raises(InvalidInput) as refused:
        async with cms.as_system() as work:
            await add_user(
                work, "X Y", email="no", display_name="x", roles=["king"], password="onze letras"
            )
    assert set(refused.value.faults) == {"login", "email", "roles", "password"}
    assert "at least 12 characters" in refused.value.faults["password"]


async def test_a_password_of_twelve_characters_is_long_enough(cms):
    assert await member(cms, password="doze letras!")
    with pytest.raises(InvalidInput, match="password"):
        await member(cms, "sem.senha", password="")


@pytest.fixture
def checked(cms, monkeypatch):
    """What is held of the database at each check of a password."""
    held = []

    async def check(password_hash, password):
        held.append(cms.host.engine.pool.checkedout())
        as_owner(cms, "update cms.users set url = url")  # would wait for a lock for ever
        return await secrets.matches(password_hash, password)

    monkeypatch.setattr(passwords, "matches", check)
    return held


async def test_nothing_is_held_while_a_password_is_checked(cms, checked):
    await member(cms)
    for login in ("rui.revisor", "ninguem"):
        await cms.http.post(TOKEN, json={"login": login, "password": "errada"})
    right = await cms.http.post(TOKEN, json={"login": "rui.revisor", "password": PASSWORD})
    assert right.status_code == 200
    assert checked == [0, 0, 0]


async def test_a_password_that_changes_while_it_is_checked_signs_nobody_in(cms, monkeypatch):
    await member(cms)

    async def check(password_hash, password):
        as_owner(cms, "update cms.users set password_hash = 'another'")
        return await secrets.matches(password_hash, password)

    monkeypatch.setattr(passwords, "matches", check)
    answer = await cms.http.post(TOKEN, json={"login": "rui.revisor", "password": PASSWORD})
    assert answer.status_code == 401


def test_nobodys_password_is_compared_at_the_cost_of_everybodys():
    hasher = PasswordHasher()
    nobodys = secrets.of_nobody(hasher)
    assert extract_parameters(nobodys) == extract_parameters(hasher.hash(PASSWORD))
    # Compared to the end, and not refused at once for its form.
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nobodys, PASSWORD)


async def test_no_more_than_two_passwords_are_checked_at_once(monkeypatch):
    running, most = [], []

    class Slow:
        def verify(self, *_):
            running.append(1)
            most.append(len(running))
            time.sleep(0.02)
            running.pop()

    monkeypatch.setattr(secrets, "_HASHER", Slow())
    assert all(await asyncio.gather(*(secrets.matches("hash", "x") for _ in range(8))))
    assert max(most) == 2


async def test_no_secret_is_kept_readable(cms):
    ana = await cms.person("ana.autora")
    await member(cms)
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        kept = ""
        for table in ("users", "tokens", "application_passwords"):
            rows = connection.execute(f"select t::text from cms.{table} t").fetchall()
            assert rows
            kept += repr(rows)
    shown = (ana.token, ana.application_password, PASSWORD)
    for secret in (*shown, shown[1].replace(" ", "")):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert "$argon2id$" in kept
