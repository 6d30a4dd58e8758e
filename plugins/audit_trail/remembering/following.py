"""From the head that somebody keeps to today's, over the seams between epochs of the log.

The keys of an epoch vouch for the name of the next log, which commits to its keys; whoever trusts
the kept ones needs nobody's word for the new ones. Where the old keys were stolen they vouch for
nobody: then the new keys must come on another way.
"""

from hashlib import sha256
from typing import Protocol

import msgspec
from sqlalchemy import text

from cms.errors import Conflict
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.tree import EMPTY_ROOT
from plugins.audit_trail.remembering.kept import Contradicted, KeptHead

SEAMS = text("select number, origin, verifier_keys, closing, succession from audit.seams()")


class ShownEpoch(msgspec.Struct, frozen=True):
    """An epoch as the log shows it: `closing` is the last head of the one before, `succession` this
    one's first head with the lines of the keys before. Nothing of it is believed unchecked."""

    number: int
    origin: str
    keys: list[str]
    closing: str | None
    succession: str | None


class Log(Protocol):
    """What a log answers to those who keep a head of it."""

    async def epochs(self) -> list[ShownEpoch]: ...

    async def extension(self, epoch: int | None, old: int) -> Extension:
        """Of the newest epoch where it is not said which."""


async def follow(kept: KeptHead, log: Log) -> KeptHead:
    """What to keep from now on. Contradicted when today's log does not continue this head;
    NoteRefused when nothing leads from the kept keys to today's."""
    try:
        answer = await log.extension(None, kept.head.size)
    except (Contradicted, Conflict) as fault:
        # A new epoch begins with nothing, and has fewer entries than were kept of the old one.
        return await _over_seams(kept, log, fault)
    if answer.head.origin == kept.head.origin:
        return kept.continued(answer)
    another = Contradicted(
        f"this is another log: {answer.head.origin} instead of {kept.head.origin}, and nothing "
        "leads from that one to this"
    )
    return await _over_seams(kept, log, another)


async def _over_seams(kept: KeptHead, log: Log, otherwise: Exception) -> KeptHead:
    epochs = await log.epochs()
    origins = [epoch.origin for epoch in epochs]
    if kept.head.origin not in origins[:-1]:
        raise otherwise
    place = origins.index(kept.head.origin)
    for old, new in zip(epochs[place:], epochs[place + 1 :], strict=False):
        kept = kept.continued(await log.extension(old.number, kept.head.size))
        kept = _over_seam(kept, new)
    return kept.continued(await log.extension(epochs[-1].number, kept.head.size))


def _over_seam(kept: KeptHead, new: ShownEpoch) -> KeptHead:
    closing = Checkpoint.parse((new.closing or "").encode())
    if (closing.origin, closing.size, closing.root) != (
        kept.head.origin, kept.head.size, kept.head.root,
    ):  # fmt: skip
        raise Contradicted(
            f"epoch {new.number} continues {closing.size} entries of {closing.origin}, and the "
            f"log before it has {kept.head.size} of {kept.head.origin}"
        )
    if new.succession is None:
        raise NoteRefused(
            f"the keys before epoch {new.number} were stolen and vouch for nobody: get the new "
            "keys from the operator on another way, and keep a first head with --keys"
        )
    keys = tuple(map(VerifierKey.parse, new.keys))
    first = Checkpoint.parse(new.succession.encode())
    committed = sha256(b"".join(key.public for key in keys)).hexdigest()[:32]
    if (first.origin, first.size, first.root) != (new.origin, 0, EMPTY_ROOT):
        raise Contradicted(f"the old keys vouch for {first.origin}, not for {new.origin}")
    if not new.origin.endswith(f"/{committed}"):
        raise Contradicted(f"the name {new.origin} is not that of the keys which are shown")
    KeptHead.first(first, kept.keys)
    return KeptHead.first(first, keys)
