"""Keeping what is typed before anybody presses a button."""

from typing import Any

from litestar import Response

from cms.admin.page import Page, to_script
from cms.admin.routing import form
from cms.admin.screens.posts.asking import type_named
from cms.admin.screens.posts.drawing import fields_of
from cms.admin.screens.posts.standing import edited, working
from cms.admin.screens.posts.typed import changes, typed
from cms.content import autosaves, posts, saving
from cms.content.models import Post
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput


@form("/admin/posts/{post_id:int}/autosave", action="post.edit", resource="post")
async def autosave(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Keep the words of a text: in one's own draft itself, else beside the text, where readers and
    other editors do not meet them. 409 when the text is not the one any more that was opened."""
    post = await edited(work, post_id, locked=True)
    if page.form.text("base") != (await working(work, post)).content_hash.hex():
        said = page.say("Somebody saved another text meanwhile. Save to compare the two.")
        return to_script({"told": said}, 409)
    given = {name: page.form.raw(name) for name in autosaves.FIELDS if page.form.has(name)}
    try:
        is_saved = await _keep(work, post, given)
    except InvalidInput as refused:
        return await _refused(work, page, refused)
    await work.session.flush()
    return to_script(await _kept(work, page, post, is_saved=is_saved))


@form("/admin/posts/new/autosave", action="post.create", resource="post")
async def begin(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep the first words of a new text with all that its form held: it is a draft from here on,
    and has its number."""
    post_type = type_named(work, page.form.text("type"))
    shown = await fields_of(work, post_type, None, None)
    now = typed(work, post_type, page.form, shown.plan.fields)
    try:
        made = await saving.create(work, post_type, await changes(work, post_type, page.form, now))
    except InvalidInput as refused:
        return await _refused(work, page, refused)
    await work.session.flush()
    return to_script({**await _kept(work, page, made, is_saved=True), "post": made.id})


async def _refused(work: UnitOfWork, page: Page, refused: InvalidInput) -> Response[bytes]:
    await work.begin_anew()
    said = " ".join(page.words.told(one) for one in refused.faults.values())
    return to_script({"told": said}, 422)


async def _keep(work: UnitOfWork, post: Post, given: dict[str, str]) -> bool:
    """Whether the words are in the post itself from now on."""
    if autosaves.is_saved_itself(work, post):
        await saving.edit(work, post, Changes(given))
        return True
    await autosaves.keep(work, post, given)
    return False


async def _kept(work: UnitOfWork, page: Page, post: Post, *, is_saved: bool) -> dict[str, Any]:
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    clock = work.now.astimezone(work.tenant.zone).strftime("%H:%M")
    said = page.say("Saved at %(time)s", time=clock)
    if not is_saved:
        said = page.say("Kept for you at %(time)s, not saved yet", time=clock)
    return {
        "told": said,
        "is_saved": is_saved,
        "base": revision.content_hash.hex(),
        "content": revision.content,
    }


AUTOSAVE_SCREENS: list[Any] = [autosave, begin]
