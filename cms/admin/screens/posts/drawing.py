"""The form of a post: everything that it offers, with what is stored or what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from cms.admin.editor_words import editor_words
from cms.admin.fields.drawing import Chosen, Drawing
from cms.admin.page import Page
from cms.admin.panels import panels_of
from cms.admin.picking import PICTURES, Picking, chosen, searched, titles
from cms.admin.screens.posts import attributes
from cms.admin.screens.posts.asking import taxonomies_of
from cms.admin.screens.posts.facets import MOST_CHOICES
from cms.admin.screens.posts.new_terms import NewTerms, may_add
from cms.admin.screens.posts.typed import Typed
from cms.content import permalinks
from cms.content.features import has
from cms.content.models import Post, Rendering, Revision, Term
from cms.content.people import PeopleQuery
from cms.content.people import page as people_page
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.fields import own_form
from cms.fields.drafts import fields_of_site
from cms.fields.kinds import POST, Kind
from cms.fields.plans import Plan, plan, possible
from cms.fields.sensitive import opened
from cms.fields.showing import Addresses, Form, known_to
from cms.fields.subjects import of_post
from cms.fields.type import Showing
from cms.identity.models import User
from cms.kernel.declarations import PostType, Taxonomy

_FAULTS_OF_FIELDS = "acf."


@dataclass(frozen=True)
class Shown:
    """The fields of a post that this person sees, and their values in clear."""

    plan: Plan
    values: Mapping[str, Any]


async def fields_of(
    work: UnitOfWork, post_type: PostType, post: Post | None, revision: Revision | None
) -> Shown:
    """Of a post that is not there yet, all that may apply to its type."""
    kind = Kind(POST, post_type.name)
    if post is None or revision is None:
        found = possible(work, kind)
        return Shown(plan(work, found, found.groups, edits=True, rest_only=False), {})
    view = PostView(post, revision, Rendering())
    subject = await of_post(work, post_type, view)
    seen = own_form.readable(work, kind, subject)
    kept = subject.values(seen.shown)
    shown = [(seen.shown, {name: kept[name] for name in seen.fields if name in kept})]
    [(_, values)] = await opened(work, shown)
    return Shown(seen, values)


@dataclass(frozen=True)
class Filing:
    """A taxonomy with its terms as a tree to tick, each with its depth; of one with very many
    terms, those that the post has, and a search."""

    taxonomy: Taxonomy
    tree: Sequence[tuple[Any, int]]
    chosen: frozenset[int]
    picking: Picking | None
    may_add: bool
    new: NewTerms

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The terms as lines of a choice, where nothing can be indented."""
        return [(term.id, "— " * depth + term.name) for term, depth in self.tree]


@dataclass(frozen=True)
class Written:
    """What a form is drawn of: the post, if it is there already, its fields, and what the form
    holds. `faults` are by the names that the API gives fields."""

    post_type: PostType
    post: Post | None
    revision: Revision | None
    shown: Shown
    now: Typed
    faults: Mapping[str, str]


async def form_facts(work: UnitOfWork, page: Page, written: Written) -> dict[str, Any]:
    """What the template of the form needs."""
    post_type, post, now = written.post_type, written.post, written.now
    faults = written.faults
    labels = await titles(work, [now.featured_media, now.parent_id])
    own = {name: said for name, said in faults.items() if not name.startswith(_FAULTS_OF_FIELDS)}
    of_fields = {
        name.removeprefix(_FAULTS_OF_FIELDS): said
        for name, said in faults.items()
        if name.startswith(_FAULTS_OF_FIELDS)
    }
    return {
        "post_type": post_type,
        "words_of_editor": editor_words(page.words.language),
        "now": now,
        "faults": own,
        "has": {
            name: has(post_type, name)
            for name in ("title", "editor", "excerpt", "thumbnail", "comments", "page-attributes")
        },
        "permalink": await _permalink(work, post) if post else "",
        "filings": await _filings(work, post_type, now),
        "authors": await _authors(work, post_type, now),
        "image": _media(page, now, labels),
        "parent": _parent(page, post_type, now, labels) if post_type.is_hierarchical else None,
        "attributes": await attributes.inputs(work, page, post_type.name, now.attributes),
        "form_panels": await panels_of(
            page, "post.form", post_type=post_type, post=post, revision=written.revision
        ),
        "blocks": await _blocks(work, written.shown, now, of_fields),
    }


