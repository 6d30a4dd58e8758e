"""What a visitor says of a text on its page: the rules of the site for who may, and as whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.content import comments, posts
from cms.content.comment_models import Comment
from cms.content.comment_rules import is_open
from cms.content.faults import Faults
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict
from cms.identity.users import EMAIL, present_user
from cms.markup.addresses import may_link

CLOSED = "comment.closed"
LONGEST_NAME, LONGEST_EMAIL, LONGEST_ADDRESS = 245, 100, 200


@dataclass(frozen=True)
class Said:
    """What somebody has typed."""

    content: str
    name: str = ""
    email: str = ""
    url: str = ""
    parent_id: int | None = None


async def say(work: UnitOfWork, post: Post, said: Said) -> Comment:
    """A comment on a text that its reader sees. Conflict where nobody comments, CapabilityMissing
    where only members do; InvalidInput names every fault of the form."""
    if not is_open(work, post):
        raise Conflict("Comments are closed for this text.", code=CLOSED)
    if work.actor.is_anonymous and work.tenant.site.comment_registration:
        raise CapabilityMissing("Sign in to comment on this site.", action="comment.create")
    await work.decide("comment.create", "comment", None, posts.facts(post))
    author = await _author(work, said)
    given: Mapping[str, Any] = {**author, "content": said.content, "parent_id": said.parent_id}
    return await comments.add(work, post, given)


async def _author(work: UnitOfWork, said: Said) -> dict[str, Any]:
    """The account's own name for members, what a visitor says of herself."""
    if work.actor.user_id is not None:
        user = await present_user(work, work.actor.user_id)
        return {
            "author_id": user.id,
            "author_name": user.display_name,
            "author_email": user.email,
            "author_url": user.url,
        }
    name, email, url = said.name.strip(), said.email.strip(), said.url.strip()
    faults, is_needed = Faults(), work.tenant.site.require_name_email
    if not said.content.strip():
        faults.add("content", "is empty; write what you want to say")
    if is_needed and not comments.plain(name):
        faults.add("name", "is needed here; write the name that readers shall see")
    if len(name) > LONGEST_NAME:
        faults.add("name", f"must be at most {LONGEST_NAME} characters long")
    is_address = len(email) <= LONGEST_EMAIL and bool(EMAIL.fullmatch(email))
    if (is_needed or email) and not is_address:
        faults.add(
            "email", "must be an address such as voce@exemplo.example; nobody gets to see it"
        )
    if url and (len(url) > LONGEST_ADDRESS or not url.startswith("http") or not may_link(url)):
        faults.add("url", "must be a web address that begins with https://, or empty")
    faults.refuse()
    return {"author_id": None, "author_name": name, "author_email": email, "author_url": url}
