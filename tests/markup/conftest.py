"""A judge of cleaned markup that shares no code with the cleaner."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

DATA = Path(__file__).parent / "data"
KSES: dict[str, Any] = json.loads((DATA / "kses.json").read_text())
ALLOWED = {name: set(own) for name, own in KSES["post"].items()}
DANGEROUS_PROTOCOLS = {"gopher", "feed", "telnet", "svn"}
PROTOCOLS = set(KSES["protocols"]) - DANGEROUS_PROTOCOLS
STYLES = set(KSES["styles"])
# What rendering adds to what was cleaned.
ADDED = {f"<img {name}>" for name in ("decoding", "srcset", "sizes")}
ADDED |= {"<source>", "<source type>", "<source src>"}
FRAME = {"html", "head", "body"}
# Where a page might put a text: elements that switch a parser into other rules.
AROUND = {
    "": "{}",
    "td": "<table><tr><td>{}",
    "table": "<table>{}",
    "svg": "<svg>{}",
    "foreignobject": "<svg><foreignObject>{}",
    "math": "<math><mtext>{}",
    "noscript": "<noscript>{}</noscript>",
    "textarea": "<textarea>{}</textarea>",
    "title": "<title>{}</title>",
    "style": "<style>{}</style>",
    "select": "<select>{}</select>",
}
WRAPPERS = {"svg", "math", "mtext", "foreignobject", "noscript", "textarea", "title", "style"}
WRAPPERS |= {"select", "table", "tbody", "tr", "td"}


@pytest.fixture(scope="session")
def dangers_in() -> Callable[[str], list[str]]:
    """Every disallowed thing that any of several readers finds in a text."""
    return _dangers_in


def _dangers_in(html: str, *, rendered: bool = False) -> list[str]:
    """`rendered`: also what the renderer may add is allowed."""
    found = [*_seen_by_standard_library(html)]
    for name, around in AROUND.items():
        for scripting in (True, False):
            found += (f"in {name or 'page'}: {what}" for what in _seen(around, html, scripting))
    return [what for what in found if not rendered or what.split(": ")[1] not in ADDED]


def _seen(around: str, html: str, scripting: bool) -> Iterator[str]:
    wrappers = FRAME | (WRAPPERS if around != "{}" else set())
    root = LexborHTMLParser(around.format(html), scripting=scripting).root
    assert root is not None
    for node in root.traverse():
        if str(node.tag).lower() not in wrappers or node.attributes:
            yield from _faults(str(node.tag).lower(), node.attributes, wrappers)
        if node.is_comment_node and not _is_known_comment(node.comment_content or ""):
            yield f"comment {node.comment_content!r}"


def _faults(tag: str, attributes: dict[str, str | None], wrappers: set[str]) -> Iterator[str]:
    if tag in {"-text", "-comment", "-document", "-doctype"}:
        return
    if (tag not in ALLOWED or tag in {"textarea", "title"}) and tag not in wrappers:
        yield f"<{tag}>"
    for name, value in attributes.items():
        if not _is_known(tag, name):
            yield f"<{tag} {name}>"
        elif _is_dangerous(name, value or ""):
            yield f"<{tag} {name}={value!r}>"


def _is_known(tag: str, name: str) -> bool:
    data = re.fullmatch(r"data-[\w.:-]+", name) and not name.startswith(("data-hx-", "data-wp-"))
    return bool(data) or name in ALLOWED.get(tag, set())


def _is_dangerous(name: str, value: str) -> bool:
    if name == "style":
        return _is_dangerous_style(value)
    return name in KSES["uri_attributes"] and _leads_astray(value)


def _leads_astray(address: str) -> bool:
    bare = re.sub(r"[\x00-\x20\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]", "", address)
    protocol = re.match(r"([^/?#]*?):", bare)
    return bool(protocol) and protocol[1].lower() not in PROTOCOLS


def _is_dangerous_style(style: str) -> bool:
    plain = re.sub(r"/\*.*?\*/", "", style).replace("\\", "")
    names = re.findall(
        r"(?:^|;)\s*([\w-]+)\s*:", re.sub(r"\([^)]*\)|\"[^\"]*\"|'[^']*'", "", plain)
    )
    unknown = [name for name in names if name not in STYLES and not name.startswith("--")]
    acts = re.search(r"(?i)expression|script:|data:|@import|behavior|binding", plain)
    led = any(_leads_astray(url.strip("\"' ")) for url in re.findall(r"(?i)url\(([^)]*)", plain))
    return bool(unknown or acts or led or "\\" in style)


def _is_known_comment(content: str) -> bool:
    return bool(re.match(r"\s*/?wp:[a-z]", content) or re.match(r"more|nextpage|noteaser", content))


def _seen_by_standard_library(html: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from (f"stdlib: {fault}" for fault in reader.faults)


class _Reader(HTMLParser):
    """A parser with quite other habits than browsers'."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += _faults(tag, dict(attrs), set())

    def handle_comment(self, data: str) -> None:
        if not _is_known_comment(data):
            self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data!r}")
