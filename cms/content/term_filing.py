"""Terms by what somebody types: those that are there are found whatever their case and accents, the
others are made."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ARRAY, Text, and_, func, literal, select

from cms.content.models import Term
from cms.content.naming import hold
from cms.content.term_editing import create_term, may_create
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.kernel.declarations import Taxonomy

MOST = 50
"""Names that are taken at once."""


def names_in(text: str) -> list[str]:
    """The names of a line: commas and line ends stand between them, as WordPress has it."""
    names = (" ".join(name.split()) for name in text.replace("\n", ",").split(","))
    return list(dict.fromkeys(name for name in names if name))


async def hold_names(work: UnitOfWork, taxonomies: Iterable[str]) -> None:
    """Wait for whoever is making terms of these. Asked for before a post is locked: deleting a term
    takes the two in this order as well."""
    for name in sorted(taxonomies):
        await hold(work, "term", name)


async def named(
    work: UnitOfWork, taxonomy: Taxonomy, names: Sequence[str], parent_id: int | None = None
) -> list[Term]:
    """The terms of these names, each once; those that nobody has made yet stand below the parent.
    InvalidInput by `name` for one that cannot be made, or not by this person."""
    if len(names) > MOST:
        raise InvalidInput({"name": f"must hold at most {MOST} names; add the others later"})
    await hold_names(work, [taxonomy.name])
    folded = await _folded(work, names)
    known = await _known(work, taxonomy, list(folded.values()), parent_id)
    absent = [name for name, fold in folded.items() if fold not in known]
    if absent and not may_create(work, taxonomy):
        raise InvalidInput({"name": f"There is no {', '.join(absent)}; ask an editor to add it."})
    if absent:
        await work.decide("term.create", "term")
    for name in absent:
        if folded[name] not in known:
            known[folded[name]] = await _made(work, taxonomy, name, parent_id)
    return list({term.id: term for term in (known[fold] for fold in folded.values())}.values())


async def _folded(work: UnitOfWork, names: Sequence[str]) -> dict[str, str]:
    """Each name as the names of terms are compared: in lower case and without accents."""
    asked = func.unnest(literal(list(names), ARRAY(Text))).table_valued("name")
    rows = await work.all(select(asked.c.name, func.cms.fold(asked.c.name).label("fold")))
    return {row.name: row.fold for row in rows}


async def _known(
    work: UnitOfWork, taxonomy: Taxonomy, folded: Sequence[str], parent_id: int | None
) -> dict[str, Term]:
    """By its folded name; of several in a tree the one below that parent, else the oldest."""
    rows = await work.all(
        select(Term)
        .where(
            and_(
                Term.tenant_id == work.tenant_id,
                Term.taxonomy == taxonomy.name,
                Term.sort_key.in_(folded),
            )
        )
        .order_by(Term.parent_id.is_not_distinct_from(parent_id).desc(), Term.id)
    )
    found: dict[str, Term] = {}
    for row in rows:
        found.setdefault(row[0].sort_key, row[0])
    return found


async def _made(work: UnitOfWork, taxonomy: Taxonomy, name: str, parent_id: int | None) -> Term:
    try:
        return await create_term(work, taxonomy, name=name, parent_id=parent_id)
    except Conflict as taken:
        raise InvalidInput({"name": f"The term {name} was not made: {taken.message}"}) from taken
    except InvalidInput as refused:
        said = " ".join(refused.faults.values())
        raise InvalidInput({"name": f"The term {name} was not made: {said}"}) from refused
