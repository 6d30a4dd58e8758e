"""Loading a list of medicines: a CSV file with a header, taken whole or not at all."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork
from plugins.medical_review.checks.events import MedicinesLoaded
from plugins.medical_review.checks.medicines import kind_of, words_of
from plugins.medical_review.checks.models import MedicineList, MedicineName
from plugins.medical_review.checks.people import MANAGE, person_of
from plugins.medical_review.checks.text import fold

MOST_NAMES, MOST_FAULTS, LONGEST_NAME = 200_000, 50, 200
_CHUNK = 5000

# What lists call each column, folded; the second half is that of Anvisa's open data.
_COLUMNS = {
    "name": {"name", "nome", "nome comercial", "marca", "produto", "nome_produto"},
    "substance": {"substance", "substancia", "dcb", "principio ativo", "principio_ativo"},
    "kind": {"kind", "tarja", "venda", "classe", "prescription", "restricao", "tipo de venda"},
}


async def load(work: UnitOfWork, source: str, content: str) -> MedicineList:
    """Put a list in use in place of the one before. Columns: name, substance, kind (prescription,
    controlled, free, or the words for them); `;`, `,` or tab between. InvalidInput names the
    lines."""
    person = person_of(work, MANAGE, "medicine.load")
    if not 0 < len(source.strip()) <= LONGEST_NAME:
        raise InvalidInput({"source": "must say in a line where the list comes from"})
    names = _read(content)
    row = MedicineList(
        tenant_id=work.tenant_id,
        id=await work.next_id("medicine_list"),
        source=source.strip(),
        digest=hashlib.sha256(content.encode()).digest(),
        names=len(names),
        imported_by=person,
        imported_at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    await _fill(work, row.id, names)
    after = {"names": row.names, "digest": row.digest.hex()}
    await work.emit(MedicinesLoaded(list_id=row.id, after=after))
    return row


async def _fill(work: UnitOfWork, list_id: int, names: list[dict[str, Any]]) -> None:
    mine = {"tenant_id": work.tenant_id, "list_id": list_id}
    for start in range(0, len(names), _CHUNK):
        rows = [
            {**mine, "number": start + i, **name}
            for i, name in enumerate(names[start : start + _CHUNK])
        ]
        await work.execute(insert(MedicineName), rows)
    await work.execute(
        delete(MedicineName).where(
            MedicineName.tenant_id == work.tenant_id, MedicineName.list_id < list_id
        )
    )


async def in_use(work: ReadableWork) -> MedicineList | None:
    """The list that texts are held against today."""
    row = await work.one(
        select(MedicineList)
        .where(MedicineList.tenant_id == work.tenant_id)
        .order_by(MedicineList.id.desc())
        .limit(1)
    )
    return row[0] if row else None


def _read(content: str) -> list[dict[str, Any]]:
    """Every name of the list once: trade names, and the substances that they stand for."""
    first = content.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(content.lstrip("\ufeff")), delimiter=delimiter)
    at = _header(next(reader, []))
    faults: dict[str, str] = {}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, cells in enumerate(reader, 2):
        if any(cell.strip() for cell in cells):
            for name in _names(at, cells, number, faults):
                found.setdefault(words_of(name["name"]), name)
        if len(faults) >= MOST_FAULTS or len(found) > MOST_NAMES:
            break
    if not found and not faults:
        faults["csv"] = "has no lines below its header"
    if len(found) > MOST_NAMES:
        faults["csv"] = f"has more than {MOST_NAMES:,} names"
    if faults:
        raise InvalidInput(faults)
    return list(found.values())


def _header(cells: list[str]) -> Mapping[str, int]:
    titles = [fold(cell).strip().strip('"') for cell in cells]
    at = {
        field: next((i for i, title in enumerate(titles) if title in words), -1)
        for field, words in _COLUMNS.items()
    }
    if at["name"] < 0:
        wanted = ", ".join(sorted(_COLUMNS["name"]))
        raise InvalidInput({"csv": f"has no column with the names; call it one of {wanted}"})
    return at


def _names(
    at: Mapping[str, int], cells: list[str], line: int, faults: dict[str, str]
) -> Iterator[dict[str, Any]]:
    name, substance, written = (_cell(cells, at[field]) for field in ("name", "substance", "kind"))
    kind = kind_of(written)
    if kind is None:
        faults[f"line {line}.kind"] = (
            f"{written[:40]!r} must be prescription, controlled or free (or the colour of the band)"
        )
        return
    if not words_of(name) or len(name) > LONGEST_NAME or len(substance) > LONGEST_NAME:
        faults[f"line {line}.name"] = f"must be a name of at most {LONGEST_NAME} characters"
        return
    is_brand = bool(substance) and fold(substance) != fold(name)
    yield _row(name, kind.value, substance if is_brand else "", is_brand=is_brand)
    if is_brand and words_of(substance):
        yield _row(substance, kind.value, "", is_brand=False)


def _cell(cells: list[str], at: int) -> str:
    return " ".join(cells[at].split()) if 0 <= at < len(cells) else ""


def _row(name: str, kind: str, substance: str, *, is_brand: bool) -> dict[str, Any]:
    return {
        "first_word": words_of(name)[0],
        "name": name,
        "kind": kind,
        "substance": substance,
        "is_brand": is_brand,
    }
