"""A post as WordPress shows it: keys in its order, by context, with its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request

from cms.content import schedule, seo
from cms.content.models import PostSchedule
from cms.content.permalinks import Permalinks, load
from cms.content.permissions import may_delete, may_edit
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy
from cms.markup.slugs import slug_of
from cms.rest.post_arguments import has
from cms.rest.post_links import PostLinks
from cms.rest.shape import front_url, site_url


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
        rows = [view.post for view in views]
        permalinks = await load(self.work, rows, templates=context == "edit")
        plans = await self._plans(views, context)
        result = []
        for view, added in zip(views, extra, strict=True):
            own = self._own(view, context, permalinks)
            fields = {**own, **plans.get(view.id, {}), **added}
            body = await self.work.shape(PostBody(view, context, fields))
            result.append({**body.fields, "_links": self._links(view, context)})
        return result

    def _links(self, view: PostView, context: str) -> dict[str, Any]:
        links = PostLinks(self.request, self.work.actor, self.post_type, self.taxonomies)
        return links.of(view, context)

    async def _plans(self, views: Sequence[PostView], context: str) -> dict[int, dict[str, Any]]:
        """What editors are told of posts that wait for their time; nobody else asks for it."""
        waiting = [view.id for view in views if view.post.status == Status.FUTURE.value]
        if context != "edit" or not waiting:
            return {}
        plans = await schedule.of_posts(self.work, waiting)
        return {post_id: {"cms_schedule": _plan(plan)} for post_id, plan in plans.items()}

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

    def _own(self, view: PostView, context: str, permalinks: Permalinks) -> dict[str, Any]:
        post, revision = view.post, view.revision
        shows = {"view": "v", "edit": "e", "embed": "m"}[context]
        protected = _is_closed(view, context)
        site = front_url(self.request, self.work.tenant.site)
        fields: list[tuple[str, str, Any]] = [
            ("id", "vem", post.id),
            ("date", "vem", _wall(post.date_local)),
            ("date_gmt", "ve", None if post.is_date_floating else _utc(post.date_gmt)),
            ("guid", "ve", self._guid(post.id, context)),
            ("modified", "ve", _wall(post.modified_local)),
            ("modified_gmt", "ve", _utc(post.modified_gmt)),
            ("password", "e", post.password),
            ("slug", "vem", self._slug(view)),
            ("status", "ve", post.status),
            ("type", "vem", post.post_type),
            ("link", "vem", f"{site}{permalinks.path(post)}"),
            *self._if("title", ("title", "vem", self._text(view, "title", context))),
            *self._if("editor", ("content", "ve", self._content(view, context, protected))),
            *self._if("excerpt", ("excerpt", "vem", self._excerpt(view, context, protected))),
            *self._if("author", ("author", "vem", view.owner_id)),
            *self._if("thumbnail", ("featured_media", "vem", revision.featured_media or 0)),
            *([("parent", "ve", post.parent_id or 0)] if self.post_type.is_hierarchical else []),
            *self._if("page-attributes", ("menu_order", "ve", post.menu_order)),
            *self._if("comments", ("comment_status", "ve", post.comment_status)),
            *self._if("comments", ("ping_status", "ve", post.ping_status)),
            *([("sticky", "ve", post.is_sticky)] if self.post_type.has_sticky else []),
            ("template", "ve", revision.template),
            *self._if("post-formats", ("format", "ve", post.format)),
            # PHP has one kind of array: an empty object leaves as an empty list, and clients know.
            *self._if("custom-fields", ("meta", "ve", self._meta(view, protected))),
            *((t.rest_base, "ve", self._filed_under(view, t)) for t in self.taxonomies),
            ("permalink_template", "e", f"{site}{permalinks.template(post)}"),
            ("generated_slug", "e", self._slug(view) or slug_of(revision.title)),
            *self._seo(view, protected, f"{site}{permalinks.path(post)}"),
        ]
        return {name: value for name, contexts, value in fields if shows in contexts}

    def _if(self, feature: str, *fields: tuple[str, str, Any]) -> tuple[tuple[str, str, Any], ...]:
        return fields if has(self.post_type, feature) else ()

    def _slug(self, view: PostView) -> str:
        post, revision = view.post, view.revision
        return post.slug if view.is_shown else revision.slug or post.slug

    def _filed_under(self, view: PostView, taxonomy: Taxonomy) -> list[int]:
        """Revisions never change, so they may name terms that have been deleted since."""
        return self.work.tenant.declared.living(view.revision.terms.get(taxonomy.name, []))

    def _meta(self, view: PostView, protected: bool) -> Any:
        """Every registered key, with its default where the post has no value."""
        stored = {} if protected else view.revision.meta
        return {key.name: stored.get(key.name, key.default) for key in self.meta_keys} or []

    def _seo(self, view: PostView, protected: bool, link: str) -> list[tuple[str, str, Any]]:
        """What SEO plug-ins of WordPress add, for the posts that have it."""
        part = view.part(seo.PART)
        if not part or protected:
            return []
        post, tenant, site = view.post, self.work.tenant, self.work.tenant.site
        head = seo.head_json(
            part,
            title=view.rendering.title,
            excerpt=view.rendering.excerpt,
            link=link,
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

    def allow(self, view: PostView | None = None) -> list[str]:
        """The methods of this address for this person, as the `Allow` header says."""
        actor = self.work.actor
        if view is None:
            may = not actor.is_anonymous and actor.has(self.post_type.capability("edit"))
            return ["GET", "POST"] if may else ["GET"]
        writes = ["POST", "PUT", "PATCH"] if may_edit(actor, self.post_type, view.post) else []
        deletes = ["DELETE"] if may_delete(actor, self.post_type, view.post) else []
        return ["GET", *writes, *deletes]


def _plan(plan: PostSchedule) -> dict[str, Any]:
    """When a post is published and as whom, and why it was not."""
    return {
        "publish_at_gmt": _utc(plan.publish_at),
        "planned_by": plan.planned_by,
        "refused_at_gmt": _utc(plan.refused_at),
        "objections": plan.objections,
    }


def _is_closed(view: PostView, context: str) -> bool:
    """Whether this reader must give the post's password first."""
    return bool(view.post.password) and context != "edit" and not view.is_unlocked


def _wall(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S")


def _offset(value: datetime | None) -> str | None:
    return f"{_wall(value.astimezone(UTC))}+00:00" if value else None


def _utc(value: datetime | None) -> str | None:
    return _wall(value.astimezone(UTC)) if value else None
