"""After a range went as told, everything goes on; what went otherwise is found and named."""

from datetime import timedelta
from pathlib import Path

import pytest

from cms.errors import NotFound
from plugins.audit_trail.completeness import gaps
from plugins.audit_trail.completeness.gaps import LOST, PRUNED, find_gaps
from plugins.audit_trail.exports.asked import Asked
from plugins.audit_trail.exports.making import Order, make_export
from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.log import recovery
from plugins.audit_trail.log.epochs import LogDamaged
from plugins.audit_trail.log.review import review
from plugins.audit_trail.log.sequencer import raise_alarm
from plugins.audit_trail.proving.proofs import prove_event
from plugins.audit_trail.retention import ranges
from plugins.audit_trail.retention.archiving import archive_range
from plugins.audit_trail.retention.pruning import NotSigned, prune
from plugins.audit_trail.verification.checks import columns as columns_check
from plugins.audit_trail.verification.offline.twice import verify_twice
from plugins.audit_trail.verification.pruned import read_pruned, signed_sizes
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.telling import told
from plugins.audit_trail.verification.verify import verify_log
from tests.plugins.audit_trail.conftest import Noted
from tests.plugins.audit_trail.exports.conftest import running
from tests.plugins.audit_trail.retention.conftest import (
    PART,
    THEN,
    approve,
    copied,
    month,
    owner,
    pruned,
)

pytestmark = pytest.mark.asyncio


def proposed(house):
    with owner(house) as connection:
        pruning = ranges.propose(connection, PART)
    approve(house, pruning, 1, 2)
    return pruning


@pytest.fixture
async def gone(old, tmp_path):
    """The 600 events of March 2016 went: two whole tiles, and 88 entries of the third."""
    await pruned(old, proposed(old), tmp_path)
    return old


def kinds(report):
    return {finding.kind: finding.count for finding in report.findings}


@pytest.mark.parametrize("by", [("python",), ("sql",), ("python", "sql")])
async def test_it_verifies_and_says_what_went_and_who_told(gone, by) -> None:
    report = gone.verify(wanted=Wanted(by=by))
    assert report.verdict == "green", told(report)
    ((event_id, seq),) = gone.ask(
        "select e.event_id, l.seq from audit.events e join audit.leaves l using (event_id) "
        "where e.action = 'audit:range:prune'"
    )
    said = told(report)
    assert (
        "entries 0 to 599 were pruned: 600 events of 2016-03-01 to 2016-04-01, told by entry "
        f"{seq} (event {event_id}); their hashes are proven, their content is in the archive"
    ) in said
    assert report.entries == gone.ask("select max(seq) + 1 from audit.leaves")[0][0]
    assert report.unproven == 0


async def test_worker_processes_know_it_too(gone, monkeypatch) -> None:
    monkeypatch.setattr(columns_check, "FEWEST_FOR_PROCESSES", 1)
    report = gone.verify(wanted=Wanted(jobs=2))
    assert report.verdict == "green", told(report)


@pytest.mark.parametrize(
    "part", [(0, 300), (100, None), (300, 550), (510, 620), (512, None), (520, 560), (590, 610)]
)
async def test_ranges_that_touch_it_verify(gone, part) -> None:
    first, until = part
    report = gone.verify(wanted=Wanted(first=first, until=until))
    assert report.verdict == "green", told(report)


async def test_holes_of_writers_are_explained_by_it(gone, monkeypatch) -> None:
    monkeypatch.setattr(gaps, "FLIGHT", timedelta(seconds=-1))
    with owner(gone) as connection:
        went = read_pruned(connection, signed_sizes(connection))
        assert find_gaps(connection).of(LOST)
        found = find_gaps(connection, went.times())
    assert not found.of(LOST)
    (hole,) = found.of(PRUNED)
    assert (hole.before, hole.after.seq) == (None, 600)


async def test_holes_of_writers_that_came_later_are_not(gone, monkeypatch) -> None:
    monkeypatch.setattr(gaps, "FLIGHT", timedelta(seconds=-1))
    gone.tamper("update audit.writers set opened_at = now()")
    assert kinds(gone.verify())["writer-gap"] == 1


