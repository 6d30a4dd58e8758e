"""The values of terms, people, comments and options pages: rows beside the thing itself."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from cms.content.comment_events import CommentDeleted
from cms.content.events import TermDeleted
from cms.content.naming import hold
from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.fields.events import FieldValuesChanged
from cms.fields.faults import FieldFaults
from cms.fields.kinds import COMMENT, TERM, USER
from cms.fields.knowing import load_for_writing
from cms.fields.models import FieldValue
from cms.fields.rights import Fields, refuse_changes, refuse_hidden
from cms.fields.sensitive import Before, in_clear, sealed
from cms.fields.taking import changed, check, references, take
from cms.fields.type import Catalogue
from cms.identity.events import PersonRemoved
from cms.kernel.work import Work
from cms.sealing.events import OwnerKind
from cms.sealing.values import Owner as SealedOwner
from cms.sealing.values import SealedRow, erase, keep


@dataclass(frozen=True)
class Owner:
    """The thing that values belong to: by its number, or an options page by its name."""

    kind: str
    id: int = 0
    name: str = ""


@dataclass
class Kept:
    """The stored values of one thing by name, when each was saved, and the version of each group
    that they were written with. `roles` are those of a person, where they were asked for."""

    values: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)

    def version(self) -> str:
        """The state of the values, by which `If-Match` knows them again: when each was saved, and
        not what it is, which a reader of the state could guess."""
        told = msgspec.json.encode(self.moments, order="sorted")
        return hashlib.sha256(told).hexdigest()[:24]


_VALUES = Query(
    text(
        "select subject_id, name, group_key, group_version, value, updated_at "
        "from cms.field_values where tenant_id = :tenant and subject = :kind "
        "and subject_name = :page and subject_id = any(:ids)"
    )
)
# With the roles of the people in the same statement: rules may ask for them.
_WITH_ROLES = Query(
    text(
        "select subject_id, name, group_key, group_version, value, updated_at "
        "from cms.field_values where tenant_id = :tenant and subject = :kind "
        "and subject_name = :page and subject_id = any(:ids) "
        "union all select user_id, role_name, null, 0, null, null from cms.user_roles "
        "where tenant_id = :tenant and user_id = any(:ids)"
    )
)


async def of_many(
    work: UnitOfWork, kind: str, ids: Sequence[int], *, page: str = "", with_roles: bool = False
) -> dict[int, Kept]:
    """The values of each of these things, in one statement."""
    found: dict[int, Kept] = {one: Kept() for one in ids}
    if not found:
        return found
    query = _WITH_ROLES if with_roles else _VALUES
    rows = await work.fetch(query, tenant=work.tenant_id, kind=kind, page=page, ids=list(found))
    for row in rows:
        kept = found[row.subject_id]
        if row.group_key is None:
            kept.roles.add(row.name)
        else:
            kept.values[row.name] = row.value
            kept.groups[row.group_key] = row.group_version
            kept.moments[row.name] = row.updated_at
    return found


async def of_one(work: UnitOfWork, owner: Owner, *, with_roles: bool = False) -> Kept:
    """The values of one thing."""
    found = await of_many(work, owner.kind, [owner.id], page=owner.name, with_roles=with_roles)
    return found[owner.id]


@dataclass(frozen=True)
class Wanted:
    """What is to become of values: those `given` (None takes one away) on top of those `before`.
    `fields` are all that the thing has."""

    fields: Fields
    types: Catalogue
    before: Mapping[str, Any]
    given: Mapping[str, Any]


async def save(work: UnitOfWork, owner: Owner, wanted: Wanted) -> dict[str, Any]:
    """Change values, and return all of them by name. Who may change the thing itself is asked
    before. InvalidFields names every value that is refused, FieldForbidden every one that this
    actor may not change."""
    after, to_keep = await _stored(work, owner, wanted)
    before, fields = wanted.before, wanted.fields
    differing = {
        name: after.get(name)
        for name in {**before, **after}
        if name in fields and before.get(name) != after.get(name)
    }
    if not differing:
        return after
    await keep(work, to_keep)
    rows = [
        _row(work, owner, fields, name, value)
        for name, value in differing.items()
        if value is not None
    ]
    gone = [name for name, value in differing.items() if value is None]
    if rows:
        await _put(work, rows)
    if gone:
        named = (*_of(work, owner), FieldValue.name.in_(gone))
        await work.execute(delete(FieldValue).where(*named))
    # Which fields, not what they hold: they may be personal, and the row has them.
    told = {"fields": sorted(differing), **({"page": owner.name} if owner.name else {})}
    await work.emit(FieldValuesChanged(kind=OwnerKind(owner.kind), subject_id=owner.id, after=told))
    return after


async def _stored(
    work: UnitOfWork, owner: Owner, wanted: Wanted
) -> tuple[dict[str, Any], list[SealedRow]]:
    """What is kept of the values, and what is sealed for it."""
    clear = replace(wanted, before=await in_clear(work, wanted.before))
    before = Before(wanted.before, clear.before)
    after = await taken(work, clear)
    return await sealed(work, _sealed_of(owner), wanted.fields, before, after)


def _sealed_of(owner: Owner) -> SealedOwner:
    return SealedOwner(OwnerKind(owner.kind), owner.id, owner.name)


async def taken(work: UnitOfWork, wanted: Wanted) -> dict[str, Any]:
    """What the values would be; refused as `save` refuses it, and nothing is written."""
    fields, before, types = wanted.fields, wanted.before, wanted.types
    refuse_hidden(work.actor, fields, wanted.given)
    faults = FieldFaults()
    after = take(fields, before, wanted.given, types, faults=faults)
    if not faults:
        refuse_changes(work.actor, fields, before, after)
    # What a value named before may be gone since; that is no fault of who changes another.
    new = changed(before, after)
    if named := references(fields, new, types):
        stood = references(fields, before, types)
        check(fields, new, await load_for_writing(work, named, stood), types, faults)
    faults.refuse()
    return after


async def lock(work: UnitOfWork, owner: Owner) -> None:
    """Hold the values of a thing until the commit, so that nobody changes them in between."""
    await hold(work, "field_values", owner.kind, owner.id, owner.name)


def _row(work: UnitOfWork, owner: Owner, fields: Fields, name: str, value: Any) -> dict[str, Any]:
    one, group = fields[name]
    return {
        "tenant_id": work.tenant_id,
        "subject": owner.kind,
        "subject_id": owner.id,
        "subject_name": owner.name,
        "name": name,
        "field_key": one.key,
        "group_key": group.key,
        "group_version": group.version,
        "value": value,
        "updated_at": work.now,
    }


async def _put(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    statement = insert(FieldValue).values(rows)
    kept = ("field_key", "group_key", "group_version", "value", "updated_at")
    await work.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "subject", "subject_id", "subject_name", "name"],
            set_={name: statement.excluded[name] for name in kept},
        )
    )


def _of(work: Work | UnitOfWork, owner: Owner) -> list[ColumnElement[bool]]:
    return [
        FieldValue.tenant_id == work.tenant_id,
        FieldValue.subject == owner.kind,
        FieldValue.subject_id == owner.id,
        FieldValue.subject_name == owner.name,
    ]


async def forget(work: Work, owner: Owner) -> None:
    """The thing is gone, and so are its values."""
    of_it = _of(work, owner)
    rows = await work.all(select(FieldValue.name).where(*of_it))
    if rows:
        await work.execute(delete(FieldValue).where(*of_it))
        await erase(work, _sealed_of(owner))
        told = {"fields": sorted(row.name for row in rows)}
        await work.emit(
            FieldValuesChanged(kind=OwnerKind(owner.kind), subject_id=owner.id, before=told)
        )


async def forget_term(work: Work, event: TermDeleted) -> None:
    """The values of a term go with it."""
    await forget(work, Owner(TERM, event.term_id))


async def forget_comment(work: Work, event: CommentDeleted) -> None:
    """The values of a comment go with it."""
    await forget(work, Owner(COMMENT, event.comment_id))


async def forget_person(work: Work, event: PersonRemoved) -> None:
    """The values of a person who leaves go with her profile."""
    await forget(work, Owner(USER, event.user_id))
