"""Writes a tenant's content as WordPress 6.1 exports it (WXR 1.2), page by page, so that a site of
any size leaves in constant memory."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, BinaryIO

from lxml import etree
from sqlalchemy import and_, func, select

from cms import __version__
from cms.content import permalinks, seo
from cms.content.dates import at_site
from cms.content.models import Post, Revision, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.exchange import moments
from cms.exchange.events import Exported
from cms.exchange.php import serialize
from cms.exchange.seo import meta_of
from cms.identity.models import User
from cms.kernel.registry import Registry

PAGE = 200
WP = "http://wordpress.org/export/1.2/"
NAMES = {
    "excerpt": f"{WP}excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": WP,
}
_NEVER = {Status.AUTO_DRAFT, Status.INHERIT}


@dataclass(frozen=True)
class Wanted:
    """Which posts: empty means all. The days are those of the site, the last one included."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    after: datetime | None = None
    before: datetime | None = None

    def refuse_unknown(self, registry: Registry) -> None:
        """InvalidInput for a type or status that does not exist."""
        faults = {}
        for name in self.types:
            if name not in registry.post_types:
                known = ", ".join(sorted(registry.post_types))
                faults["type"] = f"{name!r} is no type here; there are: {known}"
        allowed = {status.value for status in Status} - {status.value for status in _NEVER}
        for name in self.statuses:
            if name not in allowed:
                faults["status"] = f"{name!r} is none of {', '.join(sorted(allowed))}"
        if faults:
            raise InvalidInput(faults)

    def conditions(self, work: UnitOfWork) -> list[Any]:
        statuses = self.statuses or [one.value for one in Status if one not in _NEVER]
        found: list[Any] = [
            Post.tenant_id == work.tenant_id,
            Post.post_type.in_(self.types or list(work.registry.post_types)),
            Post.status.in_(list(statuses)),
        ]
        if self.after is not None:
            found.append(Post.date_local >= self.after)
        if self.before is not None:
            found.append(Post.date_local < self.before.replace(hour=0) + _DAY)
        return found


_DAY = datetime(2000, 1, 2, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)


async def write(work: UnitOfWork, file: BinaryIO, wanted: Wanted, url: str) -> dict[str, int]:
    """Write the file and tell the trail; how many authors, terms and posts it holds."""
    counts: Counter[str] = Counter()
    people, terms = await _people(work, wanted), await _terms(work)
    file.write(_HEAD)
    _write(file, _channel(work, url))
    _write(file, (_author(person) for person in people.values()))
    _write(file, (_term(term, terms) for term in terms.values()))
    _write(file, [_plain("generator", f"cms {__version__}")])
    async for page in _pages(work, wanted):
        paths = await permalinks.paths(work, [post for post, _ in page])
        for post, revision in page:
            author = people.get(post.author_id)
            named = (author.login if author else "", f"{url}{paths[post.id]}")
            _write(file, [_item(post, revision, terms, named, url)])
            counts[post.post_type] += 1
    file.write(b"</channel>\n</rss>\n")
    counts |= {"authors": len(people), "terms": len(terms)}
    asked = {"types": list(wanted.types), "statuses": list(wanted.statuses)}
    await work.emit(Exported(after={**asked, "counts": dict(counts)}))
    return dict(sorted(counts.items()))


async def _pages(
    work: UnitOfWork, wanted: Wanted
) -> AsyncIterator[Sequence[tuple[Post, Revision]]]:
    """By id, each page from where the last one ended; the revision is the one that readers get."""
    after = 0
    while True:
        rows = await work.all(
            select(Post, Revision)
            .join(
                Revision,
                and_(
                    Revision.tenant_id == Post.tenant_id,
                    Revision.id == func.coalesce(Post.live_revision_id, Post.working_revision_id),
                ),
            )
            .where(*wanted.conditions(work), Post.id > after)
            .order_by(Post.id)
            .limit(PAGE)
        )
        if rows:
            yield [(row[0], row[1]) for row in rows]
            after = rows[-1][0].id
            work.session.expunge_all()
        if len(rows) < PAGE:
            return


async def _people(work: UnitOfWork, wanted: Wanted) -> dict[int, User]:
    rows = await work.all(
        select(User)
        .where(
            User.tenant_id == work.tenant_id,
            User.id.in_(select(Post.author_id).where(*wanted.conditions(work))),
        )
        .order_by(User.id)
    )
    return {row[0].id: row[0] for row in rows}


async def _terms(work: UnitOfWork) -> dict[int, Term]:
    """Every term of the taxonomies that are declared, by id; parents before their children."""
    rows = await work.all(
        select(Term)
        .where(Term.tenant_id == work.tenant_id, Term.taxonomy.in_(list(work.registry.taxonomies)))
        .order_by(Term.taxonomy, Term.id)
    )
    known = {row[0].id: row[0] for row in rows}
    placed: dict[int, Term] = {}
    for term in known.values():
        chain = []
        here: Term | None = term
        while here is not None and here.id not in placed and here not in chain:
            chain.append(here)
            here = known.get(here.parent_id) if here.parent_id else None
        placed |= {one.id: one for one in reversed(chain)}
    return placed


# -- elements


