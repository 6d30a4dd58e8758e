"""Reusable blocks and navigation menus made of blocks: posts without a page of their own."""

from collections.abc import Sequence
from typing import Any

from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.rest.post_arguments import Table
from cms.rest.post_body import Presenter
from cms.rest.posts import Asked, PostResource
from cms.rest.shape import front_url
from cms.site.types import BLOCK

_WRITTEN = (
    "date", "date_gmt", "slug", "status", "password", "title", "content", "template",
)  # fmt: skip
_SHOWN = frozenset(
    [
        *_WRITTEN, "id", "guid", "modified", "modified_gmt", "type", "link", "_links",
    ]
)  # fmt: skip
# Nobody wrote them, nothing is filed under them.
_UNLINKED = frozenset({"author", "replies", "wp:featuredmedia", "wp:term"})


class BlockPresenter(Presenter):
    """Shows what WordPress shows of these types; of a reusable block the text as it is stored."""

    async def bodies(self, views: Sequence[PostView], context: str) -> list[dict[str, Any]]:
        shown = await super().bodies(views, context)
        return [self._shaped(view, one, context) for view, one in zip(views, shown, strict=True)]

    def _shaped(self, view: PostView, body: dict[str, Any], context: str) -> dict[str, Any]:
        address = f"{front_url(self.request, self.work.tenant.site)}/?post_type="
        address += f"{view.post.post_type}&p={view.post.id}"
        fields = {name: value for name, value in body.items() if name in _SHOWN}
        fields["link"] = address
        if "guid" in fields:
            fields["guid"] = dict.fromkeys(fields["guid"], address)
        if self.post_type.name == BLOCK:
            fields |= self._raw(view, fields, context)
        fields["_links"] = {
            rel: links for rel, links in body["_links"].items() if rel not in _UNLINKED
        }
        return fields

    def _raw(self, view: PostView, body: dict[str, Any], context: str) -> dict[str, Any]:
        # PHP has one kind of array: an empty object leaves as an empty list.
        title = {"raw": view.revision.title} if context != "embed" else []
        if "content" not in body:
            return {"title": title}
        content = {name: one for name, one in body["content"].items() if name != "rendered"}
        is_closed = bool(view.post.password) and context != "edit" and not view.is_unlocked
        raw = {"raw": "" if is_closed else view.revision.content}
        return {"title": title, "content": {**raw, **content}}


class BlockResource(PostResource):
    """The common routes of posts, for a type that has title and content only."""

    def presenter(self, request: Asked, work: UnitOfWork) -> Presenter:
        return BlockPresenter(
            request, work, self.post_type, self.taxonomies, self.fields, self.meta_keys
        )

    def write_arguments(self) -> Table:
        return {name: one for name, one in super().write_arguments().items() if name in _WRITTEN}
