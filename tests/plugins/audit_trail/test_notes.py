"""Checkpoints speak C2SP: the specification's own example, frozen notes, and every refusal."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.audit_trail.hashing.notes import (
    Algorithm,
    Checkpoint,
    KeyRefused,
    Note,
    NoteRefused,
    Signature,
    SigningKey,
    VerifierKey,
    verifiers,
)
from plugins.audit_trail.hashing.tree import EMPTY_ROOT

DATA = Path(__file__).parent / "data"
FROZEN = (DATA / "checkpoint.note").read_bytes()
FROZEN_KEYS = [VerifierKey.parse(line) for line in (DATA / "checkpoint.vkeys").read_text().split()]
ORIGIN = "cms.example/log/1"
AT = 1767323045

# The keys of the frozen note, from seeds that anybody can read: they protect nothing.
ED25519 = SigningKey.of(
    ORIGIN, Algorithm.ED25519, Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
)
ML_DSA = SigningKey.of(
    ORIGIN, Algorithm.ML_DSA_44, MLDSA44PrivateKey.from_seed_bytes(bytes(range(32, 64)))
)
WITNESS = SigningKey.of(
    "witness.example/w1",
    Algorithm.ED25519_COSIGNATURE,
    Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96))),
)
KEYS = (ED25519, ML_DSA, WITNESS)
HEAD = Checkpoint(
    ORIGIN, 8, bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
)
same_every_time = settings(derandomize=True, deadline=None, database=None)

C2SP_EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501 -- the example of signed-note, as it stands there
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_the_example_of_the_specification_verifies():
    key = VerifierKey.parse(C2SP_VKEY)
    note = Note.parse(C2SP_EXAMPLE.encode())
    assert note.text == "This is an example message.\n"
    assert note.signers([key]) == (key,)
    assert note.encode() == C2SP_EXAMPLE.encode()
    assert key.vkey == C2SP_VKEY


def test_the_frozen_checkpoint_verifies_under_every_kind_of_key():
    checkpoint = Checkpoint.parse(FROZEN)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 8, HEAD.root)
    assert checkpoint.signers(FROZEN_KEYS) == tuple(FROZEN_KEYS)
    assert checkpoint.encode() == FROZEN
    assert list(verifiers(KEYS)) == FROZEN_KEYS


@pytest.mark.parametrize("position", [0, 2])
def test_ed25519_lines_are_frozen(position):
    assert (
        HEAD.signed([KEYS[position]], AT).signatures[0]
        == (Checkpoint.parse(FROZEN).signatures[position])
    )


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_timestamped_line_tells_its_time(position):
    signature = Checkpoint.parse(FROZEN).signatures[position]
    expected = None if position == 0 else AT
    assert FROZEN_KEYS[position].verify(HEAD.text, signature) == expected


def test_the_lengths_are_those_of_the_specification():
    lengths = [len(signature.value) for signature in Checkpoint.parse(FROZEN).signatures]
    assert lengths == [64, 8 + 2420, 8 + 64]


@same_every_time
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"),
        min_size=1,
        max_size=60,
    ),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**63 - 1),
)
def test_any_checkpoint_reads_back_and_verifies(origin, size, root, at):
    keys = [
        SigningKey.of(origin, ED25519.verifier.algorithm, ED25519.private),
        SigningKey.of(origin, WITNESS.verifier.algorithm, WITNESS.private),
    ]
    checkpoint = Checkpoint(origin, size, root).signed(keys, at)
    assert Checkpoint.parse(checkpoint.encode()) == checkpoint
    assert checkpoint.signers(verifiers(keys)) == verifiers(keys)
    assert [VerifierKey.parse(key.vkey) for key in verifiers(keys)] == list(verifiers(keys))


def test_lines_of_unknown_keys_are_ignored():
    stranger = SigningKey.generate("stranger.example", Algorithm.ED25519)
    namesake = SigningKey.generate(ORIGIN, Algorithm.ED25519)
    unheard = Signature(ORIGIN, b"\xff\xff\xff\xff", b"whatever an unknown type holds")
    checkpoint = HEAD.signed([stranger, namesake, ED25519], AT)
    checkpoint = Checkpoint(ORIGIN, 8, HEAD.root, (unheard, *checkpoint.signatures))
    assert Checkpoint.parse(checkpoint.encode()).signers([ED25519.verifier]) == (ED25519.verifier,)


def test_a_note_that_no_trusted_key_signed_is_refused():
    with pytest.raises(NoteRefused, match="No trusted key"):
        HEAD.signed([ED25519], AT).signers([ML_DSA.verifier])


@pytest.mark.parametrize("broken", KEYS, ids=lambda key: key.verifier.algorithm.name)
def test_one_wrong_line_of_a_trusted_key_spoils_the_note(broken):
    good = [key for key in KEYS if key is not broken]
    value = bytearray(broken.sign(HEAD.text, AT).value)
    value[-1] ^= 1
    wrong = Signature(broken.verifier.name, broken.verifier.key_id, bytes(value))
    signed = HEAD.signed(good, AT)
    spoiled = Checkpoint(ORIGIN, 8, HEAD.root, (*signed.signatures, wrong))
    with pytest.raises(NoteRefused, match="does not verify"):
        spoiled.signers(verifiers(KEYS))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.verifier.algorithm.name)
@pytest.mark.parametrize(
    "other",
    [
        Checkpoint("cms.example/log/2", 8, HEAD.root),
        Checkpoint(ORIGIN, 9, HEAD.root),
        Checkpoint(ORIGIN, 8, EMPTY_ROOT),
    ],
    ids=["origin", "size", "root"],
)
def test_a_signature_is_bound_to_origin_size_and_root(key, other):
    moved = Checkpoint(other.origin, other.size, other.root, (key.sign(HEAD.text, AT),))
    with pytest.raises(NoteRefused, match="does not verify"):
        moved.signers([key.verifier])


@pytest.mark.parametrize("key", [ML_DSA, WITNESS], ids=["ML_DSA_44", "ED25519_COSIGNATURE"])
def test_the_time_of_a_cosignature_is_signed(key):
    signature = key.sign(HEAD.text, AT)
    later = Signature(signature.name, signature.key_id, bytes(8) + signature.value[8:])
    with pytest.raises(NoteRefused, match="does not verify"):
        key.verifier.verify(HEAD.text, later)


def test_an_ml_dsa_signature_is_bound_to_the_name_of_its_signer():
    renamed = VerifierKey("other.example", Algorithm.ML_DSA_44, ML_DSA.verifier.public)
    with pytest.raises(NoteRefused, match="does not verify"):
        renamed.verify(HEAD.text, ML_DSA.sign(HEAD.text, AT))


@pytest.mark.parametrize("value", [b"", b"x", bytes(8), bytes(72), bytes(9000)])
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.verifier.algorithm.name)
def test_signatures_of_any_length_are_refused_in_words(key, value):
    with pytest.raises(NoteRefused):
        key.verifier.verify(HEAD.text, Signature(key.verifier.name, key.verifier.key_id, value))


@same_every_time
@given(st.integers(0, len(FROZEN) * 8 - 1))
def test_any_flipped_bit_of_a_checkpoint_costs_a_signature(place):
    altered = bytearray(FROZEN)
    altered[place // 8] ^= 1 << place % 8
    try:
        signers = Checkpoint.parse(bytes(altered)).signers(FROZEN_KEYS)
    except NoteRefused:
        return
    # A flip in a line's name or key id makes it a stranger's; the others still hold.
    assert len(signers) == 2


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "lacks"),
        (b"a\n8\n\n", "lacks"),
        (FROZEN[:-1], "lacks"),
        (FROZEN[: FROZEN.index(b"\n\n") + 2], "lacks"),
        (FROZEN + b"\n", "lacks"),
        (FROZEN.replace(b"\n\n", b"\n"), "lacks"),
        (FROZEN.replace(b"\n", b"\r\n"), "control"),
        (FROZEN.replace(b"cms", b"c\ts"), "control"),
        (b"\xff" + FROZEN, "UTF-8"),
        (FROZEN.replace("—".encode(), b"-", 1), "no signature line"),
        (FROZEN.replace(b"witness.example/w1 ", b"witness.example/w1  "), "no signature line"),
        (FROZEN.replace(b"witness.example/w1", b"witness.example+w1"), "no signature line"),
        (FROZEN + "— a AAAA\n".encode(), "too short"),
        (FROZEN + "— a AAAAA\n".encode(), "base64"),
        (FROZEN + "— a AAAAAAB=\n".encode(), "canonical base64"),
        (FROZEN + "— a AAAAAAA=\n".encode() * 64, "more than 64"),
        (FROZEN + b" " * (1 << 19), "larger"),
        (FROZEN.replace(b"\n8\n", b"\n08\n"), "no tree size"),
        (FROZEN.replace(b"\n8\n", b"\n-8\n"), "no tree size"),
        (FROZEN.replace(b"\n8\n", "\n٨\n".encode()), "no tree size"),
        (FROZEN.replace(b"\n8\n", b"\n9223372036854775808\n"), "no tree size"),
        (FROZEN.replace(b"\n8\n", b"\n8\nextension\n"), "three lines"),
        (FROZEN.replace(b"\n8\n", b"\n"), "three lines"),
        (FROZEN.replace(b"\n\n", b"\nextension\n\n"), "three lines"),
        (FROZEN.replace(b"XcnaeacG", b"XcnaeacG!"), "not base64"),
        (FROZEN.replace(b"XcnaeacG", b""), "32 bytes"),
        (FROZEN.replace(b"Qyg=", b"Qyh="), "canonical base64"),
        (FROZEN.replace(b"cms.example/log/1\n8", b"\n8"), "no origin"),
        (FROZEN.replace(b"cms.example/log/1\n8", b"o" * 256 + b"\n8"), "no origin"),
    ],
)
def test_malformed_checkpoints_are_refused(raw, fault):
    with pytest.raises(NoteRefused, match=fault):
        Checkpoint.parse(raw)


def test_cosignatures_are_made_of_checkpoints_only():
    for key in (ML_DSA, WITNESS):
        with pytest.raises(NoteRefused, match="three lines"):
            key.sign("Any other text.\n", AT)
    with pytest.raises(NoteRefused, match="no moment"):
        ML_DSA.sign(HEAD.text, 2**63)
    note = Note("Any text.\n", (ED25519.sign("Any text.\n", AT),))
    assert Note.parse(note.encode()).signers([ED25519.verifier]) == (ED25519.verifier,)


def test_a_note_may_hold_empty_lines():
    text = "One.\n\nTwo.\n\n\nThree.\n"
    note = Note(text, (ED25519.sign(text, AT),))
    assert Note.parse(note.encode()) == note


@pytest.mark.parametrize(
    "written",
    [
        "example.com/foo",
        C2SP_VKEY.replace("530d903a", "530d903b"),
        C2SP_VKEY.replace("530d903a", "530D903A"),
        C2SP_VKEY[:-4],
        C2SP_VKEY.replace("+Ae", "+/e"),
        C2SP_VKEY.replace("example.com/foo", "example.com /foo"),
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+!",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_malformed_verifier_keys_are_refused(written):
    with pytest.raises(KeyRefused):
        VerifierKey.parse(written)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_comes_back_from_its_file_and_only_its_owner_reads_it(tmp_path, algorithm):
    key = SigningKey.generate(ORIGIN, algorithm)
    path = tmp_path / "key.pem"
    old_mask = os.umask(0)
    try:
        key.save(path)
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path, ORIGIN, algorithm).verifier == key.verifier
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_file_is_never_overwritten(tmp_path):
    path = tmp_path / "key.pem"
    ED25519.save(path)
    with pytest.raises(FileExistsError):
        ML_DSA.save(path)
    assert SigningKey.load(path, ORIGIN, Algorithm.ED25519).verifier == ED25519.verifier
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path, mode):
    path = tmp_path / "key.pem"
    ED25519.save(path)
    path.chmod(mode)
    with pytest.raises(KeyRefused, match="chmod 600"):
        SigningKey.load(path, ORIGIN, Algorithm.ED25519)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_without_a_key_is_refused(tmp_path, content):
    path = tmp_path / "key.pem"
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(KeyRefused, match="no private key"):
        SigningKey.load(path, ORIGIN, Algorithm.ED25519)


def test_a_key_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "key.pem"
    ML_DSA.save(path)
    with pytest.raises(KeyRefused, match="cannot make ED25519"):
        SigningKey.load(path, ORIGIN, Algorithm.ED25519)
    elliptic = generate_private_key(SECP256R1())
    path.write_bytes(elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyRefused, match="holds a EC"):
        SigningKey.load(path, ORIGIN, Algorithm.ED25519)


def test_the_same_key_under_two_types_has_two_ids():
    plain = SigningKey.of(ORIGIN, Algorithm.ED25519, ED25519.private)
    timed = SigningKey.of(ORIGIN, Algorithm.ED25519_COSIGNATURE, ED25519.private)
    assert plain.verifier.key_id != timed.verifier.key_id
    assert HEAD.signed([plain, timed], AT).signers(verifiers([timed])) == (timed.verifier,)
