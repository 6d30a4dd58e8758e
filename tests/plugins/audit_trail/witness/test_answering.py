"""A witness signs one history of a log, whatever it is asked (C2SP tlog-witness)."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import (
    Algorithm,
    Checkpoint,
    KeyRefused,
    NoteRefused,
    SigningKey,
    verifiers,
)
from plugins.audit_trail.hashing.tree import EMPTY_ROOT
from plugins.audit_trail.witness.answering import SIZE_TYPE, Witness
from plugins.audit_trail.witness.keeping import Memory, WitnessUnready
from tests.plugins.audit_trail.witness.trees import FORK, KEYS, ORIGIN, TREE, TRUSTED, asked, head

NOW = 1_800_000_123


@pytest.fixture
def memory(tmp_path):
    memory = Memory(tmp_path / "witness")
    memory.found("witness.example/1")
    memory.trust(ORIGIN, TRUSTED)
    return memory


@pytest.fixture
def witness(memory):
    return Witness(memory, rate=1e9, clock=lambda: NOW)


def _cosigned(body: bytes, answered: bytes) -> Checkpoint:
    return Checkpoint.parse(Extension.parse(body).head.encode() + answered)


def test_a_head_that_continues_gets_lines_that_any_client_verifies(memory, witness):
    own = verifiers(memory.own_keys())
    for old, size in ((0, 0), (0, 5), (5, 5), (5, 8), (8, 40)):
        body = asked(old, size)
        answer = witness.add_checkpoint(body)
        assert answer.status == 200, answer.body
        cosigned = _cosigned(body, answer.body)
        assert cosigned.signers(own) == own
        for key, line in zip(own, cosigned.signatures[-2:], strict=True):
            assert key.verify(cosigned.text, line) == NOW
        shown = witness.show(sha256(ORIGIN.encode()).hexdigest())
        assert (shown.status, Checkpoint.parse(shown.body)) == (200, cosigned)
    assert {key.algorithm for key in own} == {Algorithm.ED25519_COSIGNATURE, Algorithm.ML_DSA_44}


def test_another_size_than_the_known_one_is_told_the_known_one(witness):
    assert witness.add_checkpoint(asked(3, 8))[:2] == (409, b"0\n")
    assert witness.add_checkpoint(asked(0, 8)).status == 200
    for old, size in ((0, 8), (5, 8), (0, 3), (5, 5), (9, 12)):
        answer = witness.add_checkpoint(asked(old, size))
        assert answer == (409, b"8\n", SIZE_TYPE)


def test_a_history_that_was_rewritten_is_refused_and_kept_as_evidence(memory, witness):
    assert witness.add_checkpoint(asked(0, 8)).status == 200
    for body in (asked(8, 12, FORK), asked(8, 8, FORK)):
        assert witness.add_checkpoint(body).status == 422
    kept = sorted((memory.folder / "logs").glob("*/conflicts/*.note"))
    found = [Checkpoint.parse(path.read_bytes()) for path in kept]
    assert [one.text for one in found] == [head(8, FORK).text, head(12, FORK).text]
    assert all(len(one.signers(TRUSTED)) == 2 for one in found)
    # Before the fork both are one.
    other = Witness(memory, rate=1e9)
    assert other.add_checkpoint(asked(8, 12)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 0\n", 400),
        (b"old 00\n\n", 400),
        (asked(0, 3).replace(b"old 0", b"old -1"), 400),
        (asked(0, 3).replace(b"old 0", b"old  0"), 400),
        (asked(0, 3).replace(b"old 0\n", b"old 0\nAAAA\n"), 400),
        (
            asked(0, 3).replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" + b"A" * 42 + b"B=\n"),
            400,
        ),
        (asked(0, 3).replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64), 400),
        (asked(0, 3).replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n"), 422),
        (asked(0, 3).replace(b"old 0", b"old 4"), 400),
        (asked(0, 3)[:-1], 400),
        (asked(0, 3).replace(ORIGIN.encode(), b"cms.example/audit/2"), 404),
        (asked(0, 3).replace(b"\n3\n", b"\n4\n"), 403),
        (asked(0, 3, keys=[SigningKey.generate(ORIGIN, Algorithm.ED25519)]), 403),
        (b"\xff" * 100, 400),
        (b"old 0\n\n" + b"x" * 600_000, 400),
    ],
)
def test_what_is_wrong_is_named_by_its_status(witness, body, status):
    answer = witness.add_checkpoint(body)
    assert answer.status == status, answer.body
    assert witness.add_checkpoint(asked(0, 3)).status == 200, "and nothing was kept of it"


def test_an_empty_tree_has_one_root_only(witness):
    false = Checkpoint(ORIGIN, 0, TREE.root(1)).signed(KEYS, 1)
    assert witness.add_checkpoint(Extension(0, (), false).encode()).status == 422
    assert Extension.parse(asked(0, 0)).head.root == EMPTY_ROOT


def test_lines_of_strangers_are_neither_believed_nor_kept(witness):
    stranger = SigningKey.generate("somebody.example", Algorithm.ED25519)
    note = head(3).signed([stranger], 1)
    answer = witness.add_checkpoint(Extension(0, (), note).encode())
    assert answer.status == 200
    shown = Checkpoint.parse(witness.show(sha256(ORIGIN.encode()).hexdigest()).body)
    assert "somebody.example" not in {line.name for line in shown.signatures}


def test_a_log_that_asks_too_often_waits(memory):
    witness = Witness(memory, rate=0.001)
    statuses = [witness.add_checkpoint(asked(0, 0)).status for _ in range(3)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("place", ["", "..", "x" * 64, "0" * 64, "../../name", "A" * 64])
def test_monitors_find_what_was_cosigned_and_nothing_else(witness, place):
    assert witness.show(place).status == 404


def test_a_folder_that_is_damaged_signs_nothing(memory, witness):
    assert witness.add_checkpoint(asked(0, 8)).status == 200
    (seen,) = (memory.folder / "logs").glob("*/seen")
    whole = seen.read_bytes()
    for damaged in (b"", whole[:40], whole.replace(ORIGIN.encode(), b"another.example")):
        seen.write_bytes(damaged)
        assert witness.add_checkpoint(asked(8, 12)).status == 500
    seen.unlink()
    assert witness.add_checkpoint(asked(0, 12, FORK)).status == 500
    seen.write_bytes(whole)
    assert witness.add_checkpoint(asked(8, 12)).status == 200


def test_a_witness_is_founded_once_and_trusts_keys_of_the_log_only(memory, tmp_path):
    with pytest.raises(WitnessUnready, match="already"):
        memory.found("witness.example/2")
    with pytest.raises(WitnessUnready, match="init"):
        Witness(Memory(tmp_path / "nothing"))
    cosigner = SigningKey.generate(ORIGIN, Algorithm.ED25519_COSIGNATURE).verifier
    for keys in ((), (cosigner,), (SigningKey.generate("x", Algorithm.ED25519).verifier,)):
        with pytest.raises(KeyRefused, match="origin"):
            memory.trust(ORIGIN, keys)
    assert memory.origins() == [ORIGIN]


TREES = st.sampled_from([TREE, FORK])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TREES), max_size=12))
def test_whatever_is_asked_in_whatever_order_one_history_is_signed(tmp_path_factory, steps):
    memory = Memory(tmp_path_factory.mktemp("witness"))
    memory.found("witness.example/1")
    memory.trust(ORIGIN, TRUSTED)
    witness, signed = Witness(memory, rate=1e9), []
    for old, size, tree in steps:
        body = asked(old, size, tree)
        answer = witness.add_checkpoint(body)
        if answer.status == 409:
            answer = witness.add_checkpoint(body := asked(int(answer.body), size, tree))
        assert answer.status in {200, 400, 409, 422}
        if answer.status == 200:
            signed.append(Extension.parse(body).head)
    sizes = [one.size for one in signed]
    assert sizes == sorted(sizes)
    assert any(all(tree.root(one.size) == one.root for one in signed) for tree in (TREE, FORK)), (
        "two histories"
    )


BODIES = st.sampled_from([asked(0, 3), asked(0, 40), asked(8, 9)])
CHANGED = st.builds(
    lambda whole, at, more: whole[:at] + more + whole[at + len(more) :],
    BODIES,
    st.integers(0, 300),
    st.binary(max_size=4),
)


@given(st.binary(max_size=300) | CHANGED)
def test_no_bytes_make_it_fail_or_sign_what_the_log_did_not(tmp_path_factory, body):
    memory = Memory(tmp_path_factory.getbasetemp() / "fuzzed-witness")
    if not (memory.folder / "name").exists():
        memory.found("witness.example/1")
        memory.trust(ORIGIN, TRUSTED)
    answer = Witness(memory, rate=1e9).add_checkpoint(body)
    assert answer.status in {200, 400, 403, 404, 409, 422}
    if answer.status == 200:
        made = Extension.parse(body)
        assert made.head.root == TREE.root(made.head.size)
    try:
        assert Extension.parse(body).encode() == body
    except NoteRefused:
        assert answer.status == 400
