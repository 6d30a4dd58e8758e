"""One epoch follows another: new keys, one seam that outsiders can check, nothing lost."""

import asyncio
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from cms.kernel.actors import SYSTEM, RequestFacts
from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, Tree
from plugins.audit_trail.heads.evidence import Distrust, Evidence, trusted_keys
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import Closing
from plugins.audit_trail.heads.publish_folder import FolderTarget
from plugins.audit_trail.heads.signer import HeadRefused
from plugins.audit_trail.log.epochs import LogDamaged
from plugins.audit_trail.log.rollovers import Order, RolloverPending, carry_out, order
from plugins.audit_trail.log.sequencer import lead
from plugins.audit_trail.proving.proofs import prove_event
from plugins.audit_trail.publication.service import Publisher
from plugins.audit_trail.verification.verify import verify_log
from tests.plugins.audit_trail.conftest import House

HERE = Path(__file__).parent
LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(9)]
TREE = Tree(LEAVES)
SITE = "clinica.example"


async def rolled(house: House, **options: Any) -> Any:
    signer = LocalSigner(Evidence(house.folder))
    wanted = Order("yearly change", options.pop("destroy_keys", True), **options)
    return await carry_out(house.host, signer, await order(house.host, signer, wanted), 20)


@pytest.fixture
def signer(tmp_path: Path) -> LocalSigner:
    """A log of five entries."""
    signer = LocalSigner(Evidence(tmp_path / "log"))
    signer.open(SITE)
    signer.sign(5, TREE.root(5), TREE.consistency_proof(0, 5))
    return signer


def test_the_seam_is_signed_from_both_sides(signer, tmp_path):
    old = signer.epochs()[0]
    new = signer.roll(SITE, Closing(5, TREE.root(5), destroy_keys=True))
    assert signer.epochs() == [old, new]
    assert (new.number, signer.last().size, signer.last().root) == (1, 0, EMPTY_ROOT)
    assert len(signer.last().signers(trusted_keys(new))) == 2
    assert not set(new.verifier_keys) & set(old.verifier_keys)
    (seam,) = signer.seams()
    closing = Checkpoint.parse(seam.closing.encode())
    assert (closing.origin, closing.size, closing.root) == (old.origin, 5, TREE.root(5))
    assert len(closing.signers([*trusted_keys(old), *trusted_keys(new)])) == 4
    assert Checkpoint.parse(new.closing_checkpoint.encode()).text == closing.text
    vouched = Checkpoint.parse(seam.succession.encode())
    assert vouched.origin == new.origin
    assert len(vouched.signers(trusted_keys(old))) == 2
    assert list((tmp_path / "log/keys").iterdir()) == []


def test_a_closed_epoch_signs_nothing_any_more(signer, tmp_path):
    folder = Evidence(tmp_path / "log").current()
    other_process = folder.keeper(folder.record())
    signer.roll(SITE, Closing(5, TREE.root(5), destroy_keys=False))
    assert len(list((tmp_path / "log/keys").iterdir())) == 2
    with pytest.raises(HeadRefused, match="is closed"):
        other_process.sign(8, TREE.root(8), TREE.consistency_proof(5, 8))
    with pytest.raises(HeadRefused, match="closed at its last head only"):
        signer.roll(SITE, Closing(5, TREE.root(5), destroy_keys=False))
    assert len(signer.epochs()) == 2


@pytest.mark.parametrize("closing", [(4, TREE.root(4)), (5, TREE.root(4)), (8, TREE.root(8))])
def test_an_epoch_is_closed_at_its_last_head_only(signer, closing):
    with pytest.raises(HeadRefused, match="closed at its last head only"):
        signer.roll(SITE, Closing(*closing, destroy_keys=True))
    assert len(signer.epochs()) == 1
    signer.sign(8, TREE.root(8), TREE.consistency_proof(5, 8))


def test_stolen_keys_vouch_for_nobody(signer, tmp_path):
    distrust = Distrust(since="2026-11-01T00:00:00+00:00", reason="a disk was stolen")
    signer.roll(SITE, Closing(5, TREE.root(5), destroy_keys=True, distrust=distrust))
    assert signer.seams()[0].succession is None
    assert Evidence(tmp_path / "log").epochs()[0].distrust() == distrust


