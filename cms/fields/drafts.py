"""The filter that takes the fields of a draft in: from what a request gave to what is kept."""

from dataclasses import replace
from typing import Any

from cms.content.draft import Draft
from cms.fields.knowing import load
from cms.fields.locations import Place
from cms.fields.site_fields import SiteFields, site_fields
from cms.fields.taking import changed, check, references, take
from cms.fields.values import GIVEN_PART, GROUPS_PART, PART, stored
from cms.kernel.work import ReadableWork


def place_of(draft: Draft) -> Place:
    """What location rules may ask about this draft."""
    return Place("post", {"post_type": frozenset({draft.post_type})})


def fields_of_site(work: Any) -> SiteFields:
    """The fields of the site that a unit of work belongs to."""
    return site_fields(work.registry, work.tenant)


async def fit_fields(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with its fields typed and checked. InvalidFields names every fault."""
    given = draft.parts.get(GIVEN_PART)
    if not given:
        return draft
    site = fields_of_site(work)
    fields = site.fields_for(place_of(draft))
    rows = dict(draft.parts.get(PART, {}))
    before = stored(rows)
    after = take(fields, before, given, site.types)
    # What a value named before may be gone since; that is no fault of who changes another.
    new = changed(before, after)
    if named := references(fields, new, site.types):
        check(fields, new, await load(work, named), site.types)
    others = {name: one for name, one in draft.parts.items() if name != GIVEN_PART}
    if after == before:
        # Nor does a newer version of a group make a revision by itself.
        return replace(draft, parts=others)
    rows = {
        name: {"key": fields[name][0].key, "value": value} if name in fields else rows[name]
        for name, value in after.items()
    }
    groups = site.versions({fields[name][1].key for name in after if name in fields})
    if any(name not in fields for name in after):
        # Values of a group that does not apply any more still say what they were written with.
        groups = {**draft.parts.get(GROUPS_PART, {}), **groups}
    for name in (PART, GROUPS_PART):
        others.pop(name, None)
    return replace(draft, parts={**others, **({PART: rows, GROUPS_PART: groups} if rows else {})})
