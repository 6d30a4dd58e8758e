"""Comments of an item: answers after what they answer, with the status and the date they had."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from cms.content import comments
from cms.content.comment_models import Comment as CommentRow
from cms.content.dates import at_site
from cms.content.models import Post
from cms.errors import InvalidInput
from cms.exchange import moments, subject_meta
from cms.exchange.ledger import COMMENT, PERSON, POST, Known, digest_of
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Comment, Item
from cms.markup.addresses import may_link

_STATUS = {"1": "approved", "approve": "approved", "0": "hold", "hold": "hold"}
_STATUS |= {"spam": "spam", "trash": "trash", "post-trashed": "trash"}
_KINDS = {"": "comment", "comment": "comment", "pingback": "pingback", "trackback": "trackback"}
_LONGEST_NAME, _LONGEST_URL = 245, 200


async def bring(batch: Batch, item: Item) -> list[Line]:
    """The comments of a post that this import, or an earlier one of its site, has brought."""
    if not item.comments:
        return []
    known = await batch.ledger.find(POST, item.key)
    if known is None or known.revision_id is None:
        batch.left_out["comments on what was not imported"] += len(item.comments)
        return []
    post_id = known.new_id
    post = await batch.work.session.get(Post, (batch.work.tenant_id, post_id))
    if post is None:
        return []
    numbered = enumerate(item.comments, start=1)
    keys = {id(said): str(said.id or f"{item.key}/{number}") for number, said in numbered}
    return [await _one(batch, post, said, keys[id(said)]) for said in in_order(item.comments)]


def in_order(given: Sequence[Comment]) -> list[Comment]:
    """Each after what it answers; in a circle somebody is first."""
    known = {said.id: said for said in given if said.id}
    placed: dict[int, Comment] = {}
    for said in given:
        chain: list[Comment] = []
        here: Comment | None = said
        while here is not None and id(here) not in placed and here not in chain:
            chain.append(here)
            here = known.get(here.parent)
        placed |= {id(one): one for one in reversed(chain)}
    return list(placed.values())


async def _one(batch: Batch, post: Post, said: Comment, key: str) -> Line:
    digest = digest_of(said)
    known = await batch.ledger.find(COMMENT, key)
    if known is not None and known.digest == digest:
        return Line(COMMENT, key, Outcome.UNCHANGED, new_id=known.new_id)
    if said.type not in _KINDS:
        batch.left_out[f"comments of type {said.type:.40}"] += 1
        note = f"there are no comments of type {said.type!r:.40} here"
        return Line(COMMENT, key, Outcome.NOT_IMPORTED, notes=(note,))
    notes: list[str] = []
    given = await _given(batch, said, notes)
    if known is not None:
        return await _changed(batch, given, known, Line(COMMENT, key, Outcome.CHANGED), digest)
    wanted = said.id if batch.may_keep("comment", said.id) else None
    try:
        made = await comments.bring(batch.work, post, given, wanted)
    except InvalidInput as refused:
        return Line(COMMENT, key, Outcome.REFUSED, notes=(refused.message,))
    await batch.ledger.put(COMMENT, key, made.id, digest, here=_print(made))
    return Line(COMMENT, key, Outcome.CREATED, new_id=made.id, notes=tuple(notes))


async def _changed(
    batch: Batch, given: dict[str, Any], known: Known, line: Line, digest: bytes
) -> Line:
    """Bring a newer comment over the older one, never over what was done with it here."""
    line = replace(line, new_id=known.new_id)
    row = await batch.work.session.get(CommentRow, (batch.work.tenant_id, known.new_id))
    if row is None or known.here != _print(row):
        reason = "deleted" if row is None else "changed"
        note = f"it was {reason} here since: left so"
        return replace(line, outcome=Outcome.SKIPPED, notes=(note,))
    try:
        await comments.bring_again(batch.work, row, given)
    except InvalidInput as refused:
        return replace(line, outcome=Outcome.REFUSED, notes=(refused.message,))
    await batch.ledger.put(COMMENT, line.key, row.id, digest, here=_print(row))
    return line


def _print(row: CommentRow) -> bytes:
    """What tells whether somebody here has changed or moderated the comment."""
    told = (row.author_name, row.author_email, row.author_url, row.status, row.parent_id, row.meta)
    return digest_of(row.content, row.date_gmt.timestamp(), *told)


async def _given(batch: Batch, said: Comment, notes: list[str]) -> dict[str, Any]:
    zone = batch.work.tenant.zone
    dated = moments.read(said.date, said.date_gmt, zone)
    if dated is None:
        dated = at_site(batch.work.now, zone), batch.work.now
        notes.append("its date cannot be read: it has the date of the import")
    wall, instant = dated
    parent = await batch.ledger.find(COMMENT, str(said.parent)) if said.parent else None
    if said.parent and parent is None:
        notes.append("what it answers is not in the file: it answers the post")
    status = _STATUS.get(said.approved, "hold")
    person = await batch.ledger.find(PERSON, str(said.user_id)) if said.user_id else None
    url = said.author_url[:_LONGEST_URL]
    stored, remarks = subject_meta.kept(batch.work, "comment", "", said.meta)
    notes += remarks
    return {
        "content": batch.rewrite(said.content),
        "parent_id": parent.new_id if parent is not None else None,
        "author_id": person.new_id if person is not None else None,
        "author_name": said.author[:_LONGEST_NAME],
        "author_email": said.author_email if "@" in said.author_email else "",
        "author_url": url if may_link(url) else "",
        "status": status,
        "kind": _KINDS[said.type],
        "date_gmt": instant or moments.instant_of(wall, zone),
        "date_local": wall,
        "meta": stored,
    }
