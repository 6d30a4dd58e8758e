"""The one form in which a path of the public site is kept and compared."""

import re
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit

from cms.errors import InvalidInput

LONGEST = 1000
MOST_SEGMENTS = 20
WILDCARD = "/*"
# What would end a header line, or hide the end of an address.
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")


def normal(path: str) -> str:
    """Decoded, composed (NFC), one slash between segments and none at the end."""
    decoded = normalize("NFC", unquote(path.partition("?")[0].partition("#")[0]))
    return "/" + "/".join(segment for segment in decoded.split("/") if segment)


def segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def sources_for(path: str) -> list[str]:
    """The sources of redirects that speak of this path: itself, then the nearest wildcard first."""
    parts = segments(path)[:MOST_SEGMENTS]
    heads = ["/".join(parts[:count]) for count in range(len(parts) - 1, -1, -1)]
    return [path, *(f"/{head}{WILDCARD}" if head else WILDCARD for head in heads)]


def tail_of(source: str, path: str) -> str:
    """What stands in place of the wildcard."""
    return path[len(source) - 1 :]


def encoded(target: str) -> str:
    """A path or address as it may stand in a header."""
    return quote(target, safe="/:?#[]@!$&'()*+,;=%~")


def checked_source(text: str) -> str:
    """The source of a redirect in its kept form; InvalidInput says what is wrong."""
    if not text.startswith("/") or text.startswith("//") or len(text) > LONGEST:
        raise InvalidInput({"source": f"must be a path such as /old/, of {LONGEST} signs at most"})
    if "?" in text or "#" in text:
        raise InvalidInput({"source": "must be a path without ? and #"})
    path = normal(text)
    head = path.removesuffix(WILDCARD)
    if "*" in head:
        raise InvalidInput({"source": "may hold * only as its last segment, as in /old/*"})
    _refuse_odd("source", path)
    if len(segments(path)) > MOST_SEGMENTS:
        raise InvalidInput({"source": f"may have {MOST_SEGMENTS} segments at most"})
    return path


def checked_target(text: str, source: str) -> str:
    """The target of a redirect: a path of this site, or an http(s) address. A wildcard takes the
    tail of the source with it, and stands behind the host, which no visitor may write."""
    if not text or len(text) > LONGEST:
        raise InvalidInput({"target": "must be a path such as /new/, or an https:// address"})
    _refuse_odd("target", text)
    is_path = text.startswith("/") and not text.startswith("//")
    place = text if is_path else _path_of_address(text)
    if "*" in place and not (place.endswith(WILDCARD) and place.count("*") == 1):
        raise InvalidInput({"target": "may hold * only as its last segment, as in /new/*"})
    if "*" in place and not source.endswith(WILDCARD):
        raise InvalidInput({"target": "holds * while the source does not end in /*"})
    return text


def _path_of_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise InvalidInput({"target": "must be a path such as /new/, or an https:// address"})
    if "*" in parts.netloc:
        raise InvalidInput({"target": "may not hold * in its host name"})
    return text[text.index("//") + 2 + len(parts.netloc) :]


def _refuse_odd(field: str, text: str) -> None:
    if _UNPRINTABLE.search(text):
        raise InvalidInput({field: "holds a space, a backslash or a control character"})
    if ".." in segments(text.partition("?")[0]):
        raise InvalidInput({field: "may not hold the segment .."})