async def _blocks(
    work: UnitOfWork, shown: Shown, now: Typed, faults: Mapping[str, str]
) -> Sequence[Any]:
    site = fields_of_site(work)
    values = {**shown.values, **now.fields}
    known = await known_to(work, site, [(shown.plan.shown, shown.values)], Form.TYPED)
    places = Addresses.of(work)
    showing = Showing(site.types, known, work.tenant.language, places.site, places.uploads)
    return Drawing(site.types, work.actor, showing, faults).blocks(shown.plan.fields, values)


def _media(page: Page, now: Typed, labels: Mapping[int, str]) -> Picking:
    shown = chosen(now.featured_media, labels)
    return Picking("featured_media", page.say("Featured image"), shown, PICTURES)


def _parent(page: Page, post_type: PostType, now: Typed, labels: Mapping[int, str]) -> Picking:
    shown, source = chosen(now.parent_id, labels), searched("post", post_type.name)
    return Picking("parent", page.say("Stands below"), shown, source)


async def _permalink(work: UnitOfWork, post: Post) -> str:
    """The address with the place of the name, as readers will have it."""
    loaded = await permalinks.load(work, [post], templates=True)
    front = work.tenant.site.front_end_url.rstrip("/") or work.tenant.address
    return f"{front}{loaded.template(post)}"


async def _authors(work: UnitOfWork, post_type: PostType, now: Typed) -> list[tuple[int, str]]:
    """The people whom the post may be given to; nobody for who edits only her own."""
    is_offered = has(post_type, "author") and work.actor.has(post_type.capability("edit_others"))
    if not is_offered:
        return []
    found, _ = await people_page(
        work, PeopleQuery(work.actor.has("list_users"), writes=True, limit=MOST_CHOICES)
    )
    known = {one.id: one.display_name for one in found}
    if now.author_id and now.author_id not in known:
        user = await work.session.get(User, (work.tenant_id, now.author_id))
        known[now.author_id] = user.display_name if user else str(now.author_id)
    return list(known.items())


async def _filings(work: UnitOfWork, post_type: PostType, now: Typed) -> list[Filing]:
    """The taxonomies of the type, all terms by one statement."""
    taxonomies = taxonomies_of(work, post_type)
    offered = [one for one in taxonomies if work.actor.has(one.capability("assign"))]
    rows = await work.all(
        select(Term.id, Term.name, Term.parent_id, Term.taxonomy)
        .where(Term.tenant_id == work.tenant_id, Term.taxonomy.in_([one.name for one in offered]))
        .order_by(Term.taxonomy, Term.sort_key, Term.id)
        .limit(len(offered) * MOST_CHOICES + 1)
    )
    ticked = frozenset(term for ids in now.terms.values() for term in ids)
    found = []
    for one in offered:
        terms = [row for row in rows if row.taxonomy == one.name]
        is_long = len(rows) > len(offered) * MOST_CHOICES or len(terms) > MOST_CHOICES
        picking = await _term_picking(work, one, now) if is_long else None
        tree = [] if is_long else _tree(terms)
        new = now.new_terms.get(one.name, NewTerms())
        found.append(Filing(one, tree, ticked, picking, may_add(work, one), new))
    return found


async def _term_picking(work: UnitOfWork, taxonomy: Taxonomy, now: Typed) -> Picking:
    ids = list(now.terms.get(taxonomy.name, ()))
    rows = await work.all(
        select(Term.id, Term.name)
        .where(Term.tenant_id == work.tenant_id, Term.id.in_(ids))
        .order_by(Term.sort_key)
    )
    shown = [Chosen(row.id, row.name) for row in rows]
    source = searched("term", taxonomy.name)
    return Picking(f"in.{taxonomy.name}", taxonomy.label, shown, source, is_many=True)


def _tree(terms: Sequence[Any]) -> list[tuple[Any, int]]:
    """Each term under the one above it, with its depth. What stands below nothing that is here
    stands at the top."""
    known = {one.id for one in terms}
    below: dict[int, list[Any]] = {}
    for one in terms:
        below.setdefault(one.parent_id if one.parent_id in known else 0, []).append(one)
    found: list[tuple[Any, int]] = []
    waiting = [(one, 0) for one in reversed(below.get(0, ()))]
    while waiting:
        one, depth = waiting.pop()
        found.append((one, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(one.id, ()))]
    return found


def with_base(now: Typed, base: str) -> Typed:
    """The same, to be saved over the text with this hash."""
    return replace(now, base=base)
