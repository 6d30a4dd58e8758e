"""What readers see: the shown revision's properties on the post row, its terms and its words."""

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.indexing import forget, index
from cms.content.models import Post, Revision, Term, TermRelationship
from cms.content.naming import free_slug
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.users import successor_of
from cms.markup.slugs import slug_of


async def show_revision(work: UnitOfWork, post: Post, revision: Revision, *, live: bool) -> None:
    """Repeat on the post what lists, addresses and the search need of this revision; with `live`
    it is the one that readers get from now on."""
    if live:
        post.live_revision_id = revision.id
        post.has_been_live = True
    post.title = revision.title
    if post.author_id != revision.author_id:
        post.author_id = await successor_of(work, revision.author_id)
    # In the bin the post has given up its address.
    is_named = live or revision.slug or Status(post.status) is Status.FUTURE
    if Status(post.status) is not Status.TRASH and is_named:
        wanted = revision.slug or post.slug or slug_of(revision.title) or str(post.id)
        if wanted != post.slug:
            post.slug = await free_slug(work, post, wanted)
    await work.session.flush()
    await _relate_terms(work, post, revision)
    if Status(post.status) is not Status.TRASH:
        await index(work, post, revision)


async def _relate_terms(work: UnitOfWork, post: Post, revision: Revision) -> None:
    living = work.tenant.declared.living
    wanted = {term for ids in revision.terms.values() for term in living(ids)}
    # With the first revision nothing can be filed that it does not name.
    if post.version_number > 1:
        await work.execute(
            delete(TermRelationship).where(
                TermRelationship.tenant_id == work.tenant_id,
                TermRelationship.post_id == post.id,
                TermRelationship.term_id.not_in(wanted),
            )
        )
    if wanted:
        # From the terms themselves: one that another process deletes now is not related to.
        rows = select(Term.tenant_id, literal(post.id), Term.id).where(
            Term.tenant_id == work.tenant_id, Term.id.in_(wanted)
        )
        columns = ["tenant_id", "post_id", "term_id"]
        await work.execute(
            insert(TermRelationship).from_select(columns, rows).on_conflict_do_nothing()
        )


async def unlist(work: UnitOfWork, post: Post) -> None:
    """Take the post away from readers; its working head stays."""
    post.live_revision_id = None
    if Status(post.status) is Status.TRASH:
        await forget(work, post)
