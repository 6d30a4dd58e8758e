"""Which addresses may stand in content, judged the way browsers read them (WHATWG URL, §4.4)."""

import re
from collections.abc import Set

from cms.markup import allowed

_EDGE = "".join(map(chr, range(0x21)))
_DROPPED_BY_BROWSERS = str.maketrans("", "", "\t\n\r")
_BEFORE_PATH = re.compile(r"[^/?#\\]*")


def may_link(address: str) -> bool:
    """Whether a reader may be led there: a relative address or a known protocol."""
    return _has_protocol_of(address, allowed.LINK_PROTOCOLS)


def may_load(address: str) -> bool:
    """Whether a reader's browser may fetch it unasked: relative, http or https."""
    return _has_protocol_of(address, allowed.LOADING_PROTOCOLS)


def is_own_pdf(address: str, media_base: str) -> bool:
    """Whether an address is a PDF of our own media library, the one thing `<object>` may show."""
    plain = not re.search(r"[?#\\\s%]|\.\.", address)
    return bool(media_base) and plain and _starts_and_ends(address, media_base)


def _starts_and_ends(address: str, media_base: str) -> bool:
    return address.startswith(media_base) and address.lower().endswith(".pdf")


def _has_protocol_of(address: str, protocols: Set[str]) -> bool:
    read = address.strip(_EDGE).translate(_DROPPED_BY_BROWSERS)
    head = _BEFORE_PATH.match(read)
    before_path = head[0] if head else ""
    if "&" in before_path:
        return False  # a second decoding somewhere could make a colon of it
    protocol, colon, _ = before_path.partition(":")
    # Everything with a colon before its path must be a known protocol: what is not quite one for
    # this parser ("java\u200bscript" with a letter that cannot be seen) may be for another.
    return not colon or protocol.lower() in protocols
