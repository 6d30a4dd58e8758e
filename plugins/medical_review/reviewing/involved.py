"""Who has a part in a text, and so does not judge it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text

from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.models import Review

# Back from the text under review to the last one that was approved: whoever changed anything since
# then has a part in what is to be judged.
_CHAIN = text(
    """
    with recursive chain as (
      select r.id, r.base_revision_id, r.editor_id, r.author_id, r.parts
      from cms.revisions r
      where r.tenant_id = :tenant and r.post_id = :post and r.id = :revision
      union all
      select r.id, r.base_revision_id, r.editor_id, r.author_id, r.parts
      from chain c
      join cms.revisions r
        on r.tenant_id = :tenant and r.post_id = :post and r.id = c.base_revision_id
      where not exists (
        select from medical_review.reviews a
        where a.tenant_id = :tenant and a.post_id = :post and a.content_hash = r.content_hash
          and a.state = 'approved')
    )
    select array_agg(distinct editor_id) as edited, array_agg(distinct author_id) as wrote,
           array_agg(distinct (parts -> :part ->> :responsible)::bigint) as answers,
           (select array_agg(distinct t.opened_by) from medical_review.threads t
            where t.tenant_id = :tenant and t.post_id = :post
              and t.made_revision_id in (select id from chain)) as suggested
    from chain
    """
)


@dataclass(frozen=True)
class Involved:
    """The people with a part in the text, by what part it is."""

    wrote: Collection[int]
    edited: Collection[int]
    suggested: Collection[int]
    answers: Collection[int]
    submitted: int | None

    def parts_of(self, person: int) -> list[str]:
        """Her parts in words; empty for somebody who has none."""
        parts = {
            "its author": person in self.wrote,
            "an editor of it": person in self.edited,
            "who suggested words of it": person in self.suggested,
            "the professional who answers for it": person in self.answers,
            "who submitted it": person == self.submitted,
        }
        return [name for name, is_so in parts.items() if is_so]


async def involved(work: ReadableWork, review: Review) -> Involved:
    """Everybody who has a part in the text of the review."""
    values = {
        "tenant": work.tenant_id,
        "post": review.post_id,
        "revision": review.revision_id,
        "part": PART,
        "responsible": RESPONSIBLE,
    }
    row = await work.one(_CHAIN, values)
    parts = (row.wrote or (), row.edited or (), row.suggested or (), row.answers or ())
    return Involved(*parts, review.submitted_by)
