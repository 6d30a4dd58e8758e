"""Writing a post: its form, saving it, and the step that is taken with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response

from cms.admin.fields.rows import change_rows
from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.posts.asking import type_named
from cms.admin.screens.posts.bulk import reasons_of, tell_refusal
from cms.admin.screens.posts.drawing import Written, fields_of, form_facts, with_base
from cms.admin.screens.posts.locking import new_token
from cms.admin.screens.posts.new_terms import hold_new
from cms.admin.screens.posts.standing import edited, standing, working
from cms.admin.screens.posts.steps import DRAFT, SAVE, TARGETS, TRASH, first_buttons
from cms.admin.screens.posts.typed import Typed, changes, stored, typed
from cms.admin.translating import N_
from cms.content import autosaves, locks, posts, saving, transitions
from cms.content.models import Post
from cms.content.permissions import may_create, require
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, StepUpRequired
from cms.kernel.declarations import PostType

Faults = Mapping[str, str]

_DONE: Mapping[str, str] = {
    "save": N_("The text is saved."),
    "submit": N_("The text is saved and submitted."),
    "publish": N_("The text is saved and published."),
    "future": N_("The text is saved and will be published at its date."),
    "private": N_("The text is saved; only those who may read private posts see it."),
    "draft": N_("The text is a draft again."),
    "trash": N_("The post is in the bin."),
    "restore": N_("The post is out of the bin, as a draft."),
}


@screen("/admin/posts/new", action="post.create", resource="post")
async def show_new(work: UnitOfWork, page: Page) -> Response[bytes]:
    """An empty form; the post is there once it is saved."""
    post_type = type_named(work, page.request.query_params.get("type", ""))
    require(
        may_create(work.actor, post_type),
        "post.create",
        "Sorry, you are not allowed to create posts as this user.",
    )
    return await draw_new(work, page, post_type, Typed(author_id=work.actor.user_id), {})


async def draw_new(
    work: UnitOfWork,
    page: Page,
    post_type: PostType,
    now: Typed,
    faults: Faults,
    *,
    status: int = 200,
) -> Response[bytes]:
    """The form of a post that is not there yet."""
    page.here = f"/admin/posts?type={post_type.name}"
    shown = await fields_of(work, post_type, None, None)
    facts = await form_facts(work, page, Written(post_type, None, None, shown, now, faults))
    about = {"post": None, "buttons": first_buttons(work, post_type), "refused": ()}
    return page.render("posts/edit.html", status=status, **facts, **about)


@form("/admin/posts/new", action="post.create", resource="post")
async def save_new(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep a new post, and take the step that its button names."""
    post_type = type_named(work, page.form.text("type"))
    shown = await fields_of(work, post_type, None, None)
    now = typed(work, post_type, page.form, shown.plan.fields)
    if page.form.has("rows"):
        _turn_rows(now, page.form.text("rows"))
        return await draw_new(work, page, post_type, now, {})
    try:
        wanted = await changes(work, post_type, page.form, now)
        made = await saving.create(work, post_type, wanted)
    except InvalidInput as refused:
        await work.begin_anew()
        return await draw_new(work, page, post_type, now, refused.faults, status=422)
    return await _step(work, page, made)


@screen("/admin/posts/{post_id:int}", action="post.read", resource="post")
async def show_post(
    work: UnitOfWork, page: Page, post_id: int, autosave: bool = False
) -> Response[bytes]:
    """The working text of a post; with `autosave` what this person wrote and did not save."""
    post = await edited(work, post_id)
    await work.decide("post.read", "post", post.id, posts.facts(post))
    kept = await autosaves.own(work, post)
    return await draw(work, page, post, unsaved=kept if autosave else None)


