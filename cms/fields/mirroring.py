"""Fields that point back: who names somebody by a field with `bidirectional_target` is named by
them in those fields, in the same transaction and by the same actor.

A side that the actor may not edit, or whose field refuses, refuses the whole change: a relation
that only one side knows would be worse than none. What points back does not point again, so there
are no circles. Only top-level fields do this, as in ACF's editor.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from cms.content import posts, referred, saving
from cms.content.events import RevisionSaved
from cms.content.saving import Changes
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound, PolicyDenied
from cms.fields.drafts import fields_of_site
from cms.fields.faults import FieldFaults
from cms.fields.field import Field
from cms.fields.site_fields import SiteFields
from cms.fields.subject_values import Owner, Wanted, lock, of_one, save
from cms.fields.types.naming import Naming, each
from cms.fields.values import GIVEN_PART, PART, stored
from cms.kernel.actors import IMPORTER
from cms.kernel.work import Work

TARGETS = "bidirectional_target"
_RULE = "bidirectional"
_AT_WORK = "fields_that_point_back"


@dataclass(frozen=True)
class Side:
    """One end of a relation: a post, a term or somebody."""

    kind: str
    id: int


@dataclass(frozen=True)
class _Step:
    """One number that came into the value of a field, or went; `path` is where it stands."""

    field: Field
    number: int
    path: str
    comes: bool


@dataclass
class _Other:
    """What changes at the other end: by field, which numbers come and which go. `path` is where
    the value that does it stands."""

    path: str
    changes: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)


async def follow_revision(work: Work, event: RevisionSaved) -> None:
    """The fields of a post have changed, or may have."""
    here = cast(UnitOfWork, work)
    # An import brings both sides as they stood elsewhere.
    if here.session.info.get(_AT_WORK) or here.actor is IMPORTER:
        return
    site = fields_of_site(here)
    if not any(one.setting(TARGETS) for one, _ in site.field_by_key.values()):
        return
    new = await posts.revision(here, event.post_id, event.revision_id)
    old = None
    if new.base_revision_id is not None:
        old = await posts.revision(here, event.post_id, new.base_revision_id)
    rows = [one.parts.get(PART, {}) if one is not None else {} for one in (old, new)]
    keys = {name: row["key"] for part in rows for name, row in part.items()}
    fields = {name: site.field_by_key[key][0] for name, key in keys.items()
              if key in site.field_by_key}  # fmt: skip
    before, after = (stored(part) for part in rows)
    await mirror(here, Side("post", event.post_id), fields, before, after)


async def save_with_mirrors(work: UnitOfWork, owner: Owner, wanted: Wanted) -> dict[str, Any]:
    """Change the values of a term or of somebody as `subject_values.save` does, and let the other
    ends follow."""
    after = await save(work, owner, wanted)
    if owner.kind in {"term", "user"}:
        fields = {name: one for name, (one, _) in wanted.fields.items() if one.setting(TARGETS)}
        await mirror(work, Side(owner.kind, owner.id), fields, wanted.before, after)
    return after


async def mirror(
    work: UnitOfWork,
    side: Side,
    fields: Mapping[str, Field],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Let the other ends follow, after the values of `side` were saved. InvalidFields names every
    value by which something would change that may not."""
    site, faults = fields_of_site(work), FieldFaults()
    others: dict[Side, _Other] = {}
    for name, one in fields.items():
        for step in _differing(one, name, before.get(name), after.get(name)):
            _collect(site, side, step, others)
    with _once(work):
        while others:
            # In one order, so that two who meet wait for each other instead of blocking both.
            end = min(others, key=lambda one: (one.kind, one.id))
            for step in await _change(work, site, end, others.pop(end), faults):
                _collect(site, end, step, others)
    faults.refuse()


@contextmanager
def _once(work: UnitOfWork) -> Iterator[None]:
    work.session.info[_AT_WORK] = True
    try:
        yield
    finally:
        work.session.info.pop(_AT_WORK, None)


def _differing(one: Field, name: str, before: Any, after: Any) -> Iterator[_Step]:
    old, new = _numbers(before), _numbers(after)
    yield from (_Step(one, number, name, False) for number in old if number not in new)
    for i, number in enumerate(new):
        if number not in old:
            yield _Step(one, number, f"{name}[{i}]" if isinstance(after, list) else name, True)


def _numbers(value: Any) -> list[int]:
    return [one for one in each(value) if isinstance(one, int)]


def _collect(site: SiteFields, side: Side, step: _Step, others: dict[Side, _Other]) -> None:
    """Note what must change at the other end of a step."""
    kind = _kind(site, step.field)
    end = Side(kind, step.number)
    if not kind or end == side:
        return
    for key in step.field.setting(TARGETS) or ():
        target = site.field_by_key.get(str(key))
        if target is None or _kind(site, target[0]) != side.kind:
            continue
        other = others.setdefault(end, _Other(step.path))
        other.path = step.path if step.comes else other.path
        come, go = other.changes.setdefault(str(key), ([], []))
        (come if step.comes else go).append(side.id)


