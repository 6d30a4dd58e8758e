"""Who is told reads it in the application, in her language, and nobody else does."""

import asyncio
import re
from datetime import UTC, date, datetime

import pytest

from cms.notices.telling import tell
from cms.site.webhook_news import announce
from tests.notices.conftest import jobs, sql

NOTICES = "/api/v1/notices"


async def told(clinic, kind, *people, key=None, **facts):
    async with clinic.as_system() as work:
        return await tell(work, kind, [one.id for one in people], facts, key=key)


async def speaks(clinic, person, locale):
    sql(clinic, "update cms.users set locale = %s where id = %s", locale, person.id)


@pytest.mark.parametrize(
    ("locale", "count", "text"),
    [
        ("", 0, "0 paciente espera."),
        ("pt_BR", 1, "1 paciente espera."),
        ("pt_BR", 1234, "1.234 pacientes esperam."),
        ("en_US", 0, "0 patients wait."),
        ("en_US", 1, "1 patient waits."),
        ("en_US", 1234, "1,234 patients wait."),
        ("fr_FR", 2, "2 patients wait."),
    ],
)
async def test_each_reads_it_with_the_plural_of_her_language(house, locale, count, text):
    ana = await house.person("dr.ana")
    await speaks(house, ana, locale)
    await told(house, "rota.shift", ana, shift_id=7, patients=count)
    [read] = (await ana.get(NOTICES)).json()["notices"]
    assert (read["text"], read["link"]) == (text, "/api/v1/shifts/7")
    assert read["about"] == {"type": "shift", "id": 7}


async def test_days_instants_and_words_are_said_as_the_reader_says_them(house):
    ana, john = await house.person("dr.ana"), await house.person("john")
    await speaks(house, john, "en")
    at = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    facts = {"shift_id": 7, "what": "fire", "on": date(2026, 3, 4), "at": at}
    await told(house, "rota.alarm", ana, john, **facts)
    texts = [(await one.get(NOTICES)).json()["notices"][0]["text"] for one in (ana, john)]
    zone = house.tenant.zone
    clock = at.astimezone(zone).strftime("%H:%M")
    assert texts == [
        f"Fogo em 04/03/2026, às 04/03/2026 {clock}.",
        f"Fire on 2026-03-04, at 2026-03-04 {clock}.",
    ]


async def test_everyone_reads_her_own_page_by_page_and_marks_it(house):
    ana, rui = await house.person("dr.ana"), await house.person("rui")
    for number in range(5):
        await told(house, "rota.shift", ana, shift_id=number, patients=2)
    assert (await rui.get(NOTICES)).json() == {"notices": [], "next": None}
    first = (await ana.get(f"{NOTICES}?limit=3")).json()
    second = (await ana.get(f"{NOTICES}?limit=3&after={first['next']}")).json()
    shifts = [one["about"]["id"] for page in (first, second) for one in page["notices"]]
    assert (shifts, second["next"]) == ([4, 3, 2, 1, 0], None)
    one = first["notices"][0]["id"]
    assert (await rui.post(f"{NOTICES}/{one}/read")).status_code == 404
    assert (await ana.post(f"{NOTICES}/{one}/read")).json() == {"unread": 4}
    assert (await ana.get(f"{NOTICES}/unread")).json() == {"unread": 4}
    read_at = (await ana.get(NOTICES)).json()["notices"][0]["read_at"]
    assert (await ana.post(f"{NOTICES}/{one}/read")).json() == {"unread": 4}
    assert (await ana.get(NOTICES)).json()["notices"][0]["read_at"] == read_at
    assert len((await ana.get(f"{NOTICES}?unread=true")).json()["notices"]) == 4
    until = second["notices"][0]["created_at"]
    assert (await ana.post(f"{NOTICES}/read", {"up_to": until})).json() == {"unread": 2}
    assert (await ana.post(f"{NOTICES}/read", {})).json() == {"unread": 0}
    assert (await house.http.get(NOTICES)).status_code == 401


