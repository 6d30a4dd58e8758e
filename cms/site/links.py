"""Where the items of menus lead now: current titles and permalinks of what they point to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cms.content import permalinks
from cms.content.models import Post, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.markup.clean import escaped
from cms.site.items import ARCHIVE, CUSTOM, POST, TERM
from cms.site.models import MenuItem

# What WordPress calls one thing of a type, for the types that everyone knows.
_ONE = {"post": "Post", "page": "Page", "category": "Category", "post_tag": "Tag"}


@dataclass(frozen=True)
class Target:
    """What an item shows. `address` is a path of the site, or anything that a custom item names;
    it is empty when the target is gone, or is not for every reader: then nothing of it is told."""

    title: str
    address: str
    label: str
    is_valid: bool = True

    def url(self, front: str) -> str:
        """The full address; paths are those of the public site at `front`."""
        return f"{front}{self.address}" if self.address.startswith("/") else self.address


async def resolve(work: UnitOfWork, items: Sequence[MenuItem]) -> dict[int, Target]:
    """The target of each item by its id: one statement for all posts, one for all terms."""
    posts = await _posts(work, [item.object_id for item in items if item.kind == POST])
    terms = await _terms(work, [item.object_id for item in items if item.kind == TERM])
    paths = await permalinks.paths(work, list(posts.values()))
    found: dict[int, Target] = {}
    for item in items:
        if item.kind == CUSTOM:
            found[item.id] = Target(item.title, item.url, "Custom Link")
        elif item.kind == ARCHIVE:
            found[item.id] = _archive(work, item)
        elif item.kind == TERM:
            found[item.id] = _of_term(work, item, terms.get(item.object_id))
        else:
            post = posts.get(item.object_id)
            found[item.id] = _of_post(work, item, post, paths.get(item.object_id, ""))
    return found


async def _posts(work: UnitOfWork, ids: Sequence[int]) -> dict[int, Post]:
    """Those that every reader may see."""
    if not ids:
        return {}
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    rows = await work.all(
        select(Post).where(
            Post.tenant_id == work.tenant_id,
            Post.id.in_(ids),
            Post.post_type.in_(public),
            Post.status == Status.PUBLISH.value,
        )
    )
    return {row[0].id: row[0] for row in rows}


async def _terms(work: UnitOfWork, ids: Sequence[int]) -> dict[int, Term]:
    if not ids:
        return {}
    rows = await work.all(select(Term).where(Term.tenant_id == work.tenant_id, Term.id.in_(ids)))
    return {row[0].id: row[0] for row in rows}


def _of_post(work: UnitOfWork, item: MenuItem, post: Post | None, path: str) -> Target:
    post_type = work.registry.post_types.get(item.object)
    label = _ONE.get(item.object, post_type.label if post_type is not None else item.object)
    if post is None or post_type is None:
        return Target(item.title or _nameless(item), "", label, is_valid=False)
    return Target(item.title or post.title or _nameless(item), path, label)


def _of_term(work: UnitOfWork, item: MenuItem, term: Term | None) -> Target:
    taxonomy = work.registry.taxonomies.get(item.object)
    label = _ONE.get(item.object, taxonomy.label if taxonomy is not None else item.object)
    if term is None or taxonomy is None or term.taxonomy != taxonomy.name:
        return Target(item.title or _nameless(item), "", label, is_valid=False)
    return Target(item.title or escaped(term.name), permalinks.term_path(taxonomy, term), label)


def _archive(work: UnitOfWork, item: MenuItem) -> Target:
    post_type = work.registry.post_types.get(item.object)
    label = "Post Type Archive"
    if post_type is None or not post_type.is_public:
        return Target(item.title or item.object, "", label, is_valid=False)
    is_front = post_type.name == "post"
    if not (is_front or post_type.has_archive):
        return Target(item.title or post_type.label, "", label, is_valid=False)
    path = "/" if is_front else f"/{post_type.rest_base}/"
    return Target(item.title or post_type.label, path, label)


def _nameless(item: MenuItem) -> str:
    return f"#{item.object_id} (no title)"
