"""The words by which a post is found: those of its text, its terms, and its searchable fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import cast as sql_cast
from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONPATH, aggregate_order_by, insert

from cms.content.events import TermChanged, TermDeleted
from cms.content.models import Post, Revision, SearchDocument, Term, TermRelationship
from cms.database.work import UnitOfWork
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work


@dataclass(frozen=True)
class FoundBy:
    """Texts by which the search finds a post beside its own words. Filters of this class add those
    of their rooms; whoever may read the post can find out what they are."""

    post_type: str
    revision: Revision
    texts: tuple[str, ...] = ()


async def index(work: UnitOfWork, post: Post, revision: Revision) -> None:
    """Let the post be found by this revision; its terms are related already."""
    texts = tuple(_searchable(work, post, revision))
    found_by = await work.shape(FoundBy(post.post_type, revision, texts))
    values = {
        "language": post.language,
        "title": plain_text(revision.title),
        "excerpt": plain_text(revision.excerpt),
        "fields": " ".join(found_by.texts),
        "document": plain_text(revision.content),
        "terms": _names(post.tenant_id, post.id),
    }
    statement = insert(SearchDocument).values(tenant_id=work.tenant_id, post_id=post.id, **values)
    await work.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "post_id"],
            set_={name: statement.excluded[name] for name in values},
        )
    )


async def forget(work: UnitOfWork, post: Post) -> None:
    """Let nobody find the post."""
    await work.execute(
        delete(SearchDocument).where(
            SearchDocument.tenant_id == work.tenant_id, SearchDocument.post_id == post.id
        )
    )


def plain_text(html: str) -> str:
    """The words of a document; PostgreSQL refuses NUL, which no cleaned text holds."""
    body = LexborHTMLParser(html).body
    return body.text(separator=" ") if body is not None else ""


def _searchable(work: UnitOfWork, post: Post, revision: Revision) -> Iterator[str]:
    for key in work.registry.meta_keys(post.post_type):
        if key.searchable:
            yield from _texts(revision.meta.get(key.name))
    for field in work.registry.rest_fields(post.post_type):
        if field.searchable:
            yield from _texts(revision.parts.get(field.part or "", {}).get(field.name))


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, however deep."""
    if isinstance(value, str):
        yield plain_text(value)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _names(tenant_id: Any, post_id: Any) -> Any:
    """The names of the terms that a post is filed under."""
    related = (
        select(func.string_agg(Term.name, aggregate_order_by(literal(" "), Term.id)))
        .join(
            TermRelationship,
            (TermRelationship.tenant_id == Term.tenant_id) & (TermRelationship.term_id == Term.id),
        )
        .where(Term.tenant_id == tenant_id, TermRelationship.post_id == post_id)
    )
    return func.coalesce(related.correlate(SearchDocument).scalar_subquery(), "")


async def follow_term(work: Work, event: TermChanged | TermDeleted) -> None:
    """A term has another name or none: its posts are found by what they are filed under now. In a
    job, because they may be many."""
    # A deleted term is related to nothing any more; the revisions that readers see still name it.
    names = select(Revision.post_id).where(
        Revision.tenant_id == work.tenant_id,
        func.jsonb_path_exists(
            Revision.terms,
            sql_cast(literal("$.*[*] ? (@ == $id)"), JSONPATH),
            func.jsonb_build_object("id", event.term_id),
        ),
    )
    related = select(TermRelationship.post_id).where(
        TermRelationship.tenant_id == work.tenant_id, TermRelationship.term_id == event.term_id
    )
    now = _names(SearchDocument.tenant_id, SearchDocument.post_id)
    await work.execute(
        update(SearchDocument)
        .where(
            SearchDocument.tenant_id == work.tenant_id,
            SearchDocument.terms != now,
            SearchDocument.post_id.in_(names if isinstance(event, TermDeleted) else related),
        )
        .values(terms=now)
    )


def connect(hooks: Hooks) -> None:
    hooks.after_commit(TermChanged, follow_term)
    hooks.after_commit(TermDeleted, follow_term)
