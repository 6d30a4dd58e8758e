"""What `cms review verify` says of a file: with keys that its reader trusts, and no database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from plugins.medical_review.signing.checking import (
    CERTIFICATE,
    SIGNATURE,
    Keys,
    certificate_faults,
    keys_of,
    signature_faults,
)
from plugins.medical_review.signing.pdf_files import NotOurPdf, certificate_in, is_drawn_from


class NoDocument(Exception):
    """The file is none that can be checked."""


def trusted(file: Path) -> Keys:
    """The keys in a file that holds a JWK set; NoDocument when it does not."""
    try:
        return keys_of(msgspec.json.decode(file.read_bytes()))
    except (KeyError, TypeError, ValueError) as error:
        raise NoDocument(f"{file} is no set of Ed25519 keys: {error}") from error


def checked(content: bytes, keys: Keys) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with the document (JSON, or a certificate as PDF), and what it says."""
    try:
        if content.startswith(b"%PDF"):
            return _checked_pdf(content, keys)
        return _checked(msgspec.json.decode(content), keys)
    except (KeyError, TypeError, AttributeError, ValueError, NotOurPdf) as error:
        return [f"it is no document of this kind: {error}"], {}


def _checked_pdf(content: bytes, keys: Keys) -> tuple[list[str], dict[str, Any]]:
    envelope = certificate_in(content)
    faults, told = _checked(envelope, keys)
    if not is_drawn_from(content, envelope):
        faults.append("its pages are not those that this version draws from the data in it")
    return faults, told


def _checked(document: Mapping[str, Any], keys: Keys) -> tuple[list[str], dict[str, Any]]:
    kind = document.get("type")
    if kind == SIGNATURE:
        return list(signature_faults(document, keys)), {"said": said_by(document["record"])}
    if kind == CERTIFICATE:
        return list(certificate_faults(document, keys)), {"said": certificate_said(document)}
    raise ValueError(f"its type is {kind!r:.60}")


def said_by(record: Mapping[str, Any]) -> str:
    """One line of a signature."""
    about, signer = record["about"], record["signer"]
    registration = (signer["registration"] or {}).get("registration")
    who = f"{signer['name']} ({registration})" if registration else signer["name"]
    return (
        f"{record['meaning']} by {who} at {record['signed_at']}, level {record['level']}, "
        f"{about['kind']} {about['id']} on the text {record['content_hash']}"
    )


def certificate_said(envelope: Mapping[str, Any]) -> str:
    """A certificate in a few lines: its text, and one for each signature."""
    document = envelope["document"]
    text = document["text"]
    lines = [f"{text['title']} ({text['address']}), certified at {document['issued_at']}"]
    lines += [said_by(signature["record"]) for signature in document["signatures"]]
    lines += [
        f"{one['meaning']} by {one['reviewer_name']} at {one['decided_at']}, recorded unsigned"
        for one in document["decisions"]
    ]
    return "\n       ".join(lines)
