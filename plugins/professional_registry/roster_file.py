"""The CFM's bulk file: 27 UTF-8 texts, one a UF, of six fields with `!` between them.

Read as a stream and checked as a whole: a roster with one broken line is refused, because a row
that is missing from a register means that somebody lost or regained the right to sign.
"""

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from cms.errors import CmsError
from plugins.professional_registry.councils import CRM, table
from plugins.professional_registry.identity import of_roster
from plugins.professional_registry.statuses import Status, normalise

FIELDS = ("crm", "uf", "nome", "tipoInscricao", "situacao", "especialidades")
HEADER = "!".join(FIELDS)
LARGEST_FILE = 512 * 2**20
LARGEST_LINE = 4096
# A small roster may lose a handful of rows honestly; a share of ten rows says nothing.
HANDFUL = 5
SHOWN = 20

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class RosterRow(NamedTuple):
    """One registration as the council printed it; `category` is the kind of registration."""

    regional: str
    number: str
    category: str
    name: str
    status_raw: str
    specialties: str
    social_name: str = ""


class Fault(NamedTuple):
    """What is wrong, in which file and line (None: the whole file)."""

    file: str
    line: int | None
    fault: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.fault}"


class RosterRefused(CmsError):
    """The roster is not whole; the one in use stays."""

    status, slug = 422, "roster-refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "\n".join(map(str, faults[:SHOWN]))
        more = f"\n… and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        super().__init__(
            f"The roster was refused and the one in use stays:\n{shown}{more}\n"
            "Download it again and repeat the import.",
            faults=[fault._asdict() for fault in faults[:SHOWN]],
        )
        self.faults = tuple(faults)


class RosterFile(NamedTuple):
    """A text of the roster, in a folder or in a ZIP."""

    name: str
    uf: str
    size: int
    open: Callable[[], IO[bytes]]


