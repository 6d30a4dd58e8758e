"""A whole history is rewritten, cut, put back or shown in two forms. Inside the database all of it
fits; what betrays it are heads that lie somewhere else."""

import shutil
from pathlib import Path

import psycopg
import pytest

from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.evidence import KEYS, Evidence, trusted_keys
from plugins.audit_trail.heads.signer import HeadKeeper, HeadRefused, HeadsUnreadable
from plugins.audit_trail.verification.telling import told
from plugins.audit_trail.verification.verify import verify_log
from tests.plugins.audit_trail.attacker import rewrite_history
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.tampering.break_in import kept, put_back, verified

FOURTH = "(select event_id from audit.leaves where seq = 3)"
CHANGE = f"update audit.events set actor_id = 9 where event_id = {FOURTH}"


async def test_a_rewritten_row_with_all_that_follows_fits_no_head(house: House):
    await house.sequence(2, 3, 2)
    rewrite_history(house.owner_url, CHANGE)
    report, found, text = verified(house)
    assert (found["head-root"].seq, found["head-root"].until) == (2, 4)
    assert "event-altered" not in found
    assert "record-hash" not in found
    assert report.proven is not None
    assert report.proven.size == 2
    assert "the stored tree ceases to be the signed one after the head of 2 entries" in text
    assert "changed after it was signed in the head of 7 entries" not in text.split("head-root")[0]
    assert "still proven: entries 0 to 1 under the head of 2 entries signed" in text


async def test_the_place_is_found_by_halving_before_anything_is_read(house: House):
    await house.sequence(*[2] * 20)
    rewrite_history(
        house.owner_url,
        "update audit.events set actor_id = 9 where event_id = "
        "(select event_id from audit.leaves where seq = 27)",
    )
    report = house.verify()
    assert report.suspicion is not None
    assert "after the head of 26 entries" in report.suspicion
    assert "between the entries 26 and 27" in report.suspicion
    looks = int(report.suspicion.partition("(")[2].split()[0])
    assert looks < 64, "a few roots of a few hashes each, of the twenty heads and batches"


async def test_the_whole_log_with_keys_of_his_own_fits_no_head(house: House):
    await house.sequence(2, 3)
    rewrite_history(house.owner_url, CHANGE, with_own_keys=True)
    _, found, text = verified(house)
    assert {"epoch", "record-hash", "head-root"} <= set(found)
    assert "the database does not hold the epoch of" in text


async def test_a_cut_tail_is_missing_from_the_heads(house: House):
    await house.sequence(2, 3)
    rewrite_history(
        house.owner_url,
        "delete from audit.events where event_id in "
        "(select event_id from audit.leaves where seq >= 2)",
    )
    _, found, text = verified(house)
    assert (found["head-beyond"].seq, found["head-beyond"].until) == (2, 4)
    assert "a head speaks of 5 entries, 2 are stored" in text
    assert "still proven: entries 0 to 1 under the head of 2 entries" in text


async def test_an_old_backup_is_behind_the_heads(house: House):
    await house.sequence(2, 3)
    kept(house)
    await house.sequence(4)
    put_back(house)
    _, found, text = verified(house)
    assert (found["head-beyond"].seq, found["head-beyond"].until) == (5, 8)
    assert "still proven: entries 0 to 4 under the head of 5 entries" in text
    with pytest.raises(Exception, match="a head over 9 entries is signed"):
        await house.sequence(1)


async def test_a_backup_that_went_on_in_another_way_is_behind_too(house: House, tmp_path: Path):
    """The folder was put back with the database, and both have grown since: only heads that were
    kept elsewhere know of the time between."""
    await house.sequence(2)
    kept(house)
    folder = shutil.copytree(house.folder, tmp_path / "backup")
    await house.sequence(3)
    elsewhere = shutil.copytree(house.folder, tmp_path / "elsewhere")
    put_back(house)
    shutil.rmtree(house.folder)
    shutil.copytree(folder, house.folder)
    await house.sequence(4)
    assert house.verify().is_green, "inside, nothing is wrong"
    report = verify_log(house.owner_url, elsewhere)
    found = {finding.kind: finding for finding in report.findings}
    assert (found["head-root"].seq, found["head-root"].until) == (2, 4)
    assert "still proven: entries 0 to 1 under the head of 2 entries" in told(report)


