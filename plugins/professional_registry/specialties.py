"""The specialties that councils recognise: what texts are filed under, and reviewers held to.

All of it is data (`data/specialties.json`, which names its source).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from plugins.professional_registry.names import fold

_TABLE = Path(__file__).parent / "data" / "specialties.json"


class Specialty(msgspec.Struct, frozen=True):
    """`code` is what is stored; `pt` is how the council writes it."""

    code: str
    council: str
    pt: str
    en: str


class _File(msgspec.Struct, frozen=True):
    specialties: tuple[Specialty, ...]


@cache
def specialties() -> Mapping[str, Specialty]:
    """Every specialty by its code."""
    table = msgspec.json.decode(_TABLE.read_bytes(), type=_File)
    return {one.code: one for one in table.specialties}


@cache
def _by_name() -> Mapping[str, str]:
    names = {fold(text): one.code for one in specialties().values() for text in (one.en, one.pt)}
    return {**names, **{fold(code): code for code in specialties()}}


def code_of(name: str) -> str | None:
    """The code of a specialty as a register, a person or a code names it; None if unknown."""
    return _by_name().get(fold(name))
