"""Writing: a save makes a revision when it changes something, and moves the working head to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from cms.content import posts, properties, sealed_meta
from cms.content.cleaning import cleaned, stores_scripts
from cms.content.dates import at_site
from cms.content.draft import SCHEMA_VERSION, Draft, Told, draft_of
from cms.content.events import PostCreated, RevisionSaved
from cms.content.faults import Faults
from cms.content.models import Post, Rendering, Revision, Term
from cms.content.naming import free_slug
from cms.content.permissions import may_create, may_edit, require
from cms.content.rendering import keep_rendered
from cms.content.showing import show_revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from cms.identity.models import User
from cms.identity.users import successor_of
from cms.kernel.declarations import PostType
from cms.kernel.events import difference
from cms.kernel.tenant import SiteOptions
from cms.markup.clean import clean_title
from cms.markup.slugs import slug_of

# What filters of a draft may know of its post.
_IMMEDIATE = ("id", "status", "parent_id", "format")

# Kinds of revisions. One that was imported may be what readers had elsewhere.
SAVED, IMPORTED = "save", "import"


@dataclass(frozen=True)
class Changes:
    """What a request wants changed. `versioned` are fields of Draft, `parts` those of plugins,
    `meta` registered keys (None takes one away), `immediate` properties of the post that need no
    revision. `faults` are fields whose values were refused before: nothing is saved, and they are
    told together with what the content finds in the others. `kind` is that of the revision. `whole`
    names parts that take the place of what was there, so that a key which they lack goes."""

    versioned: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    immediate: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    kind: str = SAVED
    whole: frozenset[str] = frozenset()


async def create(
    work: UnitOfWork, post_type: PostType, changes: Changes, *, post_id: int | None = None
) -> Post:
    """A new draft with its first revision. An id is given only by imports, which reserve theirs."""
    post, _, _ = await created(work, post_type, changes, post_id=post_id)
    return post


async def created(
    work: UnitOfWork, post_type: PostType, changes: Changes, *, post_id: int | None = None
) -> tuple[Post, Revision, Rendering]:
    """The same with its first revision and what was rendered of it."""
    require(
        may_create(work.actor, post_type),
        "post.create",
        "Sorry, you are not allowed to create posts as this user.",
    )
    author_id = int(changes.versioned.get("author_id") or work.actor.user_id or 0)
    _require_own_or_others(work, post_type, author_id)
    post = await _new_post(work, post_type, author_id, post_id)
    for name, value in (await properties.checked(work, post, changes.immediate)).items():
        setattr(post, name, value)
    draft = Draft(post_type=post_type.name, language=post.language, author_id=author_id)
    parts = {part.name: dict(part.defaults) for part in work.registry.parts_of(post_type.name)}
    draft = await _prepared(work, post, replace(draft, parts=parts), changes)
    # Stored as it will be with its first revision, which is looked for at the end only.
    post.working_revision_id, post.version_number = await work.next_id("post"), 1
    post.title, post.slug = draft.title, draft.slug
    work.session.add(post)
    await work.emit(PostCreated(post_id=post.id, after={"post_type": post_type.name}))
    first = await _save_revision(work, post, draft, base=None, kind=changes.kind)
    return post, *first


async def edit(work: UnitOfWork, post: Post, changes: Changes) -> Post:
    """Save changes to a locked post. One that changes nothing makes no revision, so that an
    approval of the text stays what it was."""
    post_type = posts.type_of(work, post)
    require(
        may_edit(work.actor, post_type, post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    await work.decide("post.edit", "post", post.id, posts.facts(post))
    # First, because a name must be free below the parent that the post will have.
    await properties.change(work, post, changes.immediate)
    if "author_id" in changes.versioned:
        _require_own_or_others(work, post_type, int(changes.versioned["author_id"]))
    base = await posts.revision(work, post.id, post.working_revision_id or 0)
    before = draft_of(base, post.post_type)
    if before.author_id != post.author_id:
        before = replace(before, author_id=await successor_of(work, before.author_id))
    draft = await _prepared(work, post, before, changes)
    if draft.content_hash() != base.content_hash:
        await _save_revision(work, post, draft, base=base, kind=changes.kind)
    return post


def _require_own_or_others(work: UnitOfWork, post_type: PostType, author_id: int) -> None:
    if author_id != work.actor.user_id and not work.actor.has(post_type.capability("edit_others")):
        raise CapabilityMissing(
            "Sorry, you are not allowed to create posts as this user.", action="post.assign_author"
        )


async def _new_post(
    work: UnitOfWork, post_type: PostType, author_id: int, wanted_id: int | None
) -> Post:
    now, zone = work.now, work.tenant.zone
    post_id = wanted_id or await work.next_id("post")
    return Post(
        tenant_id=work.tenant_id,
        id=post_id,
        post_type=post_type.name,
        status=Status.DRAFT.value,
        language=work.tenant.language,
        translation_group=post_id,
        author_id=author_id,
        last_editor_id=work.actor.user_id or author_id,
        date_local=at_site(now, zone),
        is_date_floating=True,
        modified_gmt=now,
        modified_local=at_site(now, zone),
        created_at=now,
        version_number=0,
        slug="",
        title="",
        password="",
        is_sticky=False,
        **_open_to(work.tenant.site, post_type),
        menu_order=0,
        format="standard",
    )


def _open_to(site: SiteOptions, post_type: PostType) -> dict[str, str]:
    """Whether a new post takes comments and pings: as the site says, where its type has them.
    Nobody expects them below a page; and what readers say of a reviewed text is not reviewed, so
    that somebody opens it by hand."""
    is_page = post_type.name == "page"
    comments = "comments" in post_type.supports and not is_page and not post_type.is_reviewed
    pings = "trackbacks" in post_type.supports and not is_page
    return {
        "comment_status": site.default_comment_status if comments else "closed",
        "ping_status": site.default_ping_status if pings else "closed",
    }


async def _prepared(work: UnitOfWork, post: Post, before: Draft, changes: Changes) -> Draft:
    """The wanted draft: changed, cleaned, checked, and shaped by the filters of plugins."""
    immediate = {name: getattr(post, name) for name in _IMMEDIATE}
    draft = replace(before, **changes.versioned, immediate=immediate)
    draft = replace(draft, was=before.parts, was_meta=before.meta)
    # A request names the taxonomies that it changes; the others stay.
    terms = {name: sorted(set(ids)) for name, ids in {**before.terms, **draft.terms}.items()}
    if changes.meta:
        keys = work.registry.meta_keys(post.post_type)
        merged = {**draft.meta, **sealed_meta.allowed(work.actor, keys, changes.meta)}
        kept = {key: value for key, value in merged.items() if value is not None}
        draft = replace(draft, meta=kept)
    for name, values in changes.parts.items():
        if name in changes.whole:
            draft = replace(draft, parts={**draft.parts, name: {}})
        draft = draft.with_part(name, **values)
    post_type = posts.type_of(work, post)
    draft = replace(
        draft,
        title=clean_title(draft.title),
        content=await cleaned(work.actor, post_type, draft.content),
        excerpt=await cleaned(work.actor, post_type, draft.excerpt),
        slug=slug_of(draft.slug),
        terms=terms,
    )
    faults = Faults(dict(changes.faults))
    await _find_unknown_references(work, post, before, draft, faults)
    try:
        draft = await work.shape(draft)
    except InvalidInput as refused:
        faults.take(refused)
    # Only by itself: the text may be missing because it was refused.
    has_words = draft.title or draft.content or draft.excerpt or post.post_type == posts.ATTACHMENT
    if not (faults.messages or has_words):
        faults.add("content", "Content, title, and excerpt are empty.", "empty_content")
    faults.refuse()
    if draft.slug in {"", before.slug}:
        return draft
    return replace(draft, slug=await free_slug(work, post, draft.slug))


async def _find_unknown_references(
    work: UnitOfWork, post: Post, before: Draft, draft: Draft, faults: Faults
) -> None:
    known = {work.actor.user_id} if post.version_number == 0 else {before.author_id}
    if draft.author_id not in known and not await _exists(work, draft.author_id):
        faults.add("author", "Invalid author ID.", "rest_invalid_author")
    if draft.featured_media not in {None, before.featured_media}:
        media = await work.session.get(Post, (work.tenant_id, draft.featured_media))
        if media is None or media.post_type != posts.ATTACHMENT or media.status == Status.TRASH:
            code = "rest_invalid_featured_media"
            faults.add("featured_media", "Invalid featured media ID.", code)
    if draft.terms != before.terms:
        await _find_unknown_terms(work, before, draft, faults)


async def _exists(work: UnitOfWork, user_id: int) -> bool:
    return await work.session.get(User, (work.tenant_id, user_id)) is not None


async def _find_unknown_terms(
    work: UnitOfWork, before: Draft, draft: Draft, faults: Faults
) -> None:
    wanted = {term for ids in draft.terms.values() for term in ids}
    rows = await work.all(
        select(Term.id, Term.taxonomy).where(Term.tenant_id == work.tenant_id, Term.id.in_(wanted))
    )
    known = {(row.taxonomy, row.id) for row in rows}
    for taxonomy, ids in draft.terms.items():
        # What the revision before names may have been deleted since.
        known |= {(taxonomy, term) for term in before.terms.get(taxonomy, ())}
        absent = [term for term in ids if (taxonomy, term) not in known]
        if absent:
            argument = work.registry.taxonomies[taxonomy].rest_base
            faults.add(argument, f"there is no term {absent[0]} in {argument}")


async def _save_revision(
    work: UnitOfWork, post: Post, draft: Draft, *, base: Revision | None, kind: str
) -> tuple[Revision, Rendering]:
    is_first = base is None
    revision_id = post.working_revision_id if is_first else await work.next_id("post")
    revision = _revision_of(work, post, draft, revision_id or 0, base)
    revision.kind = kind
    rendering = await keep_rendered(work, post, revision)
    post.working_revision_id = revision.id
    post.version_number += 0 if is_first else 1
    post.last_editor_id = revision.editor_id
    posts.touch(work, post)
    post_type = posts.type_of(work, post)
    if not (post_type.is_reviewed and post.live_revision_id):
        if draft.slug != (base.slug if base else ""):
            post.slug = draft.slug or post.slug
        await show_revision(work, post, revision, live=post.live_revision_id is not None)
    old = draft_of(base, post.post_type).hashed_parts() if base else {}
    told = await work.shape(Told(*difference(old, draft.hashed_parts())))
    unclean = {"cleaned": False} if stores_scripts(work.actor, post_type) else {}
    await work.emit(
        RevisionSaved(
            post_id=post.id,
            revision_id=revision.id,
            content_hash=revision.content_hash.hex(),
            before=dict(told.before) if base else None,
            after={**told.after, **unclean},
        )
    )
    return revision, rendering


def _revision_of(
    work: UnitOfWork,
    post: Post,
    draft: Draft,
    revision_id: int,
    base: Revision | None,
) -> Revision:
    return Revision(
        tenant_id=work.tenant_id,
        id=revision_id,
        post_id=post.id,
        base_revision_id=base.id if base else None,
        kind=SAVED,
        language=draft.language,
        editor_id=work.actor.user_id or draft.author_id,
        created_at=work.now,
        content_hash=draft.content_hash(),
        schema_version=SCHEMA_VERSION,
        title=draft.title,
        content=draft.content,
        excerpt=draft.excerpt,
        slug=draft.slug,
        author_id=draft.author_id,
        featured_media=draft.featured_media,
        template=draft.template,
        terms=dict(draft.terms),
        meta=dict(draft.meta),
        parts={name: dict(part) for name, part in draft.parts.items()},
    )
