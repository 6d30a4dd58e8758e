"""Asks every rule about a text. Pure: what a rule may know is in the text and in `About`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plugins.medical_review.checks import forms, names, patient_data
from plugins.medical_review.checks.bundled import families
from plugins.medical_review.checks.denial import Denials
from plugins.medical_review.checks.findings import Aimed, Finding, Span, found, merged
from plugins.medical_review.checks.medicines import Medicines, Mention, kinds_by_sentence
from plugins.medical_review.checks.phrases import Match, Phrase, matches, read_phrase
from plugins.medical_review.checks.readability import Readability, flesch
from plugins.medical_review.checks.rules import Kind, Rule
from plugins.medical_review.checks.text import Text

# Changed whenever the same rules may find something else in the same text.
ENGINE = 1
# Below it most readers of a text for patients give up; a text must be long enough to be judged.
EASY_ENOUGH, ENOUGH_WORDS = 50.0, 100
PUBLIC = frozenset({"patients", "general"})
PROFESSIONALS = "professionals"

Found = tuple[Span, ...] | None
"""None where all is well; no spans where something is missing."""


@dataclass(frozen=True)
class About:
    """What is known beside the words. `audience` is None where it is not said: then the text is
    taken to be for the public. `medical`: the fields of an article, None for a bare text."""

    language: str = "pt-BR"
    audience: str | None = None
    medical: Mapping[str, Any] | None = None
    medicines: Medicines = field(default_factory=Medicines)


class Reading:
    """One text under examination: what several rules ask is found out once."""

    def __init__(self, text: Text, about: About) -> None:
        self.text, self.about = text, about
        self.denials = Denials(text)

    @cached_property
    def mentions(self) -> list[Mention]:
        return list(self.about.medicines.mentions(self.text))

    @cached_property
    def kinds(self) -> Mapping[int, set[str]]:
        return kinds_by_sentence(self.text, self.mentions)

    @cached_property
    def readability(self) -> Readability | None:
        return flesch(self.text, self.about.language)

    def spans(self, found_matches: Iterable[Match]) -> tuple[Span, ...]:
        starts, ends = self.text.starts, self.text.ends
        return tuple((starts[m.first], ends[m.after - 1]) for m in found_matches)


def run(reading: Reading, rules: Sequence[Aimed]) -> tuple[Finding, ...]:
    """What the rules find, the strictest first."""
    findings = []
    for aimed in rules:
        spans = _asked(reading, aimed.rule) if _concerns(reading, aimed.rule) else None
        if spans is not None:
            findings.append((aimed.topic, found(aimed, spans)))
    return merged(findings)


def _concerns(reading: Reading, rule: Rule) -> bool:
    """Whether the rule is for readers like those of the text."""
    audience = reading.about.audience
    return not rule.audiences or (audience or "general") in rule.audiences


def _asked(reading: Reading, rule: Rule) -> Found:
    if rule.kind is Kind.FORBIDDEN:
        return reading.spans(_said(reading, rule, _phrases(rule))) or None
    if rule.kind is Kind.REQUIRED:
        return _missing(reading, rule)
    if rule.kind is Kind.BUILT_IN:
        return CHECKS[rule.check](reading)
    return None


def _phrases(rule: Rule) -> Iterator[Phrase]:
    for name in rule.families:
        yield from families()[name]
    yield from map(read_phrase, rule.phrases)


def _said(reading: Reading, rule: Rule, phrases: Iterable[Phrase]) -> list[Match]:
    """Where the text says it, each place once: of matches that meet the first is kept."""
    text = reading.text
    candidates = sorted(
        (match for phrase in phrases for match in matches(text, phrase)),
        key=lambda match: (match.first, -match.after),
    )
    if not candidates:
        return []
    counts = _judge(reading, rule)
    kept: list[Match] = []
    for match in candidates:
        if (not kept or match.first >= kept[-1].after) and counts(match):
            kept.append(match)
    return kept


def _judge(reading: Reading, rule: Rule) -> Callable[[Match], bool]:
    """Whether a match counts, by the sentence that it stands in."""
    text = reading.text
    excused = _sentences(text, rule.excuses)
    accompanied = _sentences(text, rule.company)
    wanted = frozenset(rule.medicines)

    def counts(match: Match) -> bool:
        sentence = text.sentence_of[match.first]
        if sentence in excused or (rule.company and sentence not in accompanied):
            return False
        if wanted and wanted.isdisjoint(reading.kinds.get(sentence, ())):
            return False
        return not (rule.is_claim and reading.denials.covers(match))

    return counts


def _sentences(text: Text, phrases: Iterable[Phrase]) -> frozenset[int]:
    """The sentences in which one of the phrases stands."""
    return frozenset(
        text.sentence_of[match.first] for phrase in phrases for match in matches(text, phrase)
    )


def _missing(reading: Reading, rule: Rule) -> Found:
    """What gave the reason to ask for it, where none of the phrases stands anywhere."""
    reasons = _said(reading, rule, rule.conditions)
    if rule.when and not reasons:
        return None
    if any(True for phrase in _phrases(rule) for _ in matches(reading.text, phrase)):
        return None
    return reading.spans(reasons)


Check = Callable[[Reading], Found]


def _of(find: Callable[[Text], Iterable[Span]]) -> Check:
    def check(reading: Reading) -> Found:
        return tuple(find(reading.text)) or None

    return check


def _hard_to_read(reading: Reading) -> Found:
    index = reading.readability
    is_judged = index is not None and index.words >= ENOUGH_WORDS
    return () if is_judged and index is not None and index.flesch < EASY_ENOUGH else None


def _brands(reading: Reading) -> Found:
    """Trade names where the common name of the substance would do."""
    brands = [m for m in reading.mentions if m.medicine.is_brand and m.medicine.substance]
    return reading.spans(Match(m.first, m.after) for m in brands) or None


def _owes_notice(reading: Reading) -> Found:
    medical = reading.about.medical
    return None if medical is None or forms.has_notice(medical) else ()


def _owes_name(reading: Reading) -> Found:
    medical = reading.about.medical
    is_named = medical is None or medical.get("responsible_professional") is not None
    return None if is_named else ()


CHECKS: Mapping[str, Check] = {
    "patient_cpf": _of(patient_data.cpfs),
    "patient_cns": _of(patient_data.cards),
    "patient_pis": _of(patient_data.pis),
    "patient_rg": _of(patient_data.identity_cards),
    "patient_record": _of(patient_data.records),
    "patient_birth": _of(patient_data.births),
    "patient_phone": _of(patient_data.phones),
    "patient_email": _of(patient_data.emails),
    "patient_address": _of(patient_data.addresses),
    "patient_name": _of(names.introduced),
    "patient_name_near": _of(names.near_clinical_facts),
    "image_without_alternative": _of(forms.without_alternative),
    "dead_link": _of(forms.dead_links),
    "unexpanded_acronym": _of(forms.unexpanded),
    "hard_to_read": _hard_to_read,
    "brand_named": _brands,
    "notice_missing": _owes_notice,
    "responsible_missing": _owes_name,
}