class Reading:
    """One pass over a roster: `rows()` streams what is well-formed and notes what is not. `size`
    and `read` are in bytes."""

    def __init__(
        self, files: Mapping[str, RosterFile], corrected: Mapping[str, Status] | None = None
    ) -> None:
        self._files = files
        self._corrected = corrected
        self._digest = hashlib.sha256()
        self._unended: dict[str, int] = {}
        self.size = sum(file.size for file in files.values())
        self.read = 0
        self.counts: dict[str, int] = {}
        self.faults: list[Fault] = []

    @property
    def sha256(self) -> str:
        """Over the bytes of all files, in the order of their UFs."""
        return self._digest.hexdigest()

    def rows(self) -> Iterator[RosterRow]:
        for uf in sorted(self._files):
            yield from self._read(self._files[uf])
        # No file ends with a line break: the writer's habit. Some do: the others are cut off.
        if len(self._unended) < len(self._files):
            self.faults += [
                Fault(file, line, "the file ends in the middle of a line: it is truncated")
                for file, line in self._unended.items()
            ]

    def _read(self, file: RosterFile) -> Iterator[RosterRow]:
        seen: set[tuple[str, str]] = set()
        statuses: Counter[bool] = Counter()
        for line, row in self._lines(file):
            key = (row.number, row.category)
            if key in seen:
                self._note(file, line, f"number {row.number} stands here for the second time")
                continue
            seen.add(key)
            statuses[normalise(CRM, row.status_raw, self._corrected) is Status.UNVERIFIED] += 1
            yield row
        self.counts[file.uf] = len(seen)
        if not seen:
            self._note(file, None, "the file has no rows")
        if statuses[True] > max(HANDFUL, len(seen) // 20):
            self._note(file, None, f"{statuses[True]} of {len(seen)} rows have an unknown status")

    def _lines(self, file: RosterFile) -> Iterator[tuple[int, RosterRow]]:
        line = 0
        for line, raw in self._raw_lines(file):
            row = parse_line(raw, file.uf)
            if isinstance(row, RosterRow):
                yield line, row
            elif not (line == 1 and _is_header(raw)):
                self._note(file, line, row)
        if line and not raw.endswith(b"\n"):
            self._unended[file.name] = line

    def _raw_lines(self, file: RosterFile) -> Iterator[tuple[int, bytes]]:
        line = 0
        try:
            with file.open() as stream:
                while raw := stream.readline(LARGEST_LINE):
                    line += 1
                    self._digest.update(raw)
                    self.read += len(raw)
                    yield line, raw
        # RuntimeError is how the standard library says that an entry is encrypted.
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            self._note(file, line + 1, f"cannot be read: {error}")

    def _note(self, file: RosterFile, line: int | None, fault: str) -> None:
        self.faults.append(Fault(file.name, line, fault))


def parse_line(raw: bytes, uf: str) -> RosterRow | str:
    """The row, or what is wrong with the line."""
    try:
        text = raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 at byte {error.start + 1}"
    if _CONTROL.search(text):
        return "has a control character"
    parts = [part.strip() for part in text.split("!")]
    return _fault_of(parts, uf) or _row(parts, uf)


def _fault_of(parts: list[str], uf: str) -> str | None:
    if len(parts) != len(FIELDS):
        return f"has {len(parts)} fields instead of {len(FIELDS)} ({HEADER})"
    empty = next((f for f, value in zip(FIELDS[:5], parts, strict=False) if not value), None)
    if empty:
        return f"{empty} is empty"
    if parts[1] != uf:
        return f"is of {parts[1]!r} in the file of {uf}"
    return None


def _row(parts: list[str], uf: str) -> RosterRow | str:
    number, _, name, kind, status, specialties = parts
    identity = of_roster(uf, number)
    if identity is None:
        return f"{number!r} is not a CRM number of 1 to 7 digits"
    return RosterRow(uf, identity.number, kind, name, status, specialties)


def find_files(path: Path) -> dict[str, RosterFile]:
    """The 27 files by UF, in a folder or a ZIP. RosterRefused names each one that is missing,
    twice there, empty, or of no UF."""
    found: dict[str, RosterFile] = {}
    faults: list[Fault] = []
    for name, size, opener in _texts(path):
        uf = _uf_of(name)
        if uf is None:
            faults.append(Fault(name, None, "its name tells no UF"))
        elif uf in found:
            faults.append(Fault(name, None, f"is a second file of {uf}, beside {found[uf].name}"))
        else:
            found[uf] = RosterFile(name, uf, size, opener)
    faults += [Fault(f"{uf}.txt", None, "is missing") for uf in table().ufs if uf not in found]
    faults += [Fault(file.name, None, fault) for file in found.values() if (fault := _size(file))]
    if faults:
        raise RosterRefused(faults)
    return found


def collapsed(
    previous: Mapping[str, int],
    now: Mapping[str, int],
    largest_shrink: float,
    place: str = "{}.txt",
) -> list[Fault]:
    """The UFs or regions that lost more rows than a register loses between two snapshots."""
    return [
        Fault(place.format(uf), None, f"has {now.get(uf, 0)} rows; the roster in use has {before}")
        for uf, before in sorted(previous.items())
        if before - now.get(uf, 0) > max(HANDFUL, before * largest_shrink)
    ]


def _texts(path: Path) -> Iterator[tuple[str, int, Callable[[], IO[bytes]]]]:
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield file.name, file.stat().st_size, partial(_open_file, file)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            texts = [e for e in archive.infolist() if e.filename.lower().endswith(".txt")]
        for entry in texts:
            opener = partial(_open_entry, path, entry)
            yield Path(entry.filename).name, entry.file_size, opener
    else:
        raise RosterRefused([Fault(str(path), None, "is neither a folder nor a ZIP file")])


def _open_file(path: Path) -> IO[bytes]:
    return path.open("rb")


def _open_entry(path: Path, entry: zipfile.ZipInfo) -> IO[bytes]:
    # The archive counts its open entries: the last of them closes the file.
    with zipfile.ZipFile(path) as archive:
        return archive.open(entry)


def _uf_of(name: str) -> str | None:
    words = re.findall(r"[A-Z]+", Path(name).stem.upper())
    ufs = [word for word in words if word in table().ufs]
    return ufs[0] if len(ufs) == 1 else None


def _size(file: RosterFile) -> str | None:
    if file.size == 0:
        return "is empty"
    return f"is larger than {LARGEST_FILE} bytes" if file.size > LARGEST_FILE else None


def _is_header(raw: bytes) -> bool:
    return raw.decode("utf-8-sig", "replace").strip().casefold() == HEADER.casefold()
