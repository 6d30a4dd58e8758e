"""What `cms review verify` says of a file: with keys that its reader trusts, and no database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from plugins.medical_review.signing.checking import SIGNATURE, Keys, keys_of, signature_faults


class NoDocument(Exception):
    """The file is none that can be checked."""


def trusted(file: Path) -> Keys:
    """The keys in a file that holds a JWK set; NoDocument when it does not."""
    try:
        return keys_of(msgspec.json.decode(file.read_bytes()))
    except (KeyError, TypeError, ValueError) as error:
        raise NoDocument(f"{file} is no set of Ed25519 keys: {error}") from error


def checked(content: bytes, keys: Keys) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with the document, and what it says."""
    try:
        document = msgspec.json.decode(content)
        return _checked(document, keys)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [f"it is no document of this kind: {error}"], {}


def _checked(document: Mapping[str, Any], keys: Keys) -> tuple[list[str], dict[str, Any]]:
    kind = document.get("type")
    if kind == SIGNATURE:
        return list(signature_faults(document, keys)), {"said": said_by(document["record"])}
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
