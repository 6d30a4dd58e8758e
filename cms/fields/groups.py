"""Field groups of a site: kept as they come, with every version that there was."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.faults import Faults
from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.fields import cloning
from cms.fields.catalogue import catalogue
from cms.fields.consequences import find_consequences
from cms.fields.defining import as_integer, read_group
from cms.fields.events import FieldGroupRemoved, FieldGroupSaved
from cms.fields.field import Definition, Group
from cms.fields.group_settings import Notice, Notices
from cms.fields.models import FieldGroup, FieldGroupVersion
from cms.fields.site_fields import OF_CODE, of_code
from cms.fields.soundness import find_faults_of_sources, find_taken_keys, refuse_unkeepable
from cms.kernel.events import difference

# Each is parsed by every process that serves the site, and its rules are asked for every post.
MOST = 500
OF_SITE = "site"


class Kept(msgspec.Struct, frozen=True):
    """A group as it is kept: `definition` is verbatim. `source` is the plugin that declares it, or
    `site`. `faults` say why this version cannot read it; `notices` are what its author should know
    of what she has just saved."""

    key: str
    version: int
    definition: Mapping[str, Any]
    source: str = OF_SITE
    created_at: datetime | None = None
    updated_at: datetime | None = None
    faults: dict[str, str] = {}
    notices: tuple[Notice, ...] = ()
    is_changed: bool = False

    @property
    def title(self) -> str:
        return str(self.definition.get("title", ""))


class KeptVersion(msgspec.Struct, frozen=True):
    """A group as it was."""

    version: int
    editor_id: int | None
    created_at: datetime
    definition: Mapping[str, Any]


class Changed(Conflict):
    """The thing has been changed since it was read."""

    status, slug = 412, "changed"


async def listed(work: UnitOfWork) -> list[Kept]:
    """Those of the site and those that plugins declare, by order and title."""
    _require(work, "list")
    found = {one.key: one for one in _declared(work).values()}
    for row in await _rows(work):
        found[row.key] = _kept(work, row)
    return sorted(found.values(), key=_order)


async def one(work: UnitOfWork, key: str) -> Kept:
    """The group of this key: the site's, or one that a plugin declares."""
    _require(work, "read")
    for row in await _rows(work, key):
        return _kept(work, row)
    declared = _declared(work).get(key)
    if declared is None:
        raise NotFound("field group", key)
    return declared


async def save(
    work: UnitOfWork,
    definition: Definition,
    *,
    is_new: bool | None = None,
    seen: int | None = None,
) -> Kept:
    """Keep a group, or another version of it. One that says the same makes no version. `is_new`
    says which of the two it must be; `seen` is the version that its author has changed.
    InvalidInput names every fault of the definition."""
    _require(work, "save")
    refuse_unkeepable(definition)
    await hold(work, "field_groups")
    rows = {row.key: row for row in await _rows(work)}
    faults, notices, types = Faults(), Notices(), catalogue(work.registry)
    group = read_group(definition, types, faults, notices=notices)
    before = rows.pop(group.key, None)
    others = [(row.key, row.definition) for row in rows.values()]
    overlaid = {*rows, group.key}
    others += [(k, one.definition) for k, one in _declared(work).items() if k not in overlaid]
    find_taken_keys(group, others, faults)
    find_faults_of_sources(work.registry, group, faults)
    if any(one.type == cloning.CLONE for one in group.every_field()):
        around = [read_group(one, types, Faults()) for _, one in others]
        cloning.find_faults(group, around, faults)
    faults.refuse()
    _refuse_unexpected(work, group.key, before, is_new=is_new, seen=seen, count=len(rows))
    if before is not None and _text(before.definition) == _text(definition):
        return msgspec.structs.replace(_kept(work, before), notices=tuple(notices.found))
    if before is not None:
        await find_consequences(
            work, read_group(before.definition, types, Faults()), group, notices
        )
    version = await _last_version(work, group.key) + 1
    created_at = await _keep(work, group, version)
    old, new = difference(before.definition if before else {}, dict(definition))
    told = {**new, "key": group.key}
    await work.emit(FieldGroupSaved(version=version, before=old if before else None, after=told))
    return Kept(
        group.key, version, definition, OF_SITE, created_at, work.now,
        notices=tuple(notices.found), is_changed=True,
    )  # fmt: skip


