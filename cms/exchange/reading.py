"""Reads a WordPress export of any size, one entry after the other, in constant memory."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from lxml import etree

from cms.exchange.errors import WxrFault
from cms.exchange.stream import CleanStream
from cms.exchange.wxr import Author, Channel, Comment, Entry, Item, Meta, Term, TermRef

VERSIONS = ("1.0", "1.1", "1.2")

_EXPORT = re.compile(r"http://wordpress\.org/export/[0-9.]+(/excerpt)?/?")
_NAMES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://wellformedweb.org/CommentAPI/": "wfw",
}
_ENTRIES = frozenset({"item", "wp:author", "wp:category", "wp:tag", "wp:term"})
_LARGEST_NUMBER = 2**53


class WxrReader:
    """`for entry in WxrReader(file)` gives the Channel first, then authors, terms and items in the
    order of the file. WxrFault when it cannot be read further."""

    def __init__(self, file: BinaryIO) -> None:
        self.stream = CleanStream(file)

    def __iter__(self) -> Iterator[Entry]:
        facts: dict[str, str] = {}
        is_channel_told = False
        try:
            for element, name in self._elements():
                if name in _ENTRIES:
                    if not is_channel_told:
                        yield _channel(facts)
                        is_channel_told = True
                    yield from _entries(name, element)
                    self.stream.since_item = 0
                elif not is_channel_told and len(element) == 0:
                    facts.setdefault(name, (element.text or "")[:2000])
        except etree.XMLSyntaxError as error:
            raise WxrFault(
                f"The file is broken at line {error.lineno}: {error.msg}. Export it again, or mend "
                "that line; what stands before it can be imported."
            ) from None
        if not is_channel_told:
            yield _channel(facts)

    def _elements(self) -> Iterator[tuple[Any, str]]:
        """The children of the channel as they end; each is dropped once it was used."""
        parsed = etree.iterparse(
            self.stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        depth = 0
        for event, element in parsed:
            if event == "start":
                depth += 1
                if depth == 1:
                    _refuse_other_roots(element)
                continue
            depth -= 1
            if depth == 2:
                yield element, _name(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _refuse_other_roots(root: Any) -> None:
    if root.tag != "rss" or root.getroottree().docinfo.doctype:
        raise WxrFault("This is no WordPress export: it does not begin with <rss>.")


def _name(element: Any) -> str:
    """`wp:post_id`, whatever prefix and version the file has for the namespace."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    space = name.namespace or ""
    if not space:
        return name.localname
    match = _EXPORT.fullmatch(space)
    prefix = ("excerpt" if match[1] else "wp") if match else _NAMES.get(space, "other")
    return f"{prefix}:{name.localname}"


def _channel(facts: dict[str, str]) -> Channel:
    version = facts.get("wp:wxr_version", "").strip()
    if version not in VERSIONS:
        said = f"says WXR {version!r:.20}" if version else "has no wp:wxr_version"
        raise WxrFault(f"The file {said}; versions {', '.join(VERSIONS)} can be imported.")
    return Channel(
        title=facts.get("title", ""),
        link=facts.get("link", "").strip(),
        description=facts.get("description", ""),
        language=facts.get("language", "").strip(),
        version=version,
        base_site_url=facts.get("wp:base_site_url", "").strip(),
        base_blog_url=facts.get("wp:base_blog_url", "").strip(),
    )


class _Children:
    """The children of an element by name."""

    def __init__(self, element: Any) -> None:
        self._found: dict[str, list[Any]] = {}
        for child in element:
            self._found.setdefault(_name(child), []).append(child)

    def all(self, name: str) -> list[Any]:
        return self._found.get(name, [])

    def text(self, name: str) -> str:
        found = self._found.get(name)
        return "".join(found[0].itertext()) if found else ""

    def line(self, name: str) -> str:
        return self.text(name).strip()

    def number(self, name: str) -> int:
        written = self.line(name)
        digits = written.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 17):
            return 0
        return int(written) if int(digits) < _LARGEST_NUMBER else 0


def _entries(name: str, element: Any) -> Iterator[Entry]:
    children = _Children(element)
    if name == "item":
        yield _item(children)
    elif name == "wp:author":
        yield _author(children)
    else:
        yield _TERMS[name](children)


