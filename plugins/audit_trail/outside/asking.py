"""How one witness is asked for its lines under a head (C2SP tlog-witness, the client's half)."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import (
    Checkpoint,
    Note,
    NoteRefused,
    Signature,
    VerifierKey,
)
from plugins.audit_trail.outside.configured import keys_of
from plugins.audit_trail.outside.wire import Unanswered, send
from plugins.audit_trail.settings import Witness

CLOCKS_APART = 300
"""Seconds that the clock of somebody outside may be ahead of ours."""

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True)
class Line:
    """A cosignature that was verified, and when the witness made it (seconds since 1970)."""

    key: VerifierKey
    signature: Signature
    at: int


@dataclass(frozen=True)
class Known:
    """409: the newest size that the witness knows, from which the next proof must start."""

    size: int


class Denied(Exception):
    """422: what the witness knows is not the start of what it was shown."""


class WitnessClient:
    """Speaks to one witness; every fault is an `Unanswered` with its name."""

    def __init__(
        self, witness: Witness, seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.witness = witness
        self.keys = keys_of(witness)
        self._url = witness.url.rstrip("/")
        self._seconds = seconds
        self._clock = clock

    async def ask(self, asked: Extension) -> Sequence[Line] | Known:
        """The witness's lines under the head, verified; or the size it knows. Raises Denied."""
        reply = await send(
            "POST",
            f"{self._url}/add-checkpoint",
            asked.encode(),
            seconds=self._seconds,
            headers={"Content-Type": "text/plain"},
        )
        match reply.status:
            case 200:
                return self._lines(asked.head, reply.body)
            case 409:
                size = _SIZE.fullmatch(reply.body)
                if size is None or reply.media_type != "text/x.tlog.size":
                    raise Unanswered("unsound", "its answer 409 names no size")
                return Known(int(size[1]))
            case 422:
                raise Denied
            case 403 | 404:
                raise Unanswered(
                    "not-trusted",
                    f"it answers {reply.status}: its operator must trust this log's keys "
                    "(cms audit witness trust)",
                )
            case 429:
                raise Unanswered("busy", "it answers 429, too many requests")
            case status:
                raise Unanswered("http-status", f"it answers {status}")

    async def shown(self, origin: str) -> Checkpoint | None:
        """The head that the witness shows to monitors: evidence, if it contradicts ours."""
        place = sha256(origin.encode()).hexdigest()
        try:
            reply = await send("GET", f"{self._url}/{place}/checkpoint", seconds=self._seconds)
            return Checkpoint.parse(reply.body) if reply.status == 200 else None
        except (Unanswered, NoteRefused):
            return None

    def _lines(self, head: Checkpoint, body: bytes) -> Sequence[Line]:
        known = {(key.name, key.key_id): key for key in self.keys}
        found = []
        try:
            for line in Note.parse(head.text.encode() + b"\n" + body).signatures:
                key = known.get((line.name, line.key_id))
                if key is not None and (at := key.verify(head.text, line)):
                    found.append(Line(key, line, at))
        except NoteRefused as fault:
            raise Unanswered("unsound", f"its lines do not verify: {fault}") from None
        if not found:
            raise Unanswered("unsound", "it signed with no key that is configured for it")
        if any(line.at > self._clock() + CLOCKS_APART for line in found):
            raise Unanswered("clock", "its lines are dated in the future: compare the clocks")
        return found
