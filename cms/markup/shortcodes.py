"""Shortcodes: `[gallery ids="1,2"]`, found in a text and replaced by what their renderers make.

The grammar is that of WordPress's Shortcode API: attributes with double, single or no quotes,
positional values, `[x /]`, `[x]content[/x]`, and `[[x]]` for a shortcode that is shown as text. A
name that nobody registered stays as it is.
"""

import re
from collections import Counter
from collections.abc import Iterable

from cms.markup.surroundings import Call, Surroundings
from cms.markup.tokens import MARKUP

_NESTING = 5
_VALUES = r"""(?:"[^"\]]*"|'[^'\]]*'|[^\[\]"'/]|/(?!\]))*+"""
_ATTRIBUTE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))"""
    r"""|"(?P<text>[^"]*)"|'(?P<quoted>[^']*)'|(?P<word>\S+)"""
)


def opening_or_closing(names: Iterable[str]) -> re.Pattern[str] | None:
    """What matches the tags of these shortcodes, or None when there are none."""
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    if not known:
        return None
    return re.compile(
        rf"\[(?P<escape>\[)?(?P<name>{known})(?![\w-])(?P<given>{_VALUES})(?P<void>/)?\](?P<end>\])?"
        rf"|\[/(?P<closes>{known})\]"
    )


def apply(text: str, around: Surroundings, *, depth: int = 0) -> str:
    """The text with its shortcodes rendered. Nothing inside a tag or a comment is one."""
    tags = opening_or_closing(around.shortcodes)
    if tags is None or "[" not in text or depth > _NESTING:
        return text
    return _Reader(text, tags, around, depth).text()


def unwrapped(text: str, names: Iterable[str]) -> str:
    """Paragraphs that hold nothing but one shortcode lose their `<p>` (shortcode_unautop)."""
    known = "|".join(map(re.escape, names))
    if not known or "[" not in text:
        return text
    lone = rf"\[(?:{known})(?![\w-]){_VALUES}/?\](?:(?:(?!<p>|</p>)[\s\S])*?\[/(?:{known})\])?"
    return re.sub(rf"<p>\s*+({lone})\s*+</p>", r"\1", text)


def parsed_attributes(given: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Named attributes (names in lower case; the last of a name counts) and positional values."""
    named: dict[str, str] = {}
    positional: list[str] = []
    for found in _ATTRIBUTE.finditer(given):
        if found["name"]:
            value = next(
                v for v in (found["double"], found["single"], found["bare"]) if v is not None
            )
            named[found["name"].lower()] = value
        else:
            values = (found["text"], found["quoted"], found["word"])
            positional.append(next(v for v in values if v is not None))
    return named, tuple(positional)


class _Reader:
    """Goes through a text once; calls of one name are counted, since their HTML carries numbers."""

    def __init__(self, text: str, tags: re.Pattern[str], around: Surroundings, depth: int) -> None:
        self._text, self._around, self._depth = text, around, depth
        self._found = [one for one in tags.finditer(text) if not _is_inside(text, one.start())]
        self._counts: Counter[str] = Counter()

    def text(self) -> str:
        written: list[str] = []
        position = 0
        closings = self._closings()
        for found in self._found:
            if found.start() < position or found["closes"]:
                continue
            written.append(self._text[position : found.start()])
            if found["escape"] and found["end"]:
                written.append(found[0][1:-1])
                position = found.end()
                continue
            content, position = self._content(found, closings)
            lead = "[" if found["escape"] else ""
            tail = "]" if found["end"] and content is None else ""
            written.append(lead + self._rendered(found, content) + tail)
        written.append(self._text[position:])
        return "".join(written)

    def _closings(self) -> dict[str, list[re.Match[str]]]:
        closings: dict[str, list[re.Match[str]]] = {}
        for found in reversed(self._found):
            if found["closes"]:
                closings.setdefault(found["closes"], []).append(found)
        return closings

    def _content(
        self, found: re.Match[str], closings: dict[str, list[re.Match[str]]]
    ) -> tuple[str | None, int]:
        """The content up to the next closing tag of the name, and where the call ends."""
        waiting = closings.get(found["name"], [])
        while waiting and waiting[-1].start() < found.end():
            waiting.pop()
        if found["void"] or not waiting:
            return None, found.end()
        closing = waiting.pop()
        return self._text[found.end("end") if found["end"] else found.end() : closing.start()], (
            closing.end()
        )

    def _rendered(self, found: re.Match[str], content: str | None) -> str:
        name = found["name"]
        self._counts[name] += 1
        named, positional = parsed_attributes(found["given"])
        if content is not None:
            content = apply(content, self._around, depth=self._depth + 1)
        call = Call(name, named, positional, content, self._counts[name])
        return self._around.shortcodes[name].render(call, self._around)


def _is_inside(text: str, place: int) -> bool:
    """Whether the place lies inside a tag or a comment."""
    opened = text.rfind("<", 0, place)
    if opened < 0:
        return False
    markup = MARKUP.match(text, opened)
    return markup is not None and markup.end() > place
