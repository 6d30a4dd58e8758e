"""What the fields of a text ask for before it is handed over or shown."""

from collections.abc import AsyncIterator

from sqlalchemy import and_, select

from cms.content.draft import draft_of
from cms.content.events import Transition
from cms.content.models import Post, Revision
from cms.fields.drafts import fields_of_site, place_of
from cms.fields.settling import Missing, missing
from cms.fields.values import PART, stored
from cms.kernel.actors import IMPORTER
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork

MOST_OBJECTIONS = 100


async def has_its_fields(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """Every required field without a value. What an import brings was public elsewhere before, and
    owes here what it could not owe there from its first change on."""
    site = fields_of_site(work)
    is_asked = (move.publishes or move.submits) and site.has_duties
    if not is_asked or work.actor is IMPORTER:
        return
    row = await work.one(
        select(Revision, Post.post_type)
        .join(Post, and_(Post.tenant_id == Revision.tenant_id, Post.id == Revision.post_id))
        .where(
            Revision.tenant_id == work.tenant_id,
            Revision.post_id == move.post_id,
            Revision.id == move.revision_id,
        )
    )
    if row is None:
        return
    draft = draft_of(row[0], row.post_type)
    fields = [one for one, _ in site.fields_for(place_of(draft)).values()]
    for i, one in enumerate(missing(fields, stored(draft.parts.get(PART, {})))):
        if i == MOST_OBJECTIONS:
            return
        yield _objection(one)


def _objection(one: Missing) -> Objection:
    label = one.field.label or one.field.name
    if one.needed:
        return Objection(
            "fields.min",
            f"The field {label} ({one.path}) has fewer than {one.needed} entries.",
            f"Add entries to acf.{one.path}.",
        )
    return Objection(
        "fields.required",
        f"The field {label} ({one.path}) must have a value.",
        f"Fill in acf.{one.path}.",
    )
