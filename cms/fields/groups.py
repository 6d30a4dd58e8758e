"""Field groups of a site: kept as they come, with every version that there was."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.content.faults import Faults
from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.fields import cloning
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.events import FieldGroupSaved
from cms.fields.field import Definition, Group
from cms.fields.models import FieldGroup, FieldGroupVersion
from cms.fields.site_fields import parsed
from cms.kernel.events import difference


async def save(work: UnitOfWork, definition: Definition) -> Group:
    """Keep a group, or another version of it. One that says the same makes no version. InvalidInput
    names every fault of the definition."""
    _require(work, "save")
    await hold(work, "field_groups")
    faults = Faults()
    group = read_group(definition, catalogue(work.registry), faults)
    if any(one.type == cloning.CLONE for one in group.every_field()):
        cloning.find_faults(group, await _groups(work), faults)
    faults.refuse()
    before = await _newest(work, group.key)
    if before is not None and before.definition == dict(definition):
        return read_group(definition, catalogue(work.registry), faults, version=before.version)
    version = await _last_version(work, group.key) + 1
    await _keep(work, group, version)
    old, new = difference(before.definition if before else {}, dict(definition))
    told = {**new, "key": group.key}
    await work.emit(FieldGroupSaved(version=version, before=old if before else None, after=told))
    return read_group(definition, catalogue(work.registry), faults, version=version)


def _require(work: UnitOfWork, verb: str) -> None:
    require(
        not work.actor.is_anonymous and work.actor.has("manage_options"),
        f"field_group.{verb}",
        "Only those who manage the options of the site keep its field groups.",
    )


async def _newest(work: UnitOfWork, key: str) -> Any:
    statement = select(FieldGroup.version, FieldGroup.definition)
    return await work.one(
        statement.where(FieldGroup.tenant_id == work.tenant_id, FieldGroup.key == key)
    )


async def _groups(work: UnitOfWork) -> list[Group]:
    """All groups of the site as they are defined now."""
    rows = await work.all(
        select(FieldGroup.version, FieldGroup.definition)
        .where(FieldGroup.tenant_id == work.tenant_id)
        .order_by(FieldGroup.key)
    )
    return parsed(work.registry, [(row.version, row.definition) for row in rows])


async def _last_version(work: UnitOfWork, key: str) -> int:
    """Of a removed group too: a version is never used again for another definition."""
    model = FieldGroupVersion
    row = await work.one(
        select(model.version)
        .where(model.tenant_id == work.tenant_id, model.key == key)
        .order_by(model.version.desc())
        .limit(1)
    )
    return row.version if row is not None else 0


async def _keep(work: UnitOfWork, group: Group, version: int) -> None:
    definition = dict(group.definition)
    of = {"tenant_id": work.tenant_id, "key": group.key}
    values: dict[str, Any] = {
        "version": version, "definition": definition, "updated_at": work.now,
    }  # fmt: skip
    await work.execute(
        insert(FieldGroup)
        .values(**of, created_at=work.now, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "key"], set_=values)
    )
    await work.execute(
        insert(FieldGroupVersion).values(
            **of,
            version=version,
            definition=definition,
            editor_id=work.actor.user_id,
            created_at=work.now,
        )
    )
