"""What happens to checks. Events carry ids, codes of rules and severities; reasons stay in their
tables."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.checks.rules import Severity
from plugins.medical_review.checks.vocabulary import CheckTag


class RuleSetAdded(Event, frozen=True):
    """A version of a rule set counts from its first day on; `after` names it."""

    tag = CheckTag.RULE_ADD
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.check_rule_sets",)
    risk: ClassVar[Risk] = Risk.HIGH
    rule_set_id: int

    def subject(self) -> Subject:
        return Subject("rule_set", self.rule_set_id)


class SeverityChosen(Event, frozen=True):
    """Counsel weighed a rule that no statute fixes; `after` says how."""

    tag = CheckTag.RULE_WEIGH
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.check_severities",)
    risk: ClassVar[Risk] = Risk.HIGH
    choice_id: int
    rule: str
    severity: Severity

    def subject(self) -> Subject:
        return Subject("rule", self.choice_id)


class FindingOverridden(Event, frozen=True):
    """A person signed that one finding may pass in exactly this text."""

    tag = CheckTag.CHECK_OVERRIDE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.check_overrides",)
    risk: ClassVar[Risk] = Risk.HIGH
    override_id: int
    post_id: int
    revision_id: int
    content_hash: str
    rule: str
    severity: Severity
    signature_id: int

    def subject(self) -> Subject:
        return Subject("check", self.override_id, self.content_hash)


class MedicinesLoaded(Event, frozen=True):
    """A list of medicines is in use; `after` says how many names it has, and its hash."""

    tag = CheckTag.MEDICINE_LOAD
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.medicine_lists", "medical_review.medicines")
    risk: ClassVar[Risk] = Risk.MEDIUM
    list_id: int

    def subject(self) -> Subject:
        return Subject("medicine_list", self.list_id)


CHECK_EVENTS = (RuleSetAdded, SeverityChosen, FindingOverridden, MedicinesLoaded)