@pytest.mark.parametrize("is_alarmed", [False, True])
async def test_the_sequencer_starts_again_and_goes_on(gone, monkeypatch, is_alarmed) -> None:
    starts = []
    whole = recovery._by_every_leaf

    async def noted(*arguments):
        starts.append(1)
        return await whole(*arguments)

    monkeypatch.setattr(recovery, "_by_every_leaf", noted)
    if is_alarmed:
        async with gone.sequencer() as sequencer:
            await raise_alarm(sequencer._connection, "something was wrong")
    await gone.sequence(5, 3)
    assert len(starts) == is_alarmed
    async with gone.sequencer() as sequencer:
        state = sequencer.state
        await review(gone.host.worker_url, state.epoch, state.head, state.tree)
    assert gone.verify().verdict == "green"


async def test_the_review_does_not_believe_the_stored_hash_of_a_tile(gone) -> None:
    async with gone.sequencer() as sequencer:
        state = sequencer.state
    gone.tamper("update audit.subtrees set hash = sha256('x') where level = 8 and position = 1")
    with pytest.raises(LogDamaged, match="not the ones that were signed"):
        await review(
            gone.host.worker_url,
            state.epoch,
            LocalSigner(Evidence(gone.folder)).last(),
            state.tree,
        )
    assert "head-root" in kinds(gone.verify())


async def test_a_hash_of_a_pruned_tile_that_is_gone_is_named(gone) -> None:
    gone.tamper("delete from audit.subtrees where level = 8 and position = 1")
    report = gone.verify()
    assert "subtree-altered" in kinds(report)
    assert "no hash is stored over the pruned entries 256 to 511" in told(report)
    with pytest.raises(LogDamaged, match="hash over the pruned entries from 256 on is missing"):
        async with gone.sequencer():
            pass


async def test_the_nightly_run_may_read_what_it_needs(gone) -> None:
    part, address = Wanted(until=600), gone.host.addresses.audit.worker
    assert verify_log(address, gone.folder, wanted=part).verdict == "green"


FAKED = """
insert into audit.prunings (part, since, until, events, state, archive, archived_at, dropped_at)
values ('audit.events_2016_03', '2016-03-01+00', '2016-04-01+00', 600, 'dropped', 'x',
        now() - interval '1 day', now());
insert into audit.pruning_places select p.id, 0, 0, 599, 600, 629, sha256('x')
from audit.prunings p;
insert into audit.pruned_leaves
select 0, 0, 511, p.id, (select record_hash from audit.leaves where seq = 511)
from audit.prunings p;
delete from audit.leaves where seq < 512;
alter table audit.events detach partition audit.events_2016_03;
drop table audit.events_2016_03;
"""


async def test_a_range_that_went_without_being_told_is_red(old) -> None:
    old.tamper(*FAKED.split(";\n")[:-1])
    report = old.verify()
    assert report.verdict == "red"
    assert kinds(report)["entry-missing"] == 1
    assert "entry 0 is missing, the next one stored is 512" in told(report)
    assert not [remark for remark in report.remarks if "pruned" in remark]


async def test_tables_alone_explain_no_event_either(old) -> None:
    """As before, and the leaves are still there."""
    old.tamper(*(one for one in FAKED.split(";\n")[:-1] if "leaves" not in one))
    assert kinds(old.verify())["event-missing"] == 600
    assert kinds(old.verify(wanted=Wanted(by=("sql",))))["event-missing"] == 600


async def with_a_new_event_among_them(house, tmp_path, before):
    """The log of `old`, and one event of today among its entries of March 2016."""
    month(house)
    async with house.sequencer() as sequencer:
        for count in (before, 600 - before):
            async with house.work() as work:
                work.now = THEN
                for n in range(count):
                    await work.emit(Noted(post_id=n + 1))
            await sequencer.step()
            await house.note(4711)
            await sequencer.step()
    return f"(select event_id from audit.leaves where seq = {before})"


async def test_an_event_among_them_stays_and_its_tile_with_it(house, tmp_path) -> None:
    await with_a_new_event_among_them(house, tmp_path, 100)
    await pruned(house, proposed(house), tmp_path)
    report = house.verify()
    assert report.verdict == "green", told(report)
    assert house.ask("select first_seq, last_seq from audit.pruned_leaves") == [(256, 511)]
    assert "600 of the entries 0 to 600 were pruned" in told(report)


