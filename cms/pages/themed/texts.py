"""Texts as templates get them: what REST gives of them, with the HTML marked as such, and beside
it who wrote it, under what it is filed, and its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any

from litestar import Request
from sqlalchemy import select

from cms.content import reading
from cms.content.models import Term
from cms.content.permalinks import author_path, term_path
from cms.content.reading import PostView
from cms.content.responsive import responsive
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.pages.themed.tables import in_frames
from cms.rest.posts import PostResource
from cms.rest.shape import front_url, uploads_url
from cms.site.themes import Theme, stored

Facts = dict[str, Any]


@dataclass(frozen=True)
class Beside:
    """What texts of a page name by id, loaded for all of them at once."""

    terms: Mapping[int, Term] = field(default_factory=dict)
    people: Mapping[int, User] = field(default_factory=dict)
    pictures: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Texts:
    """Presents texts for one page."""

    request: Request[Any, Any, Any]
    work: UnitOfWork
    theme: Theme

    async def whole(self, view: PostView) -> Facts:
        """A single text with everything that is known of it."""
        body = await self._resource(view.post.post_type).body(view, "view")
        return self._facts(view, body, await self._beside([view]))

    async def cards(self, posts: Sequence[tuple[int, str]]) -> list[Facts]:
        """Texts of a list, by id and type, in its order: with the fields that the theme wants on
        cards, and no others. Statements grow with the number of types, not of texts."""
        shown: list[tuple[PostView, Facts]] = []
        for name in dict.fromkeys(name for _, name in posts):
            ids = [post_id for post_id, of_type in posts if of_type == name]
            views = await reading.some(self.work, self.work.registry.post_types[name], ids)
            presenter = self._resource(name)
            wanted = set(self.theme.manifest.card_fields)
            fields = [one for one in presenter.rest_fields if one.name in wanted]
            bodies = await replace(presenter, rest_fields=fields).bodies(views, "view")
            shown += zip(views, bodies, strict=True)
        beside = await self._beside([view for view, _ in shown])
        made = {view.id: self._facts(view, body, beside) for view, body in shown}
        return [made[post_id] for post_id, _ in posts if post_id in made]

    def _resource(self, name: str) -> Any:
        declared = self.work.registry.post_types[name]
        resource = PostResource.of(self.work.registry, declared)
        return resource.presenter(self.request, self.work)

    async def _beside(self, views: Sequence[PostView]) -> Beside:
        work, declared = self.work, self.work.tenant.declared
        filed = [
            t for v in views for ids in v.revision.terms.values() for t in declared.living(ids)
        ]
        pictures = [v.revision.featured_media for v in views if v.revision.featured_media]
        return Beside(
            await _rows(work, Term, filed),
            await _rows(work, User, [view.owner_id for view in views]),
            await responsive(work, pictures, uploads_url(self.request)) if pictures else {},
        )

    def _facts(self, view: PostView, body: Facts, beside: Beside) -> Facts:
        declared = self.work.registry.post_types[view.post.post_type]
        words = self.theme.says(self.work.tenant.language)
        excerpt, content = body.get("excerpt") or {}, body.get("content") or {}
        return {
            "id": view.id,
            "type": declared.name,
            "label": declared.singular or declared.label,
            "link": body["link"],
            "language": view.revision.language.replace("_", "-"),
            "title": stored((body.get("title") or {}).get("rendered", "")),
            "content": stored(in_frames(content.get("rendered", ""), words("table"))),
            "excerpt": stored(excerpt.get("rendered", "")),
            "is_closed": bool(view.post.password) and not view.is_unlocked,
            "published": view.post.date_local,
            "modified": view.post.modified_local,
            "published_utc": _utc(view.post.date_gmt),
            "modified_utc": _utc(view.post.modified_gmt),
            "is_live": view.is_live,
            "is_sticky": view.post.is_sticky,
            "author": self._author(view, beside),
            "terms": self._terms(view, beside),
            "picture": beside.pictures.get(view.revision.featured_media or 0),
            # As REST gives it; plain values, so that a template escapes them.
            "rest": {name: value for name, value in body.items() if name != "_links"},
        }

    def _author(self, view: PostView, beside: Beside) -> Facts | None:
        person = beside.people.get(view.owner_id)
        if person is None or "author" not in view_supports(self.work, view):
            return None
        # Only of somebody who has published does the site say that she exists.
        link = f"{self._front}{author_path(person)}" if view.is_live else ""
        return {"name": person.display_name, "link": link}

    def _terms(self, view: PostView, beside: Beside) -> list[Facts]:
        """By taxonomy, in the order of the registry; those that are not public say nothing."""
        groups = []
        for taxonomy in self.work.registry.taxonomies.values():
            ids = view.revision.terms.get(taxonomy.name, ())
            terms = [beside.terms[one] for one in ids if one in beside.terms]
            if taxonomy.is_public and terms:
                shown = [
                    {"name": one.name, "link": f"{self._front}{term_path(taxonomy, one)}"}
                    for one in terms
                ]
                groups.append({"name": taxonomy.name, "label": taxonomy.label, "terms": shown})
        return groups

    @property
    def _front(self) -> str:
        return front_url(self.request, self.work.tenant.site)


def view_supports(work: UnitOfWork, view: PostView) -> Sequence[str]:
    return work.registry.post_types[view.post.post_type].supports


def _utc(moment: Any) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


async def _rows(work: UnitOfWork, model: Any, ids: Sequence[int]) -> dict[int, Any]:
    if not ids:
        return {}
    statement = select(model).where(model.tenant_id == work.tenant_id, model.id.in_(set(ids)))
    return {row[0].id: row[0] for row in await work.all(statement)}
