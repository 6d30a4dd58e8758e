"""Adding, changing and deleting terms."""

from collections.abc import Mapping
from html import unescape
from typing import Any

from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from cms.content import terms
from cms.content.events import TermChanged, TermCreated, TermDeleted
from cms.content.models import DroppedTerm, Term, TermRelationship
from cms.content.naming import hold
from cms.content.permissions import require
from cms.content.terms import TermView
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.kernel.declarations import Taxonomy
from cms.kernel.events import difference
from cms.markup.clean import clean_title
from cms.markup.slugs import slug_of
from cms.markup.tokens import MARKUP

# The taxonomy whose posts are never left without a term, once the site has chosen which.
WITH_DEFAULT = "category"


def may_create(work: UnitOfWork, taxonomy: Taxonomy) -> bool:
    """Whoever may file a post under a tag may make one up; a hierarchy is built by its editors."""
    return _has(work, taxonomy, "edit" if taxonomy.is_hierarchical else "assign")


def may_edit(work: UnitOfWork, taxonomy: Taxonomy) -> bool:
    return _has(work, taxonomy, "edit")


def may_delete(work: UnitOfWork, taxonomy: Taxonomy, term: Term) -> bool:
    """The default category stays for as long as it is the default."""
    return _has(work, taxonomy, "delete") and term.id != _heir(work, taxonomy)


def _has(work: UnitOfWork, taxonomy: Taxonomy, verb: str) -> bool:
    return not work.actor.is_anonymous and work.actor.has(taxonomy.capability(verb))


def _heir(work: UnitOfWork, taxonomy: Taxonomy) -> int | None:
    """The term that posts without any get, if the site has chosen one."""
    return (work.tenant.site.default_category or None) if taxonomy.name == WITH_DEFAULT else None


