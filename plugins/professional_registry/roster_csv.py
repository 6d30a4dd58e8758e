"""A roster of any council as a CSV file, as its site, an open-data page or a spreadsheet gives it.

Held to the same rule as the CFM's bulk file: one broken line and none of it is taken.
"""

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cms.errors import InvalidInput
from plugins.professional_registry.councils import CRM, Council, table
from plugins.professional_registry.identity import RegistrationId, of_parts, of_roster, parse
from plugins.professional_registry.names import fold
from plugins.professional_registry.roster_file import (
    HANDFUL,
    LARGEST_FILE,
    LARGEST_LINE,
    Fault,
    RosterRefused,
    RosterRow,
)
from plugins.professional_registry.statuses import Status, is_known

DELIMITERS = (",", ";", "\t")
MOST_FAULTS = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_BLOCK = 1 << 20

# What councils and spreadsheets call each column, folded. `regional` is a UF or a region.
_GUESSES = {
    "number": {"numero", "n", "no", "number", "registro", "inscricao", "numero de registro"}
    | {"n registro", "n inscricao", "numero de inscricao", "numero registro", "numero inscricao"},
    "regional": {"regional", "regiao", "region", "uf", "estado", "state", "conselho regional"},
    "category": {"categoria", "category", "tipo", "tipo inscricao", "tipo de inscricao"},
    "name": {"nome", "name", "nome completo", "nome do profissional", "profissional"},
    "social_name": {"nome social", "social name"},
    "status": {"situacao", "status", "situacao cadastral", "situacao do registro"},
    "specialties": {"especialidades", "especialidade", "specialties", "specialty"},
}
FIELDS = tuple(_GUESSES)
_NEEDED = ("number", "name", "status")


class Columns(NamedTuple):
    """Where each field stands, and what its column is called."""

    at: Mapping[str, int]
    header: Sequence[str]

    def cell(self, cells: Sequence[str], field: str) -> str:
        return cells[self.at[field]].strip() if field in self.at else ""

    def title(self, field: str) -> str:
        return self.header[self.at[field]]


