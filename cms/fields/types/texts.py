"""Text, text area, e-mail, address, password."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cms.fields.field import Field
from cms.fields.type import Setting, Showing, Taking, Types
from cms.fields.types.plain import (
    APPEND,
    DEFAULT,
    PLACEHOLDER,
    PREPEND,
    PlainText,
    around,
)
from cms.markup.addresses import may_link
from cms.markup.autop import autop
from cms.markup.clean import clean_content

MAXLENGTH = Setting("maxlength", {"type": "integer", "minimum": 1}, "Character limit")
NEW_LINES = ["wpautop", "br", ""]

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?"
)
_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Not a protocol, although a colon stands before the path.
_HOST_AND_PORT = re.compile(r"[\w-]+(?:\.[\w-]+)+:[0-9]{1,5}(?:[/?#]|$)")
_IN_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\"`\\^{|}]|\s")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Text(PlainText):
    """One line of text."""

    name, label = "text", "Text"
    settings = (DEFAULT, MAXLENGTH, PLACEHOLDER, PREPEND, APPEND)

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        longest = field.setting("maxlength")
        # A line end counts as one character, whatever the browser sent.
        count = len(text) - text.count("\r\n")
        if longest and count > longest:
            message = f"has {count} characters; at most {longest} are accepted"
            taking.faults.add(path, "maxlength", message, text)
            return None
        return text

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        longest = field.setting("maxlength")
        return super().schema(field, types) | ({"maxLength": longest} if longest else {})

    def form(self, field: Field) -> dict[str, Any]:
        return {**around(field), "maxlength": field.setting("maxlength")}


class TextArea(Text):
    """Several lines of text. With `new_lines` its standard form is HTML, and then cleaned."""

    name, label = "textarea", "Text Area"
    settings = (
        DEFAULT,
        Setting("new_lines", {"type": "string", "enum": NEW_LINES, "default": ""}, "New lines"),
        MAXLENGTH,
        PLACEHOLDER,
        Setting("rows", {"type": "integer", "default": 8, "minimum": 1}, "Rows"),
    )

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        return with_line_ends(value, field.setting("new_lines"))

    def form(self, field: Field) -> dict[str, Any]:
        return {
            "placeholder": field.setting("placeholder") or "",
            "maxlength": field.setting("maxlength"),
            "rows": field.setting("rows") or 8,
        }


class Email(PlainText):
    """An e-mail address."""

    name, label = "email", "Email"
    settings = (DEFAULT, PLACEHOLDER, PREPEND, APPEND)

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        address = text.strip()
        if address and (len(address) > 254 or not _EMAIL.fullmatch(address)):
            message = "must be an e-mail address such as ana@clinica.example"
            taking.faults.add(path, "email", message, text)
            return None
        return address or None

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {**super().schema(field, types), "format": "email"}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "email"}

    def form(self, field: Field) -> dict[str, Any]:
        return around(field)


class Url(PlainText):
    """An address on the web; one without a protocol is taken for http, as in WordPress."""

    name, label = "url", "Url"
    settings = (DEFAULT, PLACEHOLDER)

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        address = absolute(text)
        if address is None:
            message = "must be an address such as https://clinica.example/"
            taking.faults.add(path, "url", message, text)
        return address

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {**super().schema(field, types), "format": "uri"}

    def form(self, field: Field) -> dict[str, Any]:
        return {"placeholder": field.setting("placeholder") or ""}


class Password(PlainText):
    """A secret text. ACF shows it to everybody; here only to those who may edit the subject."""

    name, label = "password", "Password"
    nothing = None
    is_secret = True
    compared_as = ""
    settings = (PLACEHOLDER, PREPEND, APPEND)

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        return iter(())

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return ()

    def form(self, field: Field) -> dict[str, Any]:
        return around(field)


@lru_cache(maxsize=256)
def with_line_ends(text: str, how: str | None) -> str:
    """A text with its line ends as HTML by a setting of ACF: `wpautop`, `br`, or as it is."""
    if how == "wpautop":
        return clean_content(autop(text))
    if how == "br":
        return clean_content(_LINE_END.sub(lambda end: f"<br />{end[0]}", text))
    return text


def absolute(text: str) -> str | None:
    """The address as it is kept: with its protocol, `http` where none was given. None for what a
    reader may not be led to."""
    address = text.strip()
    is_bare = _HOST_AND_PORT.match(address) or not _PROTOCOL.match(address)
    if is_bare and not address.startswith("//"):
        address = f"http://{address}"
    return address if may_visit(address) else None


def may_visit(address: str) -> bool:
    """Whether it names a host, in letters that an address may have, by a protocol we know."""
    if _IN_NO_ADDRESS.search(address) or not may_link(address):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def has_address_letters(address: str) -> bool:
    """Whether nothing stands in it that a browser would cut or encode."""
    return not _IN_NO_ADDRESS.search(address)


TYPES = (Text(), TextArea(), Email(), Url(), Password())
