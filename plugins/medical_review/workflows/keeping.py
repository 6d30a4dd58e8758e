"""Workflows of a site: a new version, and what it is bound to."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import is_reviewed, reviewed_types
from plugins.medical_review.quorum.rules import Definition, Risk
from plugins.medical_review.workflows.choosing import definition_of, specialty_key
from plugins.medical_review.workflows.events import (
    WorkflowBound,
    WorkflowCreated,
    WorkflowUnbound,
)
from plugins.medical_review.workflows.models import Workflow, WorkflowBinding
from plugins.medical_review.workflows.shipped import SHIPPED, SHIPPED_SLUGS
from plugins.medical_review.workflows.validating import read
from plugins.professional_registry.names import fold

MANAGE = "manage_workflows"
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,59}")


class Known(msgspec.Struct, frozen=True):
    """A version of a workflow; one that is shipped has no id."""

    id: int | None
    slug: str
    version: int
    is_shipped: bool
    definition: Definition


class Bound(msgspec.Struct, frozen=True):
    """A binding; an empty value means any."""

    id: int
    post_type: str
    specialty: str
    risk: str
    workflow: str
    version: int


class BindingIn(msgspec.Struct, frozen=True):
    """What texts take which workflow. `version`: the newest if it is left out."""

    workflow: str
    version: int | None = None
    post_type: str = ""
    specialty: str = ""
    risk: str = ""


def require_manage(work: UnitOfWork, action: str) -> None:
    require(work.actor.has(MANAGE), action, "Sorry, you are not allowed to change the workflows.")


async def known(work: ReadableWork) -> list[Known]:
    """Every version there is: the shipped ones, then the site's, the newest of each first."""
    shipped = [Known(None, slug, number, True, one) for (slug, number), one in SHIPPED.items()]
    rows = await work.all(
        select(Workflow)
        .where(Workflow.tenant_id == work.tenant_id)
        .order_by(Workflow.slug, Workflow.version.desc())
    )
    return [*shipped, *(_known(row) for (row,) in rows)]


def _known(row: Workflow) -> Known:
    definition = msgspec.convert(row.definition, Definition)
    return Known(row.id, row.slug, row.version, False, definition)


def validated(work: UnitOfWork, slug: str, written: Mapping[str, Any]) -> Definition:
    """The workflow as it would be kept, or InvalidInput with every fault."""
    faults: dict[str, str] = {}
    if not _SLUG.fullmatch(slug):
        faults["slug"] = f"{slug[:60]!r} must be lower_snake, 2 to 60 characters"
    elif slug in SHIPPED_SLUGS:
        faults["slug"] = f"{slug!r} is shipped and stays as it is; choose a slug of your own"
    try:
        definition = read(written, work.registry.capabilities)
    except InvalidInput as error:
        raise InvalidInput(faults | error.faults) from None
    if faults:
        raise InvalidInput(faults)
    return definition


async def create(work: UnitOfWork, slug: str, written: Mapping[str, Any]) -> Known:
    """Keep the workflow as the newest version of its slug. Nothing takes it until it is bound."""
    require_manage(work, "workflow.create")
    definition = validated(work, slug, written)
    row = await work.one(
        select(func.max(Workflow.version)).where(
            Workflow.tenant_id == work.tenant_id, Workflow.slug == slug
        )
    )
    workflow_id, version = await work.next_id("workflow"), (row[0] or 0) + 1
    kept = await work.execute(
        insert(Workflow)
        .values(
            tenant_id=work.tenant_id,
            id=workflow_id,
            slug=slug,
            version=version,
            definition=msgspec.to_builtins(definition),
            created_by=work.actor.user_id,
            created_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(Workflow.id)
    )
    if kept.one_or_none() is None:
        raise Conflict(f"Somebody has just made version {version} of {slug!r}. Read it, and retry.")
    await work.emit(
        WorkflowCreated(workflow_id=workflow_id, after={"slug": slug, "version": version})
    )
    return Known(workflow_id, slug, version, False, definition)


async def bindings(work: ReadableWork) -> list[Bound]:
    """Every binding of the site."""
    rows = await work.all(
        select(WorkflowBinding)
        .where(WorkflowBinding.tenant_id == work.tenant_id)
        .order_by(WorkflowBinding.post_type, WorkflowBinding.specialty, WorkflowBinding.risk)
    )
    return [_bound(row) for (row,) in rows]


def _bound(row: WorkflowBinding) -> Bound:
    return Bound(row.id, row.post_type, row.specialty, row.risk, row.workflow, row.version)


async def bind(work: UnitOfWork, wanted: BindingIn) -> Bound:
    """Have texts of this kind take this workflow from now on; running reviews keep theirs."""
    require_manage(work, "workflow.bind")
    _refuse_unknown_kind(work, wanted)
    version = wanted.version or await _newest(work, wanted.workflow)
    await definition_of(work, wanted.workflow, version)
    key = {
        "post_type": wanted.post_type,
        "specialty": specialty_key(wanted.specialty) if wanted.specialty else "",
        "risk": wanted.risk,
    }
    changed = {
        "workflow": wanted.workflow,
        "version": version,
        "bound_by": work.actor.user_id,
        "bound_at": work.now,
    }
    kept = await work.execute(
        insert(WorkflowBinding)
        .values(
            tenant_id=work.tenant_id, id=await work.next_id("workflow_binding"), **key, **changed
        )
        .on_conflict_do_update(index_elements=["tenant_id", *key], set_=changed)
        .returning(WorkflowBinding.id)
    )
    binding_id = kept.scalar_one()
    told = {**key, "workflow": wanted.workflow, "version": version}
    await work.emit(WorkflowBound(binding_id=binding_id, after=told))
    return Bound(binding_id, **key, workflow=wanted.workflow, version=version)


def _refuse_unknown_kind(work: ReadableWork, wanted: BindingIn) -> None:
    faults: dict[str, str] = {}
    if wanted.post_type and not is_reviewed(work, wanted.post_type):
        known = ", ".join(reviewed_types(work))
        faults["post_type"] = f"{wanted.post_type[:40]!r} is not reviewed; use one of: {known}"
    risks = [risk.value for risk in Risk]
    if wanted.risk and wanted.risk not in risks:
        faults["risk"] = f"{wanted.risk[:40]!r} must be one of {', '.join(risks)}, or empty for any"
    if wanted.specialty and not fold(wanted.specialty):
        faults["specialty"] = "must be the name of a specialty, or empty for any"
    if faults:
        raise InvalidInput(faults)


async def _newest(work: ReadableWork, slug: str) -> int:
    if slug in SHIPPED_SLUGS:
        return max(number for name, number in SHIPPED if name == slug)
    row = await work.one(
        select(func.max(Workflow.version)).where(
            Workflow.tenant_id == work.tenant_id, Workflow.slug == slug
        )
    )
    if row[0] is None:
        raise NotFound("workflow", slug)
    return int(row[0])


async def unbind(work: UnitOfWork, binding_id: int) -> None:
    """Take a binding away, or NotFound."""
    require_manage(work, "workflow.bind")
    gone = await work.execute(
        delete(WorkflowBinding)
        .where(WorkflowBinding.tenant_id == work.tenant_id, WorkflowBinding.id == binding_id)
        .returning(WorkflowBinding.workflow, WorkflowBinding.version)
    )
    row = gone.one_or_none()
    if row is None:
        raise NotFound("workflow binding", binding_id)
    before = {"workflow": row.workflow, "version": row.version}
    await work.emit(WorkflowUnbound(binding_id=binding_id, before=before))
