"""A publication by one of its names: from the library, else from a source that knows it."""

from collections.abc import Mapping

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.references import library
from plugins.medical_review.references.csl import MOST_PEOPLE, PEOPLE, Csl, read_csl
from plugins.medical_review.references.identifiers import CANONICAL, IDENTIFIERS
from plugins.medical_review.references.models import LibraryEntry
from plugins.medical_review.references.noticing import is_graver, keep_notice
from plugins.medical_review.references.sources.asking import SourcesSilent, look_up
from plugins.medical_review.references.sources.source import Found
from plugins.medical_review.settings import ReviewSettings


async def resolve(work: UnitOfWork, given: Mapping[str, str]) -> tuple[LibraryEntry, bool]:
    """The entry of the publication, and whether it is new. NotFound when every source was asked and
    none knows it; what a journal said of it afterwards is noted at once."""
    library.require_write(work, "reference.add")
    kind, value = named(given)
    known = await library.known(work, [f"{kind}:{value}"])
    if known:
        return known[f"{kind}:{value}"], False
    answer = await look_up(work.settings(ReviewSettings).references, kind, value)
    if answer.found is None or answer.origin is None:
        raise NotFound(f"publication with the {kind}", value)
    item = usable(answer.found, kind, value)
    entry, is_new = await library.add(work, item, answer.origin)
    notice = answer.found.notice
    if notice is not None and is_graver(notice, entry.notice):
        await keep_notice(work, entry, notice, answer.found.notice_doi, answer.origin)
    return entry, is_new


def named(given: Mapping[str, str]) -> tuple[str, str]:
    """The one name that is given, in its canonical form; InvalidInput otherwise."""
    kinds = [kind for kind in IDENTIFIERS if given.get(kind, "").strip()]
    if len(kinds) != 1:
        raise InvalidInput({"doi": f"give exactly one of {', '.join(IDENTIFIERS)}"})
    kind = kinds[0]
    value = CANONICAL[kind](given[kind])
    if value is None:
        raise InvalidInput({kind: f"{given[kind][:60]!r} is not a {kind}"})
    return kind, value


def usable(found: Found, kind: str, value: str) -> Csl:
    """What a source said, checked like everything from outside; it keeps the name that was asked
    for."""
    faults: dict[str, str] = {}
    said = dict(found.item)
    for name in PEOPLE:
        # A consortium may have thousands; no style shows them.
        said |= {name: said[name][:MOST_PEOPLE]} if name in said else {}
    item = read_csl("item", said, faults)
    if faults:
        named = "; ".join(faults)
        raise SourcesSilent(f"What the source said cannot be used: {named}. Type it by hand.")
    return {**item, **({kind.upper(): value} if kind != "url" else {})}
