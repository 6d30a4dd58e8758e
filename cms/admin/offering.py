"""Whom the form of a post lets choose from, where a field holds somebody's number. It knows no web
framework: filters of plugins are registered in every process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PeopleOffered:
    """The people to choose from, as pairs of number and name, by the name of the REST field.
    Filters of this class add those of their own fields; a field of which none speaks is typed as a
    number. `chosen` are those who stand in the form, and are offered whoever they are."""

    post_type: str
    chosen: Sequence[int] = ()
    people: Mapping[str, Choices] = field(default_factory=dict)

    def with_people(self, name: str, people: Choices) -> "PeopleOffered":
        """The same with the choices of one field more."""
        return replace(self, people={**self.people, name: people})
