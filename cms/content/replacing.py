"""One phrase put in the place of another in many texts, without touching their markup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from sqlalchemy import ARRAY, BigInteger, and_, func, or_, select
from sqlalchemy import cast as sql_cast

from cms.content import posts, saving
from cms.content.browsing import LISTED
from cms.content.models import Post, Revision
from cms.content.reading import holding
from cms.content.saving import Changes
from cms.content.visibility import editable
from cms.database.work import UnitOfWork
from cms.errors import Outdated
from cms.kernel.declarations import PostType

FIELDS = ("title", "content", "excerpt")
MOST = 100
"""So many texts are changed at once; whoever has more does the rest afterwards."""

# What is no text: comments (with them the delimiters of blocks), tags, and shortcodes.
_MARKUP = re.compile(r"(<!--.*?-->|<[^<>]*>|\[/?[a-z][^\[\]]*\])", re.DOTALL)


@dataclass(frozen=True)
class Replacement:
    """`find` is looked for letter by letter, as readers see it, and `by` stands in its place."""

    find: str
    by: str

    def in_markup(self, markup: str) -> tuple[str, int]:
        """The markup with the phrase replaced in its text, and how often."""
        wanted, instead = escape(self.find, quote=False), escape(self.by, quote=False)
        pieces = _MARKUP.split(markup)
        count = sum(piece.count(wanted) for piece in pieces[::2])
        pieces[::2] = [piece.replace(wanted, instead) for piece in pieces[::2]]
        return "".join(pieces), count


@dataclass(frozen=True)
class Hit:
    """A text that holds the phrase: how often, and the hash of the text that was looked at."""

    post_id: int
    title: str
    status: str
    count: int
    content_hash: str


async def hits(work: UnitOfWork, post_type: PostType, wanted: Replacement) -> list[Hit]:
    """The texts of the type that the actor may edit and whose working text holds the phrase; of
    those that the search finds by its words."""
    found = await holding(work, wanted.find)
    if not found:
        return []
    ids = sql_cast(list(found), ARRAY(BigInteger))
    phrase = escape(wanted.find, quote=False)
    rows = await work.all(
        select(Post.id, Post.status, Revision)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.working_revision_id),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.post_type == post_type.name,
            Post.status.in_([one.value for one in LISTED]),
            Post.id == func.any(ids),
            editable(work.actor, post_type),
            or_(*(func.strpos(getattr(Revision, name), phrase) > 0 for name in FIELDS)),
        )
        .order_by(Post.date_local.desc(), Post.id.desc())
        .limit(MOST)
    )
    counted = [_hit(row[0], row[1], row[2], wanted) for row in rows]
    return [one for one in counted if one.count]


def _hit(post_id: int, status: str, revision: Revision, wanted: Replacement) -> Hit:
    count = sum(wanted.in_markup(getattr(revision, name))[1] for name in FIELDS)
    return Hit(post_id, revision.title, status, count, revision.content_hash.hex())


async def replace_in(work: UnitOfWork, post: Post, wanted: Replacement, content_hash: str) -> None:
    """Replace in a locked post. Outdated when its text is not the one any more that was shown."""
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    if revision.content_hash.hex() != content_hash:
        raise Outdated("The text was changed since it was listed. Look at it again.")
    await saving.edit(work, post, Changes(_changed(revision, wanted)))


def _changed(revision: Revision, wanted: Replacement) -> Mapping[str, str]:
    made = {name: wanted.in_markup(getattr(revision, name)) for name in FIELDS}
    return {name: text for name, (text, count) in made.items() if count}
