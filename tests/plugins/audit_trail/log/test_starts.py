"""A start reads the edge of the log; what it did not read is read afterwards."""

import asyncio
from typing import Any

import pytest

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.log import recovery
from plugins.audit_trail.log.epochs import LogDamaged
from plugins.audit_trail.log.review import review
from plugins.audit_trail.log.sequencer import raise_alarm, run
from tests.plugins.audit_trail.conftest import House, Noted
from tests.support.patience import until


async def grown(house: House, *sizes: int) -> None:
    async with house.sequencer() as sequencer:
        for size in sizes:
            async with house.work() as work:
                for n in range(size - sequencer.state.tree.size):
                    await work.emit(Noted(post_id=n))
            await sequencer.step()


@pytest.fixture
def by_every_leaf(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Notes each start that read the whole log."""
    starts: list[int] = []
    whole = recovery._by_every_leaf

    async def noted(*arguments: Any) -> Any:
        starts.append(1)
        return await whole(*arguments)

    monkeypatch.setattr(recovery, "_by_every_leaf", noted)
    return starts


@pytest.mark.parametrize("sizes", [(), (1,), (255,), (256,), (257, 600), (300, 512), (2, 700)])
async def test_the_edge_is_enough_for_any_size(house: House, by_every_leaf, sizes):
    await grown(house, *sizes)
    size = max(sizes, default=0)
    async with house.sequencer() as sequencer:
        state = sequencer.state
        leaves = house.ask("select leaf_hash, record_hash from audit.leaves order by seq")
        assert state.tree.size == size == len(leaves)
        if leaves:
            assert state.last_record == leaves[-1][1]
        await house.note(1)
        await sequencer.step()
    assert by_every_leaf == []
    report = house.verify()
    assert (report.verdict, report.entries, report.signed) == ("green", size + 1, size + 1)


async def test_unsigned_entries_are_signed_from_stored_subtrees(house: House, by_every_leaf):
    await grown(house, 300)
    async with house.sequencer() as sequencer:
        for _ in range(3):
            async with house.work() as work:
                for n in range(150):
                    await work.emit(Noted(post_id=n))
            await sequencer.sequence()
    async with house.sequencer() as sequencer:
        assert not sequencer.state.growth
    assert by_every_leaf == []
    assert house.verify().signed == 750


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("update audit.batches set frontier = frontier[2:] where last_seq = 599", "last batch"),
        ("update audit.batches set root = sha256('x') where last_seq = 599", "last batch"),
        ("update audit.leaves set leaf_hash = sha256('x') where seq = 590", "that were signed"),
        ("delete from audit.leaves where seq = 599", "600 entries is signed"),
        ("delete from audit.leaves where seq = 530", "entry 530 is missing"),
    ],
)
async def test_damage_at_the_edge_is_found_and_named(house: House, damage: str, reason: str):
    await grown(house, 600)
    house.tamper(damage)
    with pytest.raises(LogDamaged, match=reason):
        await grown(house, 601)


async def test_a_stored_subtree_that_is_missing_is_made_again(house: House, by_every_leaf):
    await grown(house, 600)
    house.tamper("alter table audit.subtrees disable trigger user",
                 "delete from audit.subtrees where position = 0")  # fmt: skip
    await grown(house, 601)
    assert by_every_leaf == [1]
    assert house.verify().verdict == "green"


async def test_after_an_alarm_everything_is_read(house: House, by_every_leaf):
    await grown(house, 3)
    async with house.sequencer() as sequencer:
        await raise_alarm(sequencer._connection, "something was wrong")
    await grown(house, 4)
    assert by_every_leaf == [1]
    await grown(house, 5)
    assert by_every_leaf == [1]


async def test_what_the_start_did_not_read_is_reviewed(house: House, by_every_leaf):
    await grown(house, 600)
    signer = LocalSigner(Evidence(house.folder))
    async with house.sequencer() as sequencer:
        state = sequencer.state
        await review(house.host.worker_url, state.epoch, state.head, state.tree)
    house.tamper("update audit.leaves set leaf_hash = sha256('x') where seq = 7")
    async with house.sequencer() as sequencer:
        state = sequencer.state
    assert by_every_leaf == []
    with pytest.raises(LogDamaged, match="the first 600 entries are not the ones that were signed"):
        await review(house.host.worker_url, state.epoch, signer.last(), state.tree)


async def test_the_service_stops_when_the_review_finds_damage(house: House):
    await grown(house, 600)
    house.tamper("update audit.leaves set leaf_hash = sha256('x') where seq = 7")
    service = asyncio.create_task(run(house.host))
    alarms = "select message from audit.alarms where cleared_at is null"
    await until(lambda: house.ask(alarms), "an alarm")
    ((message,),) = house.ask(alarms)
    assert message == "the first 600 entries are not the ones that were signed"
    service.cancel()
    with pytest.raises(asyncio.CancelledError):
        await service
    with pytest.raises(LogDamaged):
        await grown(house, 601)
