"""Groups, fields and layouts as values, made from the JSON that Advanced Custom Fields exports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Definition = Mapping[str, Any]
"""One group or field as its JSON stands in an export: also what this version does not know."""


@dataclass(frozen=True)
class Field:
    """One field. `settings` are those of its type, with defaults filled in and typed;
    `definition` is the JSON that it came from, in the words of the site's language. `conditions` is
    OR of AND of rules, empty when the field always shows. `sub_fields` are those of a group or a
    repeater, with clones resolved. `source` is the value of a plugin that the field is another name
    for: the part of the revision and the name in it."""

    key: str
    name: str
    label: str
    type: str
    is_required: bool = False
    is_secret: bool = False
    conditions: tuple[tuple["Condition", ...], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    sub_fields: tuple["Field", ...] = ()
    layouts: tuple["Layout", ...] = ()
    source: tuple[str, str] | None = None
    definition: Definition = field(default_factory=dict, hash=False, compare=False, repr=False)

    def setting(self, name: str) -> Any:
        """A setting of the type, typed; its default when the definition is silent."""
        return self.settings.get(name)

    @cached_property
    def layout_by_name(self) -> Mapping[str, "Layout"]:
        """The layouts of flexible content."""
        return {one.name: one for one in self.layouts}

    def below(self) -> Iterator["Field"]:
        """Every field inside this one, however deep."""
        for inner in (*self.sub_fields, *(one for row in self.layouts for one in row.sub_fields)):
            yield inner
            yield from inner.below()


@dataclass(frozen=True)
class Layout:
    """One kind of row of a flexible content field; 0 rows at most are any number."""

    key: str
    name: str
    label: str
    sub_fields: tuple[Field, ...]
    min: int = 0
    max: int = 0
    definition: Definition = field(default_factory=dict, hash=False, compare=False, repr=False)


@dataclass(frozen=True)
class Condition:
    """One rule of conditional logic: the value of another field, named by its key, against ours."""

    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class LocationRule:
    """One rule of a location, such as `post_type == medical_article`."""

    param: str
    operator: str
    value: str


@dataclass(frozen=True)
class Group:
    """A field group. `location` is OR of AND of rules. `compliance_level` is basic, professional or
    sensitive: the values of a sensitive group are kept encrypted. `declared_by` is the plugin whose
    code has it, empty for one that the site keeps; such a group has the version 0. `settings` are
    those of a group, typed and with defaults; `definition` is verbatim."""

    key: str
    title: str
    fields: tuple[Field, ...]
    location: tuple[tuple[LocationRule, ...], ...] = ()
    version: int = 1
    order: int = 0
    is_active: bool = True
    is_shown_in_rest: bool = False
    medical_context: bool = False
    compliance_level: str = "basic"
    audits_changes: bool = True
    declared_by: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    definition: Definition = field(default_factory=dict, hash=False, compare=False, repr=False)

    def every_field(self) -> Iterator[Field]:
        """All fields, however deep."""
        for one in self.fields:
            yield one
            yield from one.below()