def test_killed_at_any_step_a_rollover_is_undone_or_finished(signer, tmp_path):
    (tmp_path / "log").rename(tmp_path / "template")
    run = subprocess.run(
        [sys.executable, HERE / "killed_rollover.py", tmp_path],
        check=True, capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    assert sum(not case["survived"] for case in cases) > 60
    outcomes = set()
    for case in cases:
        again = LocalSigner(Evidence(tmp_path / case["name"]))
        epochs = again.epochs()
        outcomes.add(len(epochs))
        last = again.last()
        if len(epochs) == 1:
            assert last.size == 5
            again.sign(8, TREE.root(8), TREE.consistency_proof(5, 8))
            assert again.roll(SITE, Closing(8, TREE.root(8), destroy_keys=True)).number == 1
        assert again.last().size == 0
        assert len(again.epochs()) == 2
        with pytest.raises(FileNotFoundError):
            (tmp_path / case["name"] / "keys" / "ed25519.pem").read_bytes()
    assert outcomes == {1, 2}


async def test_entries_before_and_after_it_are_verified_and_told(house: House):
    await house.sequence(2, 3)
    epoch = await rolled(house)
    await house.sequence(2)
    assert house.ask(
        "select epoch, count(*), min(seq) from audit.leaves group by 1 order by 1"
    ) == [(0, 6, 0), (1, 2, 0)]
    told = house.ask(
        "select event_data, after_state from audit.events where action = 'audit:epoch:close'"
    )
    assert (told[0][0]["next_origin"], told[0][1]) == (epoch.origin, {"reason": "yearly change"})
    report = house.verify()
    assert (report.verdict, report.entries, report.remarks) == ("green", 8, []), report
    first = house.ask("select record_hash from audit.leaves where epoch = 1 and seq = 0")
    assert first != house.ask("select record_hash from audit.leaves where epoch = 0 and seq = 0")
    assert house.ask("select count(*) from audit.rollovers where done_at is null") == [(0,)]


async def test_a_second_rollover_follows_the_first(house: House):
    await house.sequence(1)
    await rolled(house)
    await rolled(house, destroy_keys=False)
    await house.sequence(1)
    report = house.verify()
    assert (report.verdict, report.entries) == ("green", 4)
    assert [path.path.name for path in Evidence(house.folder).epochs()] == [
        "audit", "000001", "000002",
    ]  # fmt: skip


async def test_the_worker_does_it_while_it_sequences(house: House):
    async with house.sequencer() as sequencer:
        signer = LocalSigner(Evidence(house.folder))
        coming = await order(house.host, signer, Order("because", destroy_keys=True))
        await house.note(1)
        await sequencer.step()
        assert sequencer.state.epoch.number == 1
        await house.note(2)
        await sequencer.step()
    assert (await carry_out(house.host, signer, coming, 5)).origin == coming.origin
    assert house.verify().verdict == "green"
    assert house.ask("select epoch, count(*) from audit.leaves group by 1 order by 1") == [
        (0, 2), (1, 1),
    ]  # fmt: skip


async def test_one_that_nobody_carries_out_stays_ordered(house: House):
    await house.sequence(1)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as other:
        await lead(other)
        signer = LocalSigner(Evidence(house.folder))
        coming = await order(house.host, signer, Order("because", destroy_keys=True))
        with pytest.raises(RolloverPending, match="ordered and not done"):
            await carry_out(house.host, signer, coming, 0.3)
    await house.sequence(1)
    assert house.ask("select max(number) from audit.epochs") == [(1,)]


@pytest.mark.parametrize("moment", ["before the signer", "before the database"])
async def test_a_sequencer_that_died_within_it_goes_on_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch, moment: str
):
    await house.sequence(2)
    signer = LocalSigner(Evidence(house.folder))
    await order(house.host, signer, Order("because", destroy_keys=True))

    async def died(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        if moment == "before the signer":
            patched.setattr(LocalSigner, "roll", lambda *_: (_ for _ in ()).throw(ConnectionError))
        else:
            patched.setattr("plugins.audit_trail.log.epochs.enter", died)
        with pytest.raises(ConnectionError):
            await house.sequence(1)
    assert house.ask("select max(number) from audit.epochs") == [(0,)]
    await house.sequence(1)
    await house.sequence(1)
    report = house.verify()
    assert (report.verdict, report.entries) == ("green", 6)
    assert house.ask("select max(number) from audit.epochs") == [(1,)]


async def test_a_log_that_was_changed_between_the_two_steps_does_not_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    await house.sequence(3)
    signer = LocalSigner(Evidence(house.folder))
    await order(house.host, signer, Order("because", destroy_keys=True))
    async with house.sequencer() as sequencer:
        await sequencer.finish()
    size, root = house.ask("select size, root from audit.checkpoints order by size desc")[0]
    signer.roll(SITE, Closing(size, bytes(root), destroy_keys=True))
    house.tamper("delete from audit.leaves where seq = 3", "delete from audit.batches "
                 "where last_seq = 3")  # fmt: skip
    with pytest.raises(LogDamaged, match="was closed over 4 entries, and the 3 of the database"):
        await house.sequence(1)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "closing").unlink(), "ties it to the epoch before"),
        (
            lambda folder: (folder / "epochs/000001/succession").write_bytes(
                (folder / "epochs/000001/latest").read_bytes()
            ),
            "not signed by all keys",
        ),
        (lambda folder: shutil.rmtree(folder / "epochs/000001"), "epoch 1 is missing"),
    ],
)
async def test_a_torn_seam_is_found(house: House, spoil: Any, reason: str):
    await house.sequence(2)
    await rolled(house)
    await rolled(house)
    await house.sequence(1)
    assert house.verify().is_green
    spoil(house.folder)
    found = {finding.kind: finding.message for finding in house.verify().findings}
    assert reason in found["epoch-seam"]


