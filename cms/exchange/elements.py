"""The elements of an export as WordPress writes them, from what is given to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from email.utils import format_datetime
from typing import BinaryIO

from lxml import etree

from cms.content.comment_models import Comment
from cms.content.dates import at_site
from cms.content.models import Post, Revision, Term
from cms.database.work import UnitOfWork
from cms.exchange import formats, moments, outgoing
from cms.exchange.menus import LINE, MENU
from cms.identity.models import User
from cms.site.models import Menu, MenuItem

WP = "http://wordpress.org/export/1.2/"
NAMES = {
    "excerpt": f"{WP}excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": WP,
}

_APPROVED = {"approved": "1", "hold": "0"}


@dataclass(frozen=True)
class Leaving:
    """A post with all that leaves with it."""

    post: Post
    revision: Revision
    login: str
    link: str
    file_url: str
    meta: Sequence[tuple[str, str]]
    comments: Sequence[Comment]
    said: Mapping[int, Sequence[tuple[str, str]]]
    """The meta of the comments, by their ids."""


# The namespaces stand on the root, once: WordPress's importer may look for `<item>` as it is here.
_DECLARED = etree.tostring(etree.Element("x", nsmap=NAMES))[len("<x") : -len("/>")]
HEAD = b'<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"%s>\n<channel>\n' % _DECLARED


def put(file: BinaryIO, elements: Iterable[etree._Element]) -> None:
    for element in elements:
        raw = etree.tostring(element, encoding="utf-8", with_tail=False)
        file.write(raw.replace(_DECLARED, b"", 1) + b"\n")


def _tag(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMES[prefix]}}}{local}" if prefix else local


def plain(name: str, value: object) -> etree._Element:
    element = etree.Element(_tag(name), nsmap=NAMES)
    element.text = str(value)
    return element


def _quoted(name: str, text: str) -> etree._Element:
    """As CDATA, which is how WordPress writes it; a text that holds the end of one is escaped,
    which says the same to every parser."""
    element = etree.Element(_tag(name), nsmap=NAMES)
    element.text = text if "]]>" in text else etree.CDATA(text)
    return element


def _with(name: str, *children: etree._Element) -> etree._Element:
    element = etree.Element(_tag(name), nsmap=NAMES)
    for child in children:
        child.tail = "\n"
        element.append(child)
    element.text = "\n"
    return element


def channel(work: UnitOfWork, url: str) -> Iterable[etree._Element]:
    tenant = work.tenant
    return (
        plain("title", tenant.site.title or tenant.name),
        plain("link", url),
        plain("description", tenant.site.description),
        plain("pubDate", format_datetime(work.now)),
        plain("language", tenant.language),
        plain("wp:wxr_version", "1.2"),
        plain("wp:base_site_url", url),
        plain("wp:base_blog_url", url),
    )


def author(person: User) -> etree._Element:
    return _with(
        "wp:author",
        plain("wp:author_id", person.id),
        _quoted("wp:author_login", person.login),
        _quoted("wp:author_email", person.email),
        _quoted("wp:author_display_name", person.display_name),
        _quoted("wp:author_first_name", ""),
        _quoted("wp:author_last_name", ""),
    )


def term(
    term: Term, terms: Mapping[int, Term], meta: Iterable[tuple[str, str]] = ()
) -> etree._Element:
    also = _meta("wp:termmeta", meta)
    above = terms.get(term.parent_id or 0)
    parent = above.slug if above is not None else ""
    description = term.description
    if term.taxonomy == "category":
        return _with(
            "wp:category",
            plain("wp:term_id", term.id),
            _quoted("wp:category_nicename", term.slug),
            _quoted("wp:category_parent", parent),
            _quoted("wp:cat_name", term.name),
            *([_quoted("wp:category_description", description)] if description else []),
            *also,
        )
    if term.taxonomy == "post_tag":
        return _with(
            "wp:tag",
            plain("wp:term_id", term.id),
            _quoted("wp:tag_slug", term.slug),
            _quoted("wp:tag_name", term.name),
            *([_quoted("wp:tag_description", description)] if description else []),
            *also,
        )
    return _with(
        "wp:term",
        plain("wp:term_id", term.id),
        _quoted("wp:term_taxonomy", term.taxonomy),
        _quoted("wp:term_slug", term.slug),
        *([_quoted("wp:term_parent", parent)] if parent else []),
        _quoted("wp:term_name", term.name),
        *([_quoted("wp:term_description", description)] if description else []),
        *also,
    )


def menu(menu: Menu) -> etree._Element:
    return _with(
        "wp:term",
        plain("wp:term_id", menu.id),
        _quoted("wp:term_taxonomy", MENU),
        _quoted("wp:term_slug", menu.slug),
        _quoted("wp:term_name", menu.name),
        *([_quoted("wp:term_description", menu.description)] if menu.description else []),
    )


def line(item: MenuItem, menu: Menu, url: str, zone: tzinfo) -> etree._Element:
    """All that WordPress writes of a line; nobody in particular has written it."""
    return _with(
        "item",
        _quoted("title", item.title),
        plain("link", f"{url}/?p={item.id}"),
        plain("pubDate", format_datetime(item.created_at)),
        _quoted("dc:creator", ""),
        _guid(f"{url}/?p={item.id}"),
        plain("description", ""),
        _quoted("content:encoded", item.description),
        _quoted("excerpt:encoded", item.attr_title),
        plain("wp:post_id", item.id),
        _quoted("wp:post_date", moments.written(at_site(item.created_at, zone))),
        _quoted("wp:post_date_gmt", moments.written(at_site(item.created_at, UTC))),
        _quoted("wp:post_modified", moments.written(at_site(item.modified_at, zone))),
        _quoted("wp:post_modified_gmt", moments.written(at_site(item.modified_at, UTC))),
        _quoted("wp:comment_status", "closed"),
        _quoted("wp:ping_status", "closed"),
        _quoted("wp:post_name", item.slug),
        _quoted("wp:status", item.status),
        plain("wp:post_parent", 0),
        plain("wp:menu_order", item.position),
        _quoted("wp:post_type", LINE),
        _quoted("wp:post_password", ""),
        plain("wp:is_sticky", 0),
        _category(MENU, menu.slug, menu.name),
        *_meta("wp:postmeta", outgoing.meta_of_line(item)),
    )


def _comment(comment: Comment, meta: Iterable[tuple[str, str]]) -> etree._Element:
    """Without the network address: it is kept for some weeks here, and for nobody else."""
    return _with(
        "wp:comment",
        plain("wp:comment_id", comment.id),
        _quoted("wp:comment_author", comment.author_name),
        _quoted("wp:comment_author_email", comment.author_email),
        plain("wp:comment_author_url", comment.author_url),
        _quoted("wp:comment_author_IP", ""),
        _quoted("wp:comment_date", moments.written(comment.date_local)),
        _quoted("wp:comment_date_gmt", moments.written(at_site(comment.date_gmt, UTC))),
        _quoted("wp:comment_content", comment.content),
        _quoted("wp:comment_approved", _APPROVED.get(comment.status, comment.status)),
        _quoted("wp:comment_type", comment.kind),
        plain("wp:comment_parent", comment.parent_id or 0),
        plain("wp:comment_user_id", comment.author_id or 0),
        *_meta("wp:commentmeta", meta),
    )


def _meta(name: str, pairs: Iterable[tuple[str, str]]) -> list[etree._Element]:
    return [
        _with(name, _quoted("wp:meta_key", key), _quoted("wp:meta_value", value))
        for key, value in pairs
    ]


def _guid(address: str) -> etree._Element:
    guid = plain("guid", address)
    guid.set("isPermaLink", "false")
    return guid


def item(leaving: Leaving, terms: Mapping[int, Term], url: str) -> etree._Element:
    post, revision = leaving.post, leaving.revision
    gmt = None if post.is_date_floating else post.date_gmt
    return _with(
        "item",
        _quoted("title", revision.title),
        plain("link", leaving.link),
        plain("pubDate", format_datetime(gmt) if gmt else ""),
        _quoted("dc:creator", leaving.login),
        _guid(leaving.file_url or f"{url}/?p={post.id}"),
        plain("description", ""),
        _quoted("content:encoded", revision.content),
        _quoted("excerpt:encoded", revision.excerpt),
        plain("wp:post_id", post.id),
        _quoted("wp:post_date", moments.written(post.date_local)),
        _quoted("wp:post_date_gmt", moments.written(gmt and at_site(gmt, UTC))),
        _quoted("wp:post_modified", moments.written(post.modified_local)),
        _quoted("wp:post_modified_gmt", moments.written(at_site(post.modified_gmt, UTC))),
        _quoted("wp:comment_status", post.comment_status),
        _quoted("wp:ping_status", post.ping_status),
        _quoted("wp:post_name", post.slug),
        _quoted("wp:status", post.status),
        plain("wp:post_parent", post.parent_id or 0),
        plain("wp:menu_order", post.menu_order),
        _quoted("wp:post_type", post.post_type),
        _quoted("wp:post_password", post.password),
        plain("wp:is_sticky", int(post.is_sticky)),
        *([_quoted("wp:attachment_url", leaving.file_url)] if leaving.file_url else []),
        *_categories(revision, terms),
        *_format(post),
        *_meta("wp:postmeta", leaving.meta),
        *(_comment(said, leaving.said.get(said.id, ())) for said in leaving.comments),
    )


def _format(post: Post) -> Iterable[etree._Element]:
    ref = formats.ref_of(post.format)
    if ref is not None:
        yield _category(ref.taxonomy, ref.slug, ref.name)


def _category(taxonomy: str, slug: str, name: str) -> etree._Element:
    element = _quoted("category", name)
    element.set("domain", taxonomy)
    element.set("nicename", slug)
    return element


def _categories(revision: Revision, terms: Mapping[int, Term]) -> Iterable[etree._Element]:
    for ids in revision.terms.values():
        for term in (terms[term_id] for term_id in ids if term_id in terms):
            yield _category(term.taxonomy, term.slug, term.name)
