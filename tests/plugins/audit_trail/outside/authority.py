"""A timestamp authority of our own: certificates, and `openssl ts` that signs with them."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class LocalAuthority:
    """`root` is the file that is trusted; `reply` signs one request."""

    folder: Path

    @property
    def root(self) -> str:
        return str(self.folder / "root.pem")

    def reply(self, asked: bytes) -> bytes:
        """What `openssl ts -reply` makes of a request."""
        (self.folder / "asked.tsq").write_bytes(asked)
        self._openssl(
            "-reply", "-config", "tsa.cnf", "-queryfile", "asked.tsq", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-out", "reply.tsr",
        )  # fmt: skip
        return (self.folder / "reply.tsr").read_bytes()

    def verifies(self, note: Path, token: Path) -> bool:
        """Whether somebody with nothing but openssl believes it."""
        ran = self._openssl("-verify", "-data", str(note), "-in", str(token), "-CAfile", "root.pem",
                            check=False)  # fmt: skip
        return ran.returncode == 0

    def _openssl(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            ["openssl", "ts", *arguments], cwd=self.folder, check=check, capture_output=True
        )


def found_authority(
    folder: Path, name: str = "Test TSA", *, ended: bool = False, digests: str = "sha256"
) -> LocalAuthority:  # fmt: skip
    """Make a root and what it signs timestamps with; `ended`: a certificate of last year."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    issuer, subject = _name(f"{name} root"), _name(name)
    root = (
        _certificate(issuer, issuer, root_key.public_key(), now - timedelta(days=800), 4000)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, SHA256())
    )
    begins = now - timedelta(days=700 if ended else 1)
    leaf = (
        _certificate(issuer, subject, key.public_key(), begins, 365)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, SHA256())
    )
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "tsa.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(pem)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder, digests=digests))
    return LocalAuthority(folder)


def answering(reply: Callable[[bytes], bytes]) -> Callable[[bytes], tuple[int, str, bytes]]:
    return lambda asked: (200, "application/timestamp-reply", reply(asked))


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    issuer: x509.Name, subject: x509.Name, key: rsa.RSAPublicKey, begins: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
    )
