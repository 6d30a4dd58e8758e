"""What screens say, in the language that they say it in: every text of every screen, and what
betrays that nobody has put it into the reader's language."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.pofile import read_po

from cms.admin.rendering import HERE, folder_of
from cms.admin.translating import PORTUGUESE
from cms.host import build_registry
from cms.settings import Settings
from tests.support.visiting import Seen, Visitor

# No Portuguese sentence has one of these words, and hardly an English one is without any.
_ENGLISH = re.compile(
    r"""(?<![\w-])(?:
    about|after|all|and|any|anybody|are|been|before|below|between|but|by|can|cannot|change|
    changed|closed|days|deny|denied|does|draft|each|empty|ended|everybody|few|from|
    given|has|have|her|here|his|how|into|is|its|last|less|make|may|most|must|never|new|
    nobody|none|not|nothing|number|of|off|on|once|only|open|our|people|person|publish|
    published|read|reader|readers|review|saved|set|show|since|somebody|text|than|that|the|
    their|them|then|there|these|they|this|to|two|under|until|up|was|were|what|when|where|
    which|who|whole|whose|will|with|without|write|written|yes|yet|you|your
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
# Names in programs, texts of the site and its people, and what says which language it is in.
_NOT_OURS = "code, pre, kbd, samp, script, style, template, textarea, cite, blockquote, main [lang]"
_ATTRIBUTES = ("aria-label", "placeholder", "alt", "title")
# post.publish, https://clinica.example/, content:post:edit: names of things in programs.
_IN_PROGRAMS = re.compile(r"\S*\w(?:[._/:]+[\w*])+\S*")
_NUMBERED = re.compile(r"[0-9a-f-]{16,}|\d+")


async def screens(visitor: Visitor, *also: str) -> AsyncIterator[tuple[str, Seen]]:
    """Every screen that the menu and the screens themselves lead to. Of those that differ by a
    number alone, the first."""
    waiting = ["/admin", *also]
    known = {_shape(one) for one in waiting}
    while waiting:
        address = waiting.pop(0)
        seen = await visitor.get(address)
        if "text/html" not in seen.response.headers.get("content-type", ""):
            continue
        assert seen.status < 400, (address, seen.words)
        yield address, seen
        for link in seen.tree.css("a[href^='/admin']"):
            found = (link.attributes["href"] or "").partition("#")[0]
            if _shape(found) not in known:
                known.add(_shape(found))
                waiting.append(found)


def _shape(address: str) -> str:
    parts = urlsplit(address)
    asked = re.search(r"(?:^|&)((?:type|status|part|tab|kind|state)=\w+)", parts.query)
    return _NUMBERED.sub("0", parts.path) + (f"?{asked[1]}" if asked else "")


def texts(seen: Seen) -> Iterator[str]:
    """What stands on the page in words of the product."""
    tree = seen.tree
    for one in tree.css(_NOT_OURS):
        one.decompose()
    assert tree.root is not None
    for node in tree.root.traverse(include_text=True):
        if node.tag == "-text":
            yield " ".join((node.text() or "").split())
        elif not node.tag.startswith("-"):
            yield from (node.attributes.get(name) or "" for name in _ATTRIBUTES)


def has_english_words(text: str) -> bool:
    return _ENGLISH.search(_IN_PROGRAMS.sub("", text)) is not None


def catalogues() -> tuple[set[str], set[str]]:
    """Every text of the product in English, and in Portuguese."""
    english, portuguese = set(), set()
    registry = build_registry(Settings())
    for folder in {HERE, *(folder_of(p.screens) for p in registry.plugins if p.screens)}:
        for path in (Path(folder) / "translations" / PORTUGUESE).glob("*.po"):
            for message in read_po(path.read_bytes().splitlines(keepends=True), locale="pt"):
                english |= _forms(message.id)
                portuguese |= _forms(message.string)
    return english, portuguese


def _forms(text: object) -> set[str]:
    return {text} if isinstance(text, str) else {*map(str, text or ())}  # type: ignore[call-overload]
