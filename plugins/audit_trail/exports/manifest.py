"""manifest.json: what was asked, by whom, when, and which files came of it."""

from typing import Any

import msgspec

from cms import __version__

FORMAT = "cms-audit-export/1"
EVIDENCE = ("events.jsonl", "proof.txt", "keys.txt", "personal.jsonl")
_FOLDERS = ("epochs/", "heads/")


class EpochTold(msgspec.Struct, frozen=True):
    """One epoch of the log: the signed head, and how many of its entries are exported."""

    number: int
    origin: str
    size: int
    root: str
    entries: int
    first: int | None
    last: int | None


class FileTold(msgspec.Struct, frozen=True):
    """`is_evidence` is false for what is derived from events.jsonl, or only reads it."""

    name: str
    bytes: int
    sha256: str
    is_evidence: bool


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`asked_by` is a reference, never a name: `system`, or the id of a person of the tenant."""

    format: str = FORMAT
    made_at: str
    asked_by: str
    tenant: str
    asked: dict[str, Any]
    forms: list[str]
    entries: int
    epochs: list[EpochTold]
    personal: dict[str, int] | None
    product: str = __version__
    files: list[FileTold]

    def encode(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def file_told(found: dict[str, Any]) -> FileTold:
    name = found["name"]
    is_evidence = name in EVIDENCE or name.startswith(_FOLDERS)
    return FileTold(name, found["bytes"], found["sha256"], is_evidence)