# The namespaces stand on the root, once: WordPress's importer may look for `<item>` as it is here.
_DECLARED = etree.tostring(etree.Element("x", nsmap=NAMES))[len("<x") : -len("/>")]
_HEAD = b'<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"%s>\n<channel>\n' % _DECLARED


def _write(file: BinaryIO, elements: Iterable[etree._Element]) -> None:
    for element in elements:
        raw = etree.tostring(element, encoding="utf-8", with_tail=False)
        file.write(raw.replace(_DECLARED, b"", 1) + b"\n")


def _tag(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMES[prefix]}}}{local}" if prefix else local


def _plain(name: str, value: object) -> etree._Element:
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


def _channel(work: UnitOfWork, url: str) -> Iterable[etree._Element]:
    tenant = work.tenant
    return (
        _plain("title", tenant.site.title or tenant.name),
        _plain("link", url),
        _plain("description", tenant.site.description),
        _plain("pubDate", format_datetime(work.now)),
        _plain("language", tenant.language),
        _plain("wp:wxr_version", "1.2"),
        _plain("wp:base_site_url", url),
        _plain("wp:base_blog_url", url),
    )


def _author(person: User) -> etree._Element:
    return _with(
        "wp:author",
        _plain("wp:author_id", person.id),
        _quoted("wp:author_login", person.login),
        _quoted("wp:author_email", person.email),
        _quoted("wp:author_display_name", person.display_name),
        _quoted("wp:author_first_name", ""),
        _quoted("wp:author_last_name", ""),
    )


def _term(term: Term, terms: Mapping[int, Term]) -> etree._Element:
    above = terms.get(term.parent_id or 0)
    parent = above.slug if above is not None else ""
    description = term.description
    if term.taxonomy == "category":
        return _with(
            "wp:category",
            _plain("wp:term_id", term.id),
            _quoted("wp:category_nicename", term.slug),
            _quoted("wp:category_parent", parent),
            _quoted("wp:cat_name", term.name),
            *([_quoted("wp:category_description", description)] if description else []),
        )
    if term.taxonomy == "post_tag":
        return _with(
            "wp:tag",
            _plain("wp:term_id", term.id),
            _quoted("wp:tag_slug", term.slug),
            _quoted("wp:tag_name", term.name),
            *([_quoted("wp:tag_description", description)] if description else []),
        )
    return _with(
        "wp:term",
        _plain("wp:term_id", term.id),
        _quoted("wp:term_taxonomy", term.taxonomy),
        _quoted("wp:term_slug", term.slug),
        *([_quoted("wp:term_parent", parent)] if parent else []),
        _quoted("wp:term_name", term.name),
        *([_quoted("wp:term_description", description)] if description else []),
    )


def _item(
    post: Post, revision: Revision, terms: Mapping[int, Term], named: tuple[str, str], url: str
) -> etree._Element:
    login, link = named
    guid = _plain("guid", f"{url}/?p={post.id}")
    guid.set("isPermaLink", "false")
    gmt = None if post.is_date_floating else post.date_gmt
    return _with(
        "item",
        _quoted("title", revision.title),
        _plain("link", link),
        _plain("pubDate", format_datetime(gmt) if gmt else ""),
        _quoted("dc:creator", login),
        guid,
        _plain("description", ""),
        _quoted("content:encoded", revision.content),
        _quoted("excerpt:encoded", revision.excerpt),
        _plain("wp:post_id", post.id),
        _quoted("wp:post_date", moments.written(post.date_local)),
        _quoted("wp:post_date_gmt", moments.written(gmt and at_site(gmt, UTC))),
        _quoted("wp:post_modified", moments.written(post.modified_local)),
        _quoted("wp:post_modified_gmt", moments.written(at_site(post.modified_gmt, UTC))),
        _quoted("wp:comment_status", post.comment_status),
        _quoted("wp:ping_status", post.ping_status),
        _quoted("wp:post_name", post.slug),
        _quoted("wp:status", post.status),
        _plain("wp:post_parent", post.parent_id or 0),
        _plain("wp:menu_order", post.menu_order),
        _quoted("wp:post_type", post.post_type),
        _quoted("wp:post_password", post.password),
        _plain("wp:is_sticky", int(post.is_sticky)),
        *_categories(revision, terms),
        *(
            _with("wp:postmeta", _quoted("wp:meta_key", key), _quoted("wp:meta_value", value))
            for key, value in _meta(post, revision)
        ),
    )


def _categories(revision: Revision, terms: Mapping[int, Term]) -> Iterable[etree._Element]:
    for ids in revision.terms.values():
        for term in (terms[term_id] for term_id in ids if term_id in terms):
            element = _quoted("category", term.name)
            element.set("domain", term.taxonomy)
            element.set("nicename", term.slug)
            yield element


def _meta(post: Post, revision: Revision) -> Iterable[tuple[str, str]]:
    if revision.template:
        yield "_wp_page_template", revision.template
    if revision.featured_media:
        yield "_thumbnail_id", str(revision.featured_media)
    if post.trashed_status:
        yield "_wp_trash_meta_status", post.trashed_status
    for key, value in revision.meta.items():
        yield key, _meta_text(value)
    yield from meta_of(revision.parts.get(seo.PART, {}))


def _meta_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | dict):
        return serialize(value)
    return "" if value is None else str(value)
