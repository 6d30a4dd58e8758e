"""The folder that the database server cannot reach: the log's epochs, their keys, their heads.

epoch            the canonical bytes of the first epoch: origin, public keys, algorithm
keys/*.pem       the private halves, mode 0600
heads/, latest   the signed notes (plugins/audit_trail/heads/signer.py)
epochs/000001/   the same three of the next epoch (plugins/audit_trail/heads/rollover.py), and so on

Of a closed epoch there are also `closing`, its last head with the lines of both epochs' keys, and
`distrust`, when its keys were stolen.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import msgspec

from plugins.audit_trail.hashing.canonical import canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import SCHEMA_VERSION, Epoch
from plugins.audit_trail.hashing.notes import Algorithm, KeyRefused, SigningKey, VerifierKey
from plugins.audit_trail.hashing.tree import EMPTY_ROOT
from plugins.audit_trail.heads.disk import replace
from plugins.audit_trail.heads.signer import HeadKeeper

KEYS = {"ed25519.pem": Algorithm.ED25519, "ml-dsa-44.pem": Algorithm.ML_DSA_44}
LATER = "epochs"


class Seam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ties an epoch to the one before: `closing`, its last head with the lines of the new keys
    as well, and `succession`, the new log's first head with those of the old keys. Stolen keys
    vouch for nobody: then there is no succession."""

    number: int
    closing: str
    succession: str | None = None


def folder_of(root: Path, number: int) -> Path:
    """Where an epoch is kept; the first one needs no folder of its own."""
    return root / LATER / f"{number:06d}" if number else root


class EvidenceMissing(Exception):
    """The folder does not hold what it must; the message says what and what to restore."""


class Distrust(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of an epoch were in other hands `since` this moment (RFC 3339, UTC)."""

    since: str
    reason: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.since)


class EpochFolder:
    """What is kept of one epoch."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(self) -> Epoch | None:
        """The epoch that this folder belongs to, or None before there is one."""
        path = self.path / "epoch"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Epoch)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as fault:
            raise EvidenceMissing(f"{path} is damaged ({fault}): restore it from a copy") from None

    def open(self, site: str, number: int, closing: str | None) -> Epoch:
        """Write the record of an epoch whose keys are here; what it says is final."""
        keys = self.keys(self.origin(site))
        epoch = Epoch(
            origin=keys[0].verifier.name,
            number=number,
            opened_at=timestamp(datetime.now(UTC)),
            schema_version=SCHEMA_VERSION,
            hash_algorithm="sha-256",
            verifier_keys=[key.verifier.vkey for key in keys],
            closing_checkpoint=closing,
        )
        replace(self.path / "epoch", canonical_bytes(msgspec.structs.asdict(epoch)))
        return epoch

    def make_keys(self) -> None:
        """Those that are not there yet; a kill in between loses nothing."""
        (self.path / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, algorithm in KEYS.items():
            if not (self.path / "keys" / name).exists():
                SigningKey.generate("new", algorithm).save(self.path / "keys" / name)

    def origin(self, site: str) -> str:
        """The name of the log. It commits to the keys: two installations may answer under one
        name, and whoever vouches for a name then vouches for the keys as well."""
        public = b"".join(key.verifier.public for key in self.keys("any"))
        return f"{site}/audit/{sha256(public).hexdigest()[:32]}"

    def keys(self, origin: str) -> Sequence[SigningKey]:
        """The private keys; EvidenceMissing when one is gone."""
        found = []
        for name, algorithm in KEYS.items():
            path = self.path / "keys" / name
            try:
                found.append(SigningKey.load(path, origin, algorithm))
            except FileNotFoundError:
                raise EvidenceMissing(f"{path} is gone: restore it from a copy") from None
        return found

    def keeper(self, epoch: Epoch) -> HeadKeeper:
        """The keeper of the signed heads, which begin with that of the empty tree."""
        keeper = HeadKeeper(
            self.path, epoch.origin, self.keys(epoch.origin), is_closed=self.is_closed(epoch)
        )
        if keeper.last() is None:
            keeper.sign(0, EMPTY_ROOT)
        return keeper

    def is_closed(self, epoch: Epoch) -> Callable[[], bool]:
        """Whether the next epoch has begun, asked each time anew."""
        root = self.path if epoch.number == 0 else self.path.parent.parent
        return folder_of(root, epoch.number + 1).exists

    def heads(self) -> list[Path]:
        """The files of all signed heads, smallest tree first."""
        return sorted((self.path / "heads").glob("[0-9]*.note"))

    def distrust(self) -> Distrust | None:
        """Since when the keys are not believed, if they are not."""
        path = self.path / "distrust"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Distrust)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as fault:
            raise EvidenceMissing(f"{path} is damaged ({fault}): restore it from a copy") from None


class Evidence:
    """Reads the folder, and opens a new log in an empty one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        """The folder of today's epoch."""
        return self.current().path

    def current(self) -> EpochFolder:
        """Today's epoch."""
        return self.epochs()[-1]

    def epochs(self) -> list[EpochFolder]:
        """All epochs, the first one first."""
        later = sorted((self.root / LATER).glob("[0-9]" * 6))
        return [EpochFolder(path) for path in (self.root, *later)]

    def epoch(self) -> Epoch | None:
        """The record of today's epoch, or None before the first one."""
        return self.current().record()

    def records(self) -> list[Epoch]:
        """The records of all epochs."""
        found = [folder.record() for folder in self.epochs()]
        return [record for record in found if record is not None]

    def seams(self) -> list[Seam]:
        """Those between all epochs, in their order."""
        folders = self.epochs()
        return [
            Seam(number, (old.path / "closing").read_text(), _text(new.path / "succession"))
            for number, (old, new) in enumerate(pairwise(folders), 1)
        ]

    def open_log(self, site: str) -> Epoch:
        """Make keys and the first epoch. A kill in between loses nothing."""
        first = EpochFolder(self.root)
        first.make_keys()
        return first.open(site, 0, None)

    def keeper(self, epoch: Epoch) -> HeadKeeper:
        """The keeper of the heads of today's epoch."""
        return self.current().keeper(epoch)

    def heads(self) -> list[Path]:
        """The files of all signed heads of today's epoch, smallest tree first."""
        return self.current().heads()


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def trusted_keys(epoch: Epoch) -> tuple[VerifierKey, ...]:
    """The public keys of the epoch; raises EvidenceMissing when one is none."""
    try:
        return tuple(VerifierKey.parse(vkey) for vkey in epoch.verifier_keys)
    except KeyRefused as fault:
        raise EvidenceMissing(f"the epoch names a key that is none: {fault}") from None