async def create_term(
    work: UnitOfWork,
    taxonomy: Taxonomy,
    *,
    name: str,
    slug: str = "",
    description: str = "",
    parent_id: int | None = None,
    term_id: int | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Term:
    """A new term. Conflict when its siblings have one of the name. An id is given only by imports,
    which reserve theirs."""
    require(
        may_create(work, taxonomy),
        "term.create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
    )
    name = _clean_name(name)
    wanted = slug_of(slug or name)
    if not name or not wanted:
        raise InvalidInput({"name": "must hold at least one letter or digit"})
    # One writer a taxonomy: names, addresses and the tree are looked at before they change.
    await hold(work, "term", taxonomy.name)
    parent = await _parent(work, taxonomy, parent_id)
    await _refuse_double(work, taxonomy, name, slug_of(slug), parent)
    term = Term(
        tenant_id=work.tenant_id,
        id=term_id or await work.next_id("term"),
        taxonomy=taxonomy.name,
        name=name,
        slug=await _free_slug(work, taxonomy, wanted, parent),
        description=clean_title(description),
        parent_id=parent.id if parent else None,
        meta=dict(meta or {}),
    )
    work.session.add(term)
    after: dict[str, Any] = {"taxonomy": taxonomy.name, "slug": term.slug, "name": name}
    if term.meta:
        after["meta"] = term.meta
    await work.emit(TermCreated(term_id=term.id, after=after))
    return term


async def edit_term(
    work: UnitOfWork, taxonomy: Taxonomy, term_id: int, wanted: Mapping[str, Any]
) -> TermView:
    """Change what is named of name, slug, description, parent (0 for none) and `stored_meta`, all
    of its meta."""
    await hold(work, "term", taxonomy.name)
    view = await terms.one(work, taxonomy, term_id)
    term = view.term
    require(may_edit(work, taxonomy), "term.edit", "Sorry, you are not allowed to edit this term.")
    await work.decide("term.edit", "term", term_id)
    values = await _changed(work, taxonomy, term, wanted)
    before, after = difference({name: getattr(term, name) for name in values}, values)
    if after:
        for name, value in after.items():
            setattr(term, name, value)
        await work.emit(TermChanged(term_id=term_id, before=before, after=after))
    return view


async def _changed(
    work: UnitOfWork, taxonomy: Taxonomy, term: Term, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in wanted:
        values["name"] = _clean_name(wanted["name"])
        if not slug_of(values["name"]):
            raise InvalidInput({"name": "must hold at least one letter or digit"})
    if "description" in wanted:
        values["description"] = clean_title(wanted["description"])
    if "stored_meta" in wanted:
        values["meta"] = dict(wanted["stored_meta"])
    parent = None
    if "parent" in wanted:
        parent = await _parent(work, taxonomy, wanted["parent"])
        await _refuse_loop(work, term, parent)
        values["parent_id"] = parent.id if parent else None
    if "slug" in wanted:
        given = slug_of(wanted["slug"])
        slug = given or slug_of(values.get("name", term.name))
        if slug != term.slug:
            moves = values.get("parent_id", term.parent_id) != term.parent_id
            if given and not moves and await _by_slug(work, taxonomy, given):
                raise InvalidInput(
                    {"slug": f"The slug “{given}” is already in use by another term."},
                    codes={"slug": "duplicate_term_slug"},
                )
            values["slug"] = await _free_slug(work, taxonomy, slug, parent, of=term.id)
    return values


async def delete_term(work: UnitOfWork, taxonomy: Taxonomy, term_id: int) -> TermView:
    """Delete it for good, and give back what it was. Its children move up; posts lose it, and those
    left without a category get the default one where the site has chosen it."""
    await hold(work, "term", taxonomy.name)
    view = await terms.one(work, taxonomy, term_id)
    term = view.term
    require(
        may_delete(work, taxonomy, term),
        "term.delete",
        "Sorry, you are not allowed to delete this term.",
    )
    await work.decide("term.delete", "term", term_id)
    heir = _heir(work, taxonomy)
    if heir is not None:
        await _file_under(work, taxonomy, term, heir)
    await work.execute(
        update(Term)
        .where(Term.tenant_id == work.tenant_id, Term.parent_id == term_id)
        .values(parent_id=term.parent_id)
    )
    work.session.add(
        DroppedTerm(tenant_id=work.tenant_id, id=term_id, taxonomy=taxonomy.name, replaced_by=heir)
    )
    await work.session.delete(term)
    before = {
        "taxonomy": taxonomy.name,
        "name": term.name,
        "slug": term.slug,
        "parent_id": term.parent_id,
    }
    await work.emit(TermDeleted(term_id=term_id, before=before, after={"replaced_by": heir}))
    return view


async def _file_under(work: UnitOfWork, taxonomy: Taxonomy, term: Term, heir: int) -> None:
    """Posts that have nothing but this term in the taxonomy are filed under the heir."""
    row, other = aliased(TermRelationship), aliased(TermRelationship)
    has_another = exists(
        select(other.term_id)
        .join(Term, (Term.tenant_id == other.tenant_id) & (Term.id == other.term_id))
        .where(
            other.tenant_id == row.tenant_id,
            other.post_id == row.post_id,
            other.term_id != term.id,
            Term.taxonomy == taxonomy.name,
        )
    )
    alone = select(row.tenant_id, row.post_id, literal(heir)).where(
        row.tenant_id == work.tenant_id, row.term_id == term.id, ~has_another
    )
    columns = ["tenant_id", "post_id", "term_id"]
    await work.execute(insert(TermRelationship).from_select(columns, alone))


def _clean_name(name: str) -> str:
    """A name is text; a description may hold inline marks. Neither may hold what acts on a
    reader."""
    return " ".join(unescape(MARKUP.sub("", clean_title(name))).split())


async def _parent(work: UnitOfWork, taxonomy: Taxonomy, parent_id: int | None) -> Term | None:
    if parent_id and not taxonomy.is_hierarchical:
        raise InvalidInput(
            {"parent": "Cannot set parent term, taxonomy is not hierarchical."},
            codes={"parent": "rest_taxonomy_not_hierarchical"},
        )
    if not parent_id:
        return None
    parent = await work.session.get(Term, (work.tenant_id, parent_id))
    if parent is None or parent.taxonomy != taxonomy.name:
        raise InvalidInput(
            {"parent": "Parent term does not exist."}, codes={"parent": "rest_term_invalid"}
        )
    return parent


async def _refuse_loop(work: UnitOfWork, term: Term, parent: Term | None) -> None:
    if parent is not None and term.id in [parent.id, *await _above(work, parent)]:
        raise InvalidInput(
            {"parent": "A term cannot stand below itself; choose a parent outside of its branch."},
            codes={"parent": "rest_term_invalid"},
        )


async def _above(work: UnitOfWork, term: Term) -> dict[int, str]:
    """The slugs of all that stand above a term by id, the nearest first; one statement."""
    tree = (
        select(Term.id, Term.parent_id, Term.slug, literal(0).label("n"))
        .where(Term.tenant_id == work.tenant_id, Term.id == term.parent_id)
        .cte(recursive=True)
    )
    tree = tree.union_all(
        select(Term.id, Term.parent_id, Term.slug, tree.c.n + 1).where(
            Term.tenant_id == work.tenant_id, Term.id == tree.c.parent_id, tree.c.n < 100
        )
    )
    rows = await work.all(select(tree.c.id, tree.c.slug).order_by(tree.c.n))
    return {row.id: row.slug for row in rows}


async def _refuse_double(
    work: UnitOfWork, taxonomy: Taxonomy, name: str, slug: str, parent: Term | None
) -> None:
    """A name may come again under another parent, or with an address of its own."""
    siblings = [Term.tenant_id == work.tenant_id, Term.taxonomy == taxonomy.name]
    if taxonomy.is_hierarchical:
        siblings.append(Term.parent_id.is_not_distinct_from(parent.id if parent else None))
    rows = await work.all(
        select(Term.id, Term.name, Term.slug).where(*siblings, Term.sort_key == func.cms.fold(name))
    )
    same = next((row for row in rows if row.name.lower() == name.lower()), None)
    if same is None:
        return
    taken = await _by_slug(work, taxonomy, slug) if slug else None
    if not slug or same.slug == slug or taken is not None:
        place = "with this parent" if taxonomy.is_hierarchical else "in this taxonomy"
        raise Conflict(
            f"A term with the name provided already exists {place}.",
            code="term_exists",
            term_id=same.id,
        )


async def _by_slug(work: UnitOfWork, taxonomy: Taxonomy, slug: str) -> int | None:
    row = await work.one(
        select(Term.id).where(
            Term.tenant_id == work.tenant_id, Term.taxonomy == taxonomy.name, Term.slug == slug
        )
    )
    return row.id if row is not None else None


async def _free_slug(
    work: UnitOfWork, taxonomy: Taxonomy, wanted: str, parent: Term | None, *, of: int = 0
) -> str:
    """The slug, or as WordPress makes it unique: with the slugs of those above it, from the nearest
    on, and then with a number."""
    rows = await work.all(
        select(Term.slug).where(
            Term.tenant_id == work.tenant_id,
            Term.taxonomy == taxonomy.name,
            Term.id != of,
            Term.slug.startswith(wanted, autoescape=True),
        )
    )
    taken = {row.slug for row in rows}
    candidate = wanted
    if candidate in taken and parent is not None:
        for slug in (parent.slug, *(await _above(work, parent)).values()):
            candidate = f"{candidate}-{slug}"
            if candidate not in taken:
                break
    stem, number = candidate, 2
    while candidate in taken:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate
