"""The signer as a process of its own: what it knows, whom it answers, what it refuses."""

import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, Tree
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, trusted_keys
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import SignerUnreachable
from plugins.audit_trail.heads.process import SignerServer
from plugins.audit_trail.heads.remote import RemoteSigner
from plugins.audit_trail.heads.signer import HeadRefused
from tests.plugins.audit_trail.heads.signing_process import MODULE, signing
from tests.support.patience import LONG

LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(600)]
TREE = Tree(LEAVES)
FORK = Tree([*LEAVES[:6], *(leaf_hash_of(b"forged %d" % n) for n in range(594))])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "signer"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s"


def grow(signer, size: int, tree: Tree = TREE) -> Checkpoint:
    last = signer.last()
    return signer.sign(size, tree.root(size), tree.consistency_proof(last.size, size))


def test_it_has_neither_the_database_nor_the_web_in_it():
    code = f"import sys, {MODULE}; print(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "cryptography" in loaded
    assert not loaded & {"sqlalchemy", "litestar", "psycopg", "asyncpg", "structlog", "obstore"}


def test_the_whole_life_of_a_log_over_the_socket(folder, path):
    signer = RemoteSigner(path, timeout=LONG)
    with pytest.raises(SignerUnreachable, match="does not answer"):
        signer.last()
    with signing(folder, path) as process:
        assert signer.epochs() == []
        with pytest.raises(EvidenceMissing, match="holds no log"):
            signer.last()
        epoch = signer.open("clinica.example")
        assert signer.open("another.example") == epoch
        assert signer.epochs() == [epoch]
        assert (signer.last().size, signer.last().root) == (0, EMPTY_ROOT)
        head = grow(signer, 5)
        assert len(head.signers(trusted_keys(epoch))) == 2
        assert signer.sign(5, TREE.root(5), []) == head == signer.last()
        for size, root, proof in (
            (5, FORK.root(7), []),
            (4, TREE.root(4), []),
            (8, FORK.root(8), FORK.consistency_proof(5, 8)),
            (8, TREE.root(8), []),
        ):
            if size == 8 and root == FORK.root(8):
                grow(signer, 7)
            with pytest.raises(HeadRefused):
                signer.sign(size, root, proof)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
    assert not path.exists()
    with signing(folder, path):
        assert signer.last().size == 7
        assert grow(signer, 600).root == TREE.root()


def test_the_socket_and_the_keys_are_its_own(folder, path):
    with signing(folder, path):
        RemoteSigner(path, LONG).open("clinica.example")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        keys = list((folder / "keys").iterdir())
        assert len(keys) == 2
        assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys)
    with signing(folder, path, "--shared"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_user_who_is_not_named_gets_no_answer(folder, path):
    server = SignerServer(path, LocalSigner(Evidence(folder)), frozenset({os.getuid() + 1}), 0o600)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    with pytest.raises(SignerUnreachable, match=f"User {os.getuid()} may not ask"):
        RemoteSigner(path, LONG).open("clinica.example")
    server.shutdown()
    server.server_close()
    assert not folder.exists()


def test_a_second_signer_of_a_folder_does_not_start(folder, path, tmp_path):
    with signing(folder, path):
        command = [sys.executable, "-m", MODULE, "--folder", folder, "--socket", tmp_path / "t"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
        assert (second.returncode, second.stderr) == (
            1, f"cms audit signer: another signer works in {folder}\n",
        )  # fmt: skip
        assert path.exists()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{}\n", "request"),
        (b"\xff\n", "request"),
        (b'{"v":2,"op":"last"}\n', "request"),
        (b'{"v":1,"op":"keys"}\n', "request"),
        (b'{"v":1,"op":"roll"}\n', "request"),
        (b'{"v":1,"op":"sign","size":-1,"root":""}\n', "request"),
        (b'{"v":1,"op":"sign","size":1,"root":"","secret":1}\n', "request"),
        (b'{"v":1,"op":"open","site":"a b\\nc"}\n', "key"),
        (b"x" * ((1 << 20) + 1), "request"),
    ],
)
def test_no_line_ends_it(folder, path, line, fault):
    if b'"sign"' in line:
        LocalSigner(Evidence(folder)).open("clinica.example")
    server = SignerServer(path, LocalSigner(Evidence(folder)), frozenset({os.getuid()}), 0o600)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))
        caller.sendall(line)
        with caller.makefile("rb") as lines:
            assert json.loads(lines.readline())["fault"] == fault
    assert RemoteSigner(path, LONG).epochs() is not None
    server.shutdown()
    server.server_close()


def test_a_silent_signer_is_not_waited_for(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        with pytest.raises(SignerUnreachable, match="timed out"):
            RemoteSigner(path, timeout=0.2).last()


def test_killed_again_and_again_it_never_signs_two_histories(folder, path):
    """SIGKILL at any moment; afterwards a forger tries each head that may have been promised."""
    # From eight on the histories differ, also when no kill leaves time for another head.
    signer, size = RemoteSigner(path, LONG), 8
    chance = random.Random(5)
    with signing(folder, path):
        signer.open("clinica.example")
        answered = {8: grow(signer, 8).encode()}
    for _ in range(6):
        with signing(folder, path) as process:
            killer = Thread(
                target=lambda p=process: (time.sleep(chance.uniform(0, 0.12)), p.kill())
            )
            killer.start()
            try:
                while size < 590:
                    size = max(size, signer.last().size) + 1
                    answered[size] = grow(signer, size).encode()
            except SignerUnreachable:
                pass
            killer.join()
    with signing(folder, path):
        last = signer.last()
        assert last.size >= max(answered)
        assert last.root == TREE.root(last.size)
        for known, note in answered.items():
            assert (folder / "heads" / f"{known:020d}.note").read_bytes() == note
        for forged in (last.size, last.size + 1):
            with pytest.raises(HeadRefused):
                signer.sign(forged, FORK.root(forged), FORK.consistency_proof(last.size, forged))
