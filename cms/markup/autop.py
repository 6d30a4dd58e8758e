"""Paragraphs of classic texts: blank lines become `<p>`, line ends `<br />` (WordPress's wpautop).

Written over tokens instead of the original's chain of replacements, so that what comes out is
balanced wherever what went in was.
"""

import re

from cms.markup.tokens import MARKUP, alternating, element_of, names

_BLOCKS = names(
    "address area article aside blockquote caption col colgroup dd details div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main map menu"
    " nav ol p pre script section style summary table tbody td tfoot th thead tr ul"
)
_VOID = frozenset({"area", "col", "hr"})
_VERBATIM = re.compile(r"(?is)<(pre|script|style)\b.*?(?:</\1\s*>|\Z)")
_PIECE = re.compile(rf"{_VERBATIM.pattern}|{MARKUP.pattern}")
_ALWAYS_PARAGRAPHS = frozenset({"", "blockquote"})
_NEVER_PARAGRAPHS = names("caption dt h1 h2 h3 h4 h5 h6 legend summary")
_NO_TEXT = names("colgroup dl menu ol table tbody tfoot thead tr ul")

_BREAK = re.compile(r"(?i)<br\s*/?>")
_DOUBLE_BREAK = re.compile(r"<br />\s*<br />")
_AROUND_MEDIA = re.compile(
    r"(?i)(?<!\s)\s*+(</(?:audio|object|video)\s*>)"
    r"|(<(?:audio|object|video)\b[^>]*>)\s+"
    r"|(?<!\s)\s*+(<(?:embed|param|source|track)\b[^>]*>)\s*"
)
_BLANK_LINE = re.compile(rf"(?P<blank>\n\s*\n)|{MARKUP.pattern}")
_LINE_END = re.compile(rf"(?P<end>(?:<br />)?(?<![ \t])[ \t]*+\n[ \t]*+)|{MARKUP.pattern}")


def autop(text: str) -> str:
    """A classic text with its paragraphs marked, ending in a newline unless it is empty."""
    page = _Page()
    run: list[str] = []
    for is_markup, piece in alternating(_PIECE, _with_even_breaks(text)):
        if is_markup and element_of(piece) in _BLOCKS:
            page.add_run("".join(run))
            run.clear()
            page.add_block(piece)
        else:
            run.append(piece)
    page.add_run("".join(run))
    return page.text()


class _Page:
    """What is written so far, and which block elements are open at its end."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._open: list[str] = []
        self._glued = True  # nothing before, or an opening tag that its content follows at once

    def text(self) -> str:
        return "".join((*self._written, "\n")) if self._written else ""

    def add_block(self, markup: str) -> None:
        """Write a block-level tag, or a whole `<pre>`, `<script>` or `<style>`."""
        name = element_of(markup)
        if _VERBATIM.fullmatch(markup) or name in _VOID:
            self._leave_paragraph()
            self._write(markup)
        elif markup.startswith("</"):
            self._close(name, markup)
        else:
            self._open_block(name, markup)

    def add_run(self, run: str) -> None:
        """Write what stands between two block-level tags."""
        paragraphs = _paragraphs(run)
        context = self._open[-1] if self._open else ""
        if not paragraphs:
            return
        if context in _ALWAYS_PARAGRAPHS or (len(paragraphs) > 1 and _may_hold(context)):
            self._write("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
        else:
            self._write(_joint(context).join(paragraphs))
            self._glued = True

    def _open_block(self, name: str, markup: str) -> None:
        self._leave_paragraph()
        in_quote = self._open[-1:] == ["blockquote"] and self._glued
        # A quote holds its paragraphs tightly; all other nested blocks stand on lines of their own.
        self._write(markup, on_new_line=not in_quote)
        self._open.append(name)
        self._glued = True

    def _close(self, name: str, markup: str) -> None:
        self._write(markup, on_new_line=not self._glued and name != "blockquote")
        if name in self._open:
            while self._open.pop() != name:
                pass

    def _leave_paragraph(self) -> None:
        # As in every HTML parser, a block element ends the paragraph that it stands in.
        if self._open[-1:] == ["p"]:
            self._open.pop()

    def _write(self, text: str, *, on_new_line: bool | None = None) -> None:
        new_line = not self._glued if on_new_line is None else on_new_line
        if self._written and new_line:
            self._written.append("\n")
        self._written.append(text)
        self._glued = False


def _may_hold(context: str) -> bool:
    return context not in _NEVER_PARAGRAPHS | _NO_TEXT | {"p"}


def _joint(context: str) -> str:
    return "</p>\n<p>" if context == "p" else "<br />\n"


def _with_even_breaks(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BREAK.sub("<br />", lines)


def _paragraphs(run: str) -> list[str]:
    evened = _AROUND_MEDIA.sub(_without_space, _DOUBLE_BREAK.sub("\n\n", run))
    cut = _BLANK_LINE.sub(_marked_blank, evened).split("\0")
    return [_with_breaks(paragraph.strip()) for paragraph in cut if paragraph.strip()]


def _with_breaks(paragraph: str) -> str:
    return _LINE_END.sub(lambda found: "<br />\n" if found["end"] else found[0], paragraph)


def _marked_blank(found: re.Match[str]) -> str:
    return "\0" if found["blank"] else found[0]


def _without_space(found: re.Match[str]) -> str:
    return found[0].strip()
