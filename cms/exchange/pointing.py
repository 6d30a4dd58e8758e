"""The numbers of pictures and files inside texts: in classes, shortcodes and the attributes of
blocks. A file that got another number here is named by that one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cms.markup.blocks import Delimiter, delimiters, read_attributes, write_attributes

_BLOCKS: Mapping[str, str] = {
    "core/image": "id",
    "core/gallery": "ids",
    "core/media-text": "mediaId",
    "core/cover": "id",
    "core/file": "id",
    "core/audio": "id",
    "core/video": "id",
}
_NAMED = re.compile(
    r"""(\bwp-image-|\bwp-att-|\battachment[_-](?=[0-9])|\bdata-id=["'])([0-9]{1,18})(?![0-9\w])"""
)
_SHORTCODE = re.compile(r"\[(?:gallery|playlist)\b[^\[\]]*\]")
_LIST = re.compile(r"""(\b(?:ids|include|exclude)\s*=\s*["']?)([0-9][0-9,\s]*)""")
_NUMBER = re.compile(r"[0-9]{1,18}")


def named_in(*texts: str) -> set[int]:
    """The old numbers of files that the texts name."""
    return {number for text in texts for number in _numbers(text)}


def _numbers(text: str) -> Iterator[int]:
    for found in _NAMED.finditer(text):
        yield int(found[2])
    for shortcode in _SHORTCODE.finditer(text):
        for listed in _LIST.finditer(shortcode[0]):
            yield from map(int, _NUMBER.findall(listed[2]))
    for delimiter in _pointing(text):
        said = (read_attributes(delimiter.json) or {}).get(_BLOCKS[delimiter.name])
        yield from (int(one) for one in _listed(said) if _is_number(one))


def _pointing(text: str) -> Iterator[Delimiter]:
    """Delimiters of the blocks that name a file."""
    if "<!-- wp:" in text:
        yield from (one for one in delimiters(text) if one.json and one.name in _BLOCKS)


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _is_number(one: Any) -> bool:
    if isinstance(one, str):
        return _NUMBER.fullmatch(one) is not None
    return isinstance(one, int) and not isinstance(one, bool)


def pointed(text: str, ids: Mapping[int, int]) -> tuple[str, int]:
    """The text with the new number where an old one stood, and how often that was. A delimiter
    without such a number stays as it is written."""
    count = 0

    def new(number: str) -> str:
        nonlocal count
        if int(number) not in ids:
            return number
        count += 1
        return str(ids[int(number)])

    def renumbered(said: Any) -> Any:
        if isinstance(said, list):
            return [renumbered(one) for one in said]
        if not _is_number(said):
            return said
        return new(said) if isinstance(said, str) else int(new(str(said)))

    def listed(found: re.Match[str]) -> str:
        return found[1] + _NUMBER.sub(lambda number: new(number[0]), found[2])

    def opened(delimiter: Delimiter) -> str:
        attributes = read_attributes(delimiter.json)
        name, before = _BLOCKS[delimiter.name], count
        if attributes is None or name not in attributes:
            return delimiter.json
        attributes[name] = renumbered(attributes[name])
        return write_attributes(attributes) if count > before else delimiter.json

    if not ids:
        return text, 0
    parts, at = [], 0
    for delimiter in _pointing(text):
        start = text.index(delimiter.json, delimiter.start)
        parts += [text[at:start], opened(delimiter)]
        at = start + len(delimiter.json)
    text = "".join([*parts, text[at:]])
    text = _NAMED.sub(lambda found: found[1] + new(found[2]), text)
    text = _SHORTCODE.sub(lambda found: _LIST.sub(listed, found[0]), text)
    return text, count
