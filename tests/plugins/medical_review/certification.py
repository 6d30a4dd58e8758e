"""A certification authority of the tests, in the form of ICP-Brasil: a root, an authority below it,
certificates of invented people with an impossible CPF behind their name, and a revocation list."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

_DAY = timedelta(days=1)
IMPOSSIBLE_CPF = "00000000000"


@dataclass
class Holder:
    """Somebody with a certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def signer(self) -> SimpleSigner:
        """As the software of a token signs."""
        store = SimpleCertificateStore()
        store.register_multiple(_loaded(one) for one in self.chain)
        der = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return SimpleSigner(
            signing_cert=_loaded(self.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(der),
            cert_registry=store,
        )

    async def cades(self, signed: bytes) -> bytes:
        """A detached CAdES signature (ETSI EN 319 122), in DER."""
        found = await self.signer().async_sign_general_data(
            signed, digest_algorithm="sha256", detached=True, use_cades=True
        )
        der: bytes = found.dump()
        return der


class Authority:
    """Root and authority; `people` are made by `holder`."""

    def __init__(self, name: str = "AC Raiz Inventada") -> None:
        self.root = _issue(name, None, is_authority=True)
        self.below = _issue(f"{name} v5", self.root, is_authority=True)
        self.revoked: list[int] = []

    def holder(self, name: str, *, days: int = 30, usage: bool = True) -> Holder:
        """A person whose certificate ends in so many days."""
        said = f"{name.upper()}:{IMPOSSIBLE_CPF}"
        made = _issue(said, self.below, is_authority=False, days=days, usage=usage)
        made.chain = (self.below.certificate, self.root.certificate)
        return made

    def revoke(self, holder: Holder) -> None:
        self.revoked.append(holder.certificate.serial_number)

    def write(self, folder: Path, age: timedelta = timedelta()) -> dict[str, tuple[str, ...]]:
        """Root and revocation lists, so old, as files; the settings that name them."""
        root = folder / "raiz.pem"
        root.write_bytes(self.root.certificate.public_bytes(serialization.Encoding.PEM))
        lists = []
        for number, issuer in enumerate((self.root, self.below)):
            path = folder / f"lcr{number}.crl"
            path.write_bytes(self._revocations(issuer, age))
            lists.append(str(path))
        return {"icp_brasil_roots": (str(root),), "icp_brasil_crls": tuple(lists)}

    def _revocations(self, issuer: Holder, age: timedelta) -> bytes:
        now = datetime.now(UTC) - age
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(now - _DAY)
            .next_update(now + _DAY)
        )
        for serial in self.revoked if issuer is self.below else ():
            one = x509.RevokedCertificateBuilder().serial_number(serial)
            made = made.add_revoked_certificate(one.revocation_date(now - _DAY / 2).build())
        signed = made.sign(issuer.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)


def _issue(
    name: str, issuer: Holder | None, *, is_authority: bool, days: int = 365, usage: bool = True
) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Certificação Inventada"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 400 * _DAY)
        .not_valid_after(now + days * _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_usage(is_authority=is_authority, signs=usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signing = issuer.key if issuer else key
    return Holder(made.sign(signing, hashes.SHA256()), key)


def _usage(*, is_authority: bool, signs: bool) -> x509.KeyUsage:
    person = signs and not is_authority
    return x509.KeyUsage(
        digital_signature=person,
        content_commitment=person,
        key_encipherment=not is_authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _loaded(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