async def remove(work: UnitOfWork, key: str, *, seen: int | None = None) -> None:
    """Stop using a group. Its versions and the values that were written with it stay; one that a
    plugin declares comes back in its place."""
    _require(work, "remove")
    await hold(work, "field_groups")
    rows = await _rows(work, key)
    if not rows:
        declared = _declared(work).get(key)
        if declared is None:
            raise NotFound("field group", key)
        raise Conflict(
            f"The plugin {declared.source!r} declares the group {key!r}, which only its code can "
            "take away; keep a group of the same key with active false to put it out of use."
        )
    _refuse_changed(rows[0], seen)
    table = FieldGroup
    await work.execute(delete(table).where(table.tenant_id == work.tenant_id, table.key == key))
    before = {"key": key, "title": rows[0].definition.get("title", "")}
    await work.emit(FieldGroupRemoved(before=before))


async def versions(work: UnitOfWork, key: str) -> list[KeptVersion]:
    """Every version that there was, the newest first; also of a group that is no longer used."""
    _require(work, "read")
    model = FieldGroupVersion
    statement = select(model.version, model.editor_id, model.created_at, model.definition)
    rows = await work.all(
        statement.where(model.tenant_id == work.tenant_id, model.key == key).order_by(
            model.version.desc()
        )
    )
    if not rows and key not in _declared(work):
        raise NotFound("field group", key)
    return [KeptVersion(*row) for row in rows]


async def version(work: UnitOfWork, key: str, number: int) -> KeptVersion:
    """One version."""
    _require(work, "read")
    model = FieldGroupVersion
    statement = select(model.version, model.editor_id, model.created_at, model.definition)
    row = await work.one(
        statement.where(
            model.tenant_id == work.tenant_id, model.key == key, model.version == number
        )
    )
    if row is None:
        raise NotFound("version of the field group", f"{key}: {number}")
    return KeptVersion(*row)


def _require(work: UnitOfWork, verb: str) -> None:
    require(
        not work.actor.is_anonymous and work.actor.has("manage_options"),
        f"field_group.{verb}",
        "Only those who manage the options of the site keep its field groups.",
    )


def _declared(work: UnitOfWork) -> dict[str, Kept]:
    return {
        str(one["key"]): Kept(str(one["key"]), OF_CODE, one, plugin)
        for _, plugin, one in of_code(work.registry)
    }


async def _rows(work: UnitOfWork, key: str | None = None) -> list[Any]:
    model = FieldGroup
    statement = select(
        model.key, model.version, model.definition, model.created_at, model.updated_at
    ).where(model.tenant_id == work.tenant_id)
    if key is not None:
        statement = statement.where(model.key == key)
    return await work.all(statement.order_by(model.key))


def _kept(work: UnitOfWork, row: Any) -> Kept:
    faults = Faults()
    read_group(row.definition, catalogue(work.registry), faults)
    return Kept(
        row.key, row.version, row.definition, OF_SITE, row.created_at, row.updated_at,
        dict(faults.messages),
    )  # fmt: skip


def _order(one: Kept) -> tuple[int, str, str]:
    return (as_integer(one.definition.get("menu_order")) or 0, one.title, one.key)


def _text(definition: Definition) -> str:
    """To tell whether two are the same: the order of keys counts, and true is not 1."""
    return json.dumps(definition)


def _refuse_unexpected(
    work: UnitOfWork, key: str, before: Any, *, is_new: bool | None, seen: int | None, count: int
) -> None:
    if is_new and before is not None:
        raise Conflict(f"The field group {key!r} exists already; replace it with PUT.")
    if is_new is False and before is None and key not in _declared(work):
        raise NotFound("field group", key)
    if before is None and count >= MOST:
        raise Conflict(f"A site may have at most {MOST} field groups; remove one of them.")
    _refuse_changed(before, seen)


def _refuse_changed(before: Any, seen: int | None) -> None:
    newest = before.version if before is not None else OF_CODE
    if seen is not None and seen != newest:
        raise Changed(
            f"The group has the version {newest} by now. Read it again, repeat your change on what "
            "it is now, and send its new ETag in If-Match.",
            version=newest,
        )


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


async def _keep(work: UnitOfWork, group: Group, version: int) -> datetime:
    definition = dict(group.definition)
    of = {"tenant_id": work.tenant_id, "key": group.key}
    values: dict[str, Any] = {
        "version": version, "definition": definition, "updated_at": work.now,
    }  # fmt: skip
    kept = await work.execute(
        insert(FieldGroup)
        .values(**of, created_at=work.now, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "key"], set_=values)
        .returning(FieldGroup.created_at)
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
    created_at: datetime = kept.scalar_one()
    return created_at
