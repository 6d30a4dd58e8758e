"""Rules as data: what a norm demands or forbids, since when, and how a machine can look for it."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property

import msgspec

from plugins.medical_review.checks.phrases import BadPhrase, Phrase, read_phrase

MOST_RULES, MOST_PHRASES = 200, 300
LONGEST_TEXT = 1000

_CODE = re.compile(r"[a-z][a-z0-9_]{0,30}(?:\.[a-z][a-z0-9_]{0,40})")
_ID = re.compile(r"[a-z][a-z0-9-]{1,40}")


class Severity(StrEnum):
    """A blocker stands in the way of submitting and publishing; the others are shown."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"

    @property
    def weight(self) -> int:
        return {"note": 1, "warning": 2, "blocker": 3}[self.value]


class Layer(StrEnum):
    """Whose rule it is. What a statute or a council demands is not the house's to weigh; a rule
    that stands in a regulation alone, or is the house's own, has the severity that its counsel
    chooses (STJ, REsp 2.035.645/DF, on RDC 96/2008 beyond Lei 9.294/1996)."""

    STATUTE = "statute"
    COUNCIL = "council"
    REGULATION = "regulation"
    HOUSE = "house"

    @property
    def may_be_weighed(self) -> bool:
        return self in {Layer.REGULATION, Layer.HOUSE}


class Kind(StrEnum):
    """`forbidden`: none of the phrases may stand in the text. `required`: one of them must, if one
    of `when` does. `built_in`: `check` names the function. `human`: a person has to look."""

    FORBIDDEN = "forbidden"
    REQUIRED = "required"
    BUILT_IN = "built_in"
    HUMAN = "human"


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same in both languages of the house."""

    pt: str = ""
    en: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One rule. `article` is shown only where its confidence is high. `families` are lists of
    phrases that come with the house; `unless` and `among` are looked for in the sentence of a
    match: one of `unless` excuses it, one of `among` must stand there. `is_claim`: a sentence that
    denies it, warns of it or asks about it does not say it. `audiences`: for whom the text must be.
    `medicines`: kinds of medicines, of which one must be named in the sentence.
    Rules of one `topic` that meet in one place are shown as one, the strictest."""

    code: str
    kind: Kind
    severity: Severity
    title: Said
    explanation: Said = Said()
    remedy: Said = Said()
    article: str = ""
    article_confidence: str = "low"
    topic: str = ""
    audiences: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    is_claim: bool = True
    check: str = ""

    @property
    def shown_article(self) -> str | None:
        return self.article if self.article and self.article_confidence == "high" else None

    @cached_property
    def excuses(self) -> tuple[Phrase, ...]:
        return tuple(map(read_phrase, self.unless))

    @cached_property
    def company(self) -> tuple[Phrase, ...]:
        return tuple(map(read_phrase, self.among))

    @cached_property
    def conditions(self) -> tuple[Phrase, ...]:
        return tuple(map(read_phrase, self.when))


class RuleSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one norm demands, in one version. `council` is the acronym of the register (CRM, CRP,
    COREN, …) whose members it binds; without one it binds everybody."""

    id: str
    version: int
    norm: str
    layer: Layer
    valid_from: date
    rules: tuple[Rule, ...]
    council: str | None = None
    valid_until: date | None = None
    """The first day on which it is in force no longer."""
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.id}@{self.version}"

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def in_force(sets: Sequence[RuleSet], day: date) -> list[RuleSet]:
    """The newest version in force of each set."""
    newest: dict[str, RuleSet] = {}
    for one in sets:
        known = newest.get(one.id)
        if one.is_in_force(day) and (known is None or known.version < one.version):
            newest[one.id] = one
    return [newest[name] for name in sorted(newest)]


def faults_of(
    rule_set: RuleSet, families: Collection[str], checks: Collection[str]
) -> dict[str, str]:
    """Every fault of a set that somebody wrote, by the place in it."""
    faults: dict[str, str] = {}
    if not _ID.fullmatch(rule_set.id):
        faults["id"] = f"{rule_set.id[:40]!r} must be lower case letters, digits and hyphens"
    if rule_set.version < 1:
        faults["version"] = f"{rule_set.version} must be 1 or more"
    if not rule_set.norm.strip():
        faults["norm"] = "must name the norm that the rules come from"
    if rule_set.valid_until is not None and rule_set.valid_until <= rule_set.valid_from:
        faults["valid_until"] = "must be after valid_from"
    if not 1 <= len(rule_set.rules) <= MOST_RULES:
        faults["rules"] = f"must be between 1 and {MOST_RULES} rules"
    codes = [rule.code for rule in rule_set.rules]
    for number, rule in enumerate(rule_set.rules):
        place = f"rules[{number}]"
        if codes.index(rule.code) != number:
            faults[f"{place}.code"] = f"{rule.code!r} stands in the set twice"
        for name, fault in _rule_faults(rule, families, checks):
            faults[f"{place}.{name}"] = fault
    return faults


def _rule_faults(
    rule: Rule, families: Collection[str], checks: Collection[str]
) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(rule.code):
        yield "code", f"{rule.code[:60]!r} must read like 'cfp.promise'"
    wanted = ("title",) if rule.kind is Kind.HUMAN else ("title", "explanation", "remedy")
    for name in wanted:
        said: Said = getattr(rule, name)
        for language in ("pt", "en"):
            if not 0 < len(getattr(said, language).strip()) <= LONGEST_TEXT:
                yield f"{name}.{language}", f"must be a text of at most {LONGEST_TEXT} characters"
    if rule.article_confidence not in {"high", "medium", "low"}:
        yield "article_confidence", "must be high, medium or low"
    yield from _looking_faults(rule, families, checks)
    for name in ("phrases", "unless", "among", "when"):
        yield from _phrase_faults(name, getattr(rule, name))


def _looking_faults(
    rule: Rule, families: Collection[str], checks: Collection[str]
) -> Iterator[tuple[str, str]]:
    has_phrases = bool(rule.phrases or rule.families)
    if rule.kind in {Kind.FORBIDDEN, Kind.REQUIRED} and not has_phrases:
        yield "phrases", f"a {rule.kind.value} rule needs phrases or families to look for"
    if rule.kind is Kind.BUILT_IN and rule.check not in checks:
        yield "check", f"{rule.check[:40]!r} must be one of {', '.join(sorted(checks))}"
    for number, name in enumerate(rule.families):
        if name not in families:
            listed = ", ".join(sorted(families))
            yield f"families[{number}]", f"{name[:40]!r} must be one of {listed}"


def _phrase_faults(name: str, phrases: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(phrases) > MOST_PHRASES:
        yield name, f"has {len(phrases)} phrases; at most {MOST_PHRASES} are accepted"
    for number, source in enumerate(phrases[:MOST_PHRASES]):
        try:
            read_phrase(source)
        except BadPhrase as error:
            yield f"{name}[{number}]", str(error)
