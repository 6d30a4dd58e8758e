"""Many references at once, from the file of a reference manager."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec

from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.references import library
from plugins.medical_review.references.csl import Csl, read_csl
from plugins.medical_review.references.formats.bibtex import read_bibtex
from plugins.medical_review.references.formats.ris import read_ris
from plugins.medical_review.references.models import LibraryEntry, Origin

MOST, LARGEST = 200, 1_000_000


@dataclass
class Imported:
    """What became of each item: added, known before, or refused with its faults."""

    added: list[LibraryEntry] = field(default_factory=list)
    known: list[LibraryEntry] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


def _csl_json(text: str) -> Iterable[Any]:
    try:
        read = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput({"text": f"is no JSON: {error}"}) from None
    return read if isinstance(read, list) else [read]


FORMATS: dict[str, Callable[[str], Iterable[Any]]] = {
    "csl-json": _csl_json,
    "bibtex": read_bibtex,
    "ris": read_ris,
}


async def import_all(work: UnitOfWork, form: str, text: str) -> Imported:
    """Add every item that can be used; what is wrong with the others is said by their place in the
    file, from 0. At most 200 items of a megabyte together."""
    library.require_write(work, "reference.add")
    done = Imported()
    for item in await aside(len(text), _items, form, text, done):
        entry, is_new = await library.add(work, item, Origin.IMPORT)
        (done.added if is_new else done.known).append(entry)
    return done


def _items(form: str, text: str, done: Imported) -> list[Csl]:
    if form not in FORMATS:
        raise InvalidInput({"format": f"{form!r:.40} must be one of {', '.join(FORMATS)}"})
    if len(text) > LARGEST:
        raise InvalidInput({"text": f"is longer than {LARGEST} characters; send it in parts"})
    given = list(islice(FORMATS[form](text), MOST + 1))
    if not given or len(given) > MOST:
        raise InvalidInput(
            {"text": f"holds {_many(len(given))} references; send 1 to {MOST} at once"}
        )
    items = []
    for place, value in enumerate(given):
        faults: dict[str, str] = {}
        item = read_csl(f"items[{place}]", value, faults)
        if faults:
            done.refused.append(faults)
        else:
            items.append(item)
    return items


def _many(count: int) -> str:
    return "no" if count == 0 else f"more than {MOST}"
