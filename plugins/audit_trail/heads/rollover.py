"""From one epoch of the log to the next: new keys, a tree that begins with nothing, one seam.

The seam is signed from both sides. The old keys vouch for the name of the new log, which commits to
its keys (`succession`); the new keys vouch for the last head of the old log (`closing`), which also
stands in the record that the new log's chain begins with. Who trusts the first epoch's keys can
follow the seams to today's. Stolen keys vouch for nothing: there the new ones are told to outsiders
by other ways, as the first ones were.

All is made ready in `epochs/.next`; one rename is the moment at which the new epoch begins. A kill
before it leaves the old epoch as it was, a kill after it leaves only old keys to be destroyed.
"""

import shutil
import time
from pathlib import Path

import msgspec

from plugins.audit_trail.hashing.canonical import canonical_bytes
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import EMPTY_ROOT
from plugins.audit_trail.heads.disk import replace, sync_folder
from plugins.audit_trail.heads.evidence import (
    LATER,
    EpochFolder,
    Evidence,
    EvidenceMissing,
    folder_of,
)
from plugins.audit_trail.heads.port import Closing, NextEpoch
from plugins.audit_trail.heads.signer import HeadKeeper

DRAFT = ".next"
DESTROY = "destroy-old-keys"


def prepare(evidence: Evidence, site: str) -> NextEpoch:
    """Make the next epoch's keys where they will be used; asked again, the same ones."""
    record = evidence.epoch()
    if record is None:
        raise EvidenceMissing(f"{evidence.root} holds no log yet: start a worker (cms worker)")
    draft = _draft(evidence)
    draft.make_keys()
    origin = draft.origin(site)
    keys = [key.verifier.vkey for key in draft.keys(origin)]
    return NextEpoch(record.number + 1, origin, keys)


def roll(evidence: Evidence, keeper: HeadKeeper, site: str, closing: Closing) -> Epoch:
    """Close the epoch of `keeper` at its last head; HeadRefused unless that is the named one."""
    prepare(evidence, site)
    keeper.close(closing.size, closing.root, lambda last: _seam(evidence, site, last, closing))
    finish(evidence)
    record = evidence.epoch()
    if record is None:
        raise EvidenceMissing(f"{evidence.folder}/epoch is gone right after it was written")
    return record


def finish(evidence: Evidence) -> None:
    """What is left to do after the moment of a rollover, in case that a kill left it."""
    folders = evidence.epochs()
    if len(folders) < 2 or not (folders[-1].path / DESTROY).exists():
        return
    for key in (folders[-2].path / "keys").glob("*.pem"):
        key.write_bytes(bytes(key.stat().st_size))
        key.unlink()
    sync_folder(folders[-2].path / "keys")
    (folders[-1].path / DESTROY).unlink()


def _seam(evidence: Evidence, site: str, last: Checkpoint, closing: Closing) -> None:
    old, new = evidence.current(), _draft(evidence)
    record = old.record()
    if record is None:
        raise EvidenceMissing(f"{old.path}/epoch is gone: restore it from a copy")
    _clear(new.path)
    new_keys = new.keys(new.origin(site))
    moment = int(time.time())
    replace(old.path / "closing", last.signed(new_keys, moment).encode())
    _say(old.path / "distrust", closing.distrust)
    opened = new.open(site, record.number + 1, last.encode().decode())
    empty = HeadKeeper(new.path, opened.origin, new_keys)
    if empty.last() is None:
        empty.sign(0, EMPTY_ROOT)
    if closing.distrust is None:
        head = Checkpoint(opened.origin, 0, EMPTY_ROOT)
        vouched = head.signed([*old.keys(record.origin), *new_keys], moment)
        replace(new.path / "succession", vouched.encode())
    if closing.destroy_keys:
        replace(new.path / DESTROY, b"")
    place = folder_of(evidence.root, opened.number)
    new.path.rename(place)
    sync_folder(place.parent)


def _say(path: Path, said: msgspec.Struct | None) -> None:
    # An attempt that was killed may have said something else.
    path.unlink(missing_ok=True)
    if said is not None:
        replace(path, canonical_bytes(msgspec.structs.asdict(said)))


def _clear(draft: Path) -> None:
    """An attempt that was killed may have been of another name or another moment."""
    for path in draft.iterdir():
        if path.name == "heads":
            shutil.rmtree(path)
        elif path.name != "keys":
            path.unlink()


def _draft(evidence: Evidence) -> EpochFolder:
    path = evidence.root / LATER / DRAFT
    path.mkdir(parents=True, exist_ok=True)
    return EpochFolder(path)
