"""An export verified twice: by the product, and by the one-file verifier that outsiders get."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from plugins.audit_trail.exit_codes import CANNOT, GREEN, RED
from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.verification.offline.export import OfflineReport, verify_export
from plugins.audit_trail.verification.report import CannotVerify
from plugins.audit_trail.verifier.verify import Check


class TwoReports(msgspec.Struct, kw_only=True):
    """What each of the two found; red when either is, or when they disagree."""

    verdict: str
    product: OfflineReport
    outsider: list[str]
    agree: bool

    @property
    def code(self) -> int:
        return GREEN if self.verdict == "green" else RED


def verify_twice(place: Path, keys_file: Path | None, keys: Sequence[VerifierKey]) -> TwoReports:
    """Verify a folder or an archive; raises CannotVerify."""
    with _folder(place) as folder:
        product = verify_export(folder, keys)
        # Not the file in the export: a forged export could bring a forged verifier.
        check = Check(str(folder), None if keys_file is None else str(keys_file))
        code = check.run()
    if code == CANNOT and product.verdict == "green":
        raise CannotVerify("; ".join(check.cannot))
    agree = (code == GREEN) is (product.verdict == "green")
    verdict = "green" if agree and code == GREEN else "red"
    said = [*check.wrong, *check.cannot, *check.told]
    return TwoReports(verdict=verdict, product=product, outsider=said, agree=agree)


@contextmanager
def _folder(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="cms-audit-") as unpacked:
        try:
            with zipfile.ZipFile(place) as archive:
                archive.extractall(unpacked)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as fault:
            raise CannotVerify(f"{place} is no export: {fault}") from fault
        folders = [found for found in Path(unpacked).iterdir() if found.is_dir()]
        yield folders[0] if len(folders) == 1 else Path(unpacked)