async def test_an_event_that_went_under_cover_of_a_pruning_is_red(house, tmp_path) -> None:
    event = await with_a_new_event_among_them(house, tmp_path, 100)
    pruning = proposed(house)
    house.tamper(f"delete from audit.events where event_id = {event}")
    await pruned(house, pruning, tmp_path)
    assert house.ask("select first_seq, last_seq from audit.pruned_leaves") == [(0, 511)]
    for by in ("python", "sql"):
        report = house.verify(wanted=Wanted(by=(by,)))
        assert kinds(report)["pruned-beyond"] == 1
        assert "1 are gone beyond what was told" in told(report)


async def test_an_event_that_goes_after_it_is_red_whatever_its_entry_says(house, tmp_path) -> None:
    event = await with_a_new_event_among_them(house, tmp_path, 560)
    await pruned(house, proposed(house), tmp_path)
    assert house.verify().verdict == "green"
    house.tamper(f"delete from audit.events where event_id = {event}")
    assert kinds(house.verify())["event-missing"] == 1
    house.tamper("update audit.leaves set occurred_at = '2016-03-05 12:00+00' where seq = 560")
    assert kinds(house.verify())["pruned-beyond"] == 1


async def test_what_was_told_and_withdrawn_explains_nothing(old, tmp_path) -> None:
    pruning = proposed(old)
    with pytest.raises(NotSigned):
        await prune(old.host, pruning, tmp_path, copied, patience=0.1)
    await old.sequence(1)
    with owner(old) as connection:
        ranges.withdraw(connection, pruning)
    # This process has written elsewhere before, and its events of 2016 make that a loss.
    assert set(kinds(old.verify())) <= {"writer-gap"}
    old.tamper("delete from audit.events where event_id = "
               "(select event_id from audit.leaves where seq = 7)")  # fmt: skip
    assert kinds(old.verify())["event-missing"] == 1
    # Nor does it when the tables are made to say that it went.
    old.tamper("update audit.prunings set state = 'dropped'")
    assert kinds(old.verify())["event-missing"] == 1


async def test_a_range_told_twice_went_once(old, tmp_path) -> None:
    pruning = proposed(old)
    with pytest.raises(NotSigned):
        await prune(old.host, pruning, tmp_path, copied, patience=0.1)
    with owner(old) as connection:
        ranges.withdraw(connection, pruning)
    await pruned(old, proposed(old), tmp_path / "again")
    report = old.verify()
    assert report.verdict == "green", told(report)
    assert sum("were pruned" in remark for remark in report.remarks) == 1


async def test_what_is_left_is_proven_and_what_went_is_not_there(gone) -> None:
    ((kept, last),) = gone.ask(
        "select (select event_id from audit.leaves where seq = 605), "
        "(select event_id from audit.leaves where seq = 599)"
    )
    epoch = Evidence(gone.folder).epoch()
    async with gone.work() as work:
        proof = await prove_event(work, kept)
    assert proof.extra is not None
    assert proof.verify(leaf_hash_of(proof.extra), trusted_keys(epoch))
    with pytest.raises(NotFound):
        async with gone.work() as work:
            await prove_event(work, last)


async def test_exports_of_what_is_left_verify_offline(gone, tmp_path) -> None:
    def new_work():
        return gone.work()

    async with running(gone):
        await make_export(new_work, Order(Asked(first=602, last=620)), tmp_path / "some.zip")
        await make_export(new_work, Order(Asked()), tmp_path / "all.zip")
    for name in ("some.zip", "all.zip"):
        assert verify_twice(tmp_path / name, None, []).verdict == "green"


async def test_the_copy_of_the_range_is_a_real_export(old, tmp_path) -> None:
    done = await pruned(old, proposed(old), tmp_path, archive_range)
    (copy,) = Path(done.archive).rglob("*.zip")
    assert verify_twice(copy, None, []).verdict == "green"
    report = old.verify()
    assert report.verdict == "green", told(report)
    assert done.archive in told(report)
