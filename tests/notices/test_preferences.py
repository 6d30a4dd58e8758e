"""Everyone says by which way, and when, she wants to be told; what is urgent still comes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.notices.hours import Hours
from cms.notices.models import Digest
from tests.notices.conftest import jobs
from tests.notices.test_letters import FACTS, letter_of
from tests.notices.test_telling import NOTICES, told

WANTED = f"{NOTICES}/preferences"
SITE = ZoneInfo("America/Sao_Paulo")
NIGHT = Hours(quiet_from="22:00", quiet_until="07:00")


async def put(person, path, body):
    return await person.clinic.http.put(path, json=body, headers=person.bearer)


async def test_a_person_sees_every_kind_and_chooses_by_kind(house):
    ana, rui = await house.person("dr.ana"), await house.person("rui")
    known = (await ana.get(WANTED)).json()
    kinds = {one["kind"]: one for one in known["kinds"]}
    assert kinds["rota.shift"] == {
        "kind": "rota.shift", "about": "Quando um plantão muda", "in_app": True,
        "mail": "at_once", "is_urgent": False, "is_mandatory": False, "is_default": True,
    }  # fmt: skip
    assert known["hours"]["digest_hour"] == 8
    changed = await put(ana, f"{WANTED}/rota.shift", {"in_app": True, "mail": "never"})
    chosen = {one["kind"]: one for one in changed.json()["kinds"]}["rota.shift"]
    assert (chosen["mail"], chosen["is_default"]) == ("never", False)
    await told(house, "rota.shift", ana, rui, **FACTS)
    assert [(await letter_of(one))["state"] for one in (ana, rui)] == ["none", "waiting"]
    await put(ana, f"{WANTED}/rota.shift", {"in_app": False, "mail": "digest"})
    await told(house, "rota.shift", ana, **FACTS)
    assert (await ana.get(f"{NOTICES}/unread")).json() == {"unread": 1}
    await put(ana, f"{WANTED}/rota.shift", {"in_app": False, "mail": "never"})
    assert await told(house, "rota.shift", ana, **FACTS) == []


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/rota.alarm", {"in_app": True, "mail": "never"}, 400, "mail"),
        ("/rota.alarm", {"in_app": False, "mail": "at_once"}, 400, "in_app"),
        ("/rota.alarm", {"in_app": True, "mail": "digest"}, 200, ""),
        ("/rota.none", {"in_app": True, "mail": "never"}, 404, ""),
        ("/rota.shift", {"in_app": True, "mail": "pigeon"}, 400, ""),
    ],
)
async def test_what_must_be_known_cannot_be_turned_off(house, path, body, status, field):
    ana = await house.person("dr.ana")
    answer = await put(ana, WANTED + path, body)
    assert answer.status_code == status
    assert field in answer.text


async def test_quiet_hours_hold_back_what_can_wait(house):
    ana = await house.person("dr.ana")
    now = datetime.now(house.tenant.zone)
    begin, end = ((now.hour + n) % 24 for n in (-1, 2))
    hours = {"quiet_from": f"{begin:02}:00", "quiet_until": f"{end:02}:00"}
    answer = await put(ana, f"{NOTICES}/hours", hours)
    assert answer.json()["hours"]["quiet_from"] == hours["quiet_from"]
    await told(house, "rota.shift", ana, **FACTS)
    held = datetime.fromisoformat((await letter_of(ana))["at"]).astimezone(house.tenant.zone)
    assert (held.hour, held.minute, held > now) == (end, 0, True)
    facts = {"shift_id": 7, "what": "fire", "on": now.date(), "at": now}
    await told(house, "rota.alarm", ana, **facts)
    assert datetime.fromisoformat((await letter_of(ana))["at"]) <= datetime.now(UTC)
    assert len(jobs(house, "mail_notice")) == 2


NO_HOURS = [
    ({"timezone": "Mars/Olympus"}, "timezone"),
    ({"timezone": "../../etc/passwd"}, "timezone"),
    ({"quiet_from": "22:00"}, "quiet_until"),
    ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
    ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
    ({"quiet_from": "22:00Z", "quiet_until": "07:00"}, "quiet_from"),
    ({"digest_hour": 24}, "digest_hour"),
    ({"digest_weekday": -1}, "digest_weekday"),
    ({"colour": "red"}, "colour"),
]


async def test_hours_that_do_not_exist_are_refused_by_name(house):
    ana = await house.person("dr.ana")
    for hours, field in NO_HOURS:
        answer = await put(ana, f"{NOTICES}/hours", hours)
        assert answer.status_code == 400, hours
        assert field in answer.text, hours


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ("2026-03-04 21:59", "2026-03-04 21:59"),
        ("2026-03-04 22:00", "2026-03-05 07:00"),
        ("2026-03-05 06:59", "2026-03-05 07:00"),
        ("2026-03-05 07:00", "2026-03-05 07:00"),
    ],
)
def test_a_night_ends_in_the_morning(said, free):
    at, wanted = (datetime.fromisoformat(one).replace(tzinfo=SITE) for one in (said, free))
    assert NIGHT.free_at(at, SITE) == wanted


YEARS = st.floats(1_577_836_800, 2_051_222_400)
INSTANTS = YEARS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
ZONES = st.sampled_from(["", "Asia/Kolkata", "America/New_York", "Pacific/Chatham"])
CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))
HOURS = st.builds(
    Hours,
    timezone=ZONES,
    quiet_from=CLOCKS,
    quiet_until=CLOCKS,
    digest=st.sampled_from(Digest),
    digest_hour=st.integers(0, 23),
    digest_weekday=st.integers(0, 6),
).filter(lambda hours: not hours.faults())


@given(HOURS, INSTANTS)
def test_nobody_waits_longer_than_a_night_or_a_week(hours, now):
    """By the property that makes them harmless: a letter is late by a day at most, a digest by a
    week (and the hours by which clocks are changed), and both always come."""
    free, digest = hours.free_at(now, SITE), hours.next_digest(now, SITE)
    assert 0 <= (free - now).total_seconds() <= 25 * 3600
    assert 0 < (digest - now).total_seconds() <= 7 * 86400 + 3600
