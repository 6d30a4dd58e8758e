"""Writes a tenant's content as WordPress 6.1 exports it (WXR 1.2), page by page, so that a site of
any size leaves in constant memory."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from sqlalchemy import and_, func, or_, select

from cms import __version__
from cms.content import permalinks
from cms.content.comment_models import Comment
from cms.content.models import Post, Revision, Term
from cms.content.posts import ATTACHMENT
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.exchange import custom_fields, elements, outgoing
from cms.exchange.events import Exported
from cms.exchange.rewriting import UPLOADS
from cms.fields.history import fields_then
from cms.identity.models import User
from cms.kernel.registry import Registry

PAGE = 200
_NEVER = {Status.AUTO_DRAFT}


@dataclass(frozen=True)
class Wanted:
    """Which posts: empty means all. The days are those of the site, the last one included."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    after: datetime | None = None
    before: datetime | None = None

    def refuse_unknown(self, registry: Registry) -> None:
        """InvalidInput for a type or status that does not exist."""
        faults = {}
        for name in self.types:
            if name not in registry.post_types:
                known = ", ".join(sorted(registry.post_types))
                faults["type"] = f"{name!r} is no type here; there are: {known}"
        allowed = {status.value for status in Status} - {status.value for status in _NEVER}
        for name in self.statuses:
            if name not in allowed:
                faults["status"] = f"{name!r} is none of {', '.join(sorted(allowed))}"
        if faults:
            raise InvalidInput(faults)

    @property
    def is_everything(self) -> bool:
        return not (self.types or self.statuses or self.after or self.before)

    def conditions(self, work: UnitOfWork) -> list[Any]:
        statuses = self.statuses or [one.value for one in Status if one not in _NEVER]
        found: list[Any] = [
            Post.tenant_id == work.tenant_id,
            Post.post_type.in_(self.types or list(work.registry.post_types)),
            Post.status.in_(list(statuses)),
            # A deleted file is no file.
            or_(Post.post_type != ATTACHMENT, Post.status != Status.TRASH.value),
        ]
        if self.after is not None:
            found.append(Post.date_local >= self.after)
        if self.before is not None:
            found.append(Post.date_local < self.before.replace(hour=0) + _DAY)
        return found


_DAY = datetime(2000, 1, 2, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)


async def write(
    work: UnitOfWork, file: BinaryIO, wanted: Wanted, url: str, uploads: str = ""
) -> dict[str, int]:
    """Write the file and tell the trail; how many authors, terms and posts it holds. Menus leave
    with everything else only. `uploads` is the address below which files are, if it is another."""
    counts: Counter[str] = Counter()
    base = (uploads or f"{url}{UPLOADS}").rstrip("/")
    people, terms = await _people(work, wanted), await _terms(work)
    file.write(elements.HEAD)
    elements.put(file, elements.channel(work, url))
    elements.put(file, (elements.author(person) for person in people.values()))
    elements.put(file, (elements.term(term, terms) for term in terms.values()))
    menus = await outgoing.menus(work) if wanted.is_everything else []
    elements.put(file, (elements.menu(menu) for menu in menus))
    elements.put(file, [elements.plain("generator", f"cms {__version__}")])
    async for page in _pages(work, wanted):
        paths = await permalinks.paths(work, [post for post, _ in page])
        beside = await outgoing.beside(work, [post for post, _ in page])
        forms = await fields_then(work, [revision.parts for _, revision in page])
        for (post, revision), fields in zip(page, forms, strict=True):
            author = people.get(post.author_id)
            said, record = beside.comments.get(post.id, ()), beside.media.get(post.id)
            leaving = elements.Leaving(
                post,
                revision,
                author.login if author else "",
                f"{url}{paths[post.id]}",
                f"{base}/{record.folder}/{record.full['name']}" if record else "",
                (
                    *outgoing.meta_of_post(work, post, revision, record, people),
                    *custom_fields.pairs(work, fields),
                ),
                said,
            )
            elements.put(file, [elements.item(leaving, terms, url)])
            counts[post.post_type] += 1
            counts["comments"] += len(said)
    for menu in menus:
        lines = await outgoing.menu_items(work, menu)
        elements.put(file, (elements.line(line, menu, url) for line in lines))
        counts["menu_items"] += len(lines)
    counts = +counts
    file.write(b"</channel>\n</rss>\n")
    counts |= {"authors": len(people), "terms": len(terms)}
    counts |= {"menus": len(menus)} if menus else {}
    asked = {"types": list(wanted.types), "statuses": list(wanted.statuses)}
    await work.emit(Exported(after={**asked, "counts": dict(counts)}))
    return dict(sorted(counts.items()))


async def _pages(
    work: UnitOfWork, wanted: Wanted
) -> AsyncIterator[Sequence[tuple[Post, Revision]]]:
    """By id, each page from where the last one ended; the revision is the one that readers get."""
    after = 0
    while True:
        rows = await work.all(
            select(Post, Revision)
            .join(
                Revision,
                and_(
                    Revision.tenant_id == Post.tenant_id,
                    Revision.id == func.coalesce(Post.live_revision_id, Post.working_revision_id),
                ),
            )
            .where(*wanted.conditions(work), Post.id > after)
            .order_by(Post.id)
            .limit(PAGE)
        )
        if rows:
            yield [(row[0], row[1]) for row in rows]
            after = rows[-1][0].id
            work.session.expunge_all()
        if len(rows) < PAGE:
            return


async def _people(work: UnitOfWork, wanted: Wanted) -> dict[int, User]:
    rows = await work.all(
        select(User)
        .where(
            User.tenant_id == work.tenant_id,
            or_(
                User.id.in_(select(Post.author_id).where(*wanted.conditions(work))),
                # Who commented while signed in is named by an id, as authors are.
                User.id.in_(
                    select(Comment.author_id)
                    .join(
                        Post,
                        and_(Post.tenant_id == Comment.tenant_id, Post.id == Comment.post_id),
                    )
                    .where(*wanted.conditions(work))
                ),
            ),
        )
        .order_by(User.id)
    )
    return {row[0].id: row[0] for row in rows}


async def _terms(work: UnitOfWork) -> dict[int, Term]:
    """Every term of the taxonomies that are declared, by id; parents before their children."""
    rows = await work.all(
        select(Term)
        .where(Term.tenant_id == work.tenant_id, Term.taxonomy.in_(list(work.registry.taxonomies)))
        .order_by(Term.taxonomy, Term.id)
    )
    known = {row[0].id: row[0] for row in rows}
    placed: dict[int, Term] = {}
    for term in known.values():
        chain = []
        here: Term | None = term
        while here is not None and here.id not in placed and here not in chain:
            chain.append(here)
            here = known.get(here.parent_id) if here.parent_id else None
        placed |= {one.id: one for one in reversed(chain)}
    return placed
