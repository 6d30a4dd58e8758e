"""Categories, tags and terms of other taxonomies, parents before their children."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from cms.content.models import Term as TermRow
from cms.content.term_editing import create_term, edit_term
from cms.errors import Conflict
from cms.exchange import formats, subject_meta
from cms.exchange.ledger import TERM, Known, digest_of
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Meta, Term, TermRef
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
    digest = digest_of(term.name, term.parent, term.description, *_registered(batch, term))
    known = await batch.ledger.find(TERM, key) or await _renamed(batch, term)
    if known is None:
        return await _made(batch, taxonomy, term, key, digest)
    if known.digest == digest and await batch.ledger.find(TERM, key) is not None:
        return Line(TERM, key, Outcome.UNCHANGED, term.name, known.new_id)
    return await _changed(batch, taxonomy, term, known, digest)


def _registered(batch: Batch, term: Term) -> list[Meta]:
    """Meta that can be kept here; what cannot is not waited for."""
    names = {key.name for key in batch.work.registry.subject_meta("term")}
    return [pair for pair in term.meta if pair.key in names]


async def _renamed(batch: Batch, term: Term) -> Known | None:
    """The term of this number, which had another slug in an older export."""
    known = await batch.ledger.find(TERM, f"#{term.id}") if term.id else None
    return known if known is not None and known.run_id != batch.ledger.run_id else None


async def _changed(
    batch: Batch, taxonomy: Taxonomy, term: Term, known: Known, digest: bytes
) -> Line:
    """Bring a newer export's term over the older one's, never over what somebody wrote here."""
    key = f"{term.taxonomy}/{term.slug}"
    row = await batch.work.session.get(TermRow, (batch.work.tenant_id, known.new_id))
    reason = _kept_because(taxonomy, row, known)
    if row is None or reason:
        return Line(TERM, key, Outcome.SKIPPED, term.name, known.new_id, (reason,))
    parent_id, notes = await _parent(batch, taxonomy, term)
    stored, remarks = subject_meta.kept(batch.work, "term", taxonomy.name, term.meta)
    wanted: dict[str, Any] = {
        "name": term.name or term.slug,
        "description": batch.rewrite(term.description),
        "stored_meta": {**row.meta, **stored},
        **({"parent": parent_id or 0} if taxonomy.is_hierarchical else {}),
    }
    if await batch.ledger.find(TERM, key) is None:
        wanted["slug"] = term.slug
    await edit_term(batch.work, taxonomy, known.new_id, wanted)
    await _remember(batch, term, row, digest)
    return Line(TERM, key, Outcome.CHANGED, term.name, row.id, (*notes, *remarks))


def _kept_because(taxonomy: Taxonomy, row: TermRow | None, known: Known) -> str:
    if row is None or row.taxonomy != taxonomy.name:
        return "it was deleted here since: left so"
    if known.here is None:
        return "it was here before the import: kept"
    return "" if known.here == _print(row) else "it was edited here since: kept as it is here"


def _print(row: TermRow) -> bytes:
    """What tells whether somebody here has changed the term."""
    return digest_of(row.name, row.slug, row.description, row.parent_id, row.meta)


async def _made(batch: Batch, taxonomy: Taxonomy, term: Term, key: str, digest: bytes) -> Line:
    parent_id, notes = await _parent(batch, taxonomy, term)
    stored, remarks = subject_meta.kept(batch.work, "term", taxonomy.name, term.meta)
    try:
        made = await create_term(
            batch.work,
            taxonomy,
            name=term.name or term.slug,
            slug=term.slug,
            description=batch.rewrite(term.description),
            parent_id=parent_id,
            term_id=await _kept_id(batch, term),
            meta=stored,
        )
    except Conflict as conflict:
        new_id = int(conflict.facts["term_id"])
        for name in _names(term):
            await batch.ledger.put(TERM, name, new_id, digest)
        return Line(TERM, key, Outcome.MAPPED, term.name, new_id)
    await _remember(batch, term, made, digest)
    if made.slug != term.slug:
        notes = (*notes, f"its slug {term.slug!r} became {made.slug!r}")
    return Line(TERM, key, Outcome.CREATED, term.name, made.id, (*notes, *remarks))


async def _remember(batch: Batch, term: Term, row: TermRow, digest: bytes) -> None:
    for name in _names(term):
        await batch.ledger.put(TERM, name, row.id, digest, here=_print(row))


def _names(term: Term) -> list[str]:
    """Its place, and its number, which is how lines of menus name it."""
    return [f"{term.taxonomy}/{term.slug}", *([f"#{term.id}"] if term.id else [])]


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
