"""What posts link to and an answer can bring along: authors, terms, other posts."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Request
from sqlalchemy import select

from cms.content import permalinks, reading
from cms.content.models import Post, Term, TermRelationship
from cms.content.reading import PostQuery
from cms.content.statuses import Status
from cms.content.visibility import readable
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.identity.profiles import UserBody
from cms.kernel.declarations import Taxonomy
from cms.kernel.registry import Registry
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.posts import PostResource
from cms.rest.shape import CURIES, front_url, rest_url

Asked = Request[Any, Any, Any]


def embeds(registry: Registry) -> list[Embeddable]:
    """Users, the terms of a post by taxonomy, and single posts of the types that the common routes
    serve: featured media, parents and what menus point at."""
    served = (one for one in registry.post_types.values() if one.rest_controller == "posts")
    return [
        Embeddable("/wp/v2/users/{id}", load_users),
        *(
            Embeddable(f"/wp/v2/{one.rest_base}?post={{id}}", partial(load_terms, one))
            for one in registry.taxonomies.values()
        ),
        *(
            Embeddable(
                f"/wp/v2/{one.rest_base}/{{id}}",
                partial(load_posts, PostResource.of(registry, one)),
            )
            for one in served
        ),
    ]


async def load_users(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
    """People who have published, whoever asks; others only to those who may list them."""
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    has_published = (
        select(Post.id)
        .where(
            Post.tenant_id == User.tenant_id,
            Post.author_id == User.id,
            Post.post_type.in_(public),
            Post.status == Status.PUBLISH.value,
        )
        .exists()
    )
    rows = await work.all(
        select(User, has_published.label("has_published")).where(
            User.tenant_id == work.tenant_id, User.id.in_(ids)
        )
    )
    lists = work.actor.has("list_users")
    found: dict[int, Any] = dict.fromkeys(
        ids, RestError("rest_user_invalid_id", "Invalid user ID.", 404)
    )
    for user, published in rows:
        if published or lists or user.id == work.actor.user_id:
            found[user.id] = await _user(request, work, user)
        else:
            found[user.id] = RestError(
                "rest_user_cannot_view", "Sorry, you are not allowed to list users.", 403
            )
    return found


async def _user(request: Asked, work: UnitOfWork, user: User) -> dict[str, Any]:
    body = {
        "id": user.id,
        "name": user.display_name,
        "url": user.url,
        "description": user.description,
        "link": f"{front_url(request, work.tenant.site)}{permalinks.author_path(user)}",
        "slug": user.nicename,
        # No avatar service is asked: it would learn who reads what.
        "avatar_urls": {},
    }
    shaped = await work.shape(UserBody(user.id, "embed", body))
    links = {
        "self": [{"href": rest_url(request, f"/wp/v2/users/{user.id}")}],
        "collection": [{"href": rest_url(request, "/wp/v2/users")}],
    }
    return {**shaped.fields, "_links": links}


async def load_terms(
    taxonomy: Taxonomy, request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> Mapping[int, Any]:
    """The terms of each post in this taxonomy, by name. All taxonomies are read with the first."""
    found: dict[int, Any] = {one: [] for one in ids}
    for post_id, term in await _terms_of(request, work, ids):
        if term.taxonomy == taxonomy.name:
            found[post_id].append(_term(request, work, taxonomy, term))
    return found


async def _terms_of(
    request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> Sequence[tuple[int, Term]]:
    known = request.scope["state"].setdefault("embedded_terms", {})
    asked = frozenset(ids)
    if asked not in known:
        rows = await work.all(
            select(TermRelationship.post_id, Term)
            .join(
                Term,
                (Term.tenant_id == TermRelationship.tenant_id)
                & (Term.id == TermRelationship.term_id),
            )
            .join(
                Post,
                (Post.tenant_id == TermRelationship.tenant_id)
                & (Post.id == TermRelationship.post_id),
            )
            .where(
                TermRelationship.tenant_id == work.tenant_id,
                TermRelationship.post_id.in_(ids),
                _readable(work),
            )
            .order_by(Term.sort_key, Term.id)
        )
        known[asked] = [(row[0], row[1]) for row in rows]
    found: Sequence[tuple[int, Term]] = known[asked]
    return found


def _readable(work: UnitOfWork) -> Any:
    """Nobody learns what a post that she may not read is filed under."""
    rules = [
        (Post.post_type == one.name) & readable(work.actor, one)
        for one in work.registry.post_types.values()
    ]
    either = rules[0]
    for rule in rules[1:]:
        either |= rule
    return either


def _term(request: Asked, work: UnitOfWork, taxonomy: Taxonomy, term: Term) -> dict[str, Any]:
    own = f"/wp/v2/{taxonomy.rest_base}"
    base = work.registry.post_types
    listed = [
        {"href": rest_url(request, f"/wp/v2/{base[name].rest_base}?{taxonomy.rest_base}={term.id}")}
        for name in taxonomy.post_types
        if name in base
    ]
    links = {
        "self": [{"href": rest_url(request, f"{own}/{term.id}")}],
        "collection": [{"href": rest_url(request, own)}],
        "about": [{"href": rest_url(request, f"/wp/v2/taxonomies/{taxonomy.name}")}],
        "wp:post_type": listed,
        "curies": CURIES,
    }
    if term.parent_id:
        parent = rest_url(request, f"{own}/{term.parent_id}")
        links["up"] = [{"embeddable": True, "href": parent}]
    link = front_url(request, work.tenant.site) + permalinks.term_path(taxonomy, term)
    name = term.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "id": term.id,
        "link": link,
        "name": name,
        "slug": term.slug,
        "taxonomy": taxonomy.name,
        "_links": links,
    }


async def load_posts(
    resource: PostResource, request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> Mapping[int, Any]:
    """The posts of one type that this reader may read. Which of the others exist is not told."""
    query = PostQuery(
        resource.post_type, statuses=list(Status), include=list(ids), limit=len(ids), order_by="id"
    )
    views, _ = await reading.page(work, query)
    bodies = await resource.presenter(request, work).bodies(views, "embed")
    hidden = RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return {
        **dict.fromkeys(ids, hidden),
        **{view.id: body for view, body in zip(views, bodies, strict=True)},
    }
