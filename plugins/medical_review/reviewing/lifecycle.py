"""Where every reviewed text stands, from its draft to the bin: what is no stage of a workflow
follows from the post's own status and its last review."""

from datetime import datetime

import msgspec
from sqlalchemy import text

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.medical_review.articles.kinds import REVIEWED
from plugins.medical_review.reviewing.board import stages_waiting
from plugins.medical_review.reviewing.reading import may_oversee

LABELS = {
    "draft": {"en": "Draft", "pt": "Rascunho"},
    "revision": {"en": "Revision", "pt": "Em correção"},
    "approved": {"en": "Approved", "pt": "Aprovado"},
    "published": {"en": "Published", "pt": "Publicado"},
    "archived": {"en": "Archived", "pt": "Arquivado"},
}

# A text that waits in a stage is on the board, and here nowhere. A live text is published, whatever
# becomes of the changes that its author works on.
_PLACED = """
    with placed as (
      select p.id, p.title, p.post_type, p.status, p.author_id, p.modified_gmt,
             case when p.status = 'trash' then 'archived'
                  when p.status in ('publish', 'private') then 'published'
                  when last.state = 'open' then null
                  when p.status in ('pending', 'future') and last.state = 'approved'
                    then 'approved'
                  when last.state = 'sent_back' then 'revision'
                  else 'draft' end as place
      from cms.posts p
      left join lateral (
        select r.state from medical_review.reviews r
        where r.tenant_id = p.tenant_id and r.post_id = p.id
        order by r.submitted_at desc, r.id desc limit 1
      ) last on p.status not in ('trash', 'publish', 'private')
      where p.tenant_id = :tenant and p.post_type = any(:types)
    )
"""
_COUNTS = text(f"{_PLACED} select place, count(*) as texts from placed group by place")  # noqa: S608
_TEXTS = text(
    f"""
    {_PLACED}
    select id as post_id, title, post_type, status, author_id, modified_gmt from placed
    where place = :place and id > :after
    order by id limit :limit
    """  # noqa: S608
)


class Standing(msgspec.Struct, frozen=True):
    """A column of the whole way; `is_stage` are those of the board."""

    name: str
    label: dict[str, str]
    texts: int
    is_stage: bool


class Placed(msgspec.Struct, frozen=True):
    """A text in a column that is no stage."""

    post_id: int
    title: str
    post_type: str
    status: str
    author_id: int
    modified_gmt: datetime


async def columns(work: UnitOfWork) -> list[Standing]:
    """Draft, the stages that something waits in, revision, approved, published, archived."""
    _require(work)
    values = {"tenant": work.tenant_id, "types": list(REVIEWED)}
    found = {row.place: row.texts for row in await work.all(_COUNTS, values)}
    own = {name: Standing(name, said, found.get(name, 0), False) for name, said in LABELS.items()}
    waiting = await stages_waiting(work)
    stages = [Standing(name, said, number, True) for name, said, number in waiting]
    return [own.pop("draft"), *stages, *own.values()]


async def texts(work: UnitOfWork, name: str, after: int, limit: int) -> list[Placed]:
    """A page of a column, by the numbers of the posts; NotFound for one that is not there."""
    _require(work)
    if name not in LABELS:
        raise NotFound("column", name)
    values = {"tenant": work.tenant_id, "types": list(REVIEWED)}
    page = {"place": name, "after": after, "limit": limit}
    rows = await work.all(_TEXTS, values | page)
    return [Placed(*row) for row in rows]


def _require(work: UnitOfWork) -> None:
    require(may_oversee(work), "review.board", "Sorry, you are not allowed to see the reviews.")
