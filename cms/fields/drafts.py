"""The filter that takes the fields of a draft in: from what a request gave to what is kept."""

from dataclasses import replace
from typing import Any

from cms.content.draft import Draft
from cms.content.sealed import keep_with_revision, owner_of
from cms.fields.locations import Place
from cms.fields.sensitive import Before, in_clear, sealed
from cms.fields.site_fields import SiteFields, site_fields
from cms.fields.taking import take
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
    clear = await in_clear(work, before)
    taken = take(fields, clear, given, site.types)
    owner = owner_of(draft.immediate["post_id"])
    after, to_keep = await sealed(work, owner, fields, Before(before, clear), taken)
    keep_with_revision(work, to_keep)
    rows = {
        name: {"key": fields[name][0].key, "value": value} if name in fields else rows[name]
        for name, value in after.items()
    }
    groups = {
        fields[name][1].key: fields[name][1].version for name in sorted(after) if name in fields
    }
    own = {PART: rows, GROUPS_PART: groups} if rows else {}
    others = {name: one for name, one in draft.parts.items() if name not in _OWN}
    return replace(draft, parts={**others, **own})


_OWN = {GIVEN_PART, PART, GROUPS_PART}
