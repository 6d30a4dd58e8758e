"""Fields of the type taxonomy that file the post itself: `save_terms` sets its terms in the same
revision, `load_terms` shows its terms in the place of a value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from cms.content.draft import Draft
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.fields.field import Field
from cms.fields.taking import Fields
from cms.kernel.work import ReadableWork

TYPE = "taxonomy"


def saved_terms(
    work: ReadableWork,
    draft: Draft,
    fields: Fields,
    given: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, list[int]]:
    """The terms by taxonomy that the fields of a draft file it under; of taxonomies that no field
    in `given` speaks for, nothing. Several fields of one taxonomy file it under all of theirs. A
    taxonomy that the type of post does not have keeps a value and files nothing."""
    filing = [one for one, _ in fields.values() if one.type == TYPE and one.setting("save_terms")]
    spoken = {one.setting("taxonomy") for one in filing if one.name in given}
    found: dict[str, list[int]] = {}
    for taxonomy in sorted(spoken & _taxonomies(work, draft.post_type)):
        named = {
            term
            for one in filing
            if one.setting("taxonomy") == taxonomy
            for term in after.get(one.name) or ()
        }
        terms = sorted(named)
        if terms != list(draft.terms.get(taxonomy, ())):
            _require(work, taxonomy)
            found[taxonomy] = terms
    return found


def _taxonomies(work: Any, post_type: str) -> set[str]:
    own = work.registry.post_types[post_type].taxonomies
    return {
        name
        for name, one in work.registry.taxonomies.items()
        if name in own or post_type in one.post_types
    }


def _require(work: ReadableWork, taxonomy: str) -> None:
    here = cast(UnitOfWork, work)
    if not here.actor.has(here.registry.taxonomies[taxonomy].capability("assign")):
        raise CapabilityMissing(
            "Sorry, you are not allowed to assign the provided terms.", action="term.assign"
        )


def loaded_terms(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    terms: Mapping[str, Sequence[int]],
    living: Callable[[Sequence[int]], list[int]],
) -> dict[str, Any]:
    """The values with what the post is filed under in the place of those of fields that load it.
    `living` leaves deleted terms out."""
    found = dict(values)
    for one in fields:
        if one.type == TYPE and one.setting("load_terms"):
            filed = living(list(terms.get(one.setting("taxonomy"), ())))
            if filed:
                found[one.name] = filed
            else:
                found.pop(one.name, None)
    return found