async def test_entries_under_stolen_keys_only_are_named(house: House, tmp_path: Path):
    await house.sequence(2)
    since = datetime.now(UTC) + timedelta(seconds=1)
    await passed(since)
    await house.sequence(3)
    await rolled(house, compromised_since=since)
    await house.sequence(1)
    report = house.verify()
    assert report.verdict == "green"
    (remark,) = report.remarks
    assert "0 to 1 are proven by heads from before or by witnesses; entries 2 to 5" in remark
    # A witness that has seen the head of five vouches for it; its line may stand in the database.
    witness = SigningKey.generate("witness.example", Algorithm.ED25519_COSIGNATURE)
    path = house.folder / "heads" / f"{5:020d}.note"
    seen = Checkpoint.parse(path.read_bytes()).signed([witness], 1_900_000_000)
    line, key = seen.signatures[-1].line(), witness.verifier.key_id.hex()
    house.tamper("insert into audit.cosignatures (epoch, size, witness, key_id, line, witnessed_at)"
                 f" values (0, 5, 'witness.example', '\\x{key}', '{line}',"
                 " to_timestamp(1900000000))")  # fmt: skip
    assert "0 to 1 are proven" in house.verify().remarks[0], "whom nobody trusts vouches for nobody"
    (house.folder / "witnesses").write_text(f"# of the council\n{witness.verifier.vkey}\n")
    (remark,) = house.verify().remarks
    assert "0 to 4 are proven" in remark
    assert "entries 5 to 5 only" in remark


async def passed(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()) + 1.0)


async def test_an_older_copy_says_what_it_does_not_know(house: House, tmp_path: Path):
    await house.sequence(2)
    copy = shutil.copytree(house.folder, tmp_path / "copy")
    await rolled(house)
    await house.sequence(3)
    report = verify_log(house.owner_url, copy)
    assert report.verdict == "green", report
    assert report.remarks == [
        "3 entries are of later epochs than these heads know, and were not verified"
    ]


async def test_a_stranger_follows_the_seam_from_published_files(house: House, tmp_path: Path):
    share = tmp_path / "share"
    share.mkdir()
    await house.sequence(2)
    await rolled(house)
    await house.sequence(1)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        signer = LocalSigner(Evidence(house.folder))
        publisher = Publisher(connection, signer, FolderTarget(share, tiles=True), 60)
        while await publisher.step():
            pass
    old, new = share / "epoch-000000", share / "epoch-000001"
    # All that she trusts are the keys that she was given when the first epoch began.
    trusted = trusted_keys(Evidence(house.folder).records()[0])
    successor = Checkpoint.parse((new / "succession").read_bytes())
    assert len(successor.signers(trusted)) == 2
    head = Checkpoint.parse((new / "checkpoint").read_bytes())
    assert head.origin == successor.origin
    keys = trusted_keys(Evidence(house.folder).records()[1])
    assert "".join(f"{key.vkey}\n" for key in keys) == (new / "keys").read_text()
    assert len(head.signers(keys)) == 2
    closing = Checkpoint.parse((new / "closing-of-last").read_bytes())
    assert closing.text == Checkpoint.parse((old / "checkpoint").read_bytes()).text
    assert len(closing.signers([*trusted, *keys])) == 4


async def test_an_event_of_a_closed_epoch_is_still_proven(house: House):
    await house.sequence(3)
    ((event_id,),) = house.ask("select event_id from audit.leaves where seq = 1")
    await rolled(house)
    await house.sequence(2)
    async with house.host.shop.work(house.tenant, SYSTEM, RequestFacts("r", channel="cli")) as work:
        proof = await prove_event(work, event_id)
    old, _ = Evidence(house.folder).records()
    assert proof.head.origin == old.origin
    assert proof.head.size == 4
    assert len(proof.verify(leaf_hash_of(proof.extra), trusted_keys(old))) == 2
