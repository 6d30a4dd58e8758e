"""A post as WordPress shows it: keys in its order, by context, with its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request

from cms.content import seo
from cms.content.permissions import may_delete, may_edit, may_publish
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy
from cms.markup.slugs import slug_of
from cms.rest.shape import CURIES, rest_url, site_url


@dataclass
class PostBody:
    """The body of one post on its way out; filters of this class may add to `fields`."""

    view: PostView
    context: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Presenter:
    """Presents posts of one type for one request."""

    request: Request[Any, Any, Any]
    work: UnitOfWork
    post_type: PostType
    taxonomies: list[Taxonomy]
    rest_fields: list[RestField]
    meta_keys: list[MetaKey]

    async def bodies(self, views: Sequence[PostView], context: str) -> list[dict[str, Any]]:
        """One body for each view. Computed fields are asked for the whole page at once."""
        extra = await self._computed(views, context)
        result = []
        for view, added in zip(views, extra, strict=True):
            fields = {**self._own(view, context), **added}
            body = await self.work.shape(PostBody(view, context, fields))
            result.append({**body.fields, "_links": self._links(view, context)})
        return result

    async def body(self, view: PostView, context: str) -> dict[str, Any]:
        return (await self.bodies([view], context))[0]

    async def _computed(self, views: Sequence[PostView], context: str) -> list[dict[str, Any]]:
        added: list[dict[str, Any]] = [{} for _ in views]
        for field in self.rest_fields:
            if context not in field.contexts:
                continue
            values = (
                [view.part(field.part).get(field.name) for view in views]
                if field.part is not None
                else await field.compute(self.work, views)  # type: ignore[misc]
            )
            for view, body, value in zip(views, added, values, strict=True):
                # A plugin's part is content like any other, and the password protects it too.
                if field.part is None or not _is_closed(view, context):
                    body[field.name] = value
        return added

    def _own(self, view: PostView, context: str) -> dict[str, Any]:
        post, revision = view.post, view.revision
        shows = {"view": "v", "edit": "e", "embed": "m"}[context]
        protected = _is_closed(view, context)
        fields: list[tuple[str, str, Any]] = [
            ("id", "vem", post.id),
            ("date", "vem", _wall(post.date_local)),
            ("date_gmt", "ve", None if post.is_date_floating else _utc(post.date_gmt)),
            ("guid", "ve", self._guid(post.id, context)),
            ("modified", "ve", _wall(post.modified_local)),
            ("modified_gmt", "ve", _utc(post.modified_gmt)),
            ("password", "e", post.password),
            ("slug", "vem", post.slug if view.is_shown else revision.slug or post.slug),
            ("status", "ve", post.status),
            ("type", "vem", post.post_type),
            ("link", "vem", self._permalink(view)),
            ("title", "vem", self._text(view, "title", context)),
            ("content", "ve", self._content(view, context, protected)),
            ("excerpt", "vem", self._excerpt(view, context, protected)),
            ("author", "vem", revision.author_id),
            ("featured_media", "vem", revision.featured_media or 0),
            ("comment_status", "ve", post.comment_status),
            ("ping_status", "ve", post.ping_status),
            *([("sticky", "ve", post.is_sticky)] if "sticky" in self.post_type.supports else []),
            ("template", "ve", revision.template),
            # PHP has one kind of array: an empty object leaves as an empty list, and clients know.
            ("meta", "ve", self._meta(view, protected)),
            *((t.rest_base, "ve", revision.terms.get(t.name, [])) for t in self.taxonomies),
            ("permalink_template", "e", self._permalink_template()),
            ("generated_slug", "e", revision.slug or slug_of(revision.title)),
            *self._seo(view, protected),
        ]
        return {name: value for name, contexts, value in fields if shows in contexts}

    def _meta(self, view: PostView, protected: bool) -> Any:
        """Every registered key, with its default where the post has no value."""
        stored = {} if protected else view.revision.meta
        return {key.name: stored.get(key.name, key.default) for key in self.meta_keys} or []

    def _seo(self, view: PostView, protected: bool) -> list[tuple[str, str, Any]]:
        """What SEO plug-ins of WordPress add, for the posts that have it."""
        part = view.part(seo.PART)
        if not part or protected:
            return []
        post, tenant, site = view.post, self.work.tenant, self.work.tenant.site
        head = seo.head_json(
            part,
            title=view.rendering.title,
            excerpt=view.rendering.excerpt,
            link=self._permalink(view),
            site_name=site.title or tenant.name,
            site_description=site.description,
            language=view.revision.language,
            published=_offset(post.date_gmt) if post.live_revision_id else None,
            modified=_offset(post.modified_gmt),
        )
        return [("yoast_head_json", "vem", head)]

    def _text(self, view: PostView, name: str, context: str) -> dict[str, Any]:
        rendered = getattr(view.rendering, name)
        if name == "title" and view.post.status == Status.PRIVATE.value:
            rendered = f"Private: {rendered}"
        raw = {"raw": getattr(view.revision, name)} if context == "edit" else {}
        return {**raw, "rendered": rendered}

    def _content(self, view: PostView, context: str, protected: bool) -> dict[str, Any]:
        body = {
            "rendered": "" if protected else view.rendering.content,
            "protected": bool(view.post.password),
        }
        if context == "edit":
            version = 1 if "<!-- wp:" in view.revision.content else 0
            return {"raw": view.revision.content, **body, "block_version": version}
        return body

    def _excerpt(self, view: PostView, context: str, protected: bool) -> dict[str, Any]:
        body = {
            "rendered": "" if protected else view.rendering.excerpt,
            "protected": bool(view.post.password),
        }
        return {"raw": view.revision.excerpt, **body} if context == "edit" else body

    def _guid(self, post_id: int, context: str) -> dict[str, str]:
        address = f"{site_url(self.request)}/?p={post_id}"
        raw = {"raw": address} if context == "edit" else {}
        return {"rendered": address, **raw}

    def _permalink(self, view: PostView) -> str:
        site, post = site_url(self.request), view.post
        if not Status(post.status).shows_revision or not post.slug:
            kind = "" if post.post_type == "post" else f"post_type={post.post_type}&"
            return f"{site}/?{kind}p={post.id}"
        prefix = "" if post.post_type == "post" else f"/{self.post_type.rest_base}"
        return f"{site}{prefix}/{post.slug}/"

    def _permalink_template(self) -> str:
        prefix = "" if self.post_type.name == "post" else f"/{self.post_type.rest_base}"
        return f"{site_url(self.request)}{prefix}/%postname%/"

    def _links(self, view: PostView, context: str) -> dict[str, Any]:
        post, base = view.post, f"/wp/v2/{self.post_type.rest_base}"
        own = f"{base}/{post.id}"
        author = rest_url(self.request, f"/wp/v2/users/{view.author_id}")
        links: dict[str, Any] = {
            "self": [{"href": rest_url(self.request, own)}],
            "collection": [{"href": rest_url(self.request, base)}],
            "about": [{"href": rest_url(self.request, f"/wp/v2/types/{post.post_type}")}],
            "author": [{"embeddable": True, "href": author}],
            "version-history": [
                {"count": post.version_number, "href": rest_url(self.request, f"{own}/revisions")}
            ],
            "predecessor-version": [
                {
                    "id": view.revision.id,
                    "href": rest_url(self.request, f"{own}/revisions/{view.revision.id}"),
                }
            ],
        }
        if self.taxonomies:
            links["wp:term"] = [self._term_link(t, post.id) for t in self.taxonomies]
        if context == "edit":
            links.update(self._action_links(links["self"][0]["href"]))
        return {**links, "curies": CURIES}

    def _term_link(self, taxonomy: Taxonomy, post_id: int) -> dict[str, Any]:
        href = rest_url(self.request, f"/wp/v2/{taxonomy.rest_base}?post={post_id}")
        return {"taxonomy": taxonomy.name, "embeddable": True, "href": href}

    def _action_links(self, own: str) -> dict[str, Any]:
        actor, post_type = self.work.actor, self.post_type
        allowed = {
            "wp:action-publish": may_publish(actor, post_type),
            "wp:action-sticky": "sticky" in post_type.supports
            and actor.has(post_type.capability("edit_others")),
            "wp:action-assign-author": actor.has(post_type.capability("edit_others")),
        }
        return {rel: [{"href": own}] for rel, is_allowed in allowed.items() if is_allowed}

    def allow(self, view: PostView | None = None) -> list[str]:
        """The methods of this address for this person, as the `Allow` header says."""
        actor = self.work.actor
        if view is None:
            may = not actor.is_anonymous and actor.has(self.post_type.capability("edit"))
            return ["GET", "POST"] if may else ["GET"]
        writes = ["POST", "PUT", "PATCH"] if may_edit(actor, self.post_type, view.post) else []
        deletes = ["DELETE"] if may_delete(actor, self.post_type, view.post) else []
        return ["GET", *writes, *deletes]


def _is_closed(view: PostView, context: str) -> bool:
    """Whether this reader must give the post's password first."""
    return bool(view.post.password) and context != "edit" and not view.is_unlocked


def _wall(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S")


def _offset(value: datetime | None) -> str | None:
    return f"{_wall(value.astimezone(UTC))}+00:00" if value else None


def _utc(value: datetime | None) -> str | None:
    return _wall(value.astimezone(UTC)) if value else None