async def test_two_histories_for_two_auditors(house: House, tmp_path: Path):
    """With the stolen keys a second history is signed without a fault. Each auditor is content
    alone; the head that the first one holds does not fit what the second one is shown."""
    await house.sequence(2, 3)
    first = shutil.copytree(house.folder, tmp_path / "first-auditor")
    assert verify_log(house.owner_url, first).is_green
    rewrite_history(house.owner_url, CHANGE)
    second = shutil.copytree(house.folder, tmp_path / "second-auditor")
    _sign_anew(house, second)
    assert verify_log(house.owner_url, second).is_green
    report = verify_log(house.owner_url, first)
    found = {finding.kind: finding for finding in report.findings}
    assert (found["head-root"].seq, found["head-root"].until) == (2, 4)
    # The two heads are the proof of it: same log, same size, same keys, two roots.
    one, other = (
        Checkpoint.parse((folder / "heads" / f"{5:020d}.note").read_bytes())
        for folder in (first, second)
    )
    epoch = Evidence(first).epoch()
    assert epoch is not None
    assert one.signers(trusted_keys(epoch)) == other.signers(trusted_keys(epoch))
    assert (one.origin, one.size) == (other.origin, other.size)
    assert one.root != other.root


def _sign_anew(house: House, folder: Path) -> None:
    """Heads over what is stored now, signed with the log's own keys."""
    leaves = [leaf for (leaf,) in house.ask("select leaf_hash from audit.leaves order by seq")]
    tree = Tree(leaves)
    keys = _stolen_keys(folder)
    for path in Evidence(folder).heads():
        head = Checkpoint.parse(path.read_bytes())
        forged = Checkpoint(head.origin, head.size, tree.root(head.size)).signed(
            keys, 1_900_000_000
        )
        path.write_bytes(forged.encode())
        with psycopg.connect(house.owner_url) as connection:
            connection.execute("alter table audit.checkpoints disable trigger user")
            connection.execute(
                "update audit.checkpoints set root = %s, note = %s where size = %s",
                [forged.root, forged.encode().decode(), forged.size],
            )
    size = tree.size
    (folder / "latest").write_bytes((folder / "heads" / f"{size:020d}.note").read_bytes())
    (folder / "promised").write_text(Checkpoint(head.origin, size, tree.root(size)).text)


def _stolen_keys(folder: Path) -> list[SigningKey]:
    epoch = Evidence(folder).epoch()
    assert epoch is not None
    named: dict[str, Algorithm] = KEYS
    return [
        SigningKey.load(folder / "keys" / name, epoch.origin, algorithm)
        for name, algorithm in named.items()
    ]


async def test_the_signer_refuses_a_second_head_of_another_history(house: House):
    await house.sequence(2, 3)
    evidence = Evidence(house.folder)
    epoch = evidence.epoch()
    assert epoch is not None
    keeper: HeadKeeper = evidence.keeper(epoch)
    rewrite_history(house.owner_url, CHANGE)
    leaves = [leaf for (leaf,) in house.ask("select leaf_hash from audit.leaves order by seq")]
    tree = Tree([*leaves, bytes(32)])
    with pytest.raises(HeadRefused, match="does not continue"):
        keeper.sign(6, tree.root(6), tree.consistency_proof(5, 6))
    with pytest.raises(HeadRefused):
        keeper.sign(5, tree.root(5))
    with pytest.raises(HeadRefused, match="are fewer"):
        keeper.sign(2, tree.root(2))


@pytest.mark.parametrize("content", ["", "clinica.example/audit\n9\nAAAA\n", "older"])
async def test_an_edited_promise_is_found(house: House, content: str):
    await house.sequence(2, 3)
    promise = house.folder / "promised"
    older = promise.read_text().replace("\n5\n", "\n2\n")
    promise.write_text(older if content == "older" else content)
    _, found, text = verified(house)
    assert "promise-unsound" in found
    assert "still proven: entries 0 to 4 under the head of 5 entries" in text
    if content != "older":  # behind a signed head, the signer believes the head
        with pytest.raises(HeadsUnreadable):
            await house.sequence(1)


async def test_deleted_heads_are_missed(house: House):
    await house.sequence(2, 3, 2)
    heads = Evidence(house.folder).heads()
    heads[2].unlink()
    _, found, text = verified(house)
    assert set(found) == {"head-missing"}
    assert "the signed head of 5 entries is gone from the folder" in text
    assert "still proven: entries 0 to 6 under the head of 7 entries" in text


async def test_the_newest_heads_deleted_with_their_entries_are_missed_by_the_promise(house: House):
    await house.sequence(2, 3)
    rewrite_history(
        house.owner_url,
        "delete from audit.events where event_id in "
        "(select event_id from audit.leaves where seq >= 2)",
    )
    (house.folder / "heads" / f"{5:020d}.note").unlink()
    shutil.copy(house.folder / "heads" / f"{2:020d}.note", house.folder / "latest")
    _, found, text = verified(house)
    assert set(found) == {"promise-beyond"}
    assert "a promise speaks of 5 entries, 2 are stored" in text


async def test_an_edited_head_is_no_head(house: House):
    await house.sequence(2, 3)
    path = Evidence(house.folder).heads()[1]
    path.write_bytes(path.read_bytes().replace(b"\n2\n", b"\n3\n"))
    _, found, text = verified(house)
    assert "head-unsound" in found
    assert f"{path.name}: " in text
