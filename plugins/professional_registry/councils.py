"""The councils: who registers whom, how a number is written, which words mean what.

All of it is data (`data/councils.json`, which names its sources); this module only gives it types.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

_TABLE = Path(__file__).parent / "data" / "councils.json"
CRM = "CRM"


class Profession(msgspec.Struct, frozen=True):
    """`publication_word` is what must stand beside the name in published content."""

    id: str
    pt: str
    publication_word: str | None = None
    suffix: str = ""
    prefix: str = ""
    code: str = ""
    aliases: tuple[str, ...] = ()


class Region(msgspec.Struct, frozen=True):
    """A regional council and the federative units (UF) that it answers for."""

    code: str
    ufs: tuple[str, ...]
    confidence: str = "high"


class Number(msgspec.Struct, frozen=True):
    """`text_regex` reads running text, `form_regex` checks the number taken out of it."""

    form_regex: str
    text_regex: tuple[str, ...]
    digits: str
    confidence: str = "high"


class RegistrationType(msgspec.Struct, frozen=True):
    """Principal, secondary, provisional, …; of low confidence are those no good source explains."""

    code: str
    pt: str
    confidence: str = "high"


class StatusWord(msgspec.Struct, frozen=True):
    """What the council says of a person, as a letter and as a word."""

    word: str
    normalised: str
    code: str | None = None
    confidence: str = "high"
    aliases: tuple[str, ...] = ()


class Spelling(msgspec.Struct, frozen=True):
    """`written` is the canonical form; a part in brackets stands only when there is a category."""

    written: str
    checked: str
    regional: Literal["uf", "region"]


class Council(msgspec.Struct, frozen=True):
    """`id` is the federal council (CFM); `regional` the acronym that people write (CRM)."""

    id: str
    regional: str
    name_pt: str
    country: str
    professions: tuple[Profession, ...]
    regions: tuple[Region, ...]
    number: Number
    identity: Spelling
    statuses: tuple[StatusWord, ...] = ()
    registration_types: tuple[RegistrationType, ...] = ()
    examples_valid: tuple[str, ...] = ()
    examples_invalid: tuple[str, ...] = ()


class ForeignNumber(msgspec.Struct, frozen=True):
    form_regex: str


class ForeignEntry(msgspec.Struct, frozen=True):
    """What the table tells of another country's register."""

    id: str
    country: str
    number: ForeignNumber


class CouncilTable(msgspec.Struct, frozen=True):
    """Everything that `data/councils.json` tells: Brazil, and the forms of other countries."""

    ufs: tuple[str, ...]
    councils: tuple[Council, ...]
    international: tuple[ForeignEntry, ...] = ()


@cache
def table() -> CouncilTable:
    """The table, read once."""
    return msgspec.json.decode(_TABLE.read_bytes(), type=CouncilTable)


@cache
def by_acronym() -> dict[str, Council]:
    """Councils by the acronym of the register (CRM, CRP, COREN, …)."""
    return {council.regional: council for council in table().councils}
