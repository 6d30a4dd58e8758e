"""Terms of taxonomies: categories and what plugins declare."""

from html import unescape

from sqlalchemy import Select, select

from cms.content.events import TermCreated
from cms.content.models import Term
from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.declarations import Taxonomy
from cms.markup.clean import clean_title
from cms.markup.slugs import slug_of
from cms.markup.tokens import MARKUP


async def create_term(
    work: UnitOfWork,
    taxonomy: Taxonomy,
    *,
    name: str,
    slug: str = "",
    description: str = "",
    parent_id: int | None = None,
    term_id: int | None = None,
) -> Term:
    """A new term. Conflict when one with the slug exists. An id is given only by imports, which
    reserve theirs."""
    require(
        work.actor.has("manage_categories"),
        "term.create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
    )
    # A name is text, a description may hold inline marks; neither may hold what acts on a reader.
    name = " ".join(unescape(MARKUP.sub("", clean_title(name))).split())
    wanted = slug_of(slug or name)
    if not name or not wanted:
        raise InvalidInput({"name": "must hold at least one letter or digit"})
    await _refuse_bad_parent(work, taxonomy, parent_id)
    await hold(work, "term", taxonomy.name, wanted)
    taken = await work.one(_by_slug(work, taxonomy, wanted))
    if taken is not None:
        raise Conflict(
            "A term with the name provided already exists with this parent.",
            code="term_exists",
            term_id=taken.id,
        )
    term = Term(
        tenant_id=work.tenant_id,
        id=term_id or await work.next_id("term"),
        taxonomy=taxonomy.name,
        name=name,
        slug=wanted,
        description=clean_title(description),
        parent_id=parent_id,
    )
    work.session.add(term)
    await work.emit(TermCreated(term_id=term.id, after={"taxonomy": taxonomy.name, "slug": wanted}))
    return term


async def _refuse_bad_parent(work: UnitOfWork, taxonomy: Taxonomy, parent_id: int | None) -> None:
    if not parent_id:
        return
    if not taxonomy.is_hierarchical:
        raise InvalidInput(
            {"parent": "Cannot set parent term, taxonomy is not hierarchical."},
            codes={"parent": "rest_taxonomy_not_hierarchical"},
        )
    parent = await work.session.get(Term, (work.tenant_id, parent_id))
    if parent is None or parent.taxonomy != taxonomy.name:
        raise InvalidInput(
            {"parent": "Parent term does not exist."}, codes={"parent": "rest_term_invalid"}
        )


def _by_slug(work: UnitOfWork, taxonomy: Taxonomy, slug: str) -> Select[int]:
    return select(Term.id).where(
        Term.tenant_id == work.tenant_id, Term.taxonomy == taxonomy.name, Term.slug == slug
    )


async def get_term(work: UnitOfWork, taxonomy: Taxonomy, term_id: int) -> Term:
    """The term of this taxonomy, or NotFound."""
    term = await work.session.get(Term, (work.tenant_id, term_id))
    if term is None or term.taxonomy != taxonomy.name:
        raise NotFound("term", term_id)
    return term