def _kind(site: SiteFields, one: Field) -> str:
    field_type = site.types[one.type]
    return field_type.kind if isinstance(field_type, Naming) else ""


def _changed(
    site: SiteFields, target: Field, value: Any, come: list[int], go: list[int]
) -> tuple[Any, list[int]]:
    """The value after the change, and what a field for one had to let go."""
    field_type = cast(Naming, site.types[target.type])
    numbers = _numbers(value)
    kept = [one for one in numbers if one not in go]
    wanted = [*kept, *(one for one in come if one not in kept)]
    displaced: list[int] = []
    if not field_type.is_list(target) and len(wanted) > 1:
        wanted, displaced = wanted[-1:], wanted[:-1]
    if wanted == numbers:
        return value, []
    if field_type.is_stored_as_list(target):
        return wanted or None, displaced
    return (wanted[0] if wanted else None), displaced


async def _change(
    work: UnitOfWork, site: SiteFields, end: Side, other: _Other, faults: FieldFaults
) -> list[_Step]:
    """Change one other end. What its fields for one had named before is given back."""
    thing = f"{end.kind} {end.id}"
    try:
        if end.kind == "post":
            return await _change_post(work, site, end.id, other)
        return await _change_rows(work, site, end, other)
    except InvalidInput as refused:
        said = "; ".join(refused.faults.values())
        message = f"{thing} points back by a field of its own, which refuses it: {said}"
        faults.add(other.path, _RULE, message, end.id)
    except (CapabilityMissing, PolicyDenied):
        message = (
            f"{thing} points back and changes with it, and you may not edit it; "
            "leave it as it was, or ask somebody who may"
        )
        faults.add(other.path, _RULE, message, end.id)
    except NotFound:
        # Gone meanwhile: nothing is left that could point back.
        pass
    return []


async def _change_post(
    work: UnitOfWork, site: SiteFields, post_id: int, other: _Other
) -> list[_Step]:
    post = await posts.lock(work, post_id)
    if Status(post.status) is Status.TRASH:
        return []
    head = await posts.revision(work, post.id, post.working_revision_id or 0)
    rows = head.parts.get(PART, {})
    held = {name: row["value"] for name, row in rows.items()}
    given, displaced = _wanted(site, other, held, {n: row["key"] for n, row in rows.items()})
    if given:
        await saving.edit(work, post, Changes(parts={GIVEN_PART: given}))
    return displaced


def _wanted(
    site: SiteFields, other: _Other, held: Mapping[str, Any], keys: Mapping[str, str]
) -> tuple[dict[str, Any], list[_Step]]:
    """The values that differ, by name."""
    given: dict[str, Any] = {}
    displaced: list[_Step] = []
    for key, (come, go) in other.changes.items():
        target = site.field_by_key[key][0]
        # A value of that name which another field wrote is not ours to change.
        if keys.get(target.name, key) != key:
            continue
        value, gone = _changed(site, target, held.get(target.name), come, go)
        if value != held.get(target.name):
            given[target.name] = value
        displaced += [_Step(target, number, other.path, False) for number in gone]
    return given, displaced


async def _change_rows(work: UnitOfWork, site: SiteFields, end: Side, other: _Other) -> list[_Step]:
    """The values of a term or of somebody, which are rows."""
    await _require(work, end)
    owner = Owner(end.kind, end.id)
    await lock(work, owner)
    targets = [site.field_by_key[key] for key in other.changes]
    held = (await of_one(work, owner)).values
    given, displaced = _wanted(site, other, held, {})
    fields = {one.name: (one, group) for one, group in targets}
    await save(work, owner, Wanted(fields, site.types, held, given))
    return displaced


async def _require(work: UnitOfWork, end: Side) -> None:
    """CapabilityMissing unless the actor may edit the term or the person; NotFound if gone."""
    if end.kind == "term":
        found: Iterable[Any] = [
            work.registry.taxonomies.get(term.taxonomy)
            for term, _ in await referred.terms(work, [end.id], counted=False)
        ]
        taxonomy = next((one for one in found if one is not None), None)
        if taxonomy is None:
            raise NotFound("term", end.id)
        may = work.actor.has(taxonomy.capability("edit"))
    else:
        if not await referred.people(work, [end.id]):
            raise NotFound("user", end.id)
        may = work.actor.user_id == end.id or work.actor.has("edit_users")
    if not may:
        message = f"Sorry, you are not allowed to edit this {end.kind}."
        raise CapabilityMissing(message, action=f"{end.kind}.edit")