async def test_who_has_left_is_not_told_and_nobody_twice(house):
    ana, rui = await house.person("dr.ana"), await house.person("rui")
    sql(house, "update cms.users set is_active = false where id = %s", rui.id)
    facts = {"shift_id": 7, "patients": 1}
    assert len(await told(house, "rota.shift", ana, ana, rui, key="7", **facts)) == 1
    both = await asyncio.gather(
        *(told(house, "rota.shift", ana, key="8", **facts) for _ in range(2))
    )
    assert sorted(len(ids) for ids in both) == [0, 1]
    assert await told(house, "rota.shift", ana, key="7", **facts) == []
    assert len(jobs(house, "mail_notice")) == 2
    assert (await ana.get(f"{NOTICES}/unread")).json() == {"unread": 2}


async def test_what_is_rolled_back_was_never_told(house):
    ana = await house.person("dr.ana")

    async def tell_and_fail():
        async with house.as_system() as work:
            await tell(work, "rota.shift", [ana.id], {"shift_id": 1, "patients": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await tell_and_fail()
    assert (await ana.get(f"{NOTICES}/unread")).json() == {"unread": 0}
    assert jobs(house, "mail_notice") == []


@pytest.mark.parametrize(
    ("kind", "facts", "error"),
    [
        ("rota.none", {}, LookupError),
        ("rota.shift", {"shift_id": 1}, ValueError),
        ("rota.shift", {"shift_id": 1, "patients": 2, "name": "Ana"}, ValueError),
        ("rota.shift", {"shift_id": 1, "patients": "Ana Inventada"}, ValueError),
        ("rota.shift", {"shift_id": True, "patients": 1}, ValueError),
        (
            "rota.alarm",
            {"shift_id": 1, "what": "flood", "on": date(2026, 1, 1), "at": datetime.now(UTC)},
            ValueError,
        ),
    ],
)
async def test_no_notice_carries_what_its_kind_does_not_declare(house, kind, facts, error):
    """Free text could name a patient: there is no fact that takes it."""
    ana = await house.person("dr.ana")
    with pytest.raises(error):
        await told(house, kind, ana, **facts)


async def test_two_sites_tell_only_their_own(house):
    ana = await house.person("dr.ana")
    await told(house, "rota.shift", ana, shift_id=7, patients=1)
    async with house.other() as other:
        stranger = await other.person("dr.ana")
        assert (await stranger.get(f"{NOTICES}/unread")).json() == {"unread": 0}
        async with other.as_system() as work:
            facts = {"shift_id": 1, "patients": 1}
            assert await tell(work, "rota.shift", [10**6], facts) == []


async def test_subscribers_who_name_it_get_ids_and_nothing_else(house):
    ana = await house.person("dr.ana")
    admin = await house.person("dona.marina", ["administrator"])
    for topics in (["notice.*"], ["*"]):
        hook = {"url": "https://outside.example/hook", "topics": topics}
        assert (await admin.post("/api/v1/webhooks", hook)).status_code == 201
    await house.set_options(sends_webhooks=True)
    [number] = await told(house, "rota.shift", ana, shift_id=7, patients=1)
    [(_, news)] = [
        job for job in jobs(house, "announce_webhooks") if job[1]["topic"] == "notice.created"
    ]
    assert news["more"] == {
        "notice": "rota.shift",
        "about": {"type": "shift", "id": 7},
        "told": [{"id": number, "user_id": ana.id}],
    }
    async with house.as_system() as work:
        await announce(work, **news)
    logs = [
        (await admin.get(f"/api/v1/webhooks/{hook['id']}/deliveries")).json()["deliveries"]
        for hook in (await admin.get("/api/v1/webhooks")).json()["webhooks"]
    ]
    assert sorted([one["topic"] for one in log] for log in logs) == [[], ["notice.created"]]
    [sent] = [one["body"] for log in logs for one in log]
    assert '"user_id"' in sent
    assert not re.search("ana|@", sent)
