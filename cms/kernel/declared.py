"""What one site has declared for itself, beside what the code declares for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.kernel.declarations import PostType, Taxonomy


@dataclass(frozen=True)
class StoredGroup:
    """A field group of a site with the number of its newest version."""

    key: str
    version: int
    definition: Mapping[str, Any] = field(hash=False, compare=False)


@dataclass(frozen=True)
class Declared:
    """Types, taxonomies and field groups of one site. `dropped_terms` maps the id of a deleted term
    to the one that took its place, or to None: immutable revisions go on naming deleted ones."""

    post_types: tuple[PostType, ...] = ()
    taxonomies: tuple[Taxonomy, ...] = ()
    dropped_terms: Mapping[int, int | None] = field(default_factory=dict, hash=False)
    field_groups: tuple[StoredGroup, ...] = ()

    def living(self, ids: Sequence[int]) -> list[int]:
        """The terms that a post is filed under today: deleted ones are left out, and one that has
        none left gets what took their place."""
        kept = [term for term in ids if term not in self.dropped_terms]
        if kept or not ids:
            return kept
        heirs = (self._heir(term) for term in ids)
        return sorted({term for term in heirs if term is not None})

    def _heir(self, term: int | None) -> int | None:
        while term is not None and term in self.dropped_terms:
            term = self.dropped_terms[term]
        return term


NOTHING = Declared()
