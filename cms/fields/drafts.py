"""The filter that takes the fields of a draft in: from what a request gave to what is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cms.content.draft import Draft
from cms.content.sealed import keep_with_revision, owner_of
from cms.fields.faults import FieldFaults
from cms.fields.filing import saved_terms
from cms.fields.knowing import load_for_writing
from cms.fields.places import place_of_draft
from cms.fields.rights import refuse_changes, refuse_hidden
from cms.fields.sensitive import Before, in_clear, sealed
from cms.fields.site_fields import SiteFields, site_fields
from cms.fields.taking import Fields, changed, check, references, take
from cms.fields.values import GIVEN_PART, GROUPS_PART, PART, is_kept_elsewhere, stored, values_in
from cms.kernel.actors import IMPORTER
from cms.kernel.work import ReadableWork


def fields_of_site(work: Any) -> SiteFields:
    """The fields of the site that a unit of work belongs to."""
    return site_fields(work.registry, work.tenant)


async def fit_fields(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with its fields typed and checked. InvalidFields names every fault."""
    given = draft.parts.get(GIVEN_PART)
    if not given:
        return draft
    site = fields_of_site(work)
    fields = {
        name: (one, group)
        for name, (one, group) in site.fields_for(await place_of_draft(work, site, draft)).items()
        if one.source is None or is_kept_elsewhere(one, draft.parts)
    }
    kept = values_in(draft.parts, (one for one, _ in fields.values()))
    before = await in_clear(work, kept)
    refuse_hidden(work.actor, fields, given)
    # An import brings what stood elsewhere, whatever its forms show there.
    is_import = work.actor is IMPORTER
    faults = FieldFaults()
    after = take(fields, before, given, site.types, settles=not is_import, faults=faults)
    if not faults:
        refuse_changes(work.actor, fields, before, after)
    rows = dict(draft.parts.get(PART, {}))
    # What a value named before may be gone since; that is no fault of who changes another.
    new = changed(before, after)
    named = set() if is_import else references(fields, new, site.types)
    if named:
        stood, post_id = references(fields, before, site.types), draft.immediate.get("id")
        known = await load_for_writing(work, named, stood, post_id=post_id)
        check(fields, new, known, site.types, faults)
    faults.refuse()
    terms = {} if is_import else saved_terms(work, draft, fields, given, after)
    draft = replace(_without(draft, GIVEN_PART), terms={**draft.terms, **terms})
    draft, left = _with_sources(work, draft, fields, given, after)
    after, to_keep = await sealed(
        work, owner_of(draft.immediate["id"]), fields, Before(kept, before), left
    )
    keep_with_revision(work, to_keep)
    if after == stored(rows):
        # Nor does a newer version of a group make a revision by itself.
        return draft
    rows = {
        name: {"key": fields[name][0].key, "value": value} if name in fields else rows[name]
        for name, value in after.items()
    }
    groups = site.versions({fields[name][1].key for name in after if name in fields})
    if any(name not in fields for name in after):
        # Values of a group that does not apply any more still say what they were written with.
        groups = {**draft.parts.get(GROUPS_PART, {}), **groups}
    draft = _without(draft, PART, GROUPS_PART)
    own = {PART: rows, GROUPS_PART: groups} if rows else {}
    return replace(draft, parts={**draft.parts, **own})


def _without(draft: Draft, *names: str) -> Draft:
    return replace(
        draft, parts={name: one for name, one in draft.parts.items() if name not in names}
    )


def _with_sources(
    work: Any, draft: Draft, fields: Fields, given: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Draft, dict[str, Any]]:
    """The draft with what was given for values of plugins in their parts, where the filters of
    those plugins check it; and the values that are left for us."""
    here = [one for one, _ in fields.values() if is_kept_elsewhere(one, draft.parts)]
    was, now = values_in(draft.was, here), values_in(draft.parts, here)
    left = {
        name: value for name, value in after.items() if fields.get(name, (None,))[0] not in here
    }
    faults = FieldFaults()
    for one in here:
        old, new, sent = (values.get(one.name) for values in (was, now, after))
        # Whoever sends a whole body back has changed one of the two names and not the other.
        if one.name not in given or sent in (old, new):
            continue
        part, key = one.source or ("", "")
        if new != old:
            message = f"says another thing than {key} in the same request; send one of the two"
            faults.add(one.name, "conflict", message, sent)
        value = work.registry.revision_parts[part].defaults.get(key) if sent is None else sent
        draft = draft.with_part(part, **{key: value})
    faults.refuse()
    return draft, left
