"""Types and taxonomies that a site declares for itself, kept in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.declaring import find_faults_of_taxonomy, find_faults_of_type
from cms.content.events import Declarable, DeclarationRemoved, DeclarationSaved
from cms.content.faults import Faults
from cms.content.models import ContentType, Post, SiteTaxonomy, Term
from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.declared import Declared
from cms.kernel.events import difference
from cms.kernel.registry import Registry

D = TypeVar("D", PostType, Taxonomy)

# Each costs a little in every process that serves the site.
MOST = 50

_MODELS: dict[type[Any], Any] = {PostType: ContentType, Taxonomy: SiteTaxonomy}
_KINDS: dict[type[Any], Declarable] = {
    PostType: Declarable.TYPE,
    Taxonomy: Declarable.TAXONOMY,
}


class Stored(msgspec.Struct, frozen=True):
    """A declaration with the moments it was made and last changed at."""

    declared: Any
    created_at: datetime
    updated_at: datetime


async def stored(work: UnitOfWork, kind: type[D]) -> list[Stored]:
    """All of the site's own, by name; read from the database, not from what is remembered."""
    _require(work, kind, "review_own")
    model = _MODELS[kind]
    statement = select(model).where(model.tenant_id == work.tenant_id).order_by(model.name)
    rows = await work.all(statement)
    return [
        Stored(msgspec.convert(row.definition, kind), row.created_at, row.updated_at)
        for (row,) in rows
    ]


async def one(work: UnitOfWork, kind: type[D], name: str) -> Stored:
    """The declaration of this name; NotFound for those that the code declares."""
    for found in await stored(work, kind):
        if found.declared.name == name:
            return found
    raise NotFound(_KINDS[kind], name)


async def declare(
    work: UnitOfWork, wanted: PostType | Taxonomy, *, is_new: bool, taken: Collection[str]
) -> Stored:
    """Keep a new declaration, or another one for a name that has one. `taken` are the first words
    of REST addresses that the code serves. InvalidInput names every fault."""
    kind = type(wanted)
    _require(work, kind, "declare")
    # One writer a site: names and addresses are looked at before they are given out.
    await hold(work, "declared")
    now: dict[Any, dict[str, Any]] = {
        PostType: await _all(work, PostType),
        Taxonomy: await _all(work, Taxonomy),
    }
    before = now[kind].get(wanted.name)
    if before is None and not is_new:
        raise NotFound(_KINDS[kind], wanted.name)
    if before is not None and is_new:
        raise Conflict(f"The {_KINDS[kind]} {wanted.name!r} exists already; change it with PUT.")
    if is_new and len(now[kind]) >= MOST:
        raise Conflict(f"A site may declare at most {MOST}; remove one that is not used.")
    now[kind].pop(wanted.name, None)
    faults = Faults()
    # Without an earlier declaration of the same name: it may keep its own address.
    others = _registry(work, now)
    if isinstance(wanted, PostType):
        find_faults_of_type(others, wanted, taken, faults)
    else:
        find_faults_of_taxonomy(others, wanted, taken, faults)
    faults.refuse()
    if getattr(before, "is_reviewed", False) and not getattr(wanted, "is_reviewed", False):
        await _refuse_release(work, wanted.name)
    return await _keep(work, wanted, before)


async def _refuse_release(work: UnitOfWork, name: str) -> None:
    """Whoever declares types must not be able to publish past every guard by it."""
    if await _holds_any(work, PostType, name):
        raise Conflict(
            f"The type {name!r} has posts that are reviewed, and stays reviewed (is_reviewed: "
            "true). Declare another type for texts that nobody has to approve."
        )


async def _holds_any(work: UnitOfWork, kind: type[Any], name: str) -> bool:
    model: Any = Post if kind is PostType else Term
    column = Post.post_type if kind is PostType else Term.taxonomy
    row = await work.one(
        select(model.id).where(model.tenant_id == work.tenant_id, column == name).limit(1)
    )
    return row is not None


async def remove(work: UnitOfWork, kind: type[D], name: str) -> None:
    """Forget a declaration. Conflict as long as something is kept under it: posts are evidence, and
    without their type nobody could read them."""
    _require(work, kind, "remove")
    await hold(work, "declared")
    before = (await _all(work, kind)).get(name)
    if before is None:
        raise NotFound(_KINDS[kind], name)
    if await _holds_any(work, kind, name):
        held = "posts, in the bin at least" if kind is PostType else "terms; delete them first"
        raise Conflict(f"The {_KINDS[kind]} {name!r} still has {held}, and cannot be removed.")
    table = _MODELS[kind]
    await work.execute(delete(table).where(table.tenant_id == work.tenant_id, table.name == name))
    told = msgspec.to_builtins(before)
    await work.emit(DeclarationRemoved(kind=_KINDS[kind], before=told))


def _require(work: UnitOfWork, kind: type[Any], verb: str) -> None:
    require(
        not work.actor.is_anonymous and work.actor.has("manage_options"),
        f"{_KINDS[kind]}.{verb}",
        "Only those who manage the options of the site declare its types and taxonomies.",
    )


async def _all(work: UnitOfWork, kind: type[D]) -> dict[str, D]:
    model = _MODELS[kind]
    rows = await work.all(
        select(model.name, model.definition).where(model.tenant_id == work.tenant_id)
    )
    return {row.name: msgspec.convert(row.definition, kind) for row in rows}


def _registry(work: UnitOfWork, now: dict[Any, Any]) -> Registry:
    declared = Declared(tuple(now[PostType].values()), tuple(now[Taxonomy].values()))
    return work.shop.registry.with_declared(declared)


async def _keep(work: UnitOfWork, wanted: PostType | Taxonomy, before: Any) -> Stored:
    model = _MODELS[type(wanted)]
    definition = msgspec.to_builtins(wanted)
    values = {"definition": definition, "updated_at": work.now}
    statement = (
        insert(model)
        .values(tenant_id=work.tenant_id, name=wanted.name, created_at=work.now, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "name"], set_=values)
        .returning(model.created_at)
    )
    created_at = (await work.execute(statement)).scalar_one()
    old, new = difference(msgspec.to_builtins(before) if before else {}, definition)
    await work.emit(
        DeclarationSaved(
            kind=_KINDS[type(wanted)],
            before=old if before else None,
            after={**new, "name": wanted.name},
        )
    )
    return Stored(wanted, created_at, work.now)
