"""Every filter, alone and together, in pages that follow each other both ways."""

import itertools
from datetime import timedelta

import pytest

from cms.errors import InvalidInput
from cms.kernel.events import Outcome, Refused, Risk
from plugins.audit_trail.officers.filters import Paging, Wanted, matches, read_question, read_wanted
from plugins.audit_trail.officers.reading import read_trail
from tests.plugins.audit_trail.conftest import Noted

EVENTS = "/api/v1/audit/events"


class Grave(Noted, frozen=True, kw_only=True):
    tag = "test:grave:note"
    risk = Risk.CRITICAL


def test_all_faults_are_named_at_once_with_what_to_write_instead():
    given = {
        "actor_id": "0", "actor_kind": "robot", "resource_id": "7", "outcome": "maybe",
        "risk_at_least": "some", "ip": "10.0.0.0/8", "action": "content", "since": "noon",
        "limit": "501", "order": "up", "nonsense": "1", "channel": ["rest", "cli"],
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        read_question(given)
    faults = refusal.value.faults
    assert set(faults) == {*given, "resource_type"} - {"resource_id"}
    assert all(":" in fault or "like" in fault for fault in faults.values()), faults


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidInput):
        read_wanted({"since": "2026-02-01", "until": "2026-01-01"})


def test_a_filter_is_the_same_after_it_was_saved():
    wanted = read_wanted(
        {"since": "2026-01-31T10:00:00-03:00", "action": "content:*", "actor_id": "7"}
    )
    assert read_wanted(wanted.said()) == wanted
    assert read_wanted({"since": "2026-01-31T10:00:00 00:00"}).since is not None


async def _filled(house):
    for n in range(12):
        async with house.work(ip=f"192.0.2.{n % 3}") as work:
            await work.emit(Noted(post_id=1 + n % 4))
            kind = Grave if n % 2 else Noted
            await work.emit(kind(post_id=9, outcome=list(Outcome)[n % 3]))
    async with house.work() as work:
        await work.emit(Refused(action="post.publish", resource_type="post", resource_id=2))


async def test_the_database_finds_what_the_same_filter_finds_in_memory(house):
    """The watch over rules holds events against filters by itself: it must mean the same."""
    await _filled(house)
    async with house.work() as work:
        everything = (await read_trail(work, Wanted(), Paging(limit=500))).events
        everything = [event for event in everything if event.action[:5] != "audit"]
        moment = everything[10].timestamp
        choices = {
            "actor_kind": (None, "system", "person"),
            "resource_type": (None, "post"),
            "action": (None, "test:*", "test:grave:*", "test:post:note", "host:action:refuse"),
            "outcome": (None, "refused"),
            "risk_at_least": (None, "low", "medium", "critical"),
            "since": (None, moment),
            "until": (None, moment + timedelta(milliseconds=20)),
        }
        drawn = list(itertools.product(*choices.values()))[::7]
        for values in drawn:
            wanted = Wanted(**dict(zip(choices, values, strict=True)))
            found = (await read_trail(work, wanted, Paging(limit=500))).events
            expected = [event for event in everything if matches(wanted, _sequenced(event))]
            assert found == expected, wanted
        assert len(drawn) > 100


def _sequenced(event):
    class Row:
        occurred_at = event.timestamp

        def __getattr__(self, name):
            return getattr(event, name)

    return Row()


async def test_one_request_and_one_thing(house):
    await _filled(house)
    async with house.work() as work:
        for wanted, expected in (
            (Wanted(request_id="request-1", action="test:*"), 24),
            (Wanted(request_id="request-2"), 0),
            (Wanted(resource_type="post", resource_id=2), 4),
            (Wanted(channel="internal", action="test:*"), 24),
            (Wanted(ip="192.0.2.1"), 8),
            (Wanted(ip="192.0.2.1", action="test:grave:*"), 2),
            (Wanted(ip="192.0.2.9"), 0),
        ):
            page = await read_trail(work, wanted, Paging(limit=500, with_total=True))
            assert (len(page.events), page.total.count) == (expected, expected), wanted


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    "wanted", [Wanted(resource_type="post"), Wanted(ip="192.0.2.1")], ids=["thing", "address"]
)
async def test_pages_follow_each_other_while_the_trail_grows(house, wanted, newest_first):
    await _filled(house)
    async with house.work() as work:
        paging = Paging(newest_first=newest_first, limit=500)
        everything = (await read_trail(work, wanted, paging)).events
    seen, cursor = [], None
    while True:
        async with house.work() as work:
            await work.emit(Refused(action="x", resource_type="page"))
            paging = Paging(newest_first=newest_first, limit=4, cursor=cursor)
            page = await read_trail(work, wanted, paging)
        seen += page.events
        cursor = page.next
        if cursor is None:
            break
    assert seen == everything


async def test_a_cursor_of_another_question_is_refused(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    cursor = (await vera.get(EVENTS, params={"limit": 1, "order": "desc"})).json()["next"]
    same = await vera.get(EVENTS, params={"limit": 2, "order": "desc", "cursor": cursor})
    assert same.status_code == 200
    for other in (
        {"order": "asc"},
        {"order": "desc", "outcome": "success"},
        {"order": "desc", "purpose": "security"},
        {"order": "desc", "since": "2020-01-01"},
    ):
        refused = await vera.get(EVENTS, params={**other, "cursor": cursor})
        assert set(refused.json()["faults"]) == {"cursor"}, other


async def test_a_filter_with_a_typing_error_is_not_taken_for_none(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    refused = await vera.get(EVENTS, params={"actor": "7", "limit": "0"})
    assert set(refused.json()["faults"]) == {"actor", "limit"}
