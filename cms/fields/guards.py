"""What the fields of a text ask for before it is handed over or shown."""

from collections.abc import AsyncIterator

from sqlalchemy import and_, select

from cms.content.events import Transition
from cms.content.models import Post, Revision
from cms.fields.drafts import fields_of_site
from cms.fields.places import PostFacts, places_of
from cms.fields.settling import Missing, missing
from cms.fields.values import values_in
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
        select(Post, Revision)
        .join(Revision, and_(Post.tenant_id == Revision.tenant_id, Post.id == Revision.post_id))
        .where(
            Revision.tenant_id == work.tenant_id,
            Revision.post_id == move.post_id,
            Revision.id == move.revision_id,
        )
    )
    if row is None:
        return
    post, revision = row
    [place] = await places_of(work, site, [PostFacts.of(post, revision)], edits=True)
    fields = [one for one, _ in site.fields_for(place).values()]
    for i, one in enumerate(missing(fields, values_in(revision.parts, fields))):
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
