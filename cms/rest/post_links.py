"""The `_links` of a post, in WordPress's order."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from litestar import Request

from cms.content.cleaning import stores_scripts
from cms.content.features import has
from cms.content.permissions import may_publish
from cms.content.reading import PostView
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType, Taxonomy
from cms.rest.shape import CURIES, rest_url

# What WordPress maps a taxonomy's own capabilities to.
_MANAGE_TERMS, _ASSIGN_TERMS = "manage_categories", "edit_posts"


@dataclass(frozen=True)
class PostLinks:
    """The links of posts of one type for one request."""

    request: Request[Any, Any, Any]
    actor: Actor
    post_type: PostType
    taxonomies: list[Taxonomy]

    def of(self, view: PostView, context: str) -> dict[str, Any]:
        """Each relation with its targets; in the edit context also what this person may do."""
        post, post_type, to = view.post, self.post_type, self._to
        own = f"{post_type.rest_base}/{post.id}"
        links: dict[str, Any] = {
            "self": [to(own)],
            "collection": [to(post_type.rest_base)],
            "about": [to(f"types/{post.post_type}")],
        }
        if has(post_type, "author"):
            links["author"] = [to(f"users/{view.owner_id}", embeddable=True)]
        if has(post_type, "comments"):
            links["replies"] = [to(f"comments?post={post.id}", embeddable=True)]
        if has(post_type, "revisions"):
            history, latest = f"{own}/revisions", view.revision.id
            links["version-history"] = [{"count": post.version_number, **to(history)}]
            links["predecessor-version"] = [{"id": latest, **to(f"{history}/{latest}")}]
        if post_type.is_hierarchical and post.parent_id:
            links["up"] = [to(f"{post_type.rest_base}/{post.parent_id}", embeddable=True)]
        if view.revision.featured_media:
            picture = f"media/{view.revision.featured_media}"
            links["wp:featuredmedia"] = [to(picture, embeddable=True)]
        links["wp:attachment"] = [to(f"media?parent={post.id}")]
        if self.taxonomies:
            links["wp:term"] = [self._terms(one, post.id) for one in self.taxonomies]
        if context == "edit":
            for relation in _actions(self.actor, post_type, self.taxonomies):
                links[f"wp:action-{relation}"] = [to(own)]
        return {**links, "curies": CURIES}

    def _terms(self, taxonomy: Taxonomy, post_id: int) -> dict[str, Any]:
        listed = self._to(f"{taxonomy.rest_base}?post={post_id}", embeddable=True)
        return {"taxonomy": taxonomy.name, **listed}

    def _to(self, route: str, **more: Any) -> dict[str, Any]:
        return {**more, "href": self.base + route}

    @cached_property
    def base(self) -> str:
        """What all of them begin with: a page of posts has hundreds of links."""
        return rest_url(self.request, "/wp/v2/")


def _actions(actor: Actor, post_type: PostType, taxonomies: list[Taxonomy]) -> list[str]:
    edits_others = actor.has(post_type.capability("edit_others"))
    publishes = may_publish(actor, post_type)
    allowed = {
        "publish": publishes,
        "unfiltered-html": stores_scripts(actor, post_type),
        "sticky": post_type.has_sticky and edits_others and publishes,
        "assign-author": has(post_type, "author") and edits_others,
    }
    for taxonomy in taxonomies:
        assigns = actor.has(_ASSIGN_TERMS)
        creates = actor.has(_MANAGE_TERMS) if taxonomy.is_hierarchical else assigns
        allowed |= {
            f"create-{taxonomy.rest_base}": creates,
            f"assign-{taxonomy.rest_base}": assigns,
        }
    return [relation for relation, is_allowed in allowed.items() if is_allowed]
