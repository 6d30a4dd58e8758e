"""What the types have in common whose values are numbers of other things."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from cms.fields.field import Field
from cms.fields.type import FieldType, Known, Reference, Setting, Showing, Taking, Types

NO = {"type": "boolean", "default": False}
YES = {"type": "boolean", "default": True}
NONE_CHOSEN: dict[str, Any] = {"type": "array", "default": []}
COUNT = {"type": "integer", "default": 0, "minimum": 0}

ALLOW_NULL = Setting("allow_null", NO, "Allow null")
MULTIPLE = Setting("multiple", NO, "Select several")
BIDIRECTIONAL = Setting("bidirectional_target", NONE_CHOSEN, "Fields that point back")
MIN, MAX = Setting("min", COUNT, "Minimum"), Setting("max", COUNT, "Maximum")

MOST_NAMED = 10_000
_LARGEST = 2**63 - 1
# The keys under which the forms that are shown name the thing, so that each can be sent back.
_KEYS = ("id", "ID", "term_id")


def format_setting(*formats: str, default: str) -> Setting:
    """What the standard form gives."""
    schema = {"type": "string", "enum": [*formats], "default": default}
    return Setting("return_format", schema, "Return format")


def number_of(value: Any) -> int | None:
    """The number that was sent: as one, as its digits, or in an object that was shown."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _KEYS if value.get(key)), None)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _LARGEST else None


def each(value: Any) -> list[Any]:
    """The members of a stored value, of one or of several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class Naming(FieldType):
    """A value is the number of a thing, or a list of them. Its standard and typed forms show what
    is there for this reader; of the rest nothing is shown, and nothing tells that there is a rest.
    """

    kind: ClassVar[str] = "post"
    thing: ClassVar[str] = "post"
    is_linked: ClassVar[bool] = True
    compared_as: ClassVar[str] = "number"

    def is_list(self, field: Field) -> bool:
        """Whether a value may name several."""
        return bool(field.setting("multiple"))

    def is_stored_as_list(self, field: Field) -> bool:
        return self.is_list(field)

    # -- taking in

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        given = value if isinstance(value, list) else [value]
        if len(given) > MOST_NAMED:
            message = f"names {len(given)} things; at most {MOST_NAMED} are accepted"
            taking.faults.add(path, "max", message, value)
            return None
        taken = [
            self.take_one(field, one, taking, f"{path}[{i}]" if given is value else path)
            for i, one in enumerate(given)
            if one is not None and one != ""
        ]
        named = list(dict.fromkeys(one for one in taken if one is not None))
        if not named:
            return None
        if not self.is_list(field) and len(named) > 1:
            message = f"takes one {self.thing}, and {len(named)} came; send one"
            taking.faults.add(path, "multiple", message, value)
            return None
        self._count(field, named, taking, path)
        return named if self.is_stored_as_list(field) else named[0]

    def take_one(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        """One member of a value to keep."""
        number = number_of(value)
        if number is None:
            message = f"must be the id of a {self.thing}, a whole number from 1"
            taking.faults.add(path, "type", message, value)
        return number

    def _count(self, field: Field, named: Sequence[Any], taking: Taking, path: str) -> None:
        least, most = field.setting("min"), field.setting("max")
        if least and len(named) < least:
            message = f"names {len(named)}; at least {least} are wanted"
            taking.faults.add(path, "min", message, [])
        if most and len(named) > most:
            message = f"names {len(named)}; at most {most} are accepted"
            taking.faults.add(path, "max", message, [])

    def references(self, field: Field, value: Any, types: Types) -> Iterator[Reference]:
        for one in each(value):
            if isinstance(one, int):
                yield Reference(self.kind, one, self.is_linked)

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        for i, one in enumerate(each(value)):
            if not isinstance(one, int) or known.stood(self.kind, one):
                continue
            place = f"{path}[{i}]" if isinstance(value, list) and self.is_list(field) else path
            found = self.find(one, known)
            if found is None:
                # The same for what is not there and for what the writer may not read.
                message = f"there is no {self.thing} {one} that you can name; choose another"
                taking.faults.add(place, "not_found", message, one)
            else:
                self.check_one(field, found, known, taking, place)

    def check_one(self, field: Field, found: Any, known: Known, taking: Taking, path: str) -> None:
        """Refuse what is there, and does not fit the settings of the field."""

    # -- showing

    def find(self, number: int, known: Known) -> Any:
        """What the number names, or None where this reader is shown nothing."""
        return known.post(number)

    def standard_of(self, field: Field, found: Any, showing: Showing) -> Any:
        """One thing in ACF's standard form."""
        raise NotImplementedError

    def typed_of(self, found: Any, showing: Showing) -> dict[str, Any]:
        """One thing in ours."""
        raise NotImplementedError

    def shown(self, value: Any, showing: Showing) -> list[Any]:
        """What a value names, as far as it is shown, in its order."""
        found = (self.find(one, showing.known) for one in each(value))
        return [one for one in found if one is not None]

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return value

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        """False where there is nothing, as ACF gives it for one and for a list."""
        made = [self.standard_of(field, one, showing) for one in self.shown(value, showing)]
        if not made:
            return False
        return made if self.is_list(field) else made[0]

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        made = [self.typed_of(one, showing) for one in self.shown(value, showing)]
        return made if self.is_list(field) else next(iter(made), None)

    # -- describing

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        described: dict[str, Any] = {
            "type": ["integer", "array", "null"],
            "required": field.is_required,
            "items": {"type": "integer"},
        }
        if not field.setting("allow_null"):
            described["minItems"] = 1
        if not self.is_list(field):
            described["maxItems"] = 1
        least, most = field.setting("min"), field.setting("max")
        if least:
            described["minItems"] = least
        if most:
            described["maxItems"] = most
        return described

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        one = self.typed_item()
        if self.is_list(field):
            return {"type": "array", "items": one}
        return {"anyOf": [one, {"type": "null"}]}

    def typed_item(self) -> dict[str, Any]:
        """The JSON schema of one thing in the typed form."""
        text = {"type": "string"}
        properties = {"id": {"type": "integer"}, "type": text, "title": text, "link": text}
        return {"type": "object", "properties": properties, "required": [*properties]}

    def sort_values(self, field: Field, value: Any) -> tuple[float, ...]:
        return tuple(float(one) for one in each(value) if isinstance(one, int))

    def widget(self, field: Field) -> dict[str, Any]:
        """`source` is what a picker asks: the address, the arguments that are always sent, the one
        that carries what is typed, and where a hit has its id and its words."""
        limits = {n: field.setting(n) for n in ("min", "max") if field.setting(n)}
        return {
            "control": self.name,
            "is_list": self.is_list(field),
            "allow_null": bool(field.setting("allow_null")),
            "return_format": field.setting("return_format"),
            **limits,
            "source": self.source(field),
        }

    def source(self, field: Field) -> dict[str, Any]:
        """Where a picker finds what can be chosen."""
        raise NotImplementedError
