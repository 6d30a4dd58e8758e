"""/api/v1/reviews/workflows: reading, trying out, keeping and binding workflows."""

from typing import Any

import msgspec

from cms.api.routing import delete, get, post, put
from cms.database.work import UnitOfWork
from plugins.medical_review.quorum.rules import Definition
from plugins.medical_review.workflows import keeping
from plugins.medical_review.workflows.keeping import BindingIn, Bound, Known


class WorkflowIn(msgspec.Struct, frozen=True):
    """A workflow as somebody writes it; docs/how-to/review-workflows.md shows one."""

    slug: str
    definition: dict[str, Any]


class ValidOut(msgspec.Struct, frozen=True):
    """The workflow with all its defaults, as it would be kept."""

    slug: str
    definition: Definition


@get("/workflows", action="workflow.read", resource="workflow")
async def list_workflows(work: UnitOfWork) -> list[Known]:
    """Every version of every workflow, those that are shipped first."""
    return await keeping.known(work)


@post("/workflows", action="workflow.create", resource="workflow", status_code=201)
async def create_workflow(data: WorkflowIn, work: UnitOfWork) -> Known:
    """Keep a workflow as the newest version of its slug; nothing takes it until it is bound."""
    return await keeping.create(work, data.slug, data.definition)


@post("/workflows/validate", action="workflow.validate", resource="workflow", status_code=200)
async def validate_workflow(data: WorkflowIn, work: UnitOfWork) -> ValidOut:
    """Whether a workflow could be kept; else every fault, with its field and what would mend it."""
    keeping.require_manage(work, "workflow.validate")
    return ValidOut(data.slug, keeping.validated(work, data.slug, data.definition))


@get("/workflows/bindings", action="workflow.read", resource="workflow")
async def list_bindings(work: UnitOfWork) -> list[Bound]:
    """Which texts take which workflow. What nothing names takes `medical`, version 1."""
    return await keeping.bindings(work)


@put("/workflows/bindings", action="workflow.bind", resource="workflow")
async def bind_workflow(data: BindingIn, work: UnitOfWork) -> Bound:
    """Have texts of a type, specialty and risk take a workflow; the most specific binding wins."""
    return await keeping.bind(work, data)


@delete("/workflows/bindings/{binding_id:int}", action="workflow.bind", resource="workflow")
async def unbind_workflow(binding_id: int, work: UnitOfWork) -> None:
    """Take a binding away; the next less specific one counts."""
    await keeping.unbind(work, binding_id)


routes = [
    list_workflows,
    create_workflow,
    validate_workflow,
    list_bindings,
    bind_workflow,
    unbind_workflow,
]
