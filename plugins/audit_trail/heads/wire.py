"""The signer's protocol, version 1: one line of JSON each way over a Unix socket.

    {"v":1,"op":"sign","size":5,"root":"<base64>","proof":["<base64>", …]}
    {"note":"clinica.example/audit/…\\n5\\n…"}
    {"fault":"refused","message":"A head of 7 leaves is signed; 5 are fewer."}

Operations: epochs, open (site), last, sign (size, root, proof), prepare (site), roll (site,
closing), seams, thin (pinned). An answer has the one field that belongs to its operation, or
`fault`. A line has at most a megabyte. A caller may send the next line when it has the answer.
"""

import msgspec

from plugins.audit_trail.hashing.canonical import NotCanonical
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused, NoteRefused
from plugins.audit_trail.heads.evidence import EvidenceMissing, Seam
from plugins.audit_trail.heads.port import Closing, HeadPort, NextEpoch
from plugins.audit_trail.heads.signer import HeadRefused, HeadsUnreadable

VERSION = 1
LONGEST_LINE = 1 << 20

FAULTS: dict[str, type[Exception]] = {
    "refused": HeadRefused,
    "unreadable": HeadsUnreadable,
    "missing": EvidenceMissing,
    "key": KeyRefused,
}
"""How a refusal travels, by name. What is not named here is the signer's own trouble."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question."""

    v: int
    op: str
    site: str = ""
    size: int = 0
    root: bytes = b""
    proof: list[bytes] = []
    closing: Closing | None = None
    pinned: list[int] = []


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What belongs to the operation, or a fault."""

    note: str | None = None
    epochs: list[Epoch] | None = None
    seams: list[Seam] | None = None
    next: NextEpoch | None = None
    thinned: int | None = None
    fault: str | None = None
    message: str = ""


def answer(signer: HeadPort, line: bytes) -> Answer:
    """Do what the line asks for. No fault of a request ends the signer."""
    try:
        request = msgspec.json.decode(line, type=Request)
        if request.v != VERSION:
            return Answer(fault="request", message=f"This signer speaks version {VERSION} only.")
        return _do(signer, request)
    except (msgspec.DecodeError, NoteRefused, NotCanonical, ValueError) as fault:
        return Answer(fault="request", message=str(fault))
    except tuple(FAULTS.values()) as fault:
        name = next(name for name, kind in FAULTS.items() if isinstance(fault, kind))
        return Answer(fault=name, message=str(fault))
    except OSError as fault:
        return Answer(fault="disk", message=str(fault))


def _do(signer: HeadPort, request: Request) -> Answer:
    match request.op:
        case "epochs":
            done = Answer(epochs=signer.epochs())
        case "open":
            done = Answer(epochs=[signer.open(request.site)])
        case "last":
            done = _note(signer.last())
        case "sign":
            done = _note(signer.sign(request.size, request.root, request.proof))
        case "prepare":
            done = Answer(next=signer.prepare(request.site))
        case "roll" if request.closing is not None:
            done = Answer(epochs=[signer.roll(request.site, request.closing)])
        case "seams":
            done = Answer(seams=signer.seams())
        case "thin":
            done = Answer(thinned=signer.thin(frozenset(request.pinned)))
        case _:
            done = Answer(fault="request", message=f"There is no {request.op!r} of this form.")
    return done


def _note(head: Checkpoint) -> Answer:
    return Answer(note=head.encode().decode())
