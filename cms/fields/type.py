"""The contract of a field type: one object says what its values are and how each door shows them.

A plugin adds a type by one object in `Plugin.field_types`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from cms.fields.faults import FieldFaults
from cms.fields.field import Field

Schema = Mapping[str, Any]

MOST_ROWS = 10_000
"""Rows of all repeaters and flexible contents of one subject together."""


@dataclass(frozen=True)
class Reference:
    """Something else that a value names: `kind` is post, term or user (media are posts).
    `is_linked`: the body of the subject links to it, as ACF does for all but pictures and files."""

    kind: str
    id: int
    is_linked: bool = True


class Types(Protocol):
    """Finds a type by name."""

    def __getitem__(self, name: str) -> "FieldType": ...


@dataclass
class Taking:
    """What is known while values are taken in. `row_count` counts towards `MOST_ROWS`; `stored` is
    what the field that is being taken holds now, for a type that merges."""

    types: Types
    faults: FieldFaults
    row_count: int = 0
    stored: Any = None

    def take(self, field: Field, sent: Any, path: str, stored: Any = None) -> Any:
        """One value by its type; null and an empty text are no value for any."""
        if sent is None or sent == "":
            return None
        self.stored = stored
        return self.types[field.type].take(field, sent, self, path)

    def has_room(self, rows: int, path: str) -> bool:
        """Whether so many rows more fit into the subject; a fault when they do not."""
        self.row_count += rows
        if self.row_count > MOST_ROWS:
            message = f"brings more than {MOST_ROWS} rows to all fields together; send fewer"
            self.faults.add(path, "max", message, [])
        return self.row_count <= MOST_ROWS


class Known(Protocol):
    """What values refer to, loaded at once for all of them and as this reader may see it.

    While values are taken it holds what the writer may refer to; while they are shown, what the
    reader may read: an id that is absent is shown like one that does not exist.
    """

    def post(self, post_id: int) -> Any: ...
    def term(self, term_id: int) -> Any: ...
    def user(self, user_id: int) -> Any: ...

    def stood(self, kind: str, reference_id: int) -> bool:
        """Whether the stored values named it before: it may go on being named by somebody who may
        not read it, or after it is gone."""
        ...

    @property
    def post_id(self) -> int | None:
        """The post whose values are taken in; None for anything else."""
        ...


@dataclass(frozen=True)
class Showing:
    """What is known while values are shown: the types, what the values refer to, the site's
    language, and where readers get its pages and its files, without a trailing slash."""

    types: Types
    known: Known
    language: str = "pt-BR"
    site: str = ""
    uploads: str = ""


@dataclass(frozen=True)
class Setting:
    """A setting of a type beside the common ones: its JSON schema with default, and the question
    that the form for groups asks."""

    name: str
    schema: Schema
    label: str = ""
    read: Callable[[Any], Any] | None = None
    """Makes a value of the schema's type of what exports write; ValueError says what is wrong."""

    @property
    def default(self) -> Any:
        return self.schema.get("default")


class FieldType:
    """A type of field, by default one whose value is a text.

    A stored value is typed JSON: what `take` gives back, where None is no value at all. `take` is
    a projection: a stored value is taken as it is. Light is ACF's raw form and standard the one by
    `return_format`, both for clients of ACF; `typed` is ours, of one type whatever the settings.
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    category: ClassVar[str] = "basic"
    is_pro: ClassVar[bool] = False
    has_value: ClassVar[bool] = True
    is_secret: ClassVar[bool] = False
    """Only those who may edit the subject are shown its values; nobody filters or searches them."""
    compared_as: ClassVar[str] = ""
    """How filters compare: as text, number or moment; empty for a type without `sort_values`."""
    settings: ClassVar[Sequence[Setting]] = ()

    @property
    def names_others(self) -> bool:
        """Whether values can refer to anything: whether the type says what."""
        return type(self).references is not FieldType.references

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        """The value to keep, or None for none. What is wrong goes to `taking.faults`."""
        raise NotImplementedError

    def references(self, field: Field, value: Any, types: Types) -> Iterator[Reference]:
        """What a stored value names, so that all of it is loaded at once."""
        return iter(())

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        """Refuse what a stored value names and what does not fit, with all of it loaded."""

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        """As ACF's REST shows it in `acf_format=light`; `value` None is a field never filled."""
        return "" if value is None else value

    @property
    def is_light_as_stored(self) -> bool:
        """Whether a value that is there is shown in the light form as it is stored: then a list of
        posts need not ask."""
        return type(self).light is FieldType.light

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        """As ACF's REST shows it in `acf_format=standard`."""
        return self.light(field, value, showing)

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        """As /api/v1 shows it."""
        return value

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        """The JSON schema of the light form, as OPTIONS describes it."""
        return {"type": ["string", "null"], "required": field.is_required}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        """The JSON schema of the typed form."""
        return {"type": ["string", "null"]}

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        """Texts by which the search finds the subject."""
        return iter(())

    def sort_values(self, field: Field, value: Any) -> Sequence[str | float | datetime]:
        """What filters compare: none for a type that cannot be filtered, several for a list."""
        return ()

    def indexed(
        self, field: Field, value: Any, types: Types
    ) -> Iterator[tuple[str, str | float | datetime]]:
        """What filters compare, by the path of the field: `doses.unit` is one inside `doses`."""
        return ((field.name, one) for one in self.sort_values(field, value))

    def widget(self, field: Field) -> dict[str, Any]:
        """What a form needs to draw the field: its `control` and that one's options, as data."""
        return {"control": self.name}


@dataclass(frozen=True)
class Catalogue:
    """All types of the host and of enabled plugins, by name."""

    by_name: Mapping[str, FieldType] = field(default_factory=dict)

    def __getitem__(self, name: str) -> FieldType:
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[FieldType]:
        return iter(self.by_name.values())
