"""Arguments by a table in the form of WordPress's own; all faults are reported at once."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from cms.content.dates import parse
from cms.rest.errors import RestError

Schema = Mapping[str, Any]
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,1000}(?:\.0*)?\s*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?")
_SEPARATORS = re.compile(r"[\s,]+")
_MISSING = object()

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False, "": False}

# As PHP's max_input_nesting_level.
DEEPEST = 64
# What JavaScript, JCS (RFC 8785) and the database all keep exactly.
LARGEST = 2**53


class Fault(Exception):
    """One value is refused: WordPress's code and message for it."""

    def __init__(self, code: str, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


async def read(request: Request[Any, Any, Any], table: Mapping[str, Schema]) -> dict[str, Any]:
    """The arguments of a request, typed and with defaults. Unknown ones are ignored, as in
    WordPress; RestError names every missing or refused one. A body counts before the address."""
    return check(await given(request), table)


async def read_apart(
    request: Request[Any, Any, Any], table: Mapping[str, Schema]
) -> tuple[dict[str, Any], dict[str, Fault]]:
    """The arguments that fit and the faults of the others, for those who look further before they
    refuse."""
    return sift(await given(request), table)


async def given(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What the request sends, as it stands: nothing is checked."""
    # `items` keeps the order, `multi_items` does not; and the last of several values counts.
    return {**query_values(request.query_params.items()), **await _body(request)}


def check(given: Mapping[str, Any], table: Mapping[str, Schema]) -> dict[str, Any]:
    """Validate values against the table."""
    values, faults = sift(given, table)
    if faults:
        raise invalid(faults)
    return values


def sift(
    given: Mapping[str, Any], table: Mapping[str, Schema]
) -> tuple[dict[str, Any], dict[str, Fault]]:
    """The values that fit the table, and the faults of those that do not."""
    missing = [
        name for name, schema in table.items() if schema.get("required") and name not in given
    ]
    if missing:
        raise RestError(
            "rest_missing_callback_param",
            f"Missing parameter(s): {', '.join(missing)}",
            400,
            params=missing,
        )
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, schema in table.items():
        try:
            value = given.get(name, _MISSING)
            if value is not _MISSING:
                values[name] = convert(name, value, schema)
            elif "default" in schema:
                values[name] = deepcopy(schema["default"])
        except Fault as fault:
            faults[name] = fault
    return values, faults


def invalid(faults: Mapping[str, Fault]) -> RestError:
    """The 400 that lists each refused argument with its reason."""
    return RestError(
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(faults)}",
        400,
        params={name: fault.message for name, fault in faults.items()},
        details={
            name: {"code": fault.code, "message": fault.message, "data": fault.data}
            for name, fault in faults.items()
        },
    )


def convert(name: str, value: Any, schema: Schema) -> Any:
    """The value in the type that the schema asks for, or Fault."""
    if "oneOf" in schema:
        return _matching(name, value, schema["oneOf"])
    types = schema.get("type", "string")
    if not isinstance(types, str):
        return _first_fitting(name, value, schema, types)
    converted = _CONVERTERS[types](name, value, schema)
    choices = schema.get("enum")
    if choices and converted not in choices:
        raise Fault("rest_not_in_enum", f"{name} is not one of {_listed(choices)}.")
    return converted


def _first_fitting(name: str, value: Any, schema: Schema, types: Iterable[str]) -> Any:
    faults = []
    for one in types:
        try:
            return convert(name, value, {**schema, "type": one})
        except Fault as fault:
            faults.append(fault)
    raise faults[0]


def _matching(name: str, value: Any, schemas: Iterable[Schema]) -> Any:
    """The value by the first schema that it fits; or the fault of the only one whose type it is."""
    near = []
    for schema in schemas:
        try:
            return convert(name, value, schema)
        except Fault as fault:
            if fault.code != "rest_invalid_type" or fault.data != {"param": name}:
                near.append((schema.get("title", ""), fault.message))
    if len(near) == 1:
        title, reason = near[0]
        message = f"{name} is not a valid {title}. Reason: {reason}"
        raise Fault("rest_no_matching_schema", message)
    raise Fault("rest_no_matching_schema", f"{name} does not match any of the expected formats.")


def _integer(name: str, value: Any, schema: Schema) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value.partition(".")[0])
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    ):
        raise _wrong_type(name, "integer")
    number = int(value)
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and number < low) or (high is not None and number > high):
        raise Fault("rest_out_of_bounds", f"{name} {_bounds(low, high)}")
    if abs(number) > LARGEST:
        raise _wrong_type(name, "integer")
    return number


def _bounds(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"must be between {low} (inclusive) and {high} (inclusive)"
    if low is not None:
        return f"must be greater than or equal to {low}"
    return f"must be less than or equal to {high}"


def _number(name: str, value: Any, schema: Schema) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        raise _wrong_type(name, "number")
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        raise Fault("rest_out_of_bounds", f"{name} {_bounds(low, high)}")
    return value


def _boolean(name: str, value: Any, _: Schema) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    if isinstance(value, int) and value in {0, 1}:
        return bool(value)
    raise _wrong_type(name, "boolean")


def _string(name: str, value: Any, schema: Schema) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong_type(name, "string")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise _wrong_type(name, "string")
    text = str(value)
    if "\x00" in text:
        raise Fault("rest_invalid_pattern", f"{name} must not hold a NUL character.")
    if schema.get("format") == "date-time" and not _is_date(text):
        raise Fault("rest_invalid_date", "Invalid date.")
    pattern = schema.get("pattern")
    if pattern and not re.fullmatch(pattern, text):
        accepted = schema.get("accepted", pattern)
        raise Fault("rest_invalid_pattern", f"{name} must look like {accepted}.")
    longest = schema.get("maxLength")
    if longest is not None and len(text) > longest:
        raise Fault("rest_too_long", f"{name} must be at most {longest} characters long.")
    return text


def _null(name: str, value: Any, _: Schema) -> None:
    if value not in (None, ""):
        raise _wrong_type(name, "null")


def _array(name: str, value: Any, schema: Schema) -> list[Any]:
    if isinstance(value, str):
        value = [part for part in _SEPARATORS.split(value) if part]
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, list):
        raise _wrong_type(name, "array")
    most = schema.get("maxItems", 100)
    if len(value) > most:
        raise Fault("rest_too_many_items", f"{name} must contain at most {most} items.")
    items = schema.get("items", {})
    return [convert(f"{name}[{i}]", item, items) for i, item in enumerate(value)]


def _object(name: str, value: Any, schema: Schema) -> dict[str, Any]:
    # PHP has one kind of array: clients send the empty list back that they got for no object.
    if value in ([], ""):
        value = {}
    if not isinstance(value, dict):
        raise _wrong_type(name, "object")
    known = schema.get("properties")
    if known is None:
        return value
    result = {}
    for key, one in known.items():
        if key in value:
            result[key] = convert(f"{name}[{key}]", value[key], one)
        elif one.get("required"):
            raise Fault("rest_property_required", f"{key} is a required property of {name}.")
        elif "default" in one:
            result[key] = one["default"]
    return result


def _text_or_raw(name: str, value: Any, _: Schema) -> str:
    """WordPress takes `title` and the like as text or as {"raw": text}."""
    if isinstance(value, dict):
        value = value.get("raw", "")
    return _string(name, value, {})


_CONVERTERS = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _string,
    "null": _null,
    "array": _array,
    "object": _object,
    "text": _text_or_raw,
}


def _wrong_type(name: str, wanted: str) -> Fault:
    return Fault("rest_invalid_type", f"{name} is not of type {wanted}.", {"param": name})


def _is_date(text: str) -> bool:
    try:
        parse(text, UTC)
    except ValueError:
        return False
    return True


def _listed(choices: Iterable[Any]) -> str:
    """As WordPress words a list: `a`, `a and b`, `a, b, and c`; ours may end in `, or null`."""
    listed = list(choices)
    words = [str(choice) for choice in listed if choice is not None]
    if len(words) > 2:
        words = [", ".join(words[:-1]) + ",", words[-1]]
    return " and ".join(words) + (", or null" if None in listed else "")


def query_values(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """PHP's reading of a query: `a[]=1&a[]=2` is a list, `a[b]=1` an object, `a[0][b]=1` a list of
    objects, as deep as PHP goes; of two values for one place the last counts."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head = name.partition("[")[0]
        keys = _BRACKETS.findall(name[len(head) :])
        if not keys:
            tree[head] = value
        elif len(keys) <= DEEPEST:
            inner = _below(tree, head)
            for key in keys[:-1]:
                inner = _below(inner, _place(inner, key))
            inner[_place(inner, keys[-1])] = value
    return {name: _as_json(value) for name, value in tree.items()}


def _below(inner: dict[str, Any], key: str) -> dict[str, Any]:
    """What stands at the key, which is an object from now on."""
    if not isinstance(inner.get(key), dict):
        inner[key] = {}
    found: dict[str, Any] = inner[key]
    return found


def _place(inner: dict[str, Any], key: str) -> str:
    """The key; an empty one counts on, as in PHP. Nothing is ever taken out, so that the number of
    keys is free unless somebody has named it."""
    if key:
        return key
    number = len(inner)
    while str(number) in inner:
        number += 1
    return str(number)


def _as_json(value: Any) -> Any:
    """An object whose keys are all numbers is a list."""
    if not isinstance(value, dict):
        return value
    made = {key: _as_json(one) for key, one in value.items()}
    return list(made.values()) if all(key.isdigit() for key in made) else made


def pairs(query: str) -> list[tuple[str, str]]:
    """The names and values of a query, empty ones too."""
    return parse_qsl(query, keep_blank_values=True)


async def _body(request: Request[Any, Any, Any]) -> dict[str, Any]:
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.form()
        return query_values((name, str(value)) for name, value in form.items())
    raw = await request.body()
    if not raw:
        return {}
    try:
        value = msgspec.json.decode(raw)
    except (ValueError, RecursionError) as error:  # also UnicodeDecodeError, and bad JSON
        raise RestError("rest_invalid_json", "Invalid JSON body passed.", 400) from error
    return value if isinstance(value, dict) else {}
