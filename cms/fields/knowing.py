"""What values refer to, loaded for a whole page of them at once and as the actor may see it.

One statement a kind, whatever the number of values. What the actor may not read is left out, as if
it did not exist: what is deleted, in the bin, private or another's draft looks alike.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from cms.content import permalinks, referred
from cms.content.attachment_reading import may_read_media
from cms.content.permissions import may_read
from cms.content.posts import ATTACHMENT, facts
from cms.content.referred import Referred
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import PolicyDenied, StepUpRequired
from cms.fields.known import KnownPost, KnownTerm, KnownUser
from cms.fields.type import Reference
from cms.kernel.work import ReadableWork

POST, TERM, USER = "post", "term", "user"


@dataclass(frozen=True)
class Loaded:
    """Posts, terms and users by id; one that is absent is not there for this reader. `before` are
    references of the values that are changed, as kind and id, and `post_id` whose they are."""

    posts: Mapping[int, KnownPost] = field(default_factory=dict)
    terms: Mapping[int, KnownTerm] = field(default_factory=dict)
    users: Mapping[int, KnownUser] = field(default_factory=dict)
    before: Collection[tuple[str, int]] = ()
    post_id: int | None = None

    def post(self, post_id: int) -> KnownPost | None:
        return self.posts.get(post_id)

    def term(self, term_id: int) -> KnownTerm | None:
        return self.terms.get(term_id)

    def user(self, user_id: int) -> KnownUser | None:
        return self.users.get(user_id)

    def __bool__(self) -> bool:
        return bool(self.posts or self.terms or self.users)

    def stood(self, kind: str, reference_id: int) -> bool:
        return (kind, reference_id) in self.before


async def load(
    work: ReadableWork, references: Iterable[Reference], *, texts: bool = True, counted: bool = True
) -> Loaded:
    """What the references name, as far as this actor may read it; one statement for each kind.
    `texts`: what readers get of posts, and the files of media; without, only what they are called
    and that they are there. `counted`: how many posts terms hold."""
    ids: dict[str, set[int]] = {POST: set(), TERM: set(), USER: set()}
    for one in references:
        ids[one.kind].add(one.id)
    here = cast(UnitOfWork, work)
    return Loaded(
        await _posts(here, ids[POST], texts=texts),
        await _terms(here, ids[TERM], counted=counted),
        await _users(here, ids[USER]),
    )


async def load_for_writing(
    work: ReadableWork,
    references: Iterable[Reference],
    before: Iterable[Reference] = (),
    *,
    post_id: int | None = None,
) -> Loaded:
    """The same while values are taken in: what the writer may refer to, and what the values named
    `before`. With the terms of the posts, by which fields are limited."""
    found = await load(work, references, counted=False)
    filed = {term for one in found.posts.values() for terms in one.terms.values() for term in terms}
    terms = await _terms(cast(UnitOfWork, work), filed - set(found.terms), counted=False)
    stood = {(one.kind, one.id) for one in before}
    return Loaded(found.posts, {**found.terms, **terms}, found.users, stood, post_id)


async def _posts(work: UnitOfWork, ids: set[int], *, texts: bool) -> dict[int, KnownPost]:
    found = await referred.posts(work, sorted(ids), texts=texts)
    shown = [one for one in found if await _may_read(work, one)]
    if not texts:
        return {one.post.id: _known(work, one, "") for one in shown}
    around = [one.parent for one in shown if one.parent is not None]
    plain = [one.post for one in shown if one.post.post_type != ATTACHMENT]
    links = await permalinks.load(work, [*plain, *around])
    return {one.post.id: _known(work, one, _path(links, one)) for one in shown}


async def _may_read(work: UnitOfWork, one: Referred) -> bool:
    post = one.post
    post_type = work.registry.post_types.get(post.post_type)
    if post_type is None or Status(post.status) is Status.TRASH:
        return False
    if post.post_type == ATTACHMENT:
        return one.has_files and may_read_media(work, post, one.parent)
    if not may_read(work.actor, post_type, post):
        return False
    try:
        await work.decide("post.read", "post", post.id, facts(post))
    except (PolicyDenied, StepUpRequired):
        return False
    return True


def _known(work: UnitOfWork, one: Referred, path: str) -> KnownPost:
    post_type = work.registry.post_types[one.post.post_type]
    return KnownPost(one.post, post_type, path, one.view, one.record, one.parent)


def _path(links: permalinks.Permalinks, one: Referred) -> str:
    if one.post.post_type != ATTACHMENT:
        return links.path(one.post)
    above = links.path(one.parent) if one.parent is not None else "/"
    return permalinks.attachment_path(one.post, above)


async def _terms(work: UnitOfWork, ids: set[int], *, counted: bool) -> dict[int, KnownTerm]:
    found = {}
    for term, count in await referred.terms(work, sorted(ids), counted=counted):
        taxonomy = work.registry.taxonomies.get(term.taxonomy)
        if taxonomy is not None and (
            taxonomy.is_public or work.actor.has(taxonomy.capability("assign"))
        ):
            path = permalinks.term_path(taxonomy, term)
            found[term.id] = KnownTerm(term, taxonomy, count, path)
    return found


async def _users(work: UnitOfWork, ids: set[int]) -> dict[int, KnownUser]:
    is_open, own = work.actor.has("list_users"), work.actor.user_id
    return {
        one.user.id: KnownUser(
            one.user,
            one.roles,
            is_open,
            permalinks.author_path(one.user),
            one.is_public,
        )
        for one in await referred.people(work, sorted(ids))
        if one.is_public or is_open or one.user.id == own
    }
