"""An invented roster: people who do not exist, with numbers that no council has given out."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from plugins.professional_registry.councils import table
from plugins.professional_registry.roster_file import HEADER

FIRST_NUMBER = 9_900_001
_NOBODY = (
    ("ABELARDO INVENTADO DA SILVA", "P", "A", ""),
    ("BENEDITA FICTÍCIA DOS SANTOS", "P", "A", "&PEDIATRIA - RQE Nº: 990002"),
    ("CACILDA IMAGINÁRIA DE SOUZA", "S", "T", ""),
    ("DEMÉTRIO SUPOSTO LIMA", "P", "P", ""),
)


class DemoPhysician(msgspec.Struct, frozen=True):
    """Somebody whom the demo or a test needs on the roster, with the status that it needs."""

    name: str
    uf: str
    number: int
    status: str = "A"
    kind: str = "P"
    specialties: tuple[tuple[str, int], ...] = ()


def write_roster(folder: Path, physicians: Sequence[DemoPhysician] = ()) -> Path:
    """Write the 27 files into the folder, which is made if it is not there, and give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    for uf in table().ufs:
        lines = _filling(uf) + [_line(p) for p in physicians if p.uf == uf]
        text = "".join(f"{line}\n" for line in (HEADER, *lines))
        (folder / f"{uf}.txt").write_text(text, encoding="utf-8", newline="\n")
    return folder


def _filling(uf: str) -> list[str]:
    return [
        "!".join((str(FIRST_NUMBER + i), uf, name, kind, status, specialties))
        for i, (name, kind, status, specialties) in enumerate(_NOBODY)
    ]


def _line(p: DemoPhysician) -> str:
    if p.number < FIRST_NUMBER + len(_NOBODY):
        raise ValueError(f"demo numbers start at {FIRST_NUMBER + len(_NOBODY)}, not {p.number}")
    specialties = "".join(f"&{name} - RQE Nº: {rqe}" for name, rqe in p.specialties)
    return "!".join((str(p.number), p.uf, p.name.upper(), p.kind, p.status, specialties))
