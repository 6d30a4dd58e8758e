"""What readers see: the shown revision's properties on the post row, its terms and its words."""

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from cms.content.models import Post, PostSearch, Revision, TermRelationship
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
    post.title = revision.title
    if post.author_id != revision.author_id:
        post.author_id = await successor_of(work, revision.author_id)
    # In the bin the post has given up its address.
    if Status(post.status) is not Status.TRASH and (live or revision.slug):
        wanted = revision.slug or post.slug or slug_of(revision.title) or str(post.id)
        if wanted != post.slug:
            post.slug = await free_slug(work, post, wanted)
    await work.session.flush()
    await _relate_terms(work, post, revision)
    if Status(post.status) is not Status.TRASH:
        await _index(work, post, revision)


async def _relate_terms(work: UnitOfWork, post: Post, revision: Revision) -> None:
    wanted = {term for ids in revision.terms.values() for term in ids}
    await work.execute(
        delete(TermRelationship).where(
            TermRelationship.tenant_id == work.tenant_id,
            TermRelationship.post_id == post.id,
            TermRelationship.term_id.not_in(wanted),
        )
    )
    if wanted:
        rows = [
            {"tenant_id": work.tenant_id, "post_id": post.id, "term_id": term}
            for term in sorted(wanted)
        ]
        await work.execute(insert(TermRelationship).on_conflict_do_nothing(), rows)


async def _index(work: UnitOfWork, post: Post, revision: Revision) -> None:
    document = "\n".join((revision.title, revision.excerpt, _plain_text(revision.content)))
    values = {"language": post.language, "document": document}
    await work.execute(
        insert(PostSearch)
        .values(tenant_id=work.tenant_id, post_id=post.id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "post_id"], set_=values)
    )


def _plain_text(html: str) -> str:
    """The words of a document; PostgreSQL refuses NUL, which no cleaned text holds."""
    body = LexborHTMLParser(html).body
    return body.text(separator=" ") if body is not None else ""


async def unlist(work: UnitOfWork, post: Post) -> None:
    """Take the post away from readers; its working head stays."""
    post.live_revision_id = None
    if Status(post.status) is Status.TRASH:
        await work.execute(
            delete(PostSearch).where(
                PostSearch.tenant_id == work.tenant_id, PostSearch.post_id == post.id
            )
        )
