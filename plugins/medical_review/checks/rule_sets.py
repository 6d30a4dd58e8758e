"""Rules that a tenant adds, and what its counsel chooses of those that no statute fixes."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.checks.bundled import bundled_sets, families
from plugins.medical_review.checks.engine import CHECKS
from plugins.medical_review.checks.events import RuleSetAdded, SeverityChosen
from plugins.medical_review.checks.models import ChosenSeverity, TenantRuleSet
from plugins.medical_review.checks.people import MANAGE, WEIGH, person_of
from plugins.medical_review.checks.rules import RuleSet, Severity, faults_of
from plugins.medical_review.checks.standing_rules import digest_of, weighable
from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.two_people import saved

LONGEST_REASON = 2000


async def all_sets(work: ReadableWork) -> list[RuleSet]:
    """Every version of every set: those of the house, and those that the tenant added."""
    rows = await work.all(
        select(TenantRuleSet.body)
        .where(TenantRuleSet.tenant_id == work.tenant_id)
        .order_by(TenantRuleSet.set_id, TenantRuleSet.version)
    )
    return [*bundled_sets(), *(msgspec.convert(row.body, RuleSet) for row in rows)]


async def one_set(work: ReadableWork, set_id: str, version: int | None) -> RuleSet:
    """A version of a set, the newest if none is named. NotFound."""
    found = [one for one in await all_sets(work) if one.id == set_id]
    if version is not None:
        found = [one for one in found if one.version == version]
    if not found:
        raise NotFound("rule set", set_id[:60])
    return max(found, key=lambda one: one.version)


async def add_set(work: UnitOfWork, rule_set: RuleSet) -> RuleSet:
    """Add a set, or a further version of one. InvalidInput names every fault of it."""
    person = person_of(work, MANAGE, "rule.add")
    known = await all_sets(work)
    faults = faults_of(rule_set, families(), CHECKS) | _faults_among(rule_set, known)
    if faults:
        raise InvalidInput(faults)
    row = TenantRuleSet(
        tenant_id=work.tenant_id,
        id=await work.next_id("check_rule_set"),
        set_id=rule_set.id,
        version=rule_set.version,
        council=rule_set.council,
        valid_from=rule_set.valid_from,
        valid_until=rule_set.valid_until,
        digest=digest_of(rule_set),
        body=msgspec.to_builtins(rule_set),
        added_by=person,
        added_at=work.now,
    )
    await saved(work, row, f"There is a version {rule_set.version} of {rule_set.id!r} already.")
    after = {"set": rule_set.name, "council": rule_set.council, "digest": row.digest.hex()}
    await work.emit(RuleSetAdded(rule_set_id=row.id, after=after))
    return rule_set


def _faults_among(rule_set: RuleSet, known: Sequence[RuleSet]) -> dict[str, str]:
    """What is wrong with a set beside the others."""
    faults: dict[str, str] = {}
    councils = by_acronym()
    if rule_set.council is not None and rule_set.council not in councils:
        faults["council"] = f"{rule_set.council[:20]!r} must be one of {', '.join(councils)}"
    if rule_set.id in {one.id for one in bundled_sets()}:
        faults["id"] = f"{rule_set.id!r} comes with the house; give yours a name of its own"
    taken = {rule.code: one.id for one in known for rule in one.rules if one.id != rule_set.id}
    for number, rule in enumerate(rule_set.rules):
        if rule.code in taken:
            faults[f"rules[{number}].code"] = f"{rule.code!r} is a rule of {taken[rule.code]}"
    return faults


async def choose_severity(
    work: UnitOfWork, rule: str, severity: str, reason: str
) -> ChosenSeverity:
    """Counsel's decision on a rule of a regulation or of the house, from now on. InvalidInput for
    a rule that a statute or a council fixes."""
    person = person_of(work, WEIGH, "rule.weigh")
    said = reason.strip()
    faults: dict[str, str] = {}
    layers = weighable(await all_sets(work))
    if rule not in layers:
        faults["rule"] = f"{rule[:60]!r} is not the code of a rule"
    elif not layers[rule].may_be_weighed:
        faults["rule"] = f"{rule!r} stands in a {layers[rule].value}'s norm and is not for choice"
    if severity not in set(Severity):
        faults["severity"] = f"{severity[:20]!r} must be one of {', '.join(Severity)}"
    if not 0 < len(said) <= LONGEST_REASON:
        faults["reason"] = f"must say why, in at most {LONGEST_REASON} characters"
    if faults:
        raise InvalidInput(faults)
    return await _choose(work, rule, Severity(severity), said, person)


async def _choose(
    work: UnitOfWork, rule: str, severity: Severity, said: str, person: int
) -> ChosenSeverity:
    before = await work.one(
        select(ChosenSeverity.severity)
        .where(ChosenSeverity.tenant_id == work.tenant_id, ChosenSeverity.rule == rule)
        .order_by(ChosenSeverity.id.desc())
        .limit(1)
    )
    if before is not None and before.severity == severity:
        raise Conflict(f"The rule is a {severity.value} already.", rule=rule)
    row = ChosenSeverity(
        tenant_id=work.tenant_id,
        id=await work.next_id("check_severity"),
        rule=rule,
        severity=severity.value,
        reason=said,
        chosen_by=person,
        chosen_at=work.now,
    )
    work.session.add(row)
    await work.emit(
        SeverityChosen(
            choice_id=row.id,
            rule=rule,
            severity=severity,
            before={"severity": before.severity if before else None},
            after={"severity": severity.value},
        )
    )
    return row


async def choices(work: ReadableWork) -> list[ChosenSeverity]:
    """Every choice that counsel made, the newest first."""
    rows = await work.all(
        select(ChosenSeverity)
        .where(ChosenSeverity.tenant_id == work.tenant_id)
        .order_by(ChosenSeverity.id.desc())
        .limit(500)
    )
    return [row[0] for row in rows]
