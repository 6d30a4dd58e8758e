"""The witness as its operator runs it: a process without any database, killed again and again."""

import contextlib
import json
import random
import signal
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from plugins.audit_trail import cli
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint, VerifierKey
from tests.plugins.audit_trail.witness.trees import FORK, KEYS, ORIGIN, TREE, TRUSTED, asked
from tests.support.patience import LONG

ROOT = Path(__file__).resolve().parents[4]
START = "import sys; from cms.cli import main; sys.argv[0] = 'cms'; main()"


def command(*arguments: str):
    return CliRunner().invoke(cli.audit, ["witness", *arguments])


@pytest.fixture
def folder(tmp_path) -> Path:
    where = tmp_path / "witness"
    made = command("init", "dpo.example/1", "--folder", str(where))
    assert made.exit_code == 0, made.output
    assert len([VerifierKey.parse(line) for line in made.output.split()]) == 2
    trusted = command("trust", ORIGIN, *(k.vkey for k in TRUSTED), "--folder", str(where))
    assert trusted.output == f"dpo.example/1 witnesses {ORIGIN}\n"
    return where


@contextlib.contextmanager
def serving(folder: Path, *options: str):
    """A process of its own, and the address it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, "audit", "witness", "serve", "--folder", str(folder),
         "--port", "0", "--rate", "100000", *options],
        cwd=folder, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        said = process.stdout.readline().split()
        assert said[:2] == ["dpo.example/1", "on"], said
        drain.start()
        yield process, said[2]
    finally:
        process.kill()
        process.wait()
        if drain.ident is not None:
            drain.join()
        process.stdout.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(folder, how):
    with serving(folder) as (process, _):
        process.send_signal(how)
        assert process.wait(LONG) == 0


def test_what_an_operator_does(folder, tmp_path):
    with serving(folder) as (process, url):
        answer = httpx.post(url, content=asked(0, 8), timeout=LONG)
        assert answer.status_code == 200
        assert httpx.post(url, content=asked(8, 9, FORK), timeout=LONG).status_code == 422
        process.send_signal(signal.SIGINT)
        assert process.wait(LONG) == 0
    told = command("status", "--folder", str(folder))
    assert f"{ORIGIN}: 8 entries, 1 heads CONTRADICT it" in told.output
    said = json.loads(command("status", "--folder", str(folder), "--json").output)
    assert said["logs"] == [
        {"origin": ORIGIN, "size": 8, "root": TREE.root(8).hex(), "conflicts": 1}
    ]
    for wrong in (
        ("init", "dpo.example/2", "--folder", str(folder)),
        ("init", "no name", "--folder", str(tmp_path / "x")),
        ("trust", ORIGIN, "nonsense", "--folder", str(folder)),
        ("trust", "other.example", TRUSTED[0].vkey, "--folder", str(folder)),
        ("status", "--folder", str(tmp_path / "y")),
        ("serve", "--folder", str(tmp_path / "y")),
    ):
        refused = command(*wrong)
        assert (refused.exit_code, refused.output[:6]) == (1, "Error:"), wrong


def test_it_speaks_tls_by_itself(folder, tmp_path):
    pem = _certificate()
    (tmp_path / "tls.pem").write_bytes(pem)
    trust = ssl.create_default_context(cadata=pem[pem.index(b"-----BEGIN CERT") :].decode())
    with serving(folder, "--certfile", str(tmp_path / "tls.pem")) as (_, url):
        assert url.startswith("https://127.0.0.1:")
        with httpx.Client(verify=trust, timeout=LONG) as http:
            assert http.post(url, content=asked(0, 5)).status_code == 200


def test_killed_at_any_moment_it_never_signs_a_second_history(folder):
    """Two histories are pressed upon it while it is killed; whatever it answered is of one."""
    chance, signed = random.Random(5), list[Checkpoint]()
    for _ in range(3):
        with serving(folder) as (process, url):
            timer = threading.Timer(chance.uniform(0.02, 0.4), process.kill)
            timer.start()
            _press(url, chance, signed)
            timer.join()
    with serving(folder) as (_, url):
        _press(url, chance, signed, rounds=40)
    roots = {head.size: head.root for head in signed}
    assert signed
    assert all(roots[head.size] == head.root for head in signed)
    assert any(all(tree.root(s) == root for s, root in roots.items()) for tree in (TREE, FORK))


def _press(url: str, chance: random.Random, signed: list[Checkpoint], rounds: int = 2000) -> None:
    old = 0
    with contextlib.suppress(httpx.TransportError), httpx.Client(timeout=LONG) as http:
        for _ in range(rounds):
            tree, size = chance.choice((TREE, FORK)), min(40, old + chance.randint(0, 3))
            body = asked(old, size, tree, KEYS[:1])
            answer = http.post(url, content=body)
            if answer.status_code == 409:
                old = int(answer.text)
            elif answer.status_code == 200:
                signed.append(Extension.parse(body).head)
                old = size


def _certificate() -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "witness")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, True, False, False, False),
                       critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )  # fmt: skip
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)
