"""Clones resolved: the fields of other groups stand where a clone names them.

A cycle is cut where it would begin again, and too much is not served at all; whoever saves a group
is told of either. What a clone names and the site does not have is left out, because groups come
in one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from cms.content.faults import Faults
from cms.fields.defining import DEEPEST, MOST_FIELDS
from cms.fields.field import Condition, Field, Group

MOST_RESOLVED = 2 * MOST_FIELDS
MOST_ALTERNATIVES = 100
CLONE = "clone"

Told = Callable[[str, str], None]
"""Is given the key of a clone field and what is wrong with it."""


def resolve(groups: Sequence[Group], say: Told) -> list[Group]:
    """The groups with all clones replaced by what they name."""
    source = _Source.of(groups)
    return [_Resolving(source, say).group(one) for one in groups]


def find_faults(group: Group, groups: Iterable[Group], faults: Faults) -> None:
    """What is wrong with the clones of a group that is to stand among the others of its site."""
    others = [one for one in groups if one.key != group.key]
    places = dict(_places(group.fields, "fields"))

    def say(key: str, message: str) -> None:
        # The first of them leads to the others.
        if f"{places[key]}.clone" not in faults.messages:
            faults.add(f"{places[key]}.clone", message)

    _Resolving(_Source.of([group, *others]), say).group(group)


def _places(fields: Iterable[Field], above: str) -> Iterator[tuple[str, str]]:
    """The place of each field in the JSON of its group, by key."""
    for i, one in enumerate(fields):
        place = f"{above}[{i}]"
        yield one.key, place
        yield from _places(one.sub_fields, f"{place}.sub_fields")
        for j, layout in enumerate(one.layouts):
            yield from _places(layout.sub_fields, f"{place}.layouts[{j}].sub_fields")


@dataclass(frozen=True)
class _Source:
    """What a clone can name, as it is defined: nothing of it is resolved yet."""

    groups: dict[str, Group]
    fields: dict[str, Field]

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "_Source":
        fields: dict[str, Field] = {}
        for group in groups:
            for one in group.every_field():
                fields.setdefault(one.key, one)
        return cls({group.key: group for group in groups}, fields)

    def named(self, clone: Field) -> Iterator[Field]:
        """The fields that a clone names, each key once."""
        for key in dict.fromkeys(str(one) for one in clone.setting("clone") or ()):
            if key in self.groups:
                yield from self.groups[key].fields
            elif key in self.fields:
                yield self.fields[key]


@dataclass
class _Resolving:
    """The work on one group. `_trail` are the clones that are being resolved, the outermost first;
    a fault is told of that one, for it stands in the group."""

    source: _Source
    say: Told
    count: int = 0
    _trail: list[str] = field(default_factory=list)

    def group(self, group: Group) -> Group:
        if not any(one.type == CLONE for one in group.every_field()):
            return group
        try:
            return replace(group, fields=self._fields(group.fields, 1))
        except _TooMuchError:
            # Its own fields are fewer: it was inside of a clone.
            self.say(self._trail[0], f"brings more than {MOST_RESOLVED} fields; clone fewer")
        own = [one for one in group.fields if not any(each.type == CLONE for each in _all(one))]
        return replace(group, fields=tuple(own))

    def _fields(self, fields: Iterable[Field], depth: int) -> tuple[Field, ...]:
        here = tuple(fields)
        found: dict[str, Field] = {}
        own = {one.name for one in here if one.type != CLONE}
        for one in here:
            for placed in self._placed(one, depth):
                # What only arranges the form has no name, and cannot meet another of its name.
                name = placed.name or f" {placed.key}"
                if name in found or (one.type == CLONE and name in own):
                    self._tell(one, f"brings a second field of the name {name!r}; use prefix_name")
                else:
                    found[name] = placed
        return tuple(found.values())

    def _placed(self, one: Field, depth: int) -> Iterator[Field]:
        self.count += 1
        if self.count > MOST_RESOLVED:
            raise _TooMuchError
        if depth > DEEPEST:
            self._tell(one, f"brings fields nested deeper than {DEEPEST}; clone inner ones")
        elif one.type == CLONE:
            yield from self._cloned(one, depth)
        else:
            layouts = [
                replace(layout, sub_fields=self._fields(layout.sub_fields, depth + 1))
                for layout in one.layouts
            ]
            inner = self._fields(one.sub_fields, depth + 1)
            yield replace(one, sub_fields=inner, layouts=tuple(layouts))

    def _cloned(self, clone: Field, depth: int) -> Iterator[Field]:
        if clone.key in self._trail:
            chain = " > ".join([*self._trail[self._trail.index(clone.key) :], clone.key])
            self._tell(clone, f"contains itself ({chain}); clone single fields instead")
            return
        if len(self._trail) >= DEEPEST:
            self._tell(clone, f"leads through more than {DEEPEST} clones; clone inner ones")
            return
        is_group = clone.setting("display") == "group"
        self._trail.append(clone.key)
        found = self._fields(self.source.named(clone), depth + is_group)
        self._trail.pop()
        keys = {key for one in found for key in (one.key, *(each.key for each in one.below()))}
        inner = [_renamed(one, clone, keys) for one in found]
        labelled = [_labelled(one, clone) for one in inner]
        if is_group:
            yield replace(clone, sub_fields=tuple(labelled))
        else:
            yield from (_standing_in(one, clone) for one in labelled)

    def _tell(self, one: Field, message: str) -> None:
        self.say(self._trail[0] if self._trail else one.key, message)


class _TooMuchError(Exception):
    """Clones bring more fields than a form can have."""


def _all(one: Field) -> Iterator[Field]:
    yield one
    yield from one.below()


def origins(key: str) -> list[str]:
    """The keys from which one of a cloned field was made, but the first; none for any other."""
    return [f"field_{part}" for part in key.removeprefix("field_").split("_field_")[1:]]


def _renamed(one: Field, clone: Field, keys: set[str]) -> Field:
    """A copy whose keys are its own: as in ACF, that of the clone stands before them."""
    return replace(
        one,
        key=f"{clone.key}_{one.key}",
        conditions=tuple(
            tuple(_pointed(rule, clone, keys) for rule in rules) for rules in one.conditions
        ),
        sub_fields=tuple(_renamed(inner, clone, keys) for inner in one.sub_fields),
        layouts=tuple(
            replace(
                layout,
                sub_fields=tuple(_renamed(inner, clone, keys) for inner in layout.sub_fields),
            )
            for layout in one.layouts
        ),
    )


def _pointed(rule: Condition, clone: Field, keys: set[str]) -> Condition:
    """A rule about a field that was cloned together with its own speaks of the copy."""
    return replace(rule, field=f"{clone.key}_{rule.field}") if rule.field in keys else rule


def _labelled(one: Field, clone: Field) -> Field:
    if not clone.setting("prefix_label"):
        return one
    return replace(one, label=f"{clone.label} {one.label}".strip())


def _standing_in(one: Field, clone: Field) -> Field:
    """A field in the place of a seamless clone: what holds for the clone holds for it."""
    has_prefix = one.name and clone.setting("prefix_name")
    return replace(
        one,
        name=f"{clone.name}_{one.name}" if has_prefix else one.name,
        is_required=one.is_required or clone.is_required,
        conditions=_both(clone.conditions, one.conditions),
    )


def _both(
    first: tuple[tuple[Condition, ...], ...], second: tuple[tuple[Condition, ...], ...]
) -> tuple[tuple[Condition, ...], ...]:
    """Alternatives that hold where both hold."""
    if not (first and second) or len(first) * len(second) > MOST_ALTERNATIVES:
        return first or second
    return tuple((*one, *other) for one, other in product(first, second))
