"""Sessions of browsers: how they live, what ends them, and what of them is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from cms.errors import NotFound, Unauthenticated
from cms.identity.accounts import change_profile, close_account
from cms.identity.nonces import TICK, is_nonce, nonce_for
from cms.identity.secrets import SecretKey
from cms.identity.sessions import (
    COOKIE,
    actor_of_session,
    end_session,
    end_session_of,
    forget_sessions,
    own_sessions,
    rotate_session,
)
from cms.identity.users import get_user
from cms.kernel.actors import Method
from tests.identity.test_proofs import as_owner
from tests.support.browsing import PASSWORD, browser, session_of, stranger

ME = "/wp-json/wp/v2/users/me"
SESSIONS = "/api/v1/sessions"


async def actor_of(cms, secret):
    async with cms.host.shop.work(cms.tenant) as work:
        return await actor_of_session(work, cms.host.secret, secret)


def work_of(cms, secret):
    """A unit of work of whoever has this session."""

    async def enter(work):
        work.actor = await actor_of_session(work, cms.host.secret, secret)

    return cms.host.shop.work(cms.tenant, entrance=enter)


async def test_a_session_says_who_it_is_and_how_she_proved_it(cms):
    ana = await cms.person("ana.autora")
    opened = await session_of(cms, ana)
    actor = await actor_of(cms, opened.secret)
    assert (actor.user_id, actor.roles) == (ana.id, ("author",))
    proof = actor.authentication
    assert (proof.method, proof.factors) == (Method.SESSION, PASSWORD)
    assert proof.credential == str(opened.id)


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-1] + ("a" if s[-1] != "a" else "b"), lambda _: "", lambda _: "cmss_x",
     lambda s: s.removeprefix("cmss_"), str.upper, lambda s: s + "\0"],
)  # fmt: skip
async def test_another_secret_is_nobodys(cms, change):
    opened = await session_of(cms, await cms.person("ana.autora"))
    assert await actor_of(cms, change(opened.secret)) is None


async def test_the_secret_is_kept_nowhere(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    async with cms.as_system() as work:
        row = await work.one("select s::text as text from cms.sessions s")
    assert opened.secret not in row.text
    assert opened.secret.encode().hex() not in row.text


async def test_a_session_of_one_site_is_unknown_to_the_other(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    async with cms.other() as other:
        assert await actor_of(other, opened.secret) is None


async def test_nobody_chooses_the_secret_of_her_session(cms):
    """Session fixation: what a browser brings along is never made a session."""
    ana = await cms.person("ana.autora")
    async with stranger(cms, **{COOKIE: "cmss_chosen"}) as http:
        assert (await http.get(f"{ME}?_wpnonce=x")).status_code == 403
    opened = await session_of(cms, ana)
    assert opened.secret != "cmss_chosen"
    assert await actor_of(cms, "cmss_chosen") is None


def later(cms, column, **ago):
    """Time goes by, as far as this column tells."""
    since = datetime.now(UTC) - timedelta(**ago)
    table = "cms.session_uses" if column == "last_seen_at" else "cms.sessions"
    as_owner(cms, f"update {table} set {column} = %s", since)


async def test_a_session_ends_by_its_time(cms):
    ana = await cms.person("ana.autora")
    opened = await session_of(cms, ana)
    assert opened.expires_at - datetime.now(UTC) < timedelta(hours=12)
    later(cms, "expires_at", seconds=1)
    assert await actor_of(cms, opened.secret) is None


async def test_a_session_that_nobody_uses_ends_unless_it_is_remembered(cms):
    ana = await cms.person("ana.autora")
    usual, kept = await session_of(cms, ana), await session_of(cms, ana, is_remembered=True)
    assert kept.expires_at - datetime.now(UTC) > timedelta(days=13)
    later(cms, "last_seen_at", minutes=59)
    assert await actor_of(cms, usual.secret) is not None  # and so it is used again
    later(cms, "last_seen_at", minutes=61)
    assert await actor_of(cms, usual.secret) is None
    assert await actor_of(cms, kept.secret) is not None


async def test_a_site_says_how_long_its_sessions_last(cms):
    boss = await cms.person("dona.marina", ["administrator"])
    wanted = {"session_hours": 2, "session_idle_minutes": 5, "session_remember_days": 1}
    answer = await cms.http.patch("/api/v1/settings", json=wanted, headers=boss.bearer)
    assert answer.status_code == 200, answer.text
    cms.tenant = await cms.host.tenants.by_slug("clinica")
    now, opened = datetime.now(UTC), await session_of(cms, boss)
    assert timedelta(minutes=119) < opened.expires_at - now <= timedelta(minutes=121)
    later(cms, "last_seen_at", minutes=6)
    assert await actor_of(cms, opened.secret) is None
    remembered = await session_of(cms, boss, is_remembered=True)
    assert remembered.expires_at - now < timedelta(hours=25)
    too_long = await cms.http.patch(
        "/api/v1/settings", json={"session_hours": 25}, headers=boss.bearer
    )
    assert "session_hours" in too_long.json()["faults"]


async def seen(cms):
    async with cms.as_system() as work:
        return (await work.one("select last_seen_at from cms.session_uses")).last_seen_at


async def test_that_it_is_used_is_kept_once_a_minute(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    first = await seen(cms)
    await actor_of(cms, opened.secret)
    assert await seen(cms) == first
    later(cms, "last_seen_at", minutes=2)
    await actor_of(cms, opened.secret)
    assert await seen(cms) >= first


async def test_a_request_waits_for_no_other_of_the_same_session(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    later(cms, "last_seen_at", minutes=2)
    before = await seen(cms)
    async with cms.as_system() as holding:
        await holding.all("select * from cms.session_uses for update")
        assert await asyncio.wait_for(actor_of(cms, opened.secret), 20) is not None
    assert await seen(cms) == before


async def test_a_step_up_changes_the_secret_and_the_old_one_is_dead_at_once(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    async with work_of(cms, opened.secret) as work:
        renewed = await rotate_session(work, cms.host.secret, frozenset({"pwd", "otp"}))
        assert work.actor.authentication.factors == {"pwd", "otp"}
    assert (renewed.id, renewed.expires_at) == (opened.id, opened.expires_at)
    assert await actor_of(cms, opened.secret) is None
    proof = (await actor_of(cms, renewed.secret)).authentication
    assert proof.factors == {"pwd", "otp"}
    assert proof.at > datetime.now(UTC) - timedelta(minutes=1)


async def test_of_two_that_renew_it_at_once_one_is_refused(cms):
    opened = await session_of(cms, await cms.person("ana.autora"))
    meet = asyncio.Barrier(4)

    async def renew():
        async with work_of(cms, opened.secret) as work:
            await meet.wait()
            return await rotate_session(work, cms.host.secret, PASSWORD)

    done = await asyncio.gather(*(renew() for _ in range(4)), return_exceptions=True)
    renewed = [one for one in done if not isinstance(one, Exception)]
    assert len(renewed) == 1
    assert all(isinstance(one, Unauthenticated) for one in done if one not in renewed)
    assert (await actor_of(cms, renewed[0].secret)) is not None


async def test_only_a_session_can_be_renewed(cms):
    ana = await cms.person("ana.autora")
    with pytest.raises(Unauthenticated):
        async with ana.work() as work:
            await rotate_session(work, cms.host.secret, PASSWORD)


async def test_a_session_ends_by_its_person_and_from_another_browser(cms):
    ana, rui = await cms.person("ana.autora"), await cms.person("rui.revisor")
    here, lost = await session_of(cms, ana), await session_of(cms, ana)
    with pytest.raises(NotFound):
        async with work_of(cms, (await session_of(cms, rui)).secret) as work:
            await end_session_of(work, lost.id)
    async with work_of(cms, here.secret) as work:
        assert {one.id for one in await own_sessions(work)} == {here.id, lost.id}
        await end_session_of(work, lost.id)
    assert await actor_of(cms, lost.secret) is None
    async with work_of(cms, here.secret) as work:
        assert [one.is_current for one in await own_sessions(work)] == [True]
        await end_session(work)
    assert await actor_of(cms, here.secret) is None


async def test_a_new_password_ends_all_but_the_session_that_sets_it(cms):
    ana = await cms.person("ana.autora")
    here, there = await session_of(cms, ana), await session_of(cms, ana)
    async with work_of(cms, here.secret) as work:
        user = await get_user(work, ana.id)
        await change_profile(work, user, {"password": "outra senha bem longa"})
    assert await actor_of(cms, here.secret) is not None
    assert await actor_of(cms, there.secret) is None


async def test_whoever_leaves_or_rests_has_no_session(cms):
    ana, rui = await cms.person("ana.autora"), await cms.person("rui.revisor")
    await cms.person("dona.marina", ["administrator"])
    hers, his = await session_of(cms, ana), await session_of(cms, rui)
    async with cms.as_system() as work:
        await close_account(work, await get_user(work, ana.id), None)
    assert await actor_of(cms, hers.secret) is None
    as_owner(cms, "update cms.users set is_active = false where id = %s", rui.id)
    assert await actor_of(cms, his.secret) is None


async def test_roles_of_today_count(cms):
    ana = await cms.person("ana.autora")
    opened = await session_of(cms, ana)
    as_owner(cms, "update cms.user_roles set role_name = 'editor' where user_id = %s", ana.id)
    assert (await actor_of(cms, opened.secret)).roles == ("editor",)


async def test_sessions_are_forgotten_with_what_they_tell_of_people(cms):
    ana = await cms.person("ana.autora")
    await session_of(cms, ana)
    await session_of(cms, ana)
    as_owner(
        cms,
        "update cms.sessions set created_at = now() - interval '91 days' "
        "where id = (select id from cms.sessions limit 1)",
    )
    for _ in range(2):
        async with cms.as_system() as work:
            await forget_sessions(work)
    async with cms.as_system() as work:
        left = await work.one("select count(*) from cms.sessions")
        uses = await work.one("select count(*) from cms.session_uses")
    assert (left[0], uses[0]) == (1, 1)


async def test_own_sessions_over_http(cms):
    ana, rui = await cms.person("ana.autora"), await cms.person("rui.revisor")
    other = await session_of(cms, ana)
    his = await session_of(cms, rui)
    async with browser(cms, ana) as here:
        listed = (await here.get(SESSIONS)).json()["sessions"]
        assert {one["id"] for one in listed} == {str(here.opened.id), str(other.id)}
        assert [one["is_current"] for one in listed if one["id"] == str(here.opened.id)] == [True]
        assert listed[0]["ip"] == "192.0.2.7"
        assert (await here.get(f"{SESSIONS}/{other.id}")).json()["factors"] == ["pwd"]
        assert (await here.get(f"{SESSIONS}/{his.id}")).status_code == 404
        assert (await here.delete(f"{SESSIONS}/{his.id}")).status_code == 404
        assert (await here.delete(f"{SESSIONS}/{other.id}")).status_code == 204
        assert (await here.get(f"{SESSIONS}/{other.id}")).status_code == 404
        assert (await here.delete(f"{SESSIONS}/{here.opened.id}")).status_code == 204
        assert (await here.get(SESSIONS)).status_code == 403
    assert (await ana.get(SESSIONS)).json() == {"sessions": []}
    assert (await cms.http.get(SESSIONS)).status_code == 401


def test_a_nonce_is_good_for_its_half_day_and_the_next():
    key = SecretKey(b"k" * 32)
    start = datetime.fromtimestamp(TICK.total_seconds() * 41_000, UTC)
    nonce = nonce_for(key, "a", start)
    assert is_nonce(key, "a", nonce, start + 2 * TICK - timedelta(microseconds=1))
    assert not is_nonce(key, "a", nonce, start + 2 * TICK)
    assert not is_nonce(key, "a", nonce, start - timedelta(microseconds=1))
    assert not is_nonce(key, "b", nonce, start)
    for wrong in ("", nonce[:-1], nonce + "0", nonce.upper(), "ção", "\ud800"):
        assert not is_nonce(key, "a", wrong, start)
