"""Findings as people get them: the words of the rule in both languages, and the places."""

from datetime import datetime
from typing import Self

import msgspec

from plugins.medical_review.checks.findings import Aimed, Finding
from plugins.medical_review.checks.models import Override
from plugins.medical_review.checks.readability import Readability
from plugins.medical_review.checks.results import Result
from plugins.medical_review.checks.rules import Kind, Said
from plugins.medical_review.checks.standing_rules import State
from plugins.medical_review.checks.text import Place, Text


class OverrideOut(msgspec.Struct, frozen=True, kw_only=True):
    """Who let a finding pass in the text with this hash, and why; `signature_id` is her
    signature."""

    id: int
    rule: str
    rule_set: str
    severity: str
    content_hash: str
    justification: str
    signature_id: int
    overridden_by: int
    overridden_at: datetime

    @classmethod
    def of(cls, row: Override) -> Self:
        return cls(
            id=row.id,
            rule=row.rule,
            rule_set=row.rule_set,
            severity=row.severity,
            content_hash=row.content_hash.hex(),
            justification=row.justification,
            signature_id=row.signature_id,
            overridden_by=row.overridden_by,
            overridden_at=row.overridden_at,
        )


class FindingOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule found. `article` is null where nobody has compared its number with the official
    text. `blocks`: it stands in the way of submitting and publishing. `places` are empty where
    something is missing; their `offset` counts characters of the block's plain text, and `block`
    the top blocks of the content from 0."""

    rule: str
    rule_set: str
    norm: str
    article: str | None
    severity: str
    title: Said
    explanation: Said
    remedy: Said
    places: list[Place]
    also: list[str]
    blocks: bool
    override: OverrideOut | None = None


class ByHand(msgspec.Struct, frozen=True):
    """A rule that no machine can judge: a person has to look."""

    rule: str
    norm: str
    article: str | None
    severity: str
    title: Said


class ChecksOut(msgspec.Struct, frozen=True, kw_only=True):
    """The result for one text. `not_checked` names the councils of its author and of who answers
    for it that have no rule set here: of their rules nothing is said. `content_hash` is null for
    a text that is not saved."""

    content_hash: str | None
    checked_at: datetime
    rule_sets: list[str]
    councils: list[str]
    not_checked: list[str]
    is_blocked: bool
    readability: Readability | None
    findings: list[FindingOut]
    by_hand: list[ByHand]


def shown(
    state: State, result: Result, text: Text, overrides: dict[str, OverrideOut] | None = None
) -> ChecksOut:
    """A result with all that a person needs to act on it."""
    aimed = {one.rule.code: one for one in state.rules}
    passed = overrides or {}
    findings = [_finding(aimed[f.rule], f, text, passed.get(f.rule)) for f in result.findings]
    return ChecksOut(
        content_hash=state.content_hash.hex() if state.content_hash else None,
        checked_at=result.checked_at,
        rule_sets=list(result.rule_sets),
        councils=list(result.councils),
        not_checked=list(result.not_checked),
        is_blocked=any(finding.blocks for finding in findings),
        readability=result.readability,
        findings=findings,
        by_hand=[_by_hand(one) for one in state.rules if one.rule.kind is Kind.HUMAN],
    )


def _finding(
    aimed: Aimed, finding: Finding, text: Text, override: OverrideOut | None
) -> FindingOut:
    rule = aimed.rule
    return FindingOut(
        rule=finding.rule,
        rule_set=finding.rule_set,
        norm=aimed.rule_set.norm,
        article=rule.shown_article,
        severity=finding.severity.value,
        title=rule.title,
        explanation=rule.explanation,
        remedy=rule.remedy,
        places=[text.place(*span) for span in finding.spans],
        also=list(finding.also),
        blocks=finding.severity == "blocker" and override is None,
        override=override,
    )


def _by_hand(aimed: Aimed) -> ByHand:
    rule = aimed.rule
    return ByHand(
        rule.code, aimed.rule_set.norm, rule.shown_article, aimed.severity.value, rule.title
    )
