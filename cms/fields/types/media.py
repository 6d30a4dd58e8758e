"""Image, file, gallery: values that name attachments, limited by what their files are."""

import re
from typing import Any, ClassVar

from cms.fields.acf_forms import file_array, file_object, file_url
from cms.fields.field import Field
from cms.fields.known import KnownPost
from cms.fields.type import Known, Setting, Showing, Taking, Types
from cms.fields.types.naming import COUNT, MAX, MIN, Naming, format_setting

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?", re.IGNORECASE)
_MEGABYTES = {"B": 1 / 1024**2, "KB": 1 / 1024, "": 1, "MB": 1, "GB": 1024}


def megabytes(value: Any) -> Any:
    """A size as ACF's form takes it: a number of megabytes, or with a unit, such as `300 KB`."""
    if not isinstance(value, str) or not value.strip():
        return value
    found = _SIZE.fullmatch(value.strip())
    if found is None:
        raise ValueError("must be a number of megabytes, or a size such as 300 KB")
    size = float(found[1]) * _MEGABYTES[(found[2] or "").upper()]
    return int(size) if size.is_integer() else size


def _bytes(size: float) -> int:
    return round(size * 1024**2)


_AMOUNT = {"type": "number", "default": 0, "minimum": 0}
FORMAT = format_setting("array", "url", "id", default="array")
PREVIEW = Setting("preview_size", {"type": "string", "default": "medium"}, "Preview size")
LIBRARY = Setting(
    "library", {"type": "string", "enum": ["all", "uploadedTo"], "default": "all"}, "Library"
)
SIDES = tuple(
    Setting(f"{end}_{side}", COUNT, f"{end.title()}imum {side}")
    for end in ("min", "max")
    for side in ("width", "height")
)
SIZES = tuple(
    Setting(f"{end}_size", _AMOUNT, f"{end.title()}imum file size", megabytes)
    for end in ("min", "max")
)
KINDS = Setting("mime_types", {"type": "string", "default": ""}, "Allowed file types")


class Media(Naming):
    """Types whose values are attachments."""

    category = "content"
    is_linked = False
    wants_picture: ClassVar[bool] = False

    def is_list(self, field: Field) -> bool:
        return False

    def find(self, number: int, known: Known) -> Any:
        found = known.post(number)
        return found if found is not None and found.is_media else None

    def check_one(
        self, field: Field, found: KnownPost, known: Known, taking: Taking, path: str
    ) -> None:
        for rule, message in _faults(field, found, known, self.wants_picture):
            taking.faults.add(path, rule, message, found.id)

    def standard_of(self, field: Field, found: KnownPost, showing: Showing) -> Any:
        how = field.setting("return_format")
        if how == "id":
            return found.id
        if how == "url":
            return file_url(found, showing.uploads)
        return file_array(found, showing.site, showing.uploads)

    def typed_of(self, found: KnownPost, showing: Showing) -> dict[str, Any]:
        return file_object(found, showing.site, showing.uploads)

    def typed_item(self) -> dict[str, Any]:
        text, number = {"type": "string"}, {"type": ["integer", "null"]}
        rendition = {
            "size": text,
            "url": text,
            "width": {"type": "integer"},
            "height": {"type": "integer"},
            "mime_type": text,
        }
        properties = {
            "id": {"type": "integer"},
            **dict.fromkeys(("type", "title", "link", "url", "mime_type"), text),
            "bytes": {"type": "integer"},
            "alt": text,
            "width": number,
            "height": number,
            "renditions": {
                "type": "array",
                "items": {"type": "object", "properties": rendition},
            },
        }
        return {"type": "object", "properties": properties, "required": [*properties]}

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": ["integer", "null"], "required": field.is_required}

    def source(self, field: Field) -> dict[str, Any]:
        return {
            "endpoint": "/wp-json/wp/v2/media",
            "arguments": {"media_type": "image"} if self.wants_picture else {},
            # Only what hangs on the post that is edited: `parent` gets its id.
            **({"subject": "parent"} if field.setting("library") == "uploadedTo" else {}),
            "search": "search",
            "id": "id",
            "title": "title.rendered",
        }

    def widget(self, field: Field) -> dict[str, Any]:
        limits = {
            one.name: field.setting(one.name)
            for one in (*SIDES, *SIZES, KINDS)
            if field.setting(one.name)
        }
        preview = field.setting("preview_size")
        shown = {"preview_size": preview} if preview else {}
        return {**super().widget(field), **limits, **shown, "upload": "/wp-json/wp/v2/media"}


