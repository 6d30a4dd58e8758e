"""The three forms of a feed: RSS 2.0, Atom 1.0 (RFC 4287) and RSS 1.0."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import unescape

from cms.markup.tokens import MARKUP
from cms.site.elements import Element, add, document, name_in, root
from cms.site.feeds import Entry, Feed

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_ATOM = "http://www.w3.org/2005/Atom"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_SLASH = "http://purl.org/rss/1.0/modules/slash/"
_WFW = "http://wellformedweb.org/CommentAPI/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS1 = "http://purl.org/rss/1.0/"


@dataclass(frozen=True)
class Site:
    """What every feed of a site says: `home` has no slash at its end, `own` is the feed itself."""

    name: str
    description: str
    language: str
    home: str
    own: str


def rss2(site: Site, feed: Feed) -> bytes:
    """RSS 2.0 with the modules that WordPress's readers know."""
    top = root(
        "rss",
        {"content": _CONTENT, "wfw": _WFW, "dc": _DC, "atom": _ATOM, "sy": _SY, "slash": _SLASH},
    )
    top.set("version", "2.0")
    channel = add(top, "channel")
    add(channel, "title", _title(site, feed))
    add(channel, name_in(_ATOM, "link"), href=site.own, rel="self", type="application/rss+xml")
    add(channel, "link", site.home + feed.path)
    add(channel, "description", site.description)
    if feed.modified is not None:
        add(channel, "lastBuildDate", format_datetime(feed.modified))
    add(channel, "language", site.language)
    add(channel, name_in(_SY, "updatePeriod"), "hourly")
    add(channel, name_in(_SY, "updateFrequency"), "1")
    for entry in feed.entries:
        _item(add(channel, "item"), site, entry)
    return document(top)


def _item(item: Element, site: Site, entry: Entry) -> None:
    add(item, "title", _plain(entry.title))
    add(item, "link", site.home + entry.path)
    if entry.comments:
        add(item, "comments", site.home + entry.comments)
    add(item, name_in(_DC, "creator"), entry.author)
    for line in entry.contributors:
        add(item, name_in(_DC, "contributor"), line)
    add(item, "pubDate", format_datetime(entry.published))
    for name in entry.categories:
        add(item, "category", name)
    add(item, "guid", site.home + entry.guid, isPermaLink="false")
    add(item, "description", entry.summary)
    if entry.content:
        add(item, name_in(_CONTENT, "encoded"), entry.content)
    if entry.comments:
        own = entry.path.rstrip("/") + "/feed/"
        add(item, name_in(_WFW, "commentRss"), site.home + own)


def atom(site: Site, feed: Feed) -> bytes:
    """Atom 1.0."""
    top = root(name_in(_ATOM, "feed"), {None: _ATOM})
    top.set("{http://www.w3.org/XML/1998/namespace}lang", site.language)
    _atom(top, "title", _title(site, feed), type="text")
    if site.description:
        _atom(top, "subtitle", site.description, type="text")
    # An empty feed has changed at no time that is known; the element must stand (RFC 4287 §4.1.1).
    _atom(top, "updated", _stamp(feed.modified) if feed.modified else "1970-01-01T00:00:00Z")
    _atom(top, "link", rel="alternate", type="text/html", href=site.home + feed.path)
    _atom(top, "link", rel="self", type="application/atom+xml", href=site.own)
    _atom(top, "id", site.own)
    for entry in feed.entries:
        _atom_entry(_atom(top, "entry"), site, entry)
    return document(top)


def _atom_entry(item: Element, site: Site, entry: Entry) -> None:
    _atom(_atom(item, "author"), "name", entry.author)
    for line in entry.contributors:
        _atom(_atom(item, "contributor"), "name", line)
    _atom(item, "title", entry.title, type="html")
    _atom(item, "link", rel="alternate", type="text/html", href=site.home + entry.path)
    _atom(item, "id", site.home + entry.guid)
    _atom(item, "updated", _stamp(entry.modified))
    _atom(item, "published", _stamp(entry.published))
    for name in entry.categories:
        _atom(item, "category", term=name)
    _atom(item, "summary", entry.summary, type="html")
    if entry.content:
        _atom(item, "content", entry.content, type="html")


def _atom(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    return add(parent, name_in(_ATOM, name), text, **attributes)


def rdf(site: Site, feed: Feed) -> bytes:
    """RSS 1.0, an RDF document."""
    top = root(
        name_in(_RDF, "RDF"), {"rdf": _RDF, None: _RSS1, "dc": _DC, "content": _CONTENT, "sy": _SY}
    )
    channel = add(top, name_in(_RSS1, "channel"))
    channel.set(name_in(_RDF, "about"), site.home + feed.path)
    add(channel, name_in(_RSS1, "title"), _title(site, feed))
    add(channel, name_in(_RSS1, "link"), site.home + feed.path)
    add(channel, name_in(_RSS1, "description"), site.description)
    if feed.modified is not None:
        add(channel, name_in(_DC, "date"), _stamp(feed.modified))
    listed = add(add(channel, name_in(_RSS1, "items")), name_in(_RDF, "Seq"))
    for entry in feed.entries:
        address = site.home + entry.path
        add(listed, name_in(_RDF, "li")).set(name_in(_RDF, "resource"), address)
        item = add(top, name_in(_RSS1, "item"))
        item.set(name_in(_RDF, "about"), address)
        add(item, name_in(_RSS1, "title"), _plain(entry.title))
        add(item, name_in(_RSS1, "link"), address)
        add(item, name_in(_DC, "creator"), entry.author)
        for line in entry.contributors:
            add(item, name_in(_DC, "contributor"), line)
        add(item, name_in(_DC, "date"), _stamp(entry.published))
        for name in entry.categories:
            add(item, name_in(_DC, "subject"), name)
        add(item, name_in(_RSS1, "description"), entry.summary)
        if entry.content:
            add(item, name_in(_CONTENT, "encoded"), entry.content)
    return document(top)


def _title(site: Site, feed: Feed) -> str:
    return f"{feed.title} – {site.name}" if feed.title else site.name


def _plain(title: str) -> str:
    """A title without its marks and entities: RSS does not say whether one is HTML."""
    return unescape(MARKUP.sub("", title))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


FORMS: dict[str, tuple[str, Callable[[Site, Feed], bytes]]] = {
    "rss2": ("application/rss+xml; charset=UTF-8", rss2),
    "atom": ("application/atom+xml; charset=UTF-8", atom),
    "rdf": ("application/rdf+xml; charset=UTF-8", rdf),
}
# The other names by which WordPress knows them.
ALIASES = {"feed": "rss2", "rss": "rss2", "comments-rss2": "rss2", "comments-atom": "atom"}
