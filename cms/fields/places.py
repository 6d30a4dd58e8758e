"""Places made from things: what the rules of location may ask of a post, a term, a person.

Each function serves a whole page of things at once, and asks the database only for what some group
of the site has a rule about.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cms.content.draft import Draft
from cms.content.models import Post, Term
from cms.content.posts import ATTACHMENT
from cms.content.statuses import Status
from cms.content.term_editing import WITH_DEFAULT
from cms.fields.locations import NONE, Place
from cms.fields.site_fields import SiteFields
from cms.identity.models import UserRole
from cms.kernel.work import ReadableWork
from cms.media.models import MediaRecord

Facts = dict[str, frozenset[str]]

_BY_TERMS = frozenset({"post_category", "post_taxonomy"})
_PAGE = "page"
_DEFAULT_TEMPLATE = "default"


@dataclass(frozen=True)
class PostFacts:
    """What is known of a post, or of one that does not exist yet; None is not known."""

    post_type: str
    id: int | None = None
    status: str | None = None
    parent_id: int | None = None
    format: str | None = None
    template: str | None = None
    terms: Mapping[str, Sequence[int]] | None = field(default=None, hash=False)
    is_parent_known: bool = True

    @classmethod
    def of(cls, post: Any, revision: Any) -> "PostFacts":
        """Of a post with the revision that is looked at."""
        return cls(
            post.post_type, post.id, post.status, post.parent_id, post.format, revision.template,
            revision.terms,
        )  # fmt: skip


async def place_of_post(
    work: ReadableWork, site: SiteFields, view: Any, *, edits: bool = False
) -> Place:
    """The place of a view of a post, or of one of media. `edits`: whether it is looked at by an
    editor, which is what `viewing_back` means."""
    return (await places_of_posts(work, site, [view], edits=edits))[0]


async def places_of_posts(
    work: ReadableWork, site: SiteFields, views: Sequence[Any], *, edits: bool = False
) -> list[Place]:
    """The places of a page of views, in their order."""
    facts = [PostFacts.of(view.post, view.revision) for view in views]
    return await places_of(work, site, facts, edits=edits)


async def place_of_draft(work: ReadableWork, site: SiteFields, draft: Draft) -> Place:
    """The place of a post that is being saved, as it will be."""
    known = draft.immediate
    facts = PostFacts(
        post_type=draft.post_type,
        id=known.get("id"),
        status=known.get("status"),
        parent_id=known.get("parent_id"),
        format=known.get("format"),
        template=draft.template,
        terms=draft.terms,
        is_parent_known="parent_id" in known,
    )
    return (await places_of(work, site, [facts], edits=True))[0]


def place_of_type(work: ReadableWork, post_type: str) -> Place:
    """The place of any post of this type: what is known of all of them."""
    facts = PostFacts(post_type, is_parent_known=False)
    return Place("post", _facts_of_post(work, facts, {}, (), {}))


async def places_of(
    work: ReadableWork, site: SiteFields, posts: Sequence[PostFacts], *, edits: bool
) -> list[Place]:
    """The places of posts of which so much is known."""
    asked = site.asked_of("post")
    actor = facts_of_actor(work, edits=edits)
    names = await _names_of_terms(work, posts) if asked & _BY_TERMS else {}
    parents = await _parents(work, posts) if "page_type" in asked else frozenset[int]()
    media = await _kinds_of_media(work, posts) if "attachment" in asked else {}
    return [
        Place("post", {**actor, **_facts_of_post(work, one, names, parents, media)})
        for one in posts
    ]


def _facts_of_post(
    work: Any,
    one: PostFacts,
    names: Mapping[int, tuple[str, str]],
    parents: Collection[int],
    media: Mapping[int, str],
) -> Facts:
    facts: Facts = {"post_type": frozenset({one.post_type})}
    if one.post_type == ATTACHMENT:
        if one.id is not None:
            facts["attachment"] = _of_mime(media.get(one.id, ""))
        return facts
    is_page = one.post_type == _PAGE
    if one.id is not None:
        facts["post"] = frozenset({str(one.id)})
        facts["page"] = facts["post"] if is_page else frozenset()
        facts["page_type"] = _page_type(work, one, parents)
    elif not is_page:
        facts["page"] = frozenset()
    if one.status is not None:
        facts["post_status"] = frozenset({one.status})
    if one.is_parent_known:
        facts["page_parent"] = frozenset({str(one.parent_id or NONE)})
    kind = work.registry.post_types.get(one.post_type)
    if kind is not None and "post-formats" not in kind.supports:
        facts["post_format"] = frozenset()
    elif one.format is not None:
        facts["post_format"] = frozenset({one.format or "standard"})
    if one.template is not None:
        template = frozenset({one.template or _DEFAULT_TEMPLATE})
        facts["post_template"] = template
        facts["page_template"] = template if is_page else frozenset()
    elif not is_page:
        facts["page_template"] = frozenset()
    if one.terms is not None:
        facts["post_taxonomy"] = _filed(work, one, names)
        facts["post_category"] = facts["post_taxonomy"]
    return facts


def _of_mime(mime: str) -> frozenset[str]:
    """The whole kind and its first part: image/jpeg is also image."""
    return frozenset({mime, mime.partition("/")[0]}) if mime else frozenset({NONE})


def _page_type(work: Any, one: PostFacts, parents: Collection[int]) -> frozenset[str]:
    options = work.tenant.site
    is_static = options.show_on_front == _PAGE
    types = {"child" if one.parent_id else "top_level"}
    if is_static and one.id == options.page_on_front:
        types.add("front_page")
    if is_static and one.id == options.page_for_posts:
        types.add("posts_page")
    if one.id in parents:
        types.add("parent")
    return frozenset(types)


def _term_ids(work: Any, one: PostFacts) -> list[int]:
    """Those that live; a post without a category is about to get the default one."""
    terms = one.terms or {}
    ids = [term for of in terms.values() for term in work.tenant.declared.living(of)]
    kind = work.registry.post_types.get(one.post_type)
    default = work.tenant.site.default_category
    if kind is not None and WITH_DEFAULT in kind.taxonomies and not terms.get(WITH_DEFAULT):
        ids += [default] if default and not kind.is_reviewed else []
    return ids


def _filed(work: Any, one: PostFacts, names: Mapping[int, tuple[str, str]]) -> frozenset[str]:
    """Terms as rules name them: taxonomy:slug, and by id as old exports do."""
    found = {NONE}
    for term in _term_ids(work, one):
        taxonomy, slug = names.get(term, ("", ""))
        found |= {f"{taxonomy}:{slug}", str(term)}
    return frozenset(found - {NONE} or found)


async def _names_of_terms(
    work: ReadableWork, posts: Iterable[PostFacts]
) -> dict[int, tuple[str, str]]:
    ids = sorted({term for one in posts for term in _term_ids(work, one)})
    if not ids:
        return {}
    rows = await work.all(
        select(Term.id, Term.taxonomy, Term.slug).where(
            Term.tenant_id == work.tenant_id, Term.id.in_(ids)
        )
    )
    return {row.id: (row.taxonomy, row.slug) for row in rows}


async def _parents(work: ReadableWork, posts: Iterable[PostFacts]) -> frozenset[int]:
    ids = [one.id for one in posts if one.id is not None and one.post_type != ATTACHMENT]
    if not ids:
        return frozenset()
    rows = await work.all(
        select(Post.parent_id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.parent_id.in_(ids),
            Post.post_type != ATTACHMENT,
            Post.status != Status.TRASH.value,
        )
        .distinct()
    )
    return frozenset(row.parent_id for row in rows)


async def _kinds_of_media(work: ReadableWork, posts: Iterable[PostFacts]) -> dict[int, str]:
    ids = [one.id for one in posts if one.id is not None and one.post_type == ATTACHMENT]
    if not ids:
        return {}
    rows = await work.all(
        select(MediaRecord.post_id, MediaRecord.mime_type).where(
            MediaRecord.tenant_id == work.tenant_id, MediaRecord.post_id.in_(ids)
        )
    )
    return {row.post_id: row.mime_type for row in rows}


def facts_of_actor(work: ReadableWork, *, edits: bool) -> Facts:
    """What rules ask about whoever looks; the API has no front or back, an editor's view is the
    back."""
    actor = work.actor
    seen = {"viewing_back" if edits else "viewing_front"}
    roles = set(actor.roles) or {NONE}
    # WordPress's super administrator of a single site: whoever may delete users.
    if not actor.is_anonymous and actor.has("delete_users"):
        roles.add("super_admin")
    return {
        "current_user": frozenset(seen if actor.is_anonymous else seen | {"logged_in"}),
        "current_user_role": frozenset(roles),
    }


def place_of_term(work: ReadableWork, taxonomy: str, *, edits: bool = False) -> Place:
    """The place of any term of a taxonomy."""
    facts = {"taxonomy": frozenset({taxonomy})}
    return Place("term", {**facts_of_actor(work, edits=edits), **facts})


async def places_of_users(
    work: ReadableWork, site: SiteFields, ids: Sequence[int], *, edits: bool = False
) -> list[Place]:
    """The places of people, by id. Which form of WordPress it is nobody can know here, so rules
    about `user_form` are taken as fulfilled."""
    roles: dict[int, set[str]] = {one: set() for one in ids}
    if ids and "user_role" in site.asked_of("user"):
        rows = await work.all(
            select(UserRole.user_id, UserRole.role_name).where(
                UserRole.tenant_id == work.tenant_id, UserRole.user_id.in_(ids)
            )
        )
        for row in rows:
            roles[row.user_id].add(row.role_name)
    actor = facts_of_actor(work, edits=edits)
    return [Place("user", {**actor, "user_role": frozenset(roles[one] or {NONE})}) for one in ids]


async def place_of_user(
    work: ReadableWork, site: SiteFields, user_id: int, *, edits: bool = False
) -> Place:
    return (await places_of_users(work, site, [user_id], edits=edits))[0]


def place_of_comment(work: ReadableWork, post_type: str, *, edits: bool = False) -> Place:
    """The place of any comment on a post of this type."""
    facts = {"comment": frozenset({post_type})}
    return Place("comment", {**facts_of_actor(work, edits=edits), **facts})


def place_of_options_page(work: ReadableWork, slug: str, *, edits: bool = False) -> Place:
    """The place of an options page."""
    facts = {"options_page": frozenset({slug})}
    return Place("option", {**facts_of_actor(work, edits=edits), **facts})


def place_of_menu(
    work: ReadableWork, menu_id: int, locations: Iterable[str], *, is_item: bool = False
) -> Place:
    """The place of a menu that is shown at these places of the theme, or of an item in it."""
    named = frozenset({str(menu_id), *(f"location/{one}" for one in locations)})
    kind, param = ("menu_item", "nav_menu_item") if is_item else ("menu", "nav_menu")
    return Place(kind, {**facts_of_actor(work, edits=True), param: named})


def place_of_widget(work: ReadableWork, id_base: str) -> Place:
    """The place of a widget of this kind."""
    return Place("widget", {**facts_of_actor(work, edits=True), "widget": frozenset({id_base})})


def place_of_block(work: ReadableWork, name: str) -> Place:
    """The place of a block of this name."""
    return Place("block", {**facts_of_actor(work, edits=True), "block": frozenset({name})})
