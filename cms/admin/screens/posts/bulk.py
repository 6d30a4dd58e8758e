"""One step for many posts: each goes through the use case of one, and whoever refuses says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form
from cms.admin.screens.posts.asking import Wanted, wanted
from cms.admin.translating import N_
from cms.api.routing import refusal_told
from cms.content import posts, saving, transitions
from cms.content.draft import draft_of
from cms.content.models import Post, Term
from cms.content.permissions import may_publish
from cms.content.saving import Changes
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound, StepUpRequired, TransitionRefused
from cms.kernel.declarations import PostType
from cms.kernel.screens import ListStep

MOST = 100
"""So many posts go in one transaction."""

_ADD, _REMOVE = "add", "remove"

_STATUSES: Mapping[str, tuple[str, Status]] = {
    "submit": (N_("Submit for review"), Status.PENDING),
    "publish": (N_("Publish"), Status.PUBLISH),
    "private": (N_("Make private"), Status.PRIVATE),
    "draft": (N_("Back to draft"), Status.DRAFT),
    "trash": (N_("Move to the bin"), Status.TRASH),
}
_RESTORE = {"restore": (N_("Take out of the bin"), Status.DRAFT)}
_TERMS = {_ADD: N_("File under the term"), _REMOVE: N_("Take out of the term")}


class Step(NamedTuple):
    """What can be done with the posts that are ticked; `label` is English."""

    name: str
    label: str


@dataclass(frozen=True)
class Done:
    """What became of one post; `reasons` are empty where it was done."""

    post_id: int
    title: str
    reasons: Sequence[tuple[str, str]] = ()


def steps_offered(work: UnitOfWork, page: Page, asked: Wanted) -> list[Step]:
    """The steps of a list, those of plugins at the end; each post decides again."""
    in_bin = asked.status is Status.TRASH
    statuses = _RESTORE if in_bin else _STATUSES
    may = may_publish(work.actor, asked.post_type)
    offered = [
        Step(name, label)
        for name, (label, to) in statuses.items()
        if may or to not in {Status.PUBLISH, Status.PRIVATE}
    ]
    if in_bin:
        return offered
    others = [Step(one.name, one.label) for one in _of_plugins(page, asked.post_type)]
    return [*offered, *(Step(*one) for one in _TERMS.items()), *others]


def _of_plugins(page: Page, post_type: PostType) -> list[ListStep]:
    return [
        one
        for one in page.work.registry.each("list_steps")
        if page.may(one.action) and (post_type.is_reviewed or not one.of_reviewed)
    ]


@form("/admin/posts/bulk", action="post.edit", resource="post")
async def take_steps(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Do the same with every post that is ticked, and say one by one what was refused and why."""
    asked = wanted(work, dict(parse_qsl(page.form.text("query"))))
    ids, name = page.form.numbers("post")[:MOST], page.form.text("step")
    leads = next((one for one in _of_plugins(page, asked.post_type) if one.name == name), None)
    if leads is not None:
        given = [("query", asked.query()), *(("post", one) for one in ids)]
        return page.redirect(f"{leads.path}?{urlencode(given)}")
    if not ids:
        return page.redirect(asked.address, page.say("Tick the posts that you mean first."))
    step = await _step(work, name, page.form.number("term"))
    done = [await _take(work, asked.post_type, post_id, step) for post_id in ids]
    return tell_done(page, asked.address, done)


def tell_done(page: Page, back: str, done: Sequence[Done]) -> Response[bytes]:
    """Back to the list if all of it was done; else a page that says of each why not."""
    refused = [one for one in done if one.reasons]
    count = len(done) - len(refused)
    told = page.words.ngettext("One post was changed.", "%(num)d posts were changed.", count)
    told = told % {"num": count}
    if not refused:
        return page.redirect(back, told)
    return page.render("posts/bulk.html", status=409, back=back, changed=told, refused=refused)


async def _step(work: UnitOfWork, name: str, term_id: int | None) -> "_Status | _Filing":
    known = {**_STATUSES, **_RESTORE}
    if name in known:
        return _Status(known[name][1])
    if name not in _TERMS:
        raise InvalidInput({"step": "choose what is to be done with the posts"})
    term = await work.session.get(Term, (work.tenant_id, term_id)) if term_id else None
    if term is None:
        raise InvalidInput({"term": "choose the term that you mean"})
    return _Filing(term, name == _ADD)


@dataclass(frozen=True)
class _Status:
    to: Status

    async def take(self, work: UnitOfWork, post: Post) -> None:
        if self.to is Status.TRASH:
            await transitions.trash(work, post)
        elif await transitions.needs_move(work, post, self.to):
            await transitions.move(work, post, self.to)


@dataclass(frozen=True)
class _Filing:
    term: Term
    is_added: bool

    async def take(self, work: UnitOfWork, post: Post) -> None:
        revision = await posts.revision(work, post.id, post.working_revision_id or 0)
        ids = set(draft_of(revision, post.post_type).terms.get(self.term.taxonomy, ()))
        ids = ids | {self.term.id} if self.is_added else ids - {self.term.id}
        terms = {self.term.taxonomy: sorted(ids)}
        await saving.edit(work, post, Changes({"terms": terms}))


async def _take(
    work: UnitOfWork, post_type: PostType, post_id: int, step: _Status | _Filing
) -> Done:
    """A refusal of a use case has changed nothing, so that the others can go on in the same
    transaction. Who must prove herself first is asked for that before anything is kept."""
    post = None
    try:
        post = await posts.lock(work, post_id, post_type)
        await step.take(work, post)
    except StepUpRequired:
        raise
    except NotFound:
        return Done(post_id, "", [(N_("It is not there any more."), "")])
    except CmsError as refusal:
        await tell_refusal(work, refusal)
        return Done(post_id, post.title if post else "", reasons_of(refusal))
    return Done(post_id, post.title)


async def tell_refusal(work: UnitOfWork, refusal: CmsError) -> None:
    """Keep in the trail what a person was refused while the work goes on."""
    if refusal.is_refusal:
        await work.emit(refusal_told(refusal, "post.edit", "post"))


def reasons_of(refusal: CmsError) -> list[tuple[str, str]]:
    """Every reason with its remedy, in English."""
    if isinstance(refusal, TransitionRefused):
        return [(one.message, one.remedy) for one in refusal.objections]
    if isinstance(refusal, InvalidInput):
        return [(f"{name}: {fault}", "") for name, fault in refusal.faults.items()]
    return [(refusal.message, "")]


BULK_SCREENS: list[Any] = [take_steps]
