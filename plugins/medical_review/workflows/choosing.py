"""Which workflow a text takes: by the most specific binding of the site, or the shipped one."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from cms.errors import NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.quorum.engine import Matter
from plugins.medical_review.quorum.rules import Definition, Risk
from plugins.medical_review.workflows.models import Workflow, WorkflowBinding
from plugins.medical_review.workflows.shipped import DEFAULT, SHIPPED
from plugins.professional_registry.names import fold
from plugins.professional_registry.specialties import code_of


def matter_of(part: Mapping[str, Any]) -> Matter:
    """What a workflow goes by in the medical part of a text. A wrong word about a patient does the
    most harm, one that only professionals read the least."""
    return Matter(_risk(part), specialties_of(part))


def _risk(part: Mapping[str, Any]) -> Risk:
    if part.get("contains_patient_data"):
        return Risk.HIGH
    return Risk.LOW if part.get("target_audience") == "professionals" else Risk.NORMAL


def specialties_of(part: Mapping[str, Any]) -> frozenset[str]:
    """The text's specialties, in the form that they are compared in."""
    return frozenset(map(specialty_key, part.get("specialties") or ()))


def specialty_key(name: str) -> str:
    """A specialty as a text, a register or a binding names it, in the one form that all are
    compared in: the code of what councils recognise, else its words without accents."""
    return code_of(name) or fold(name)


async def chosen(work: ReadableWork, post_type: str, matter: Matter) -> tuple[str, int]:
    """Slug and version for a text. A binding counts when each thing it names is so; of those the
    one that names the type goes before specialty, specialty before risk."""
    rows = await work.all(
        select(WorkflowBinding).where(
            WorkflowBinding.tenant_id == work.tenant_id,
            WorkflowBinding.post_type.in_(["", post_type]),
            WorkflowBinding.specialty.in_(["", *matter.specialties]),
            WorkflowBinding.risk.in_(["", matter.risk.value]),
        )
    )
    bindings: Sequence[WorkflowBinding] = [row[0] for row in rows]
    best = max(bindings, key=_weight, default=None)
    return (best.workflow, best.version) if best is not None else DEFAULT


def _weight(binding: WorkflowBinding) -> tuple[int, bool, bool, bool, int]:
    named = (bool(binding.post_type), bool(binding.specialty), bool(binding.risk))
    # Of two specialties of one text the binding that was made first; ids do not repeat.
    return (sum(named), *named, -binding.id)


async def definition_of(work: ReadableWork, slug: str, version: int) -> Definition:
    """The workflow in this version, or NotFound."""
    return (await definitions(work, [(slug, version)]))[slug, version]


async def definitions(
    work: ReadableWork, wanted: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Definition]:
    """The same for a page of reviews, in one query at most."""
    found = {key: SHIPPED[key] for key in wanted if key in SHIPPED}
    own = sorted(set(wanted) - set(found))
    if own:
        rows = await work.all(
            select(Workflow).where(
                Workflow.tenant_id == work.tenant_id, Workflow.slug.in_([slug for slug, _ in own])
            )
        )
        for (row,) in rows:
            if (row.slug, row.version) in own:
                found[row.slug, row.version] = msgspec.convert(row.definition, Definition)
    for slug, version in own:
        if (slug, version) not in found:
            raise NotFound("workflow", f"{slug} {version}")
    return found
