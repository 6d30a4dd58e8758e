"""A post as WordPress shows it: keys in its order, by context, with its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request

from cms.content import schedule, sealed_meta, seo
from cms.content.bodies import PostBody
from cms.content.models import PostSchedule
from cms.content.permalinks import Permalinks, load
from cms.content.permissions import may_delete, may_edit
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy
from cms.rest import acf
from cms.rest.post_fields import Shown, editors_fields, is_closed, own_fields, utc
from cms.rest.post_links import PostLinks
from cms.rest.shape import front_url, site_url


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
        custom = await acf.of_posts(self.request, self.work, self.post_type, views, context)
        rows = [view.post for view in views]
        permalinks = await load(self.work, rows, templates=context == "edit")
        plans = await self._plans(views, context)
        links = PostLinks(self.request, self.work.actor, self.post_type, self.taxonomies)
        result = []
        stored = [view.revision.meta for view in views]
        metas = await sealed_meta.readable(self.work, self.meta_keys, stored)
        for view, added, values, meta in zip(views, extra, custom, metas, strict=True):
            own = self._own(view, context, permalinks, meta)
            fields = {**own, **plans.get(view.id, {}), **added, **values.fields}
            body = await self.work.shape(PostBody(view, context, fields))
            added_links = values.beside(links.of(view, context))
            result.append({**body.fields, "_links": added_links})
        return result

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
                [view.part(field.part).get(field.name, field.unset) for view in views]
                if field.part is not None
                else await field.compute(self.work, views)  # type: ignore[misc]
            )
            for view, body, value in zip(views, added, values, strict=True):
                # A plugin's part is content like any other, and the password protects it too.
                if field.part is None or not is_closed(view, context):
                    body[field.name] = value
        return added

    def _own(
        self, view: PostView, context: str, permalinks: Permalinks, meta: Mapping[str, Any]
    ) -> dict[str, Any]:
        shown = Shown(
            view,
            front_url(self.request, self.work.tenant.site),
            site_url(self.request),
            permalinks,
            self.meta_keys,
            meta,
            is_edit=context == "edit",
            is_closed=is_closed(view, context),
        )
        fields = own_fields(shown, self.post_type, context)
        if context != "embed":
            for taxonomy in self.taxonomies:
                fields[taxonomy.rest_base] = self._filed_under(view, taxonomy)
        if shown.is_edit:
            fields |= editors_fields(shown)
        if not shown.is_closed and view.part(seo.PART):
            fields["yoast_head_json"] = self._seo(view, shown.link)
        return fields

    def _filed_under(self, view: PostView, taxonomy: Taxonomy) -> list[int]:
        """Revisions never change, so they may name terms that have been deleted since."""
        return self.work.tenant.declared.living(view.revision.terms.get(taxonomy.name, []))

    def _seo(self, view: PostView, link: str) -> dict[str, Any]:
        """What SEO plug-ins of WordPress add, for the posts that have it."""
        post, tenant, site = view.post, self.work.tenant, self.work.tenant.site
        return seo.head_json(
            view.part(seo.PART),
            title=view.rendering.title,
            excerpt=view.rendering.excerpt,
            link=link,
            site_name=site.title or tenant.name,
            site_description=site.description,
            language=view.revision.language,
            published=_offset(post.date_gmt) if post.live_revision_id else None,
            modified=_offset(post.modified_gmt),
        )

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
        "publish_at_gmt": utc(plan.publish_at),
        "planned_by": plan.planned_by,
        "refused_at_gmt": utc(plan.refused_at),
        "objections": plan.objections,
    }


def _offset(value: datetime | None) -> str | None:
    return f"{utc(value)}+00:00" if value else None
