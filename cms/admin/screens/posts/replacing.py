"""Find and replace over many texts: what would change is shown before, with what plugins say of
each, such as an approval that would not count any more."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.posts import facets
from cms.admin.screens.posts.asking import Wanted, type_named
from cms.admin.screens.posts.bulk import Done, reasons_of, tell_done, tell_refusal
from cms.admin.screens.posts.labels import STATUSES
from cms.admin.translating import N_
from cms.content import posts, replacing
from cms.content.replacing import Replacement
from cms.database.work import UnitOfWork
from cms.errors import CmsError, NotFound, StepUpRequired
from cms.kernel.declarations import PostType

REPLACE = "/admin/posts/replace"
_SHORTEST, _LONGEST = 3, 200


@screen(REPLACE, action="post.list", resource="post")
async def show_replacing(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The texts that hold a phrase, and what replacing it would mean for each."""
    given = page.request.query_params
    post_type = type_named(work, given.get("type", ""))
    page.here = f"/admin/posts?type={post_type.name}"
    wanted = Replacement(
        given.get("find", "").replace("\x00", "")[:_LONGEST],
        given.get("by", "").replace("\x00", "")[:_LONGEST],
    )
    is_asked = len(wanted.find.strip()) >= _SHORTEST
    found = await replacing.hits(work, post_type, wanted) if is_asked else []
    ids = [one.post_id for one in found]
    return page.render(
        "posts/replace.html",
        post_type=post_type,
        wanted=wanted,
        is_asked=is_asked,
        hits=found,
        statuses=STATUSES,
        columns=await facets.columns(work, page, Wanted(post_type), ids),
        most=replacing.MOST,
    )


@form(REPLACE, action="post.edit", resource="post")
async def replace(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Replace in the texts that are ticked, each as it was shown; what is refused is told."""
    post_type = type_named(work, page.form.text("type"))
    wanted = Replacement(page.form.raw("find")[:_LONGEST], page.form.raw("by")[:_LONGEST])
    ids = page.form.numbers("post")[: replacing.MOST]
    seen = page.form.below("seen.")
    done = [
        await _replace(work, post_type, post_id, wanted, seen.get(str(post_id), ""))
        for post_id in ids
    ]
    query = {"type": post_type.name, "find": wanted.find, "by": wanted.by}
    return tell_done(page, f"{REPLACE}?{urlencode(query)}", done)


async def _replace(
    work: UnitOfWork, post_type: PostType, post_id: int, wanted: Replacement, seen: str
) -> Done:
    post = None
    try:
        post = await posts.lock(work, post_id, post_type)
        await replacing.replace_in(work, post, wanted, seen)
    except StepUpRequired:
        raise
    except NotFound:
        return Done(post_id, "", [(N_("It is not there any more."), "")])
    except CmsError as refusal:
        await tell_refusal(work, refusal)
        return Done(post_id, post.title if post else "", reasons_of(refusal))
    return Done(post_id, post.title)


REPLACING_SCREENS: list[Any] = [show_replacing, replace]
