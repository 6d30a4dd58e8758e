"""/api/v1/reviews/checks: the rule sets, what counsel chose, the list of medicines."""

from datetime import date, datetime
from typing import Self

import msgspec

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from plugins.medical_review.checks import medicine_lists, rule_sets
from plugins.medical_review.checks.models import ChosenSeverity, MedicineList
from plugins.medical_review.checks.people import require_writer
from plugins.medical_review.checks.rules import RuleSet, in_force


class SetOut(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a rule set without its rules. `is_in_force`: it is what counts today."""

    id: str
    version: int
    norm: str
    layer: str
    council: str | None
    valid_from: date
    valid_until: date | None
    rules: int
    is_in_force: bool


class SeverityIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of a rule, `blocker`, `warning` or `note`, and counsel's reason."""

    rule: str
    severity: str
    reason: str


class SeverityOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen, by whom, when and why."""

    rule: str
    severity: str
    reason: str
    chosen_by: int
    chosen_at: datetime

    @classmethod
    def of(cls, row: ChosenSeverity) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


class MedicinesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a list comes from, and the CSV file itself."""

    source: str
    csv: str


class MedicinesOut(msgspec.Struct, frozen=True, kw_only=True):
    """The list in use; `digest` is the SHA-256 of its file."""

    id: int
    source: str
    digest: str
    names: int
    imported_by: int
    imported_at: datetime

    @classmethod
    def of(cls, row: MedicineList) -> Self:
        values = {name: getattr(row, name) for name in cls.__struct_fields__}
        return cls(**{**values, "digest": row.digest.hex()})


@get("/checks/rule-sets", action="rule.read", resource="rule")
async def list_sets(work: UnitOfWork) -> list[SetOut]:
    """Every version of every rule set, those of the house and those that were added."""
    require_writer(work, "rule.read")
    sets = await rule_sets.all_sets(work)
    standing = {one.name for one in in_force(sets, work.now.date())}
    return [_set(one, is_in_force=one.name in standing) for one in sets]


def _set(one: RuleSet, *, is_in_force: bool) -> SetOut:
    return SetOut(
        id=one.id,
        version=one.version,
        norm=one.norm,
        layer=one.layer.value,
        council=one.council,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        rules=len(one.rules),
        is_in_force=is_in_force,
    )


@get("/checks/rule-sets/{set_id:str}", action="rule.read", resource="rule")
async def read_set(set_id: str, work: UnitOfWork, version: int | None = None) -> RuleSet:
    """A rule set with its rules; the newest version if none is named."""
    require_writer(work, "rule.read")
    return await rule_sets.one_set(work, set_id, version)


@post("/checks/rule-sets", action="rule.add", resource="rule", status_code=201)
async def add_set(data: RuleSet, work: UnitOfWork) -> SetOut:
    """Add the rules of a council or norm, or a further version; every fault is named."""
    added = await rule_sets.add_set(work, data)
    return _set(added, is_in_force=added.is_in_force(work.now.date()))


@get("/checks/severities", action="rule.read", resource="rule")
async def list_severities(work: UnitOfWork) -> list[SeverityOut]:
    """What counsel chose of rules that no statute fixes, the newest first."""
    require_writer(work, "rule.read")
    return [SeverityOut.of(row) for row in await rule_sets.choices(work)]


@post("/checks/severities", action="rule.weigh", resource="rule", status_code=201)
async def choose_severity(data: SeverityIn, work: UnitOfWork) -> SeverityOut:
    """Choose how much a rule weighs from now on."""
    row = await rule_sets.choose_severity(work, data.rule, data.severity, data.reason)
    return SeverityOut.of(row)


@get("/checks/medicines", action="medicine.read", resource="medicine_list")
async def read_medicines(work: UnitOfWork) -> MedicinesOut | None:
    """The list of medicines that texts are held against; null while there is none."""
    require_writer(work, "medicine.read")
    found = await medicine_lists.in_use(work)
    return MedicinesOut.of(found) if found else None


@post("/checks/medicines", action="medicine.load", resource="medicine_list", status_code=201)
async def load_medicines(data: MedicinesIn, work: UnitOfWork) -> MedicinesOut:
    """Load a list in place of the one before, whole or not at all."""
    return MedicinesOut.of(await medicine_lists.load(work, data.source, data.csv))


routes = [
    list_sets,
    read_set,
    add_set,
    list_severities,
    choose_severity,
    read_medicines,
    load_medicines,
]
