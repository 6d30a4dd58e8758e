"""A sign-in with a browser that a person has not used before is told to her, once."""

import asyncio

import psycopg
import pytest

from cms.identity.agents import family_of
from cms.identity.families import Browser, System
from tests.identity.test_proofs import PASSWORD, TOKEN, bearer, member

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
APPLE = "Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) {}Safari/605.1.15"


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (LINUX, (Browser.FIREFOX, System.LINUX)),
        (LINUX.replace("140", "151"), (Browser.FIREFOX, System.LINUX)),
        (PHONE, (Browser.CHROME, System.ANDROID)),
        (f"{PHONE} EdgA/141.0", (Browser.EDGE, System.ANDROID)),
        (f"{PHONE} OPR/90.0", (Browser.OPERA, System.ANDROID)),
        (APPLE.format("Macintosh; Intel Mac OS X 10_15_7", "Version/18.0 "),
         (Browser.SAFARI, System.MACOS)),
        (APPLE.format("iPhone; CPU iPhone OS 18_0 like Mac OS X", "CriOS/141.0 Mobile "),
         (Browser.CHROME, System.IOS)),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0",
         (Browser.EDGE, System.WINDOWS)),
        ("python-httpx/0.28", (Browser.OTHER, System.OTHER)),
        ("", (Browser.OTHER, System.OTHER)),
    ],
)  # fmt: skip
def test_a_family_is_a_browser_and_a_system(agent, family):
    assert family_of(agent) == family


async def sign_in(cms, agent):
    answer = await cms.http.post(
        TOKEN,
        json={"login": "rui.revisor", "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    assert answer.status_code == 200, answer.text
    return bearer(answer.json()["access_token"])


async def told(cms, headers, language="pt-BR"):
    notices = (await cms.http.get("/api/v1/notices", headers=headers)).json()["notices"]
    return [one["title"] for one in notices if one["kind"] == "identity.new_sign_in"]


async def test_each_new_browser_is_told_once(cms):
    user_id = await member(cms)
    headers = await sign_in(cms, LINUX)
    await sign_in(cms, LINUX.replace("140", "151"))
    await asyncio.gather(*(sign_in(cms, PHONE) for _ in range(3)))
    assert await told(cms, headers) == [
        "Nova entrada na sua conta: Chrome, Android",
        "Nova entrada na sua conta: Firefox, Linux",
    ]
    async with cms.as_system() as work:
        rows = await work.all("select digest from cms.known_agents")
    assert len(rows) == 2
    with psycopg.connect(cms.host.addresses.owner) as connection:
        events = connection.execute(
            "select resource_id, event_data->>'browser' from audit.events "
            "where action = 'identity:session:new_agent' order by 2"
        ).fetchall()
    assert events == [(user_id, "chrome"), (user_id, "firefox")]


async def test_what_is_kept_of_a_browser_says_nothing_without_the_key(cms):
    await member(cms)
    await sign_in(cms, LINUX)
    async with cms.as_system() as work:
        row = await work.one("select k::text as text from cms.known_agents k")
    assert "irefox" not in row.text
