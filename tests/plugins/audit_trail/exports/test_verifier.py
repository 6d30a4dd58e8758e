"""The one-file verifier: its Ed25519, its strictness, and that it needs nothing but Python 3.9."""

import ast
import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.audit_trail.hashing.canonical import NotCanonical, canonical_bytes
from plugins.audit_trail.verifier import verify
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import Exporter

SOURCE = Path(verify.__file__)
DATA = Path(__file__).parent.parent / "data"

# RFC 8032 §7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_rfc(vector: tuple[str, str, str]) -> None:
    public, message, signature = map(bytes.fromhex, vector)
    assert verify.ed25519_holds(public, message, signature)
    assert not verify.ed25519_holds(public, message + b"\0", signature)
    # s + L is the same number modulo the order: RFC 8032 §5.1.7 refuses it.
    s = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.ed25519_holds(public, message, signature[:32] + s.to_bytes(32, "little"))
    assert not verify.ed25519_holds(public[:-1], message, signature)
    assert not verify.ed25519_holds(b"\xff" * 32, message, signature)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(), st.integers(0, 511))
def test_it_agrees_with_a_library(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.ed25519_holds(public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify.ed25519_holds(public, message, bytes(flipped))


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 9))
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {*sys.stdlib_module_names, "collections.abc"}


async def test_it_runs_on_the_oldest_python_that_it_names(house: House, export: Exporter):
    oldest, found = shutil.which("python3.9") or "python3.9", None
    with contextlib.suppress(OSError):
        found = subprocess.run([oldest, "--version"], capture_output=True, check=False)
    if found is None or found.returncode:
        pytest.skip("no python3.9 that runs on PATH")
    await house.sequence(3)
    folder = await export()
    ran = subprocess.run(
        [oldest, "-I", "-S", str(folder / "verify.py")],
        capture_output=True, text=True, check=False, env={"LANG": "pt_BR.UTF-8"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.rstrip().endswith("VERDE  tudo o que foi verificado confere")


@pytest.mark.parametrize("name", ["leaves.json", "leaves-2.json"])
def test_the_frozen_events_are_canonical_to_it(name: str) -> None:
    for vector in json.loads((DATA / name).read_text())["leaves"]:
        line = bytes.fromhex(vector["canonical"])
        assert verify.event_of(line, name, 1) == vector["envelope"]


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab_Z\x00é", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(_plain)
def test_it_takes_as_canonical_what_the_product_does(value: object) -> None:
    event = dict.fromkeys(verify.KEYS[2])
    event |= {"schema_version": 2, "detail": value}
    try:
        line = canonical_bytes(event)
    except NotCanonical:
        line = None
    written = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        given = written.encode()
    except UnicodeEncodeError:
        return
    if line is None:
        with pytest.raises(verify.Wrong):
            verify.event_of(given, "events.jsonl", 1)
    else:
        assert verify.event_of(line, "events.jsonl", 1) == event


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":9007199254740993}',
        b'{"b":1,"a":1}', b'{"A":1}', b'{"a":"\\u0000"}', b'{"a":"\\u00e9"}', b"[1]", b"", b"\xff",
        b'{"a":"e\xcc\x81"}', b'{"schema_version":2}', b'{"schema_version":3}', b"[" * 100_000,
        b'{"schema_version":[]}',
    ],
)  # fmt: skip
def test_other_spellings_are_refused(line: bytes) -> None:
    with pytest.raises(verify.Wrong):
        verify.event_of(line, "events.jsonl", 1)
