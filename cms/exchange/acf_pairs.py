"""Values of custom fields as ACF keeps them in postmeta, and back.

A field is a pair of `name` with its value and `_name` with the key of the field. What is inside of
others has their names before its own: `seo_title`, `doses_0_unit`; a repeater's own value is the
number of its rows, that of flexible content the list of its layouts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cms.exchange.errors import PhpFault
from cms.exchange.php import looks_serialized, serialize, unserialize
from cms.fields.cloning import CLONE
from cms.fields.field import Field
from cms.fields.type import MOST_ROWS, Showing, Types
from cms.fields.types.rows import LAYOUT

Pair = tuple[str, str]
_KEY = "field_"
# Their own row is empty: what they hold stands in rows of its own.
_HOLDERS = frozenset({"group", CLONE})


class PairReader:
    """Reads values from the meta of one post; `used` are the keys that were a field's."""

    def __init__(
        self, pairs: Iterable[Pair], types: Types, rewrite: Callable[[str], str] = str
    ) -> None:
        self.used: set[str] = set()
        self._types, self._rewrite, self._rows = types, rewrite, 0
        values: dict[str, list[str]] = {}
        for key, value in pairs:
            values.setdefault(key, []).append(value)
        self._values = values

    @property
    def references(self) -> dict[str, str]:
        """The names that are said to be fields, with the keys of those."""
        return {
            key[1:]: listed[0]
            for key, listed in self._values.items()
            if key.startswith("_") and listed[0].startswith(_KEY) and key[1:] in self._values
        }

    def holds(self, field: Field) -> bool:
        """Whether a top-level field has a value of its own here."""
        return field.name in self._values

    def read(self, field: Field, above: str = "") -> Any:
        """What `take` of its type accepts; None for no value. PhpFault for what cannot be read."""
        name = f"{above}{field.name}"
        written = self._written(name, field.key)
        if field.type in _HOLDERS:
            inner = _inside(field, name, above)
            found = {one.name: self.read(one, inner) for one in field.sub_fields if one.name}
            return {key: one for key, one in found.items() if one is not None} or None
        if field.type == "repeater":
            rows = [self._row(field.sub_fields, f"{name}_{i}_") for i in self._counted(written)]
            return rows or None
        if field.type == "flexible_content":
            return self._layouts(field, name, written) or None
        return None if written is None else self._leaf(field, written)

    def _written(self, name: str, key: str) -> str | None:
        """Two fields can come to the same name in this form; then their keys tell them apart."""
        found = self._values.get(name)
        if found is None:
            return None
        self.used |= {name, f"_{name}"}
        keys = self._values.get(f"_{name}", [])
        if len(found) > 1 and len(keys) == len(found) and key in keys:
            return found[keys.index(key)]
        return found[0]

    def _row(self, fields: Sequence[Field], above: str) -> dict[str, Any]:
        found = {one.name: self.read(one, above) for one in fields if one.name}
        return {key: one for key, one in found.items() if one is not None}

    def _counted(self, written: str | None) -> range:
        text = (written or "").strip()
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        self._take_room(count)
        return range(count)

    def _take_room(self, count: int) -> None:
        self._rows += count
        if self._rows > MOST_ROWS:
            raise PhpFault(f"has more than {MOST_ROWS} rows")

    def _layouts(self, field: Field, name: str, written: str | None) -> list[dict[str, Any]]:
        if not written or not looks_serialized(written):
            return []
        named = unserialize(written)
        listed = list(named.values()) if isinstance(named, dict) else named
        rows: list[dict[str, Any]] = []
        if not isinstance(listed, list):
            return rows
        self._take_room(len(listed))
        for i, one in enumerate(listed):
            layout = field.layout_by_name.get(one) if isinstance(one, str) else None
            fields = layout.sub_fields if layout is not None else ()
            rows.append({LAYOUT: one, **self._row(fields, f"{name}_{i}_")})
        return rows

    def _leaf(self, field: Field, written: str) -> Any:
        value: Any = written
        if looks_serialized(written):
            value = unserialize(written)
        schema = self._types[field.type].schema(field, self._types)
        if not isinstance(value, list | dict | str) or (
            isinstance(value, list | dict) and not _kinds(schema) & {"array", "object"}
        ):
            value = written
        return _fitted(value, schema, self._rewrite)


def _inside(field: Field, name: str, above: str) -> str:
    """What stands before the names inside: a clone without prefix gives none of its own."""
    if field.type == CLONE and not field.setting("prefix_name"):
        return above
    return f"{name}_"


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    kinds = schema.get("type", "string")
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _fitted(value: Any, schema: Mapping[str, Any], rewrite: Callable[[str], str]) -> Any:
    """PHP keeps numbers and truth as texts; the schema of the light form says what they are."""
    kinds = _kinds(schema)
    if isinstance(value, dict) and "object" not in kinds and "array" in kinds:
        value = list(value.values())
    if isinstance(value, list):
        items = schema.get("items") or {}
        return [_fitted(one, items, rewrite) for one in value]
    if isinstance(value, dict):
        known = schema.get("properties") or {}
        return {str(key): _fitted(one, known.get(key, {}), rewrite) for key, one in value.items()}
    return _scalar(value, kinds, rewrite) if isinstance(value, str) else value


def _scalar(value: str, kinds: set[str], rewrite: Callable[[str], str]) -> Any:
    text = value.strip()
    if "boolean" in kinds and text in {"0", "1"}:
        return text == "1"
    if "integer" in kinds and "string" not in kinds and text.isascii() and text.isdigit():
        return int(text)
    return rewrite(value) if value else None


def pairs_of(
    fields: Iterable[Field], values: Mapping[str, Any], showing: Showing, above: str = ""
) -> Iterator[Pair]:
    """The values by name as ACF keeps them, each followed by the key of its field."""
    for one in fields:
        if one.name and values.get(one.name) is not None:
            yield from _pairs(one, values[one.name], showing, above)


def _pairs(field: Field, value: Any, showing: Showing, above: str) -> Iterator[Pair]:
    name = f"{above}{field.name}"
    rows: list[tuple[Sequence[Field], Mapping[str, Any]]] = []
    if field.type in _HOLDERS:
        own = ""
    elif field.type == "repeater":
        rows = [(field.sub_fields, row) for row in value]
        own = str(len(rows))
    elif field.type == "flexible_content":
        known = [row for row in value if row[LAYOUT] in field.layout_by_name]
        rows = [(field.layout_by_name[row[LAYOUT]].sub_fields, row) for row in known]
        own = serialize([row[LAYOUT] for row in known])
    else:
        own = _php(showing.types[field.type].light(field, value, showing))
    yield name, own
    yield f"_{name}", field.key
    if field.type in _HOLDERS:
        yield from pairs_of(field.sub_fields, value, showing, _inside(field, name, above))
    for i, (members, row) in enumerate(rows):
        yield from pairs_of(members, row, showing, f"{name}_{i}_")


def _php(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return serialize([str(one) if isinstance(one, int) else one for one in value])
    if isinstance(value, dict):
        return serialize(value)
    text = str(value)
    # As WordPress does, so that a text is not taken for what it looks like.
    return serialize(text) if looks_serialized(text) else text