def _faults(
    field: Field, found: KnownPost, known: Known, wants_picture: bool
) -> list[tuple[str, str]]:
    """What stands against a file: rule and message."""
    record = found.record
    if record is None:
        return []
    faults = []
    full = record.full
    if wants_picture and not record.is_image:
        faults.append(("image", f"must be a picture, not {record.mime_type}"))
    for side in ("width", "height") if record.is_image else ():
        least, most = field.setting(f"min_{side}"), field.setting(f"max_{side}")
        if least and full[side] < least:
            faults.append((f"min_{side}", f"is {full[side]} px in {side}; at least {least}"))
        if most and full[side] > most:
            faults.append((f"max_{side}", f"is {full[side]} px in {side}; at most {most}"))
    smallest, largest = field.setting("min_size"), field.setting("max_size")
    if smallest and full["bytes"] < _bytes(smallest):
        faults.append(("min_size", f"must have at least {_told(smallest)}; choose a larger file"))
    if largest and full["bytes"] > _bytes(largest):
        faults.append(("max_size", f"must have at most {_told(largest)}; choose a smaller file"))
    if not _is_of_kind(field.setting("mime_types") or "", full["name"], record.mime_type):
        faults.append(("mime_types", f"must be one of {field.setting('mime_types')}"))
    is_here = known.post_id is None or found.post.parent_id == known.post_id
    if field.setting("library") == "uploadedTo" and not is_here:
        faults.append(("library", "must be uploaded to this very post; attach it first"))
    return faults


def _told(size: float) -> str:
    return f"{size:g} MB" if size >= 1 else f"{size * 1024:g} KB"


def _is_of_kind(wanted: str, name: str, mime_type: str) -> bool:
    """ACF writes endings with commas between them; whole MIME types are understood too."""
    kinds = {one.strip().lstrip(".").lower() for one in wanted.split(",") if one.strip()}
    ending = name.rpartition(".")[2].lower()
    also = {"jpg": "jpeg", "jpeg": "jpg"}.get(ending, ending)
    return not kinds or bool(kinds & {ending, also, mime_type})


class Image(Media):
    """One picture."""

    name, label = "image", "Image"
    thing = "picture"
    wants_picture = True
    settings = (FORMAT, PREVIEW, LIBRARY, *SIDES[:2], SIZES[0], *SIDES[2:], SIZES[1], KINDS)


class File(Media):
    """One file of any kind."""

    name, label = "file", "File"
    thing = "file"
    settings = (FORMAT, LIBRARY, *SIZES, KINDS)


class Gallery(Media):
    """Several pictures in an order. Pro; its settings are known from published schemas."""

    name, label = "gallery", "Gallery"
    thing = "file"
    is_pro = True
    settings = (
        FORMAT,
        PREVIEW,
        Setting(
            "insert",
            {"type": "string", "enum": ["append", "prepend"], "default": "append"},
            "Where new pictures go",
        ),
        LIBRARY,
        MIN,
        MAX,
        *SIDES[:2],
        SIZES[0],
        *SIDES[2:],
        SIZES[1],
        KINDS,
    )

    def is_list(self, field: Field) -> bool:
        return True

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        counts = {
            said: field.setting(name)
            for said, name in (("minItems", "min"), ("maxItems", "max"))
            if field.setting(name)
        }
        described = {"type": ["array", "null"], "required": field.is_required}
        return {**described, "items": {"type": "integer"}, **counts}

    def widget(self, field: Field) -> dict[str, Any]:
        return {**super().widget(field), "insert": field.setting("insert")}


TYPES = (Image(), File(), Gallery())
