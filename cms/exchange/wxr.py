"""The nouns of a WordPress export (WXR 1.0 to 1.2), as they stand in the file."""

import msgspec


class Meta(msgspec.Struct, frozen=True):
    """A key and its value; the value may be PHP's serialize() format."""

    key: str
    value: str


class Author(msgspec.Struct, frozen=True):
    login: str
    id: int = 0
    email: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""


class Term(msgspec.Struct, frozen=True):
    """A category, tag or term of another taxonomy; `parent` is a slug."""

    taxonomy: str
    slug: str
    name: str
    id: int = 0
    parent: str = ""
    description: str = ""
    meta: tuple[Meta, ...] = ()


class TermRef(msgspec.Struct, frozen=True):
    """A term as an item names it."""

    taxonomy: str
    slug: str
    name: str


class Comment(msgspec.Struct, frozen=True):
    id: int
    author: str = ""
    author_email: str = ""
    author_url: str = ""
    author_ip: str = ""
    date: str = ""
    date_gmt: str = ""
    content: str = ""
    approved: str = ""
    type: str = ""
    parent: int = 0
    user_id: int = 0
    meta: tuple[Meta, ...] = ()


class Item(msgspec.Struct, frozen=True):
    """A row of WordPress's posts table: post, page, attachment, menu item, anything."""

    id: int = 0
    type: str = "post"
    title: str = ""
    link: str = ""
    creator: str = ""
    guid: str = ""
    content: str = ""
    excerpt: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    comment_status: str = ""
    ping_status: str = ""
    slug: str = ""
    status: str = ""
    parent: int = 0
    menu_order: int = 0
    password: str = ""
    is_sticky: bool = False
    attachment_url: str = ""
    terms: tuple[TermRef, ...] = ()
    meta: tuple[Meta, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def key(self) -> str:
        """What the item is known by when a newer export brings it again."""
        return str(self.id) if self.id else self.guid or f"{self.type}/{self.date}/{self.title}"

    def first(self, key: str) -> str | None:
        """The value of a meta key that has one value."""
        return next((meta.value for meta in self.meta if meta.key == key), None)


class Channel(msgspec.Struct, frozen=True):
    """What stands before the authors: where the export comes from."""

    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    version: str = ""
    base_site_url: str = ""
    base_blog_url: str = ""

    @property
    def source(self) -> str:
        """The site, without scheme: ids of a file are those of one site."""
        address = self.base_blog_url or self.link or self.base_site_url
        return address.partition("://")[2].strip("/").lower() or "unknown"


Entry = Channel | Author | Term | Item