class CsvReading:
    """One pass over a CSV roster: `rows()` streams what is well-formed and notes what is not.

    `mapping` names a column for a field where the header does not tell; `corrected` are the words
    that the tenant knows better. `read` is in characters, of at most `size`.
    """

    def __init__(
        self,
        path: Path,
        council: Council,
        *,
        mapping: Mapping[str, str] | None = None,
        corrected: Mapping[str, Status] | None = None,
    ) -> None:
        self._path, self._council = path, council
        self._corrected = corrected or {}
        self._encoding, self.sha256 = _examined(path)
        self._delimiter, header = _header(path, self._encoding)
        self._columns = _columns(path.name, header, mapping or {})
        self._unknown: Counter[str] = Counter()
        self.size, self.read = path.stat().st_size, 0
        self._regionals: dict[str, str | None] = {}
        self.counts: dict[str, int] = {}
        self.faults: list[Fault] = []

    def rows(self) -> Iterator[RosterRow]:
        seen: set[tuple[str, str, str]] = set()
        counts: Counter[str] = Counter()
        for line, row in self._lines():
            key = row[:3]
            if key in seen:
                self._note(line, "number", f"{row.number} stands here for the second time")
                continue
            seen.add(key)
            counts[row.regional] += 1
            if not is_known(self._council.regional, row.status_raw, self._corrected):
                self._unknown[row.status_raw] += 1
            yield row
        self.counts = dict(counts)
        self._judge(len(seen))

    def _judge(self, rows: int) -> None:
        unknown = sum(self._unknown.values())
        if rows == 0:
            self.faults.append(Fault(self._path.name, None, "the file has no rows"))
        if unknown > max(HANDFUL, rows // 20):
            words = ", ".join(repr(word[:40]) for word, _ in self._unknown.most_common(5))
            self.faults.append(
                Fault(
                    self._path.name,
                    None,
                    f"{unknown} of {rows} rows have an unknown status ({words}): "
                    "say what the words mean first (POST /api/v1/registry/corrections)",
                )
            )

    def _lines(self) -> Iterator[tuple[int, RosterRow]]:
        with self._path.open(encoding=self._encoding, newline="") as file:
            reader = csv.reader(_short_lines(file), delimiter=self._delimiter, strict=True)
            try:
                next(reader)
                for cells in reader:
                    self.read += sum(map(len, cells)) + len(cells)
                    if any(cell.strip() for cell in cells):
                        row = self._row(reader.line_num, cells)
                        if row is not None:
                            yield reader.line_num, row
                    if len(self.faults) > MOST_FAULTS:
                        return
            except (csv.Error, OSError, UnicodeDecodeError) as error:
                fault = Fault(self._path.name, reader.line_num, f"cannot be read: {error}")
                self.faults.append(fault)

    def _row(self, line: int, cells: list[str]) -> RosterRow | None:
        columns = self._columns
        if len(cells) != len(columns.header):
            fault = f"has {len(cells)} columns instead of {len(columns.header)}"
            self.faults.append(Fault(self._path.name, line, fault))
            return None
        values = {field: columns.cell(cells, field) for field in FIELDS}
        for field, value in values.items():
            fault = _cell_fault(field, value)
            if fault:
                self._note(line, field, fault)
                return None
        identity = self._identity(line, values)
        if identity is None:
            return None
        # The CFM's column is the kind of registration; elsewhere the category is part of the key.
        kind = values["category"] if self._council.registration_types else identity.category
        return RosterRow(
            identity.regional,
            identity.number,
            kind,
            values["name"],
            values["status"],
            values["specialties"],
            values["social_name"],
        )

    def _identity(self, line: int, values: Mapping[str, str]) -> RegistrationId | None:
        number, written = values["number"], values["regional"]
        if "regional" not in self._columns.at:
            found = _whole(self._council, number)
            if found is None:
                self._note(line, "number", f"{number!r} is no {self._council.regional} number")
            return found
        # Some dozens of them stand in hundreds of thousands of lines.
        if written not in self._regionals:
            self._regionals[written] = regional_of(self._council, written)
        regional = self._regionals[written]
        if regional is None:
            self._note(line, "regional", f"{written!r} is no region of {self._council.regional}")
            return None
        found = self._of_cells(regional, number, values["category"])
        if found is None:
            digits = self._council.number.digits
            self._note(line, "number", f"{number!r} is not made of {digits}")
        return found

    def _of_cells(self, regional: str, number: str, category: str) -> RegistrationId | None:
        if self._council.regional == CRM:
            return of_roster(regional, number)
        found = of_parts(self._council, regional, number, category)
        if found is not None:
            return found
        whole = _whole(self._council, number)
        return whole if whole and whole.regional == regional else None

    def _note(self, line: int, field: str, fault: str) -> None:
        # A column may be missing from the file altogether: then its field names it.
        title = self._columns.title(field) if field in self._columns.at else field
        self.faults.append(Fault(self._path.name, line, f"column {title!r}: {fault}"))


def regional_of(council: Council, written: str) -> str | None:
    """The regional that a cell names: SP, CRP-06, 6, 6ª Região; or a UF that one region alone
    answers for."""
    words = re.findall(r"[A-Z]+|\d+", fold(written).upper())
    numbers = [int(word) for word in words if word.isdigit()]
    ufs = [word for word in words if any(word in region.ufs for region in council.regions)]
    if council.identity.regional == "uf" and not numbers:
        return _uf_of(words)
    matching = [
        region
        for region in council.regions
        if (numbers and region.code.isdigit() and int(region.code) == numbers[0])
        or (not numbers and ufs and ufs[-1] in region.ufs)
    ]
    if len(matching) != 1:
        return None
    return matching[0].code if council.identity.regional == "region" else matching[0].ufs[0]


def _uf_of(words: list[str]) -> str | None:
    named = [word for word in words if word in table().ufs]
    return named[0] if len(named) == 1 else None


def _whole(council: Council, written: str) -> RegistrationId | None:
    """A cell that holds the whole registration, with the acronym or without."""
    for text in (written, f"{council.regional} {written}", f"{council.regional}-{written}"):
        try:
            found = parse(text, {council.regional: council})
        except InvalidInput:
            continue
        return found if found.council == council.regional else None
    return None


def _cell_fault(field: str, value: str) -> str:
    if not value and field in _NEEDED:
        return "is empty"
    return "has a control character" if _CONTROL.search(value) else ""


def _examined(path: Path) -> tuple[str, str]:
    """The encoding and the SHA-256. UTF-8 if all of it is; else Latin-1, which any bytes are: what
    is no text at all shows as control characters."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, size, first = True, 0, b""
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                first, size = first or block[:4], size + len(block)
                digest.update(block)
                is_utf8 = is_utf8 and _decodes(decoder, block)
    except OSError as error:
        raise _refused(path, f"cannot be read: {error}") from error
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(path, "is UTF-16: save it as UTF-8")
    if not 0 < size <= LARGEST_FILE:
        raise _refused(path, f"is larger than {LARGEST_FILE} bytes" if size else "is empty")
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return ("utf-8-sig" if is_utf8 else "latin-1"), digest.hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _header(path: Path, encoding: str) -> tuple[str, list[str]]:
    """The delimiter that cuts the first line into most columns, and these."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LARGEST_LINE)
    best, cells = ",", [first]
    for delimiter in DELIMITERS:
        try:
            cut = next(csv.reader(io.StringIO(first), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        if len(cut) > len(cells):
            best, cells = delimiter, cut
    if len(cells) < 2:
        raise RosterRefused([Fault(path.name, 1, "no comma, semicolon or tab parts the header")])
    return best, [cell.strip() for cell in cells]


def _columns(file: str, header: list[str], mapping: Mapping[str, str]) -> Columns:
    faults = [f"there is no field {field!r}" for field in mapping if field not in FIELDS]
    at: dict[str, int] = {}
    for field in FIELDS:
        wanted = {fold(mapping[field])} if field in mapping else _GUESSES[field]
        found = [i for i, title in enumerate(header) if fold(title) in wanted]
        if len(found) > 1:
            titles = ", ".join(repr(header[i]) for i in found)
            faults.append(f"{titles} could all be {field}: say which (--column {field}=…)")
        elif found:
            at[field] = found[0]
        elif field in _NEEDED or field in mapping:
            faults.append(f"no column is {field}: say which (--column {field}=…)")
    if faults:
        raise RosterRefused([Fault(file, 1, fault) for fault in faults])
    return Columns(at, header)


def _short_lines(file: Iterator[str]) -> Iterator[str]:
    """A quote that never closes must not swallow the rest of the file into one cell."""
    for line in file:
        if len(line) > LARGEST_LINE:
            raise csv.Error(f"the line is longer than {LARGEST_LINE} characters")
        yield line


def _refused(path: Path, fault: str) -> RosterRefused:
    return RosterRefused([Fault(path.name, None, fault)])
