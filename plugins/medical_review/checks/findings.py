"""What the rules found: each finding with its rule, and the spans of the text that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from plugins.medical_review.checks.rules import Rule, RuleSet, Severity

MOST_SPANS = 50

Span = tuple[int, int]


@dataclass(frozen=True)
class Aimed:
    """A rule as it is asked here: of which set, and with the severity that counts."""

    rule: Rule
    rule_set: RuleSet
    severity: Severity

    @property
    def topic(self) -> str:
        return self.rule.topic or self.rule.code


class Finding(msgspec.Struct, frozen=True):
    """`spans` are characters of the prepared text, none where something is missing; `rule_set` is
    its name with the version. `also` are rules of other norms that say the same of the same
    places. Kept in a table: nothing of the text stands in it."""

    rule: str
    rule_set: str
    severity: Severity
    spans: tuple[Span, ...] = ()
    also: tuple[str, ...] = ()


def found(aimed: Aimed, spans: Iterable[Span]) -> Finding:
    """The finding of a rule; of very many places the first are kept."""
    kept = tuple(sorted(set(spans)))[:MOST_SPANS]
    return Finding(aimed.rule.code, aimed.rule_set.name, aimed.severity, kept)


def merged(findings: Sequence[tuple[str, Finding]]) -> tuple[Finding, ...]:
    """One finding where rules of one topic found the same: the stricter wins, the others are
    named. The strictest come first, then what stands first in the text."""
    groups: dict[tuple[str, tuple[Span, ...]], list[Finding]] = {}
    for topic, finding in findings:
        groups.setdefault((topic, finding.spans), []).append(finding)
    strictest = [_strictest(group) for group in groups.values()]
    strictest.sort(key=lambda f: (-f.severity.weight, f.spans[:1], f.rule))
    return tuple(strictest)


def _strictest(group: Sequence[Finding]) -> Finding:
    first, *others = sorted(group, key=lambda f: (-f.severity.weight, f.rule))
    also = tuple(sorted({other.rule for other in others} - {first.rule}))
    return msgspec.structs.replace(first, also=also)
