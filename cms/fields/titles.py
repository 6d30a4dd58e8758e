"""Titles of what searchable fields name: words by which the search finds the post that names them.

Only what everybody may read counts, whoever saves. A title that changes later is found again when
the post is saved or indexed the next time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from cms.content.attachment_reading import may_read_media
from cms.content.indexing import FoundBy
from cms.content.permissions import may_read
from cms.database.work import UnitOfWork
from cms.fields.defining import as_flag
from cms.fields.drafts import fields_of_site
from cms.fields.field import Field, Group
from cms.fields.knowing import load
from cms.fields.known import KnownPost
from cms.fields.type import Catalogue, Reference
from cms.fields.types.naming import Naming
from cms.fields.types.rows import LAYOUT
from cms.fields.values import PART
from cms.kernel.actors import ANONYMOUS
from cms.kernel.work import ReadableWork

SEARCHABLE = "searchable"


async def add_titles(work: ReadableWork, found_by: FoundBy) -> FoundBy:
    """Let the search find a post by what its searchable fields name."""
    site = fields_of_site(work)
    named: dict[Reference, None] = {}
    for row in found_by.revision.parts.get(PART, {}).values():
        one, group = site.field_by_key.get(row["key"], (None, None))
        if one is not None and group is not None and _is_open(group):
            named |= dict.fromkeys(_named(one, row["value"], site.types, is_wanted=False))
    if not named:
        return found_by
    return replace(found_by, texts=(*found_by.texts, *await titles(work, named)))


def _is_open(group: Group) -> bool:
    """Whether everybody who reads a post reads the fields of the group."""
    asks = any(rule.param.startswith("current_user") for one in group.location for rule in one)
    return group.is_shown_in_rest and group.compliance_level == "basic" and not asks


def _named(one: Field, value: Any, types: Catalogue, *, is_wanted: bool) -> Iterator[Reference]:
    """What a value names, as far as the field, or one inside it, is marked."""
    is_wanted = is_wanted or as_flag(one.definition.get(SEARCHABLE, False))
    # Whoever searches would read a field that asks for a capability word by word.
    if value is None or one.definition.get("read_capability"):
        return
    if not one.sub_fields and not one.layouts:
        field_type = types[one.type]
        if is_wanted and isinstance(field_type, Naming):
            yield from field_type.references(one, value, types)
        return
    for row in value if isinstance(value, list) else [value]:
        for inner in _members(one, row):
            yield from _named(inner, row.get(inner.name), types, is_wanted=is_wanted)


def _members(one: Field, row: Mapping[str, Any]) -> tuple[Field, ...]:
    found = (layout.sub_fields for layout in one.layouts if layout.name == row.get(LAYOUT))
    return next(found, one.sub_fields)


async def titles(work: ReadableWork, references: Iterable[Reference]) -> list[str]:
    """What is public of what the references name, for the search: words that everybody may read,
    whoever saves."""
    found = await load(work, references, texts=False, counted=False)
    here = cast(UnitOfWork, work)
    return [
        *(one.title for one in found.posts.values() if _is_for_all(here, one)),
        *(one.term.name for one in found.terms.values() if one.taxonomy.is_public),
        *(one.user.display_name for one in found.users.values() if one.is_public),
    ]


def _is_for_all(work: UnitOfWork, one: KnownPost) -> bool:
    if one.is_media:
        return may_read_media(work, one.post, one.parent, ANONYMOUS)
    return may_read(ANONYMOUS, one.post_type, one.post)
