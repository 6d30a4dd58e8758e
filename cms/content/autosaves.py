"""What somebody has written and not saved: kept beside the post, one for each person and post."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from cms.content import posts
from cms.content.cleaning import cleaned
from cms.content.events import AutosaveKept
from cms.content.models import Autosave, Post
from cms.content.permissions import may_edit, require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.markup.clean import clean_title

FIELDS = ("title", "content", "excerpt")


def is_saved_itself(work: UnitOfWork, post: Post) -> bool:
    """Whether what this person writes goes into the post: nobody else relies on her own draft."""
    is_draft = Status(post.status) in {Status.DRAFT, Status.AUTO_DRAFT}
    return is_draft and post.author_id == work.actor.user_id


async def keep(work: UnitOfWork, post: Post, given: Mapping[str, str]) -> Autosave:
    """The person's autosave of a locked post, with the given texts; the others stay what they were.
    InvalidInput when the texts are those of the post: then an earlier one is given up."""
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    await work.decide("post.edit", "post", post.id, posts.facts(post))
    base = await posts.revision(work, post.id, post.working_revision_id or 0)
    saved = {name: getattr(base, name) for name in FIELDS}
    earlier = await own(work, post)
    before = {name: getattr(earlier, name) for name in FIELDS} if earlier else saved
    texts = before | await _cleaned(work, post, given)
    if earlier is not None and texts == saved:
        _give_up(work, earlier)
    autosave = earlier or Autosave(
        tenant_id=work.tenant_id,
        id=await work.next_id("post"),
        post_id=post.id,
        editor_id=work.actor.user_id,
    )
    for name, text in texts.items():
        setattr(autosave, name, text)
    autosave.modified_at = work.now
    work.session.add(autosave)
    await work.emit(AutosaveKept(post_id=post.id, after={"autosave": autosave.id}))
    return autosave


async def _cleaned(work: UnitOfWork, post: Post, given: Mapping[str, str]) -> dict[str, str]:
    post_type = posts.type_of(work, post)
    return {
        name: clean_title(text) if name == "title" else await cleaned(work.actor, post_type, text)
        for name, text in given.items()
        if name in FIELDS
    }


def _give_up(work: UnitOfWork, autosave: Autosave) -> None:
    post_id, autosave_id = autosave.post_id, autosave.id

    async def remove(later: UnitOfWork) -> None:
        await later.execute(
            delete(Autosave).where(
                Autosave.tenant_id == later.tenant_id, Autosave.id == autosave_id
            )
        )
        await later.emit(AutosaveKept(post_id=post_id, after={"autosave": None}))

    work.even_if_refused("autosave", remove)
    raise InvalidInput(
        {"content": "There is nothing to save. The autosave and the post content are the same."},
        codes={"content": "rest_autosave_no_changes"},
    )


async def of_post(work: UnitOfWork, post_id: int) -> list[Autosave]:
    """The autosaves of everybody, the newest first."""
    rows = await work.all(
        select(Autosave)
        .where(Autosave.tenant_id == work.tenant_id, Autosave.post_id == post_id)
        .order_by(Autosave.modified_at.desc(), Autosave.id.desc())
    )
    return [row[0] for row in rows]


async def one(work: UnitOfWork, post_id: int, autosave_id: int) -> Autosave:
    """This autosave of this very post, or NotFound."""
    found = await work.session.get(Autosave, (work.tenant_id, autosave_id))
    if found is None or found.post_id != post_id:
        raise NotFound("autosave", autosave_id)
    return found


async def own(work: UnitOfWork, post: Post) -> Autosave | None:
    """What the actor has written and not saved, if anything is kept of it."""
    found: Autosave | None = await work.entity(
        select(Autosave).where(
            Autosave.tenant_id == work.tenant_id,
            Autosave.post_id == post.id,
            Autosave.editor_id == work.actor.user_id,
        )
    )
    return found
