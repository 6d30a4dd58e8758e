"""Posts, immutable revisions, what was rendered from them, terms."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Computed, DateTime, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow

WallTime = DateTime(timezone=False)


class Post(TenantRow, Base):
    """The identity and the immediate properties of a post. `author_id`, `slug` and `title` repeat
    those of the revision that readers see (or of the working one), for lists and addresses."""

    __tablename__ = "posts"
    __table_args__ = (PROTECTED,)

    post_type: Mapped[CText]
    status: Mapped[CText]
    language: Mapped[CText]
    translation_group: Mapped[int] = mapped_column(BigInteger)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    author_id: Mapped[int] = mapped_column(BigInteger)
    last_editor_id: Mapped[int] = mapped_column(BigInteger)
    slug: Mapped[CText] = mapped_column(default="")
    title: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text(collation="C"), Computed("cms.fold(title)"))
    password: Mapped[str] = mapped_column(Text, default="")
    is_sticky: Mapped[bool] = mapped_column(default=False)
    comment_status: Mapped[CText] = mapped_column(default="open")
    ping_status: Mapped[CText] = mapped_column(default="open")
    menu_order: Mapped[int] = mapped_column(default=0)
    date_gmt: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    date_local: Mapped[datetime] = mapped_column(WallTime)
    is_date_floating: Mapped[bool] = mapped_column(default=True)
    modified_gmt: Mapped[Moment]
    modified_local: Mapped[datetime] = mapped_column(WallTime)
    created_at: Mapped[Moment]
    version_number: Mapped[int] = mapped_column(default=0)
    live_revision_id: Mapped[int | None] = mapped_column(BigInteger)
    working_revision_id: Mapped[int | None] = mapped_column(BigInteger)
    trashed_status: Mapped[CText | None]
    format: Mapped[CText] = mapped_column(default="standard")
    has_been_live: Mapped[bool] = mapped_column(default=False)


class Revision(TenantRow, Base):
    """A snapshot of everything versioned. Never changed: the application has no right to."""

    __tablename__ = "revisions"
    __table_args__ = (PROTECTED,)

    post_id: Mapped[int] = mapped_column(BigInteger)
    base_revision_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[CText]
    language: Mapped[CText]
    editor_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    schema_version: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(Text)
    slug: Mapped[CText]
    author_id: Mapped[int] = mapped_column(BigInteger)
    featured_media: Mapped[int | None] = mapped_column(BigInteger)
    template: Mapped[CText]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    meta: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Rendering(Base):
    """What readers get of a revision; made on write, and again by a job when the rules change."""

    __tablename__ = "renderings"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    render_version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(Text)
    dependencies: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RenderingUse(Base):
    """That a rendering refers to an attachment (`media`) or a reusable block (`block`)."""

    __tablename__ = "rendering_uses"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[CText] = mapped_column(primary_key=True)
    used_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class PostCount(Base):
    """How many posts of a type have a status, spread over buckets that are added up on reading."""

    __tablename__ = "post_counts"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_type: Mapped[CText] = mapped_column(primary_key=True)
    status: Mapped[CText] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    posts: Mapped[int] = mapped_column(BigInteger)


class PostSchedule(Base):
    """When a post of status `future` is published, and as whom; and why it was not."""

    __tablename__ = "post_schedules"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    publish_at: Mapped[Moment]
    planned_by: Mapped[int] = mapped_column(BigInteger)
    planned_at: Mapped[Moment]
    method: Mapped[CText]
    factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    authenticated_at: Mapped[Moment]
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    objections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class PostHead(Base):
    """A working text of a live post that was set aside, so that another one can be written from
    what readers have. `base_revision_id` is what they had when it was."""

    __tablename__ = "post_heads"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[CText] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    base_revision_id: Mapped[int] = mapped_column(BigInteger)
    set_aside_by: Mapped[int | None] = mapped_column(BigInteger)
    set_aside_at: Mapped[Moment]


class EditLock(Base):
    """Who has a text open, in which of her pages, and when that was last heard of."""

    __tablename__ = "edit_locks"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger)
    token: Mapped[CText]
    seen_at: Mapped[Moment]


class Autosave(TenantRow, Base):
    """What somebody has written and not saved, of a post that readers or others rely on."""

    __tablename__ = "autosaves"
    __table_args__ = (PROTECTED,)

    post_id: Mapped[int] = mapped_column(BigInteger)
    editor_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(Text)
    modified_at: Mapped[Moment]


class Term(TenantRow, Base):
    __tablename__ = "terms"
    __table_args__ = (PROTECTED,)

    taxonomy: Mapped[CText]
    name: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"), Computed("cms.fold(name)"))
    slug: Mapped[CText]
    description: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    meta: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class TermRelationship(Base):
    __tablename__ = "term_relationships"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    term_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class DroppedTerm(Base):
    """The id of a deleted term, which immutable revisions go on naming, and what posts that were
    left with none got in its place."""

    __tablename__ = "dropped_terms"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    taxonomy: Mapped[CText]
    replaced_by: Mapped[int | None] = mapped_column(BigInteger)


class ContentType(Base):
    """A type of content that a site has declared for itself."""

    __tablename__ = "content_types"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[CText] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class SiteTaxonomy(Base):
    """A taxonomy that a site has declared for itself."""

    __tablename__ = "taxonomies"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[CText] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class SearchDocument(Base):
    """The words by which a post is found, by weight; read only through cms.search_posts_3()."""

    __tablename__ = "search_documents"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[CText]
    title: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(Text)
    vector: Mapped[Any] = mapped_column(TSVECTOR, Computed("…"))