async def draw(
    work: UnitOfWork,
    page: Page,
    post: Post,
    *,
    now: Typed | None = None,
    faults: Faults | None = None,
    refused: Sequence[tuple[str, str]] = (),
    unsaved: Any = None,
    status: int = 200,
) -> Response[bytes]:
    """The form of a post: as it is stored, or with what was typed."""
    post_type, revision = posts.type_of(work, post), await working(work, post)
    page.here = f"/admin/posts?type={post.post_type}"
    shown = await fields_of(work, post_type, post, revision)
    now = now or stored(work, post, revision, unsaved)
    facts = await form_facts(
        work, page, Written(post_type, post, revision, shown, now, faults or {})
    )
    beside = await standing(work, page, post, revision)
    kept = None if unsaved else await newer_autosave(work, post, revision)
    own = {
        "refused": refused,
        "kept": kept,
        "is_unsaved": unsaved is not None,
        "holder": await locks.holder(work, post.id),
        "token": new_token(),
    }
    return page.render("posts/edit.html", status=status, **facts, **beside, **own)


async def newer_autosave(work: UnitOfWork, post: Post, revision: Any) -> Any:
    """What this person wrote after the text that is stored, and did not save."""
    kept = await autosaves.own(work, post)
    return kept if kept is not None and kept.modified_at > revision.created_at else None


@form("/admin/posts/{post_id:int}", action="post.edit", resource="post")
async def save_post(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Save what was typed over the very text that it was typed over, and take the step that the
    button names. A step that is refused leaves the saved text saved."""
    post_type = posts.type_of(work, await edited(work, post_id))
    await hold_new(work, post_type, page.form)
    post = await edited(work, post_id, locked=True)
    revision = await working(work, post)
    shown = await fields_of(work, post_type, post, revision)
    now = typed(work, post_type, page.form, shown.plan.fields)
    if page.form.has("rows"):
        _turn_rows(now, page.form.text("rows"))
        return await draw(work, page, post, now=now)
    if now.base != revision.content_hash.hex():
        return clash(page, post, revision, now)
    try:
        if page.form.text("step") not in {TRASH, "restore"}:
            wanted = await changes(work, post_type, page.form, now, revision)
            await saving.edit(work, post, wanted)
    except InvalidInput as refused:
        await work.begin_anew()
        found = await posts.get(work, post_id)
        return await draw(work, page, found, now=now, faults=refused.faults, status=422)
    return await _step(work, page, post)


def clash(page: Page, post: Post, revision: Any, now: Typed) -> Response[bytes]:
    """Somebody has saved another text meanwhile: both are shown, and nothing is lost."""
    sent = [
        pair for pair in page.form.pairs() if pair[0] not in {"_wpnonce", "base", "step", "rows"}
    ]
    facts = {
        "post": post,
        "theirs": revision,
        "mine": with_base(now, revision.content_hash.hex()),
        "sent": sent,
        "step": page.form.text("step") or SAVE,
    }
    return page.render("posts/clash.html", status=409, **facts)


def _turn_rows(now: Typed, asked: str) -> None:
    if isinstance(now.fields, dict):
        change_rows(now.fields, asked)


async def _step(work: UnitOfWork, page: Page, post: Post) -> Response[bytes]:
    """The step of the button that was pressed, after the text is saved."""
    step = page.form.text("step") or SAVE
    address = f"/admin/posts/{post.id}"
    try:
        await _move(work, post, step)
    except StepUpRequired:
        raise
    except CmsError as refusal:
        # A refused transition has changed nothing, and what was typed stays saved.
        await tell_refusal(work, refusal)
        await work.session.flush()
        return await draw(work, page, post, refused=reasons_of(refusal), status=refusal.status)
    if step == TRASH:
        return page.redirect(f"/admin/posts?type={post.post_type}", page.say(_DONE[TRASH]))
    done = "future" if step == "publish" and post.status == "future" else step
    return page.redirect(address, page.say(_DONE.get(done, _DONE[SAVE])))


async def _move(work: UnitOfWork, post: Post, step: str) -> None:
    to = TARGETS.get(step)
    if to is None:
        return
    if step == TRASH:
        await transitions.trash(work, post)
    elif step == DRAFT or await transitions.needs_move(work, post, to):
        await transitions.move(work, post, to)


EDITING_SCREENS: list[Any] = [show_new, save_new, show_post, save_post]