def _author(of: _Children) -> Author:
    return Author(
        login=of.line("wp:author_login"),
        id=of.number("wp:author_id"),
        email=of.line("wp:author_email"),
        display_name=of.line("wp:author_display_name"),
        first_name=of.line("wp:author_first_name"),
        last_name=of.line("wp:author_last_name"),
    )


def _category(of: _Children) -> Term:
    return Term(
        taxonomy="category",
        slug=of.line("wp:category_nicename"),
        name=of.line("wp:cat_name"),
        id=of.number("wp:term_id"),
        parent=of.line("wp:category_parent"),
        description=of.text("wp:category_description"),
        meta=_meta(of, "wp:termmeta"),
    )


def _tag(of: _Children) -> Term:
    return Term(
        taxonomy="post_tag",
        slug=of.line("wp:tag_slug"),
        name=of.line("wp:tag_name"),
        id=of.number("wp:term_id"),
        description=of.text("wp:tag_description"),
        meta=_meta(of, "wp:termmeta"),
    )


def _term(of: _Children) -> Term:
    return Term(
        taxonomy=of.line("wp:term_taxonomy"),
        slug=of.line("wp:term_slug"),
        name=of.line("wp:term_name"),
        id=of.number("wp:term_id"),
        parent=of.line("wp:term_parent"),
        description=of.text("wp:term_description"),
        meta=_meta(of, "wp:termmeta"),
    )


_TERMS: dict[str, Callable[[_Children], Term]] = {
    "wp:category": _category,
    "wp:tag": _tag,
    "wp:term": _term,
}


def _item(of: _Children) -> Item:
    return Item(
        id=of.number("wp:post_id"),
        type=of.line("wp:post_type") or "post",
        title=of.text("title"),
        link=of.line("link"),
        creator=of.line("dc:creator"),
        guid=of.line("guid"),
        content=of.text("content:encoded"),
        excerpt=of.text("excerpt:encoded"),
        date=of.line("wp:post_date"),
        date_gmt=of.line("wp:post_date_gmt"),
        modified=of.line("wp:post_modified"),
        modified_gmt=of.line("wp:post_modified_gmt"),
        comment_status=of.line("wp:comment_status"),
        ping_status=of.line("wp:ping_status"),
        slug=of.line("wp:post_name"),
        status=of.line("wp:status"),
        parent=of.number("wp:post_parent"),
        menu_order=of.number("wp:menu_order"),
        password=of.line("wp:post_password"),
        is_sticky=of.number("wp:is_sticky") == 1,
        attachment_url=of.line("wp:attachment_url"),
        terms=tuple(_term_refs(of)),
        meta=_meta(of, "wp:postmeta"),
        comments=tuple(_comment(_Children(one)) for one in of.all("wp:comment")),
    )


def _term_refs(of: _Children) -> Iterator[TermRef]:
    """WXR 1.0 names each category twice, once without nicename, and calls tags `tag`."""
    told = set[tuple[str, str]]()
    for element in of.all("category"):
        taxonomy, slug = element.get("domain", "category"), element.get("nicename", "")
        taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
        if slug and (taxonomy, slug) not in told:
            told.add((taxonomy, slug))
            yield TermRef(taxonomy, slug, "".join(element.itertext()).strip())


def _meta(of: _Children, name: str) -> tuple[Meta, ...]:
    pairs = (_Children(element) for element in of.all(name))
    found = (Meta(pair.line("wp:meta_key"), pair.text("wp:meta_value")) for pair in pairs)
    return tuple(meta for meta in found if meta.key)


def _comment(of: _Children) -> Comment:
    return Comment(
        id=of.number("wp:comment_id"),
        author=of.line("wp:comment_author"),
        author_email=of.line("wp:comment_author_email"),
        author_url=of.line("wp:comment_author_url"),
        author_ip=of.line("wp:comment_author_IP"),
        date=of.line("wp:comment_date"),
        date_gmt=of.line("wp:comment_date_gmt"),
        content=of.text("wp:comment_content"),
        approved=of.line("wp:comment_approved"),
        type=of.line("wp:comment_type"),
        parent=of.number("wp:comment_parent"),
        user_id=of.number("wp:comment_user_id"),
        meta=_meta(of, "wp:commentmeta"),
    )
