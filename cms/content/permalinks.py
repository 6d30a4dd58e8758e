"""Where a post, a term and an author stand on the public site: paths, without scheme and host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select, text

from cms.content.models import Post, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.declarations import PostType, Taxonomy
from cms.tenancy.permalink_structure import TAG

_POST, _PAGE = "post", "page"
_UNFILED = "uncategorized"
_SHOWN = frozenset(status.value for status in Status if status.shows_revision)

# UNION, not UNION ALL: a circle, should there ever be one, ends the walk.
_ANCESTORS = text("""
with recursive up as (
  select id, parent_id, slug from cms.posts where tenant_id = :tenant and id = any(:ids)
  union
  select p.id, p.parent_id, p.slug from cms.posts p join up on p.id = up.parent_id
  where p.tenant_id = :tenant
) select id, parent_id, slug from up
""")
_CATEGORIES = text("""
with recursive up as (
  select r.post_id, t.id as filed, t.id, t.parent_id, t.slug, 0 as depth
  from cms.term_relationships r
  join cms.terms t on t.tenant_id = r.tenant_id and t.id = r.term_id and t.taxonomy = 'category'
  where r.tenant_id = :tenant and r.post_id = any(:ids)
    and t.id = (select min(f.id) from cms.term_relationships q
                join cms.terms f on f.tenant_id = q.tenant_id and f.id = q.term_id
                where q.tenant_id = :tenant and q.post_id = r.post_id
                  and f.taxonomy = 'category')
  union all
  select up.post_id, up.filed, t.id, t.parent_id, t.slug, up.depth + 1
  from cms.terms t join up on t.id = up.parent_id
  where t.tenant_id = :tenant and up.depth < 20
) select post_id, string_agg(slug, '/' order by depth desc) as path from up group by post_id
""")


@dataclass(frozen=True)
class Permalinks:
    """What is needed to write the addresses of some posts."""

    work: UnitOfWork
    above: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    authors: Mapping[int, str] = field(default_factory=dict)

    def path(self, post: Post) -> str:
        """The address of a post that is shown; of another one the plain form."""
        if not _is_pretty(self.work, post):
            return _plain(post)
        return "/" if _is_front(self.work, post) else self._written(post, post.slug, post.slug)

    def template(self, post: Post) -> str:
        """The address with a place for the name, as editors get it to choose one."""
        # What is in the bin has an address of its own only as a page, as in WordPress.
        is_binned = post.status == Status.TRASH and post.post_type == _POST
        if is_binned or not self.work.tenant.site.permalink_structure:
            return _plain(post)
        return self._written(post, "%postname%", "%pagename%")

    def _written(self, post: Post, name: str, page_name: str) -> str:
        if post.post_type == _POST:
            return self._by_structure(post, name)
        declared = self.work.registry.post_types.get(post.post_type)
        prefix = "" if post.post_type == _PAGE else f"/{_rewrite(declared, post)}"
        return f"{prefix}{self.above.get(post.parent_id or 0, '')}/{page_name}/"

    def _by_structure(self, post: Post, name: str) -> str:
        values = {
            "postname": name,
            "post_id": post.id,
            "category": self.categories.get(post.id, _UNFILED),
            "author": self.authors.get(post.author_id, ""),
        }
        form, has_date = _form(self.work.tenant.site.permalink_structure)
        if has_date:
            values["at"] = post.date_local
        return form.format_map(values)


_PARTS = {"year": "{at:%Y}", "monthnum": "{at:%m}", "day": "{at:%d}", "hour": "{at:%H}",
          "minute": "{at:%M}", "second": "{at:%S}"}  # fmt: skip


@lru_cache(maxsize=256)
def _form(structure: str) -> tuple[str, bool]:
    """A permalink structure in Python's words, and whether the date has a part in it."""
    plain = structure.replace("{", "{{").replace("}", "}}")
    form = TAG.sub(lambda tag: _PARTS.get(tag[1], f"{{{tag[1]}}}"), plain)
    return form, "{at:" in form


async def load(work: UnitOfWork, posts: Sequence[Post], *, templates: bool = False) -> Permalinks:
    """What the addresses of these posts need, whatever their number with the same few statements:
    none at all for most sites, one for pages that stand below others. `templates`: also those of
    posts that are not shown."""
    written = [post for post in posts if templates or _is_pretty(work, post)]
    plain = [post for post in written if post.post_type == _POST]
    tags = set(TAG.findall(work.tenant.site.permalink_structure)) if plain else set()
    return Permalinks(
        work,
        await _above(work, {post.parent_id for post in written if post.parent_id}),
        await _categories(work, [post.id for post in plain]) if "category" in tags else {},
        await _authors(work, {post.author_id for post in plain}) if "author" in tags else {},
    )


async def paths(work: UnitOfWork, posts: Sequence[Post]) -> dict[int, str]:
    """The path of each post by its id."""
    permalinks = await load(work, posts)
    return {post.id: permalinks.path(post) for post in posts}


async def _above(work: UnitOfWork, parents: set[int]) -> dict[int, str]:
    """The path of each parent, by its id."""
    if not parents:
        return {}
    rows = await work.all(_ANCESTORS, {"tenant": work.tenant_id, "ids": sorted(parents)})
    known = {row.id: row for row in rows}
    return {parent: _path_of(parent, known) for parent in parents}


def _path_of(post_id: int, known: Mapping[int, Post]) -> str:
    parts: list[str] = []
    seen: set[int] = set()
    while post_id in known and post_id not in seen:
        seen.add(post_id)
        row = known[post_id]
        # In WordPress too an ancestor without a name is left out.
        parts[:0] = [row.slug] if row.slug else []
        post_id = row.parent_id or 0
    return "".join(f"/{part}" for part in parts)


async def _categories(work: UnitOfWork, ids: list[int]) -> dict[int, str]:
    rows = await work.all(_CATEGORIES, {"tenant": work.tenant_id, "ids": ids})
    return {row.post_id: row.path for row in rows}


async def _authors(work: UnitOfWork, ids: set[int]) -> dict[int, str]:
    rows = await work.all(
        select(User.id, User.nicename).where(User.tenant_id == work.tenant_id, User.id.in_(ids))
    )
    return {row.id: row.nicename for row in rows}


def _is_pretty(work: UnitOfWork, post: Post) -> bool:
    has_structure = bool(work.tenant.site.permalink_structure)
    return has_structure and post.status in _SHOWN and bool(post.slug)


def _is_front(work: UnitOfWork, post: Post) -> bool:
    site = work.tenant.site
    is_chosen = site.show_on_front == _PAGE and site.page_on_front == post.id
    return is_chosen and post.post_type == _PAGE


def _plain(post: Post) -> str:
    if post.post_type == _PAGE:
        return f"/?page_id={post.id}"
    kind = "" if post.post_type == _POST else f"post_type={post.post_type}&"
    return f"/?{kind}p={post.id}"


def _rewrite(declared: PostType | None, post: Post) -> str:
    return (declared.rewrite if declared is not None else "") or post.post_type


def attachment_path(post: Post, above: str) -> str:
    """An attachment's page hangs below that of its post, whose address is `above` (/ for none)."""
    if not post.slug or "?" in above or post.status == Status.PRIVATE.value:
        return f"/?attachment_id={post.id}"
    return f"{above}{post.slug}/"


def term_path(taxonomy: Taxonomy, term: Term) -> str:
    base = taxonomy.rewrite or taxonomy.name
    return f"/{base}/{term.slug}/"


def author_path(user: User) -> str:
    return f"/author/{user.nicename}/"
