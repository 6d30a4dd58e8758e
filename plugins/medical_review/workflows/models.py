"""Workflows, and what each kind of text is bound to."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow

_PROTECTED = ({"schema": "medical_review", "info": {"protected": True}},)


class Workflow(TenantRow, Base):
    """One version of a workflow of this site; never changed: what is better is a new version."""

    __tablename__ = "workflows"
    __table_args__ = _PROTECTED

    slug: Mapped[CText]
    version: Mapped[int] = mapped_column(BigInteger)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]


class WorkflowBinding(TenantRow, Base):
    """Which workflow a text takes by its type, specialty (folded) and risk; empty means any."""

    __tablename__ = "workflow_bindings"
    __table_args__ = _PROTECTED

    post_type: Mapped[CText]
    specialty: Mapped[CText]
    risk: Mapped[CText]
    workflow: Mapped[CText]
    version: Mapped[int] = mapped_column(BigInteger)
    bound_by: Mapped[int | None] = mapped_column(BigInteger)
    bound_at: Mapped[Moment]


WORKFLOW_MODELS = (Workflow, WorkflowBinding)
