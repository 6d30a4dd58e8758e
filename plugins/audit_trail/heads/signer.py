"""The keeper of the signed heads: it never signs two trees that contradict each other.

The order of a signature is: prove, promise, sign, keep, answer. The promise is on the disk before
a key is used, so whatever a kill interrupts, the keeper knows the largest head it may have signed.

    lock            held while a head is being signed, by one process at a time
    promised        the largest head that may have been signed: the three lines of a checkpoint
    heads/          <20 digits of the size>.note, one for each signed head; never changed
    latest          a copy of the newest of them

An older copy of the whole folder looks sound from inside: only heads seen elsewhere betray it.
"""

import fcntl
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, SigningKey, verifiers
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, ProofRefused, verify_consistency
from plugins.audit_trail.heads.disk import create, replace, sync_folder
from plugins.audit_trail.heads.thinning import signed_at, superfluous


class HeadRefused(Exception):
    """The head is not a continuation of the last one; nothing was signed."""


class HeadsUnreadable(Exception):
    """The kept heads are damaged or contradict each other; a person must look before it signs."""


class HeadKeeper:
    """Signs the heads of one log, in a folder that the database server cannot write.

    The first head is that of the empty tree: a folder that was lost, or not mounted, then refuses
    to go on instead of starting anew. To restore it, put the newest published note into `heads`.
    """

    def __init__(
        self,
        folder: Path,
        origin: str,
        keys: Sequence[SigningKey],
        clock: Callable[[], float] = time.time,
        is_closed: Callable[[], bool] = lambda: False,
    ) -> None:
        if not keys or any(key.verifier.name != origin for key in keys):
            raise ValueError(f"A head keeper needs keys, all named {origin} (tlog-checkpoint).")
        self._folder = folder
        self._heads = folder / "heads"
        self._origin = origin
        self._keys = tuple(keys)
        self._clock = clock
        self._is_closed = is_closed
        self._moments: dict[int, int] = {}
        self._heads.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        with self._locked():
            self._recover()

    def sign(self, size: int, root: bytes, consistency_proof: Sequence[bytes] = ()) -> Checkpoint:
        """Sign the head of the grown tree; `consistency_proof` is from the last head to it.

        The same head again gets the same note. Raises `HeadRefused` for any other tree than a
        continuation (tlog-checkpoint: a log MUST NOT sign inconsistent checkpoints).
        """
        head = Checkpoint(self._origin, size, root)
        with self._locked():
            last = self._promised()
            if self._is_closed():
                raise HeadRefused(f"The log {self._origin} is closed: a later epoch has begun.")
            if last != head:
                _check_continuation(last, head, consistency_proof)
                replace(self._folder / "promised", head.text.encode())
            return self._keep(head)

    def last(self) -> Checkpoint | None:
        """Return the newest head, from which the next consistency proof must start.

        It may be newer than the last answer: a promise that was not answered is kept first.
        """
        with self._locked():
            promised = self._promised()
            return None if promised is None else self._keep(promised)

    def heads(self) -> list[Checkpoint]:
        """Return all kept heads by size. Their signatures are the reader's to verify."""
        return [self._read(size) for size in self._sizes()]

    def close(self, size: int, root: bytes, finish: Callable[[Checkpoint], None]) -> None:
        """Call `finish` with the last head of this log while nobody can sign another one. Raises
        `HeadRefused` unless it is the one that is named here."""
        with self._locked():
            promised = self._promised()
            if self._is_closed() or promised != Checkpoint(self._origin, size, root):
                raise HeadRefused(
                    f"The log {self._origin} is closed at its last head only, and {size} entries "
                    f"are not that; signed are {promised.size if promised else 'none'}."
                )
            finish(self._keep(promised))

    def thin(self, pinned: Collection[int] = ()) -> int:
        """Remove the heads that later ones of their time stand for (heads/thinning.py), except
        those of the sizes in `pinned`; how many that were."""
        with self._locked():
            sizes = self._sizes()
            for size in sizes:
                if size not in self._moments:
                    self._moments[size] = signed_at(self._read(size), verifiers(self._keys))
            heads = [(size, self._moments[size]) for size in sizes]
            gone = superfluous(heads, int(self._clock()), pinned)
            for size in gone:
                self._path(size).unlink()
                del self._moments[size]
            sync_folder(self._heads)
            return len(gone)

    def _keep(self, head: Checkpoint) -> Checkpoint:
        """Return the note of a promised head, and sign it first if no note was kept of it."""
        path = self._path(head.size)
        if path.exists():
            kept = self._read_signed(head.size)
            if kept.root != head.root:
                raise HeadsUnreadable(f"{path} has another root than was promised.")
            # Whoever wrote it may have been killed before the folders reached the disk.
            sync_folder(self._heads)
            sync_folder(self._folder)
        else:
            kept = head.signed(self._keys, int(self._clock()))
            # A faulty signature, once published, would look like a forgery for ever.
            kept.signers(verifiers(self._keys))
            create(path, kept.encode())
        latest = self._folder / "latest"
        if not latest.exists() or latest.read_bytes() != kept.encode():
            replace(latest, kept.encode())
        return kept

    def _recover(self) -> None:
        """Finish what a kill interrupted, and refuse to work over damaged heads."""
        for draft in (*self._folder.glob(".*.draft"), *self._heads.glob(".*.draft")):
            draft.unlink()
        promised = self._promised()
        sizes = self._sizes()
        if sizes and (promised is None or promised.size < sizes[-1]):
            # The promise is older than a note: someone restored the folder. The note is signed.
            promised = self._read_signed(sizes[-1])
            replace(self._folder / "promised", promised.text.encode())
        if promised is not None:
            self._keep(promised)

    def _promised(self) -> Checkpoint | None:
        path = self._folder / "promised"
        try:
            head = Checkpoint.parse_text(path.read_bytes().decode())
        except FileNotFoundError:
            return None
        except (NoteRefused, UnicodeDecodeError) as fault:
            raise HeadsUnreadable(f"{path}: {fault}") from fault
        if head.origin != self._origin:
            raise HeadsUnreadable(f"{path} belongs to the log {head.origin}.")
        return head

    def _read(self, size: int) -> Checkpoint:
        path = self._path(size)
        try:
            head = Checkpoint.parse(path.read_bytes())
        except NoteRefused as fault:
            raise HeadsUnreadable(f"{path}: {fault}") from fault
        if (head.origin, head.size) != (self._origin, size):
            raise HeadsUnreadable(f"{path} is of {head.origin}, {head.size} leaves.")
        return head

    def _read_signed(self, size: int) -> Checkpoint:
        head = self._read(size)
        try:
            head.signers(verifiers(self._keys))
        except NoteRefused as fault:
            raise HeadsUnreadable(f"{self._path(size)}: {fault}") from fault
        return head

    def _sizes(self) -> list[int]:
        return sorted(int(path.stem) for path in self._heads.glob("[0-9]" * 20 + ".note"))

    def _path(self, size: int) -> Path:
        return self._heads / f"{size:020d}.note"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # A descriptor of its own for each use: flock then parts threads as well as processes.
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _check_continuation(last: Checkpoint | None, head: Checkpoint, proof: Sequence[bytes]) -> None:
    if last is None:
        if head.size != 0 or head.root != EMPTY_ROOT or proof:
            raise HeadRefused(
                "No head is kept here. A new log begins with the head of the empty tree; for an "
                "old one, restore its newest published note."
            )
        return
    if head.size < last.size:
        raise HeadRefused(f"A head of {last.size} leaves is signed; {head.size} are fewer.")
    try:
        verify_consistency(last.size, last.root, head.size, head.root, proof)
    except ProofRefused as fault:
        raise HeadRefused(
            f"The tree of {head.size} leaves does not continue that of {last.size}: {fault}"
        ) from fault
