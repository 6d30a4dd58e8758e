"""What others name by number: posts of any type, terms of any taxonomy and people, each kind by one
statement that is compiled once. Nothing here is checked for the reader yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from cms.content.hot_reads import LISTED, of_readers
from cms.content.models import Post, Rendering, Revision, Term, TermRelationship
from cms.content.people import HAS_PUBLISHED, public_types
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.reads import Query, Snapshot
from cms.database.work import UnitOfWork
from cms.identity.models import User, UserRole
from cms.media.models import MediaRecord

_PARENT = aliased(Post)
_OF_PARENT = (
    "id", "post_type", "status", "trashed_status", "author_id", "parent_id", "slug", "date_local",
)  # fmt: skip
# What permissions and addresses ask of the post that a file hangs on.
_Parent: Any = msgspec.defstruct("_Parent", [(name, Any) for name in _OF_PARENT], frozen=True)
_PARENT_COLUMNS = tuple(getattr(_PARENT, name) for name in _OF_PARENT)
_IDS = bindparam("ids", type_=ARRAY(BigInteger))


@dataclass(frozen=True)
class Referred:
    """A post; with `view` also the revision that readers get of it. `parent` is what a file hangs
    on, `files` the columns of its record."""

    post: Any
    parent: Any = None
    view: PostView | None = None
    files: Any = None
    has_files: bool = False

    @cached_property
    def record(self) -> MediaRecord | None:
        """The files of an attachment, as far as they are still there."""
        return MediaRecord(**msgspec.structs.asdict(self.files)) if self.files else None


def _beside(statement: Select[Any]) -> Select[Any]:
    """With the parents and files of attachments; of other posts neither is read."""
    is_file = Post.post_type == "attachment"
    return (
        statement.outerjoin(
            _PARENT,
            and_(_PARENT.tenant_id == Post.tenant_id, _PARENT.id == Post.parent_id, is_file),
        )
        .outerjoin(
            MediaRecord,
            and_(
                MediaRecord.tenant_id == Post.tenant_id,
                MediaRecord.post_id == Post.id,
                MediaRecord.removed_at.is_(None),
                is_file,
            ),
        )
        .where(Post.tenant_id == bindparam("tenant"), Post.id == func.any(_IDS))
    )


_POST = Snapshot(Post)
_FILES = Snapshot(MediaRecord, LISTED.end + len(_OF_PARENT))
_ALONE = Query(
    _beside(select(*_POST.columns, *_PARENT_COLUMNS, MediaRecord.post_id.label("file_of")))
)
_WITH_TEXTS = Query(
    _beside(
        select(*LISTED.all, *_PARENT_COLUMNS, *_FILES.columns)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.id == of_readers()))
        .join(
            Rendering,
            and_(Rendering.tenant_id == Post.tenant_id, Rendering.revision_id == Revision.id),
        )
    )
)


async def posts(work: UnitOfWork, ids: Iterable[int], *, texts: bool) -> list[Referred]:
    """Those of the posts that exist, of whatever type; `texts`: with what readers get of them,
    but for the source text."""
    of = {"tenant": work.tenant_id, "ids": list(ids)}
    if not of["ids"]:
        return []
    if texts:
        return [_whole(row) for row in await work.fetch(_WITH_TEXTS, **of)]
    end = _POST.end
    return [
        Referred(_POST.of(row), _parent(row, end), has_files=row.file_of is not None)
        for row in await work.fetch(_ALONE, **of)
    ]


def _whole(row: Any) -> Referred:
    view = PostView(*LISTED.parts(row))
    files = _FILES.of(row) if row[LISTED.end + len(_OF_PARENT)] is not None else None
    return Referred(view.post, _parent(row, LISTED.end), view, files, files is not None)


def _parent(row: Any, start: int) -> Any:
    return _Parent(*row[start : start + len(_OF_PARENT)]) if row[start] is not None else None


_TERM = Snapshot(Term)
_TERMS = select(*_TERM.columns).where(
    Term.tenant_id == bindparam("tenant"), Term.id == func.any(_IDS)
)
_COUNT = (
    select(func.count())
    .select_from(TermRelationship)
    .join(
        Post,
        and_(
            Post.tenant_id == TermRelationship.tenant_id,
            Post.id == TermRelationship.post_id,
            Post.status == Status.PUBLISH.value,
        ),
    )
    .where(TermRelationship.tenant_id == Term.tenant_id, TermRelationship.term_id == Term.id)
    .correlate(Term)
    .scalar_subquery()
)
_PLAIN_TERMS, _COUNTED_TERMS = Query(_TERMS), Query(_TERMS.add_columns(_COUNT.label("held")))


async def terms(work: UnitOfWork, ids: Iterable[int], *, counted: bool) -> list[tuple[Any, int]]:
    """The terms that exist, each with how many published posts it holds, where that is asked."""
    of = {"tenant": work.tenant_id, "ids": list(ids)}
    if not of["ids"]:
        return []
    rows = await work.fetch(_COUNTED_TERMS if counted else _PLAIN_TERMS, **of)
    return [(_TERM.of(row), row.held if counted else 0) for row in rows]


# What signs a person in is read for nobody.
_SECRET = (
    "password_hash", "failed_login_attempts", "account_locked_until", "last_login_at",
    "preferences",
)  # fmt: skip
_PERSON = Snapshot(User, without=_SECRET)
_PEOPLE = Query(
    select(
        *_PERSON.columns,
        HAS_PUBLISHED,
        select(func.array_agg(UserRole.role_name))
        .where(UserRole.tenant_id == User.tenant_id, UserRole.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
        .label("roles"),
    ).where(
        User.tenant_id == bindparam("tenant"), User.id == func.any(_IDS), User.left_at.is_(None)
    )
)


@dataclass(frozen=True)
class ReferredPerson:
    """Somebody who is here; `is_public`: her name stands on something that everybody may read."""

    user: Any
    is_public: bool
    roles: Sequence[str]


async def people(work: UnitOfWork, ids: Iterable[int]) -> list[ReferredPerson]:
    """Those of the people who are here, with their roles."""
    of = {"tenant": work.tenant_id, "ids": list(ids)}
    if not of["ids"]:
        return []
    rows = await work.fetch(_PEOPLE, **of, types=public_types(work))
    return [
        ReferredPerson(_PERSON.of(row), row.has_published, sorted(row.roles or ())) for row in rows
    ]
