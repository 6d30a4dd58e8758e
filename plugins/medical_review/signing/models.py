"""Signatures with what they rest on: keys, passkeys, proofs, acceptance; and certificates."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Json, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE

Person = Mapped[int | None]


class SigningKey(Base):
    """The public half of an Ed25519 key of the tenant; the other half is in `cms.encryption_keys`,
    wrapped. Never changed, so that what an old key sealed is checked with it for ever."""

    __tablename__ = "signing_keys"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]


class Passkey(TenantRow, Base):
    """A passkey that a person signs with. `public_key` is in COSE form; `is_synced` says that its
    maker may copy it to other devices of hers."""

    __tablename__ = "passkeys"
    __table_args__ = PROTECTED_HERE

    user_id: Mapped[int] = mapped_column(BigInteger)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(Text)
    aaguid: Mapped[CText]
    is_synced: Mapped[bool]
    added_at: Mapped[Moment]
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Acceptance(TenantRow, Base):
    """That the organisation accepts passkey signatures as advanced, in its own words."""

    __tablename__ = "signing_acceptances"
    __table_args__ = PROTECTED_HERE

    words: Mapped[str] = mapped_column(Text)
    accepts_synced: Mapped[bool]
    accepted_by: Mapped[int] = mapped_column(BigInteger)
    accepted_at: Mapped[Moment]
    withdrawn_by: Person = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Proof(TenantRow, Base):
    """What a person gave with her own key for one statement, to be used by one signature. `to_sign`
    is the hash it was given for, `once` what nobody can give a second time."""

    __tablename__ = "signing_proofs"
    __table_args__ = PROTECTED_HERE

    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CText]
    passkey_id: Person = mapped_column(BigInteger)
    to_sign: Mapped[bytes] = mapped_column(LargeBinary)
    once: Mapped[bytes] = mapped_column(LargeBinary)
    evidence: Mapped[Json]
    given_at: Mapped[Moment]


class Signature(TenantRow, Base):
    """Who put her name to what, and as whom; never changed: the application has no right to.
    `statements.py` says how `hash` and `seal` come about."""

    __tablename__ = "signatures"
    __table_args__ = PROTECTED_HERE

    about_kind: Mapped[CText]
    about_id: Mapped[int] = mapped_column(BigInteger)
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    statement: Mapped[Json]
    meaning: Mapped[CText]
    signer_id: Person = mapped_column(BigInteger)
    signer_name: Mapped[str] = mapped_column(Text)
    registration: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    byline: Mapped[str] = mapped_column(Text)
    on_behalf_of: Person = mapped_column(BigInteger)
    method: Mapped[CText]
    factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    authenticated_at: Mapped[Moment]
    level: Mapped[CText]
    proof_id: Mapped[int | None] = mapped_column(BigInteger)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    signed_at: Mapped[Moment]
    request_id: Mapped[CText]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[bytes] = mapped_column(LargeBinary)


class Certificate(TenantRow, Base):
    """What was certified of a published text: `document` is the canonical JSON that was sealed."""

    __tablename__ = "certificates"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    document: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[Moment]


class CertificateSignature(TenantRow, Base):
    """A certificate that somebody signed with an ICP-Brasil certificate (PAdES), as it came, and
    what was found when it was checked."""

    __tablename__ = "certificate_signatures"
    __table_args__ = PROTECTED_HERE

    certificate_id: Mapped[int] = mapped_column(BigInteger)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[Json]
    added_by: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[Moment]


MODELS = (
    SigningKey,
    Passkey,
    Acceptance,
    Proof,
    Signature,
    Certificate,
    CertificateSignature,
)
