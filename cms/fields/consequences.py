"""What a new version of a group means for the values that were written with the old one."""

from collections.abc import Iterator, Mapping

from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.fields.field import Field, Group
from cms.fields.group_settings import Notices
from cms.fields.soundness import field_keys

# Working revisions and what is not a post; older revisions are shown by their own version.
_USED = text(
    "select wanted.key from unnest(cast(:keys as text[])) as wanted(key) where exists ("
    "select 1 from cms.field_values v where v.tenant_id = :tenant and v.field_key = wanted.key"
    ") or exists (select 1 from cms.posts p join cms.revisions r "
    "on r.tenant_id = p.tenant_id and r.id = p.working_revision_id "
    "where p.tenant_id = :tenant and jsonb_path_exists("
    "r.parts, '$.fields.*.key ? (@ == $key)', jsonb_build_object('key', wanted.key)))"
)


async def find_consequences(
    work: UnitOfWork, before: Group, after: Group, notices: Notices
) -> None:
    """Tell of changed and lost fields that have values. One statement, and only if there are any
    such fields."""
    old, new = dict(_fields(before)), dict(_fields(after))
    changed = {
        key: (top, one, new.get(key, (None, None))[1])
        for key, (top, one) in old.items()
        if not _is_same(one, new.get(key, (None, None))[1])
    }
    if not changed:
        return
    rows = await work.all(
        _USED, {"tenant": work.tenant_id, "keys": sorted({top for top, _, _ in changed.values()})}
    )
    used = {row.key for row in rows}
    places = dict(field_keys(after.definition))
    for key, (top, was, now) in changed.items():
        if top in used:
            _tell(key, was, now, places, notices)


def _fields(group: Group) -> Iterator[tuple[str, tuple[str, Field]]]:
    """Every field by its key, with the key of the one at the top that holds its value."""
    for one in group.fields:
        yield one.key, (one.key, one)
        for inner in one.below():
            yield inner.key, (one.key, inner)


def _is_same(was: Field, now: Field | None) -> bool:
    if now is None:
        return not was.name
    return (was.type, was.name, was.setting("multiple")) == (
        now.type, now.name, now.setting("multiple"),
    )  # fmt: skip


def _tell(
    key: str, was: Field, now: Field | None, places: Mapping[str, str], notices: Notices
) -> None:
    stay = "values that were written before stay with their revisions"
    if now is None:
        message = f"the field {key!r} ({was.name}) is gone; {stay} and are no longer shown"
        notices.add("fields", "field_lost", message)
        return
    place = places.get(key, "fields")
    if was.name != now.name:
        message = f"{was.name!r} is now {now.name!r}; {stay} under the old name"
        notices.add(f"{place}.name", "name_changed", message)
    if (was.type, was.setting("multiple")) != (now.type, now.setting("multiple")):
        message = (
            f"{was.type!r} is now {now.type!r}; {stay}, shown by the version they were written "
            "with, and must fit the new type when their thing is saved again"
        )
        notices.add(f"{place}.type", "type_changed", message)
