"""Sentences that people would judge, and how well the rules judge them.

Three sets of each family, all invented: `heldout` was written before the rules, and by the same
hand; `tuning` was written after a first version of them and used to better them; `blind` was
written last, measured, and never used for anything.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from plugins.medical_review.checks.bundled import bundled_sets
from plugins.medical_review.checks.documents import is_cns, is_cpf, is_pis
from plugins.medical_review.checks.engine import About, Reading, run
from plugins.medical_review.checks.findings import Aimed
from plugins.medical_review.checks.medicines import Medicine, MedicineKind, Medicines
from plugins.medical_review.checks.rules import Severity, in_force
from plugins.medical_review.checks.text import prepare

FOLDER = Path(__file__).parent / "labelled"
SETS = ("heldout", "tuning", "blind")
# Which rules speak of a family.
FAMILIES = {
    "advertising": ("cfm2336.",),
    "patient_data": ("patient.",),
    "medicines": ("medicines.", "rdc96."),
    "notices": ("house.suicide_notice",),
}

_RX, _HELD, _FREE = MedicineKind.PRESCRIPTION, MedicineKind.CONTROLLED, MedicineKind.FREE
MEDICINES = Medicines(
    [
        Medicine("Dorzinil", _RX, "algidrona"),
        Medicine("Glicoslim", _RX, "semaglutinol"),
        Medicine("Tensiovar", _RX, "pressolina"),
        Medicine("Calmivex", _HELD, "zolpatina"),
        Medicine("Febrolin", _FREE, "febrona"),
        Medicine("Azialgel", _FREE, "hidroxiluna"),
        Medicine("algidrona", _RX, is_brand=False),
        Medicine("semaglutinol", _RX, is_brand=False),
        Medicine("zolpatina", _HELD, is_brand=False),
    ]
)


def completed(start: str, is_it) -> str:
    """The number that begins so and has right check digits; nobody was ever given one like it."""
    for tail in product("0123456789", repeat=2):
        if is_it(start + "".join(tail)):
            return start + "".join(tail)
    raise LookupError(start)


_CPF = completed("000000042", is_cpf)
_CNS = completed("7000000000000", is_cns)
_PIS = completed("000000004", is_pis)
FILL = {
    "cpf": f"{_CPF[:3]}.{_CPF[3:6]}.{_CPF[6:9]}-{_CPF[9:]}",
    "cpf_plain": _CPF,
    "cpf_bad": "000.000.042-00",
    "cns": f"{_CNS[:3]} {_CNS[3:7]} {_CNS[7:11]} {_CNS[11:]}",
    "cns_plain": _CNS,
    "pis": f"{_PIS[:3]}.{_PIS[3:8]}.{_PIS[8:10]}-{_PIS[10:]}",
    "phone": "(11) 90000-0000",
    "email": "quiteria@paciente.example",
    "email_clinic": "contato@clinica.example",
    "cnpj": "00.000.000/0000-00",
}


@dataclass(frozen=True)
class Sentence:
    """What somebody may write, and whether a rule of the family has to speak."""

    text: str
    language: str
    is_fault: bool


@dataclass
class Score:
    """Counts of one set."""

    right: int = 0
    false: int = 0
    missed: int = 0
    silent: int = 0

    @property
    def sentences(self) -> int:
        return self.right + self.false + self.missed + self.silent

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def count(self, *, is_fault: bool, is_found: bool) -> None:
        if is_fault:
            self.right, self.missed = self.right + is_found, self.missed + (not is_found)
        else:
            self.false, self.silent = self.false + is_found, self.silent + (not is_found)


def sentences(family: str, which: str) -> Iterator[Sentence]:
    """The sentences of a set, their numbers filled in."""
    with (FOLDER / f"{family}_{which}.csv").open() as file:
        for row in csv.DictReader(file):
            text = row["text"].format(**FILL)
            yield Sentence(text, row["language"], row["is_fault"] == "1")


def rules() -> list[Aimed]:
    """The rules of the house in force when the sets were written, with their own severities."""
    sets = in_force(bundled_sets(), date(2026, 11, 1))
    return [Aimed(rule, one, rule.severity) for one in sets for rule in one.rules]


def is_found(sentence: Sentence, family: str, asked: list[Aimed]) -> bool:
    """Whether a rule of the family speaks, louder than with a note."""
    about = About(language=sentence.language, medicines=MEDICINES)
    found = run(Reading(prepare({"content": sentence.text}, {}), about), asked)
    return any(
        one.rule.startswith(FAMILIES[family]) and one.severity is not Severity.NOTE for one in found
    )


def measure(family: str, which: str) -> Score:
    """How the rules do on a set."""
    score, asked = Score(), rules()
    for sentence in sentences(family, which):
        score.count(is_fault=sentence.is_fault, is_found=is_found(sentence, family, asked))
    return score


def table() -> str:
    """Every figure, as the page has it."""
    lines = [
        "| family | set | sentences | faults | precision | recall |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for family, which in product(FAMILIES, SETS):
        score = measure(family, which)
        faults = score.right + score.missed
        lines.append(
            f"| {family} | {which} | {score.sentences} | {faults} "
            f"| {score.precision:.2f} | {score.recall:.2f} |"
        )
    return "\n".join(lines) + "\n"
