"""What a witness answers to `add-checkpoint` and to monitors (C2SP tlog-witness, 2026-07)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import structlog

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import NoteRefused
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, ProofRefused
from plugins.audit_trail.witness.keeping import Memory, Seen, WitnessUnready

log = structlog.get_logger()

SIZE_TYPE = "text/x.tlog.size"


class Answer(NamedTuple):
    """A status, a body, and its type."""

    status: int
    body: bytes
    media_type: str = "text/plain; charset=utf-8"


@dataclass
class Bucket:
    """So many requests a second on average, and `most` at once."""

    rate: float
    most: float
    left: float
    at: float

    def take(self, now: float) -> bool:
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Witness:
    """Signs the heads of the logs that it trusts, each a continuation of the one before it."""

    def __init__(
        self,
        memory: Memory,
        *,
        rate: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._memory = memory
        self._keys = memory.own_keys()
        self._clock = clock
        self._rate = rate
        self._buckets: dict[str, Bucket] = {}

    def add_checkpoint(self, body: bytes) -> Answer:
        """The cosignature lines, or why there are none."""
        try:
            asked = self._believed(body)
            answer = self._cosign(asked)
        except _Refused as refusal:
            return refusal.answer
        except WitnessUnready as fault:
            log.error("a log cannot be witnessed", origin=asked.head.origin, reason=str(fault))
            return _said(500, "The witness must be looked at by its operator.")
        log.info("asked", origin=asked.head.origin, size=asked.head.size, status=answer.status)
        return answer

    def show(self, place: str) -> Answer:
        """The newest head of a log that was cosigned, for monitors."""
        found = self._memory.shown(place)
        return Answer(200, found) if found else _said(404, "Nothing of such a log was cosigned.")

    def _believed(self, body: bytes) -> Extension:
        """What is asked, once a trusted key of the log has signed its head."""
        try:
            asked = Extension.parse(body)
        except NoteRefused as fault:
            raise _Refused(400, str(fault)) from None
        head = asked.head
        trusted = self._memory.trusted(head.origin)
        if not trusted:
            raise _Refused(404, "This log is not witnessed here.")
        try:
            signers = head.signers(trusted)
        except NoteRefused as fault:
            raise _Refused(403, str(fault)) from None
        if not self._has_time_for(head.origin):
            raise _Refused(429, "Too many heads of this log: try again in a second.")
        if asked.old > head.size:
            raise _Refused(400, f"The old size {asked.old} is larger than {head.size}.")
        # Lines of strangers are not kept: their names could be anything.
        known = {(key.name, key.key_id) for key in signers}
        own = tuple(s for s in head.signatures if (s.name, s.key_id) in known)
        return replace(asked, head=replace(head, signatures=own))

    def _cosign(self, asked: Extension) -> Answer:
        head = asked.head
        with self._memory.log(head.origin) as memory:
            seen = memory.seen()
            if asked.old != seen.size:
                return Answer(409, f"{seen.size}\n".encode(), SIZE_TYPE)
            try:
                _require_continuation(asked, seen)
            except ProofRefused as fault:
                memory.keep_conflict(head)
                log.error("a log contradicts its past", origin=head.origin, size=head.size)
                return _said(422, str(fault))
            if head.size > seen.size or seen == Seen():
                memory.keep(head)
            now = int(self._clock())
            lines = tuple(key.sign(head.text, now) for key in self._keys)
            memory.show(replace(head, signatures=head.signatures + lines))
        return Answer(200, "".join(line.line() for line in lines).encode())

    def _has_time_for(self, origin: str) -> bool:
        now = time.monotonic()
        most = 5 * self._rate
        return self._buckets.setdefault(origin, Bucket(self._rate, most, most, now)).take(now)


def _require_continuation(asked: Extension, seen: Seen) -> None:
    if asked.head.size == 0 and asked.head.root != EMPTY_ROOT:
        raise ProofRefused("A tree without leaves has one root only, the hash of nothing.")
    if asked.old == 0 and asked.proof:
        raise ProofRefused("From the empty tree there is nothing to prove.")
    asked.verify(seen.root)


class _Refused(Exception):
    """There is nothing to compare with what was seen yet."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = _said(status, message)


def _said(status: int, message: str) -> Answer:
    return Answer(status, f"{message}\n".encode())
