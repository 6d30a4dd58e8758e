"""The head keeper never signs two trees that contradict each other, whatever kills it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey, verifiers
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, Tree
from plugins.audit_trail.heads.signer import HeadKeeper, HeadRefused, HeadsUnreadable

HERE = Path(__file__).parent
ORIGIN = "cms.example/log/1"
LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(40)]
TREE = Tree(LEAVES)
FORK = Tree([*LEAVES[:6], *(leaf_hash_of(b"forged %d" % n) for n in range(34))])
KEYS = [
    SigningKey.generate(ORIGIN, Algorithm.ED25519),
    SigningKey.generate(ORIGIN, Algorithm.ML_DSA_44),
]
TRUSTED = verifiers(KEYS)


def keeper_in(folder: Path, at: int = 1, keys: list[SigningKey] = KEYS) -> HeadKeeper:
    return HeadKeeper(folder, ORIGIN, keys, clock=lambda: at)


def grow(keeper: HeadKeeper, size: int, tree: Tree = TREE) -> Checkpoint:
    last = keeper.last()
    proof = tree.consistency_proof(last.size, size) if last and last.size <= size else []
    return keeper.sign(size, tree.root(size), proof)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "signer"


@pytest.fixture
def keeper(folder):
    """A keeper whose newest head has five leaves; tree and fork part at the seventh."""
    keeper = keeper_in(folder)
    for size in (0, 3, 5):
        grow(keeper, size)
    return keeper


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_every_head_is_kept_signed_and_the_newest_is_copied(folder, keeper):
    assert sorted(files(folder)) == [
        "heads/00000000000000000000.note",
        "heads/00000000000000000003.note",
        "heads/00000000000000000005.note",
        "latest",
        "promised",
    ]
    for head in keeper.heads():
        assert head.signers(TRUSTED) == TRUSTED
        assert head.root == TREE.root(head.size)
    assert [head.size for head in keeper.heads()] == [0, 3, 5]
    assert Checkpoint.parse((folder / "latest").read_bytes()) == keeper.heads()[-1] == keeper.last()


def test_the_same_head_again_gets_the_same_note(folder, keeper):
    before = files(folder)
    for proof in ([], TREE.consistency_proof(3, 5)):
        assert keeper.sign(5, TREE.root(5), proof) == keeper.heads()[-1]
    assert keeper_in(folder, at=99).sign(5, TREE.root(5), []) == keeper.heads()[-1]
    assert files(folder) == before


@pytest.mark.parametrize(
    ("size", "root", "proof"),
    [
        (4, TREE.root(4), []),
        (0, EMPTY_ROOT, []),
        (5, FORK.root(7), []),
        (5, Tree(LEAVES[1:6]).root(), []),
        (8, TREE.root(8), []),
        (8, FORK.root(8), TREE.consistency_proof(5, 8)),
        (8, TREE.root(8), TREE.consistency_proof(3, 8)),
        (9, TREE.root(8), TREE.consistency_proof(5, 8)),
        (8, TREE.root(8), [*TREE.consistency_proof(5, 8), bytes(32)]),
        (8, TREE.root(8), [bytes(31), *TREE.consistency_proof(5, 8)[1:]]),
    ],
)
def test_what_does_not_continue_the_last_head_is_refused_and_changes_nothing(
    folder, keeper, size, root, proof
):
    before = files(folder)
    with pytest.raises(HeadRefused):
        keeper.sign(size, root, proof)
    assert files(folder) == before


def test_a_fork_is_refused_once_the_other_branch_is_signed(keeper):
    grow(keeper, 8)
    for size in range(8, 20):
        with pytest.raises(HeadRefused):
            keeper.sign(size, FORK.root(size), FORK.consistency_proof(8, size))


def test_an_unknown_log_begins_with_the_empty_tree(folder):
    keeper = keeper_in(folder)
    assert keeper.last() is None
    for size, root in ((5, TREE.root(5)), (0, bytes(32))):
        with pytest.raises(HeadRefused, match="No head is kept here"):
            keeper.sign(size, root, [])
    assert files(folder) == {}
    keeper.sign(0, EMPTY_ROOT)
    grow(keeper, 5)


def test_a_lost_folder_is_restored_from_a_published_note(folder, keeper, tmp_path):
    published = (folder / "latest").read_bytes()
    elsewhere = tmp_path / "new disk"
    (elsewhere / "heads").mkdir(parents=True)
    (elsewhere / "heads" / f"{5:020d}.note").write_bytes(published)
    restored = keeper_in(elsewhere)
    assert restored.last() == keeper.last()
    with pytest.raises(HeadRefused):
        restored.sign(3, TREE.root(3), [])
    grow(restored, 8)


def test_an_older_promise_does_not_hide_a_newer_note(folder, keeper):
    older = (folder / "promised").read_bytes()
    grow(keeper, 8)
    (folder / "promised").write_bytes(older)
    assert keeper_in(folder).last() == keeper.heads()[-1]
    with pytest.raises(HeadRefused):
        keeper_in(folder).sign(8, FORK.root(8), FORK.consistency_proof(5, 8))


def damaged(name: str, change):
    def damage(folder: Path) -> None:
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return damage


NEWEST = f"heads/{5:020d}.note"


@pytest.mark.parametrize(
    "damage",
    [
        damaged("promised", lambda raw: b""),
        damaged("promised", lambda raw: raw[:20]),
        damaged("promised", lambda raw: b"\xff" + raw),
        damaged("promised", lambda raw: raw.replace(b"log/1", b"log/2")),
        damaged("promised", lambda raw: Checkpoint(ORIGIN, 5, bytes(32)).text.encode()),
        damaged(NEWEST, lambda raw: b""),
        damaged(NEWEST, lambda raw: raw[:-9]),
        damaged(NEWEST, lambda raw: raw.replace(b"\n5\n", b"\n6\n")),
        damaged(NEWEST, lambda raw: raw.replace(b"log/1 ", b"log/9 ")),
        damaged(NEWEST, lambda raw: Checkpoint(ORIGIN, 5, TREE.root(5)).signed(
            [SigningKey.generate(ORIGIN, Algorithm.ED25519)], 1).encode()),
    ],
)  # fmt: skip
def test_a_keeper_does_not_work_over_damaged_heads(folder, keeper, damage):
    damage(folder)
    before = files(folder)
    with pytest.raises(HeadsUnreadable):
        keeper_in(folder)
    assert files(folder) == before


def test_a_forged_newer_note_is_not_adopted(folder, keeper):
    forger = [SigningKey.generate(ORIGIN, Algorithm.ED25519)]
    forged = Checkpoint(ORIGIN, 8, FORK.root(8)).signed(forger, 1)
    (folder / "heads" / f"{8:020d}.note").write_bytes(forged.encode())
    before = files(folder)
    with pytest.raises(HeadsUnreadable, match="No trusted key"):
        keeper_in(folder)
    with pytest.raises(HeadsUnreadable):
        grow(keeper, 8)
    assert Checkpoint.parse_text((folder / "promised").read_text()).size == 8
    assert files(folder) == {**before, "promised": (folder / "promised").read_bytes()}


def test_a_damaged_older_head_is_found_when_heads_are_read(folder, keeper):
    path = folder / "heads" / f"{3:020d}.note"
    path.write_bytes(path.read_bytes().replace(b"\n3\n", b"\n4\n"))
    with pytest.raises(HeadsUnreadable, match="4 leaves"):
        keeper.heads()


def test_the_promise_is_on_the_disk_before_a_key_is_used(folder, keeper, monkeypatch):
    steps: list[str] = []

    def noted(name, step, seen=lambda *args: ""):
        def wrapped(*args, **kwargs):
            result = step(*args, **kwargs)
            steps.append(f"{name} {seen(*args)}".strip())
            return result

        return wrapped

    def synced(descriptor: int) -> str:
        return Path(os.readlink(f"/proc/self/fd/{descriptor}")).name

    monkeypatch.setattr(os, "fsync", noted("sync", os.fsync, synced))
    monkeypatch.setattr(os, "replace", noted("show", os.replace, lambda _, to: to.name))
    monkeypatch.setattr(os, "link", noted("show", os.link, lambda _, to: to.name))
    monkeypatch.setattr(SigningKey, "sign", noted("sign", SigningKey.sign))
    grow(keeper, 8)
    note = f"{8:020d}.note"
    at = steps.index("sync .promised.draft")
    assert steps[at:] == [
        "sync .promised.draft",
        "show promised",
        "sync signer",
        "sign",
        "sign",
        f"sync .{note}.draft",
        f"show {note}",
        "sync heads",
        "sync .latest.draft",
        "show latest",
        "sync signer",
    ]
    assert "sign" not in steps[:at]


def killed_runs(action: str, base: Path) -> list[tuple[Path, bool]]:
    KEYS[0].save(base / "ed25519.pem")
    KEYS[1].save(base / "ml-dsa-44.pem")
    run = subprocess.run(
        [sys.executable, str(HERE / "killed_signer.py"), action, str(base)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=600,
    )
    lines = [line.split() for line in run.stdout.splitlines()]
    return [(base / case, survived == "True") for case, survived in lines]


def roots_of_size_8(case: Path) -> set[str]:
    """Every root that any key has signed for eight leaves, published or not."""
    notes = (case / "signed").read_text().split("\n\n")
    return {lines.split("\n")[2] for lines in notes if "\n8\n" in lines}


def assert_sound(case: Path) -> None:
    keeper = keeper_in(case, at=3)
    last = keeper.last()
    assert last is not None
    assert last.signers(TRUSTED) == TRUSTED
    assert (case / "latest").read_bytes() == last.encode()
    for head in keeper.heads():
        assert head.signers(TRUSTED) == TRUSTED
    assert not list(case.rglob(".*"))


def test_killed_at_any_step_of_signing_it_signs_no_other_tree(folder, keeper, tmp_path):
    folder.rename(tmp_path / "template")
    cases = killed_runs("sign", tmp_path)
    assert sum(not survived for _, survived in cases) > 35
    outcomes = set()
    for case, survived in cases:
        signed = roots_of_size_8(case)
        assert_sound(case)
        keeper = keeper_in(case, at=3)
        proof = FORK.consistency_proof(5, 8)
        try:
            keeper.sign(8, FORK.root(8), proof)
        except HeadRefused:
            took_fork = False
        else:
            took_fork = True
        assert not (signed and took_fork), case
        assert not (survived and took_fork), case
        outcomes.add((bool(signed), took_fork))
        mine, other = (FORK, TREE) if took_fork else (TREE, FORK)
        grow(keeper, 8, mine)
        with pytest.raises(HeadRefused):
            keeper.sign(8, other.root(8), other.consistency_proof(5, 8))
        grow(keeper, 12, mine)
        assert_sound(case)
    # Killed before the promise, between promise and signature, and after it: all were met.
    assert outcomes == {(False, True), (False, False), (True, False)}


def test_killed_at_any_step_of_recovery_it_recovers_the_next_time(folder, keeper, tmp_path):
    (folder / "promised").write_text(Checkpoint(ORIGIN, 8, TREE.root(8)).text)
    (folder / ".latest.draft").write_bytes(b"cms.exam")
    (folder / "heads" / f".{8:020d}.note.draft").write_bytes(b"cms.exam")
    folder.rename(tmp_path / "template")
    cases = killed_runs("recover", tmp_path)
    assert sum(not survived for _, survived in cases) > 20
    for case, _ in cases:
        assert_sound(case)
        keeper = keeper_in(case)
        assert [head.size for head in keeper.heads()] == [0, 3, 5, 8]
        with pytest.raises(HeadRefused):
            keeper.sign(8, FORK.root(8), FORK.consistency_proof(5, 8))
        grow(keeper, 12)


def test_a_full_disk_stops_a_signature_and_harms_nothing(folder, keeper, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace", "link"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, full)
            with pytest.raises(OSError, match="No space"):
                keeper.sign(8, TREE.root(8), TREE.consistency_proof(5, 8))
    # The last fault came after the promise, so the tree is bound, though no note was answered.
    with pytest.raises(HeadRefused):
        keeper.sign(8, FORK.root(8), FORK.consistency_proof(5, 8))
    assert keeper.last().size == 8
    assert_sound(folder)


def test_keepers_of_one_folder_take_turns(folder, keeper):
    def attempt(number: int) -> bytes | None:
        tree = FORK if number % 2 else TREE
        try:
            return keeper_in(folder).sign(8, tree.root(8), tree.consistency_proof(5, 8)).encode()
        except HeadRefused:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(attempt, range(24)))
    assert len(answers - {None}) == 1
    assert_sound(folder)


def test_keys_are_changed_by_way_of_a_head_that_both_sign(folder, keeper):
    new = [SigningKey.generate(ORIGIN, Algorithm.ED25519)]
    with pytest.raises(HeadsUnreadable, match="No trusted key"):
        keeper_in(folder, keys=new)
    grow(keeper_in(folder, keys=KEYS + new), 8)
    grow(keeper_in(folder, keys=new), 9)


def test_a_keeper_needs_keys_named_as_its_log(folder):
    for keys in ([], [SigningKey.generate("other.example", Algorithm.ED25519)]):
        with pytest.raises(ValueError, match="all named"):
            keeper_in(folder, keys=keys)
