"""The signer in another process, as the sequencer sees it (heads/wire.py)."""

import socket
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.heads.evidence import Evidence, Seam
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import Closing, HeadPort, NextEpoch, SignerUnreachable
from plugins.audit_trail.heads.wire import FAULTS, LONGEST_LINE, VERSION, Answer, Request
from plugins.audit_trail.settings import AuditSettings


def signer_of(settings: AuditSettings, evidence: Evidence) -> HeadPort:
    """Who signs: the process behind the setting `signer_socket`, or this one."""
    if settings.signer_socket:
        return RemoteSigner(Path(settings.signer_socket), settings.signer_timeout)
    return LocalSigner(evidence)


class RemoteSigner:
    """Asks over the socket, a connection for each question: a signer may be restarted any time."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout

    def epochs(self) -> list[Epoch]:
        return self._ask("epochs").epochs or []

    def open(self, site: str) -> Epoch:
        return self._one_epoch(self._ask("open", site=site))

    def last(self) -> Checkpoint:
        return self._head(self._ask("last"))

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> Checkpoint:
        head = self._head(self._ask("sign", size=size, root=root, proof=list(proof)))
        if (head.size, head.root) != (size, root):
            raise SignerUnreachable(f"{self._path} answers with another head than was asked for")
        return head

    def prepare(self, site: str) -> NextEpoch:
        found = self._ask("prepare", site=site).next
        if found is None:
            raise self._senseless()
        return found

    def roll(self, site: str, closing: Closing) -> Epoch:
        return self._one_epoch(self._ask("roll", site=site, closing=closing))

    def seams(self) -> list[Seam]:
        return self._ask("seams").seams or []

    def thin(self, pinned: Collection[int]) -> int:
        return self._ask("thin", pinned=sorted(pinned)).thinned or 0

    def _ask(self, op: str, **fields: object) -> Answer:
        request = Request(VERSION, op, **fields)  # type: ignore[arg-type]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._timeout)
                connection.connect(str(self._path))
                connection.sendall(msgspec.json.encode(request) + b"\n")
                with connection.makefile("rb") as lines:
                    line = lines.readline(LONGEST_LINE)
        except OSError as fault:
            raise SignerUnreachable(
                f"the signer at {self._path} does not answer: {fault}"
            ) from None
        try:
            answer = msgspec.json.decode(line, type=Answer)
        except msgspec.DecodeError:
            raise self._senseless() from None
        if answer.fault is not None:
            kind = FAULTS.get(answer.fault, SignerUnreachable)
            raise kind(f"the signer: {answer.message}")
        return answer

    def _one_epoch(self, answer: Answer) -> Epoch:
        if not answer.epochs:
            raise self._senseless()
        return answer.epochs[0]

    def _head(self, answer: Answer) -> Checkpoint:
        try:
            return Checkpoint.parse((answer.note or "").encode())
        except NoteRefused:
            raise self._senseless() from None

    def _senseless(self) -> SignerUnreachable:
        return SignerUnreachable(f"what {self._path} answers makes no sense: is it our signer?")
