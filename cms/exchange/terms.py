"""Categories, tags and terms of other taxonomies, parents before their children."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from cms.content.models import Term as TermRow
from cms.content.term_editing import create_term
from cms.errors import Conflict
from cms.exchange import formats
from cms.exchange.ledger import TERM, digest_of
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Term, TermRef
from cms.kernel.declarations import Taxonomy
from cms.markup.slugs import slug_of


def in_order(terms: Iterable[Term]) -> list[Term]:
    """Each after its parent, whatever the order of the file; in a circle somebody is first."""
    by_place = {(term.taxonomy, term.slug): term for term in terms}
    placed: dict[tuple[str, str], Term] = {}
    for place in by_place:
        chain = []
        here: tuple[str, str] | None = place
        while here in by_place and here not in placed and here not in chain:
            chain.append(here)
            here = (here[0], by_place[here].parent) if by_place[here].parent else None
        placed |= {step: by_place[step] for step in reversed(chain)}
    return list(placed.values())


def taxonomy_of(batch: Batch, name: str) -> Taxonomy | None:
    """The taxonomy that this one of the old site is here, if there is one."""
    wanted = batch.plan.taxonomies.get(name, name)
    return batch.work.registry.taxonomies.get(wanted)


async def bring(batch: Batch, term: Term) -> Line:
    """The term here; one of the same name in an address is the same term."""
    key, taxonomy = f"{term.taxonomy}/{term.slug}", taxonomy_of(batch, term.taxonomy)
    if term.taxonomy == formats.TAXONOMY:
        return Line(
            TERM, key, Outcome.MAPPED, term.name, notes=("it is a field of its posts here",)
        )
    if taxonomy is None:
        batch.left_out[f"terms of {term.taxonomy}"] += 1
        note = (
            f"there is no taxonomy {term.taxonomy!r} here; enable the plugin that declares it, or "
            f"give --map-taxonomy {term.taxonomy}=NAME"
        )
        return Line(TERM, key, Outcome.NOT_IMPORTED, term.name, notes=(note,))
    digest = digest_of(term.name, term.parent, term.description)
    known = await batch.ledger.find(TERM, key)
    if known is not None:
        if known.digest == digest:
            return Line(TERM, key, Outcome.UNCHANGED, term.name, known.new_id)
        note = "its name, parent or description changed there; change it here by hand"
        return Line(TERM, key, Outcome.SKIPPED, term.name, known.new_id, (note,))
    return await _made(batch, taxonomy, term, key, digest)


async def _made(batch: Batch, taxonomy: Taxonomy, term: Term, key: str, digest: bytes) -> Line:
    parent_id, notes = await _parent(batch, taxonomy, term)
    try:
        made = await create_term(
            batch.work,
            taxonomy,
            name=term.name or term.slug,
            slug=term.slug,
            description=batch.rewrite(term.description),
            parent_id=parent_id,
            term_id=await _kept_id(batch, term),
        )
    except Conflict as conflict:
        new_id = int(conflict.facts["term_id"])
        await _remember(batch, term, key, new_id, digest)
        return Line(TERM, key, Outcome.MAPPED, term.name, new_id)
    await _remember(batch, term, key, made.id, digest)
    if made.slug != term.slug:
        notes = (*notes, f"its slug {term.slug!r} became {made.slug!r}")
    if term.meta:
        notes = (*notes, f"{len(term.meta)} meta values of the term have no place here")
    return Line(TERM, key, Outcome.CREATED, term.name, made.id, notes)


async def _remember(batch: Batch, term: Term, key: str, new_id: int, digest: bytes) -> None:
    """By its place and by its number, which is how lines of menus name it."""
    await batch.ledger.put(TERM, key, new_id, digest)
    if term.id:
        await batch.ledger.put(TERM, f"#{term.id}", new_id, digest)


async def _kept_id(batch: Batch, term: Term) -> int | None:
    if not batch.may_keep("term", term.id):
        return None
    taken = await batch.work.session.get(TermRow, (batch.work.tenant_id, term.id))
    return term.id if taken is None else None


async def _parent(
    batch: Batch, taxonomy: Taxonomy, term: Term
) -> tuple[int | None, tuple[str, ...]]:
    if not term.parent:
        return None, ()
    if not taxonomy.is_hierarchical:
        return None, ("its parent is left out: the taxonomy has no levels here",)
    known = await batch.ledger.find(TERM, f"{term.taxonomy}/{term.parent}")
    if known is not None:
        return known.new_id, ()
    here = await batch.work.one(
        select(TermRow.id).where(
            TermRow.tenant_id == batch.work.tenant_id,
            TermRow.taxonomy == taxonomy.name,
            TermRow.slug == slug_of(term.parent),
        )
    )
    note = f"its parent {term.parent!r} is neither in the file nor here"
    return (here.id, ()) if here is not None else (None, (note,))


async def ids_of(
    batch: Batch, refs: Sequence[TermRef], allowed: Iterable[Taxonomy]
) -> tuple[dict[str, list[int]], list[str]]:
    """Ids of the terms that a post names, by taxonomy here, and what could not be. A term that the
    file does not introduce is added as the post names it."""
    names = {taxonomy.name for taxonomy in allowed}
    found: dict[str, list[int]] = {}
    notes = []
    for ref in refs:
        taxonomy = taxonomy_of(batch, ref.taxonomy)
        if taxonomy is None or taxonomy.name not in names:
            notes.append(f"{ref.taxonomy} {ref.name!r} is left out: posts have no such terms here")
            continue
        known = await batch.ledger.find(TERM, f"{ref.taxonomy}/{ref.slug}")
        new_id = known.new_id if known else None
        if new_id is None:
            new_id = (await bring(batch, Term(ref.taxonomy, ref.slug, ref.name))).new_id
        if new_id is not None:
            found.setdefault(taxonomy.name, []).append(new_id)
    return found, notes
