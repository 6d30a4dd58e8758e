"""The councils' table as this tenant has corrected it: what the other modules read and write by.

Only what the table knows from no good source, or not at all, can be corrected: the rest waits for a
release, with its source.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork
from plugins.professional_registry import foreign
from plugins.professional_registry.councils import Council, Region, by_acronym, table
from plugins.professional_registry.identity import parse
from plugins.professional_registry.manual_models import Correction, CorrectionState, Kind
from plugins.professional_registry.patterns import pattern_fault
from plugins.professional_registry.statuses import Status, is_well_sourced, normalise, word_key

THE_NUMBER = "number"
_GROUPS = frozenset({"number", "uf", "region", "category"})
_NOT_A_WORD = frozenset({Status.NOT_FOUND, Status.SOURCE_UNAVAILABLE})


async def words(work: ReadableWork, council: str) -> dict[str, Status]:
    """The corrected words of a council, by `word_key`."""
    rows = await _in_force(work, Correction.council == council, Correction.kind == Kind.STATUS)
    return {row.subject: Status(row.value["status"]) for row in rows}


async def councils(work: ReadableWork) -> Mapping[str, Council]:
    """The councils with corrected regions, spellings and forms, by acronym."""
    rows = await _in_force(work, Correction.kind != Kind.STATUS)
    known = dict(by_acronym())
    for row in rows:
        known[row.council] = applied(known[row.council], Kind(row.kind), row.subject, row.value)
    return known


def applied(council: Council, kind: Kind, subject: str, value: Mapping[str, Any]) -> Council:
    """The council with one correction of its regions, spellings or form."""
    change = msgspec.structs.replace
    if kind is Kind.REGION:
        others = tuple(region for region in council.regions if region.code != subject)
        return change(council, regions=(*others, Region(subject, tuple(value["ufs"]))))
    if kind is Kind.SPELLING:
        spellings = (*council.number.text_regex, value["pattern"])
        return change(council, number=change(council.number, text_regex=spellings))
    return change(council, number=change(council.number, form_regex=value["pattern"]))


def checked(acronym: str, kind: str, subject: str, value: Mapping[str, Any]) -> tuple[Kind, str]:
    """The kind and the subject in the form they are kept in. InvalidInput names every fault."""
    council = by_acronym().get(acronym)
    if council is None and (kind != Kind.STATUS or acronym not in foreign.registers()):
        raise InvalidInput(
            {"council": f"{acronym[:20]!r} must be one of {', '.join(by_acronym())}"}
        )
    if kind == Kind.STATUS:
        return Kind.STATUS, _checked_word(acronym, subject, value)
    if council and kind == Kind.REGION:
        return Kind.REGION, _checked_region(council, subject, value)
    if council and kind in {Kind.SPELLING, Kind.FORM}:
        return Kind(kind), _checked_pattern(council, Kind(kind), value)
    raise InvalidInput({"kind": f"{kind[:20]!r} must be one of {', '.join(Kind)}"})


def loosens(before: Status, after: Status) -> bool:
    """Whether somebody may sign by the new meaning who might not by the old: on this registration,
    or on another one that a penalty here has barred."""
    permits = after.may_sign and not before.may_sign
    return permits or (before.bars_everywhere and not after.bars_everywhere)


async def meaning(work: ReadableWork, council: str, word: str) -> Status:
    """What the word means today, corrections heeded."""
    return normalise(council, word, await words(work, council))


def _checked_word(acronym: str, word: str, value: Mapping[str, Any]) -> str:
    faults: dict[str, str] = {}
    accepted = [status.value for status in Status if status not in _NOT_A_WORD]
    if not word_key(word) or len(word) > 100:
        faults["subject"] = f"{word[:40]!r} is no word that a council could use"
    elif is_well_sourced(acronym, word):
        faults["subject"] = (
            f"{word!r} is known from a good source; it changes with a release that names a better"
        )
    if set(value) != {"status"} or value["status"] not in accepted:
        faults["value"] = f'must be {{"status": …}} with one of {", ".join(accepted)}'
    if faults:
        raise InvalidInput(faults)
    return word_key(word)


def _checked_region(council: Council, code: str, value: Mapping[str, Any]) -> str:
    faults: dict[str, str] = {}
    known = {region.code: region for region in council.regions}
    if not re.fullmatch(r"\d{1,2}", code, re.ASCII) or council.identity.regional != "region":
        faults["subject"] = f"{code[:20]!r} is no region of {council.regional}: one or two digits"
    elif code in known and known[code].confidence != "low":
        faults["subject"] = f"region {code} is known from a good source"
    ufs = value.get("ufs")
    if set(value) != {"ufs"} or not ufs or not isinstance(ufs, list) or _unknown(ufs):
        faults["value"] = 'must be {"ufs": [...]} with federative units, like ["MT", "MS"]'
    if faults:
        raise InvalidInput(faults)
    return code


def _unknown(ufs: list[Any]) -> list[Any]:
    return [uf for uf in ufs if uf not in table().ufs]


def _checked_pattern(council: Council, kind: Kind, value: Mapping[str, Any]) -> str:
    pattern = value.get("pattern")
    if set(value) != {"pattern"} or not isinstance(pattern, str):
        raise InvalidInput({"value": 'must be {"pattern": "^…$"}'})
    subject = THE_NUMBER if kind is Kind.FORM else pattern
    fault = pattern_fault(pattern) or (
        _spelling_fault(council, pattern) if kind is Kind.SPELLING else _form_fault(council)
    )
    fault = fault or _examples_fault(applied(council, kind, subject, value))
    if fault:
        raise InvalidInput({"value": f"{pattern[:80]!r} {fault}"})
    return subject


def _spelling_fault(council: Council, pattern: str) -> str:
    if not pattern.startswith(f"^{council.regional}"):
        return f"must begin with ^{council.regional}: a spelling names its council"
    groups = set(re.compile(pattern).groupindex)
    place = "uf" if council.identity.regional == "uf" else "region"
    if not groups <= _GROUPS or not {"number", place} <= groups:
        return f"must name the groups number and {place}, and may name category"
    return ""


def _form_fault(council: Council) -> str:
    return "would replace a form of high confidence" if council.number.confidence == "high" else ""


def _examples_fault(council: Council) -> str:
    """A correction may add; what was read before is read as before, of this council and others."""
    known = {**by_acronym(), council.regional: council}
    for other in by_acronym().values():
        for example in other.examples_valid:
            if _read_or_none(example, known) != parse(example):
                return f"would change how {example} is read"
    return ""


def _read_or_none(example: str, known: Mapping[str, Council]) -> object:
    try:
        return parse(example, known)
    except InvalidInput:
        return None


async def _in_force(work: ReadableWork, *conditions: Any) -> list[Correction]:
    rows = await work.all(
        select(Correction)
        .where(
            Correction.tenant_id == work.tenant_id,
            Correction.state == CorrectionState.IN_FORCE,
            *conditions,
        )
        .order_by(Correction.id)
    )
    return [row[0] for row in rows]
