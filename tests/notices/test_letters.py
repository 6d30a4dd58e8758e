"""Letters follow the commit, wait for the server and for the reader's hours, and come once."""

import asyncio
import re

import pytest

from cms.notices.letters import LEASE, MOST_ATTEMPTS, mail, mail_digest, sweep
from cms.notices.telling import tell
from tests.notices.conftest import jobs, run, sql
from tests.notices.test_telling import NOTICES, speaks, told

FACTS = {"shift_id": 7, "patients": 2}


async def letter_of(person):
    """How far the letter of her newest notice is."""
    return (await person.get(NOTICES)).json()["notices"][0]["mail"]


async def due(house):
    """Time passes until everything that waits is due."""
    sql(house, "update cms.notices set mail_at = now() - interval '1 second' "
        "where mail in ('waiting', 'digest')")  # fmt: skip


async def test_a_letter_says_what_the_notice_says_in_her_language(house, postbox):
    ana, john = await house.person("dr.ana"), await house.person("john")
    await speaks(house, john, "en_US")
    await told(house, "rota.shift", ana, john, **FACTS)
    for _, ids in jobs(house, "mail_notice"):
        await run(house, mail, **ids)
    got = {to[0]: letter for to, letter in postbox.letters}
    to_ana, to_john = got["dr.ana@clinica.example"], got["john@clinica.example"]
    assert to_ana["Subject"] == "[Clínica clinica] Plantão 7 mudou"
    assert "2 pacientes esperam." in to_ana.get_content()
    assert to_ana["Content-Language"] == "pt-BR"
    assert "2 patients wait." in to_john.get_content()
    assert "https://clinica.example/api/v1/shifts/7" in to_john.get_content()
    for letter in got.values():
        assert not re.search("ana|john", letter.get_content(), re.IGNORECASE)
    assert (await letter_of(ana))["state"] == "sent"


async def test_a_server_that_is_down_loses_nothing_and_doubles_nothing(house, postbox):
    ana = await house.person("dr.ana")
    [number] = await told(house, "rota.shift", ana, **FACTS)
    postbox.answer = "451 later"
    await run(house, mail, notice_id=number)
    waiting = await letter_of(ana)
    assert (waiting["state"], waiting["attempts"]) == ("waiting", 1)
    assert waiting["fault"] == "unavailable"
    postbox.answer = "250 OK"
    await run(house, mail, notice_id=number)  # before its time
    assert postbox.letters == []
    await due(house)
    await asyncio.gather(*(run(house, mail, notice_id=number) for _ in range(3)))
    await run(house, mail, notice_id=number)
    assert len(postbox.letters) == 1
    sent = await letter_of(ana)
    assert (sent["state"], sent["attempts"], sent["fault"]) == ("sent", 2, "")


async def test_a_job_that_died_while_sending_is_made_up_for(house, postbox):
    ana = await house.person("dr.ana")
    [number] = await told(house, "rota.shift", ana, **FACTS)
    sql(house, "update cms.notices set mail_attempts = 1, mail_at = now() + %s", LEASE)
    await run(house, sweep)
    assert len(jobs(house, "mail_notice")) == 1
    await due(house)
    await run(house, sweep)
    assert jobs(house, "mail_notice")[1:] == [("mail_notice", {"notice_id": number})]
    await run(house, mail, notice_id=number)
    assert len(postbox.letters) == 1


@pytest.mark.parametrize(
    ("answer", "attempts", "state"),
    [("554 never", 0, "refused"), ("451 later", MOST_ATTEMPTS - 1, "failed")],
)
async def test_what_will_never_arrive_is_given_up_and_said(house, postbox, answer, attempts, state):
    ana = await house.person("dr.ana")
    [number] = await told(house, "rota.shift", ana, **FACTS)
    sql(house, "update cms.notices set mail_attempts = %s", attempts)
    postbox.answer = answer
    await run(house, mail, notice_id=number)
    assert (await letter_of(ana))["state"] == state
    assert (await ana.get(f"{NOTICES}/unread")).json() == {"unread": 1}


async def test_a_digest_is_one_letter_at_her_hour_without_what_she_has_read(house, postbox):
    ana = await house.person("dr.ana")
    for shift in (1, 2, 3):
        await told(house, "rota.news", ana, shift_id=shift)
    await run(house, sweep)
    assert jobs(house, "mail_notice", "mail_notice_digest") == []
    newest = (await ana.get(NOTICES)).json()["notices"][0]
    await ana.post(f"{NOTICES}/{newest['id']}/read")
    await due(house)
    await run(house, sweep)
    assert jobs(house, "mail_notice_digest") == [("mail_notice_digest", {"user_id": ana.id})]
    await asyncio.gather(*(run(house, mail_digest, user_id=ana.id) for _ in range(2)))
    [(_, letter)] = postbox.letters
    assert letter["Subject"] == "[Clínica clinica] 2 avisos novos"
    text = letter.get_content()
    assert [f"Novas {n}" in text for n in (1, 2, 3)] == [True, True, False]
    states = [one["mail"]["state"] for one in (await ana.get(NOTICES)).json()["notices"]]
    assert states == ["dropped", "sent", "sent"]


async def test_a_long_digest_stays_one_letter(house, postbox):
    ana = await house.person("dr.ana")
    await speaks(house, ana, "en")
    for shift in range(52):
        await told(house, "rota.news", ana, shift_id=shift)
    await due(house)
    await run(house, mail_digest, user_id=ana.id)
    [(_, letter)] = postbox.letters
    assert "52 new notices" in letter["Subject"]
    assert "2 more notices: https://clinica.example/api/v1/notices" in letter.get_content()


async def test_who_has_left_meanwhile_gets_no_letter(house, postbox):
    ana = await house.person("dr.ana")
    [number] = await told(house, "rota.shift", ana, **FACTS)
    sql(house, "update cms.users set is_active = false where id = %s", ana.id)
    await run(house, mail, notice_id=number)
    assert postbox.letters == []


async def test_without_a_mail_server_the_notice_says_so(cms):
    olga = await cms.person("olga", ["administrator"])
    async with cms.as_system() as work:
        await tell(work, "registry.suspended", [olga.id], {"case_id": 1})
    assert (await letter_of(olga))["state"] == "off"
    assert jobs(cms, "mail_notice") == []
