"""What happens to workflows. The definition stands in its table; the trail names its version."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.workflows.vocabulary import WorkflowTag


class WorkflowCreated(Event, frozen=True):
    """A workflow has a version more."""

    tag = WorkflowTag.WORKFLOW_CREATE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.workflows",)
    risk: ClassVar[Risk] = Risk.HIGH
    workflow_id: int

    def subject(self) -> Subject:
        return Subject("workflow", self.workflow_id)


class WorkflowBound(Event, frozen=True):
    """From now on texts of a kind are reviewed by another workflow; running reviews are not."""

    tag = WorkflowTag.WORKFLOW_BIND
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.workflow_bindings",)
    risk: ClassVar[Risk] = Risk.HIGH
    binding_id: int

    def subject(self) -> Subject:
        return Subject("workflow_binding", self.binding_id)


class WorkflowUnbound(Event, frozen=True):
    """A binding is gone: the next less specific one counts."""

    tag = WorkflowTag.WORKFLOW_UNBIND
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.workflow_bindings",)
    risk: ClassVar[Risk] = Risk.HIGH
    binding_id: int

    def subject(self) -> Subject:
        return Subject("workflow_binding", self.binding_id)


WORKFLOW_EVENTS = (WorkflowCreated, WorkflowBound, WorkflowUnbound)
