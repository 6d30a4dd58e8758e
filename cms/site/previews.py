"""Links by which a text can be read before it is published: signed, for a time, and revocable.

A token names the site, the post, the revision (or "whatever is being worked on"), its end, who gave
it out and the version of the post's key. It is no row: only the key's version is kept.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from cms.content import posts
from cms.content.models import Post, Rendering, Revision
from cms.content.permissions import may_edit, require
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound, Unauthenticated
from cms.identity.secrets import SecretKey
from cms.identity.standing import standing_of
from cms.site.outward_events import PreviewIssued, PreviewsRevoked
from cms.site.outward_models import PreviewKey

# Lets secret scanners find a leaked one.
PREFIX = "cmspv_"
SHORTEST, LONGEST, USUAL = 60, 30 * 86_400, 86_400
_LONGEST_TOKEN = 600
_HASH = re.compile(r"[0-9a-f]{64}")
_PLACES = re.compile(r"\{(id|type|slug|token|hash)\}")


class PreviewRefused(Unauthenticated):
    """The preview link is not valid, or not any more."""

    slug = "preview-refused"


class PreviewExpired(CmsError):
    """The preview link was valid, and its time is over."""

    status, slug = 410, "preview-expired"


class Claims(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token says; `revision` is a content hash, or empty for the working head."""

    tenant_id: int
    post_id: int
    revision: str
    expires: int
    issuer_id: int
    key_version: int


@dataclass(frozen=True)
class Preview:
    """A link as it was given out. `link` is where the front end shows it."""

    token: str
    link: str
    post_id: int
    revision: str
    expires_at: datetime


async def issue(
    work: UnitOfWork,
    key: SecretKey,
    post_id: int,
    *,
    revision: str = "",
    seconds: int = USUAL,
    site_address: str,
) -> Preview:
    """A link for whoever is given it. The actor must be able to edit the post; so must she when it
    is used."""
    post = await _editable(work, post_id, "preview.issue")
    shown = await _shown(work, post, revision)
    expires_at = datetime.fromtimestamp(int(work.now.timestamp()) + seconds, UTC)
    version = await _key_version(work, post.id)
    claims = Claims(
        work.tenant_id,
        post.id,
        revision,
        int(expires_at.timestamp()),
        work.actor.user_id or 0,
        version,
    )
    token = _signed(key, claims)
    await work.emit(
        PreviewIssued(
            post_id=post.id,
            after={"revision": revision or "working", "expires_at": expires_at.isoformat()},
        )
    )
    link = _link(work, post, shown, token, site_address)
    return Preview(token, link, post.id, revision, expires_at)


async def _editable(work: UnitOfWork, post_id: int, action: str) -> Post:
    require(not work.actor.is_anonymous, action, "Sorry, you are not allowed to preview this post.")
    post = await posts.get(work, post_id)
    post_type = posts.type_of(work, post)
    require(
        may_edit(work.actor, post_type, post),
        action,
        "Sorry, you are not allowed to preview this post.",
    )
    if post_type.rest_controller != "posts":
        raise InvalidInput({"post_id": f"{post_id} is a {post_type.name}, which has no preview"})
    if post.status == Status.TRASH.value:
        raise InvalidInput({"post_id": f"{post_id} is in the bin; take it out first"})
    await work.decide(action, "preview", post.id, posts.facts(post))
    return post


async def _shown(work: UnitOfWork, post: Post, revision: str) -> PostView:
    """The post with the wanted revision, or with its working head."""
    wanted = Revision.id == Post.working_revision_id
    if revision:
        if not _HASH.fullmatch(revision):
            raise InvalidInput({"revision": "must be a content hash of 64 hexadecimal digits"})
        wanted = Revision.content_hash == bytes.fromhex(revision)
    rows = await work.all(
        select(Revision, Rendering)
        .join(
            Post,
            and_(Post.tenant_id == Revision.tenant_id, Post.id == Revision.post_id),
        )
        .join(
            Rendering,
            and_(Rendering.tenant_id == Revision.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Revision.tenant_id == work.tenant_id, Revision.post_id == post.id, wanted)
        .order_by(Revision.created_at.desc(), Revision.id.desc())
        .limit(1)
    )
    if not rows:
        raise NotFound("revision", revision)
    return PostView(post, rows[0][0], rows[0][1], is_unlocked=True)


async def _key_version(work: UnitOfWork, post_id: int) -> int:
    found = await work.session.get(PreviewKey, (work.tenant_id, post_id))
    return found.version if found is not None else 0


async def revoke(work: UnitOfWork, post_id: int) -> None:
    """Make every link of the post void that was given out until now."""
    post = await _editable(work, post_id, "preview.revoke")
    row = insert(PreviewKey).values(tenant_id=work.tenant_id, post_id=post.id, version=1)
    await work.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "post_id"], set_={"version": PreviewKey.version + 1}
        )
    )
    await work.emit(PreviewsRevoked(post_id=post.id))


async def read(work: UnitOfWork, key: SecretKey, token: str) -> PostView:
    """What the token shows, and nothing else. PreviewRefused or PreviewExpired says why not."""
    return (await opened(work, key, token))[0]


async def opened(work: UnitOfWork, key: SecretKey, token: str) -> tuple[PostView, datetime]:
    """The same, with the moment at which the link ends."""
    claims = _verified(key, token)
    if claims is None or claims.tenant_id != work.tenant_id:
        raise PreviewRefused("This preview link is not valid. Ask for a new one.")
    if claims.expires <= work.now.timestamp():
        raise PreviewExpired("The time of this preview link is over. Ask for a new one.")
    post = await work.session.get(Post, (work.tenant_id, claims.post_id))
    if post is None or post.status == Status.TRASH.value:
        raise NotFound("post", claims.post_id)
    if await _key_version(work, post.id) != claims.key_version:
        raise PreviewRefused("This preview link was revoked. Ask for a new one.")
    issuer = await standing_of(work, claims.issuer_id)
    if issuer is None or not may_edit(issuer, posts.type_of(work, post), post):
        raise PreviewRefused(
            "Who gave out this preview link may not edit the post any more. Ask for a new one."
        )
    view = await _shown(work, post, claims.revision)
    return view, datetime.fromtimestamp(claims.expires, UTC)


def _signed(key: SecretKey, claims: Claims) -> str:
    said = _base64(msgspec.json.encode(claims))
    return f"{PREFIX}{said}.{_base64(_seal(key, said))}"


def _seal(key: SecretKey, said: str) -> bytes:
    return key.digest(f"preview:{said}")


def _verified(key: SecretKey, token: str) -> Claims | None:
    """What the token says, if we have said it."""
    said, _, seal = token.removeprefix(PREFIX).partition(".")
    if not token.startswith(PREFIX) or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    if not hmac.compare_digest(_base64(_seal(key, said)), seal):
        return None
    padded = said + "=" * (-len(said) % 4)
    return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=Claims)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _link(work: UnitOfWork, post: Post, shown: PostView, token: str, site_address: str) -> str:
    """The site's own address for previews, filled in, or that of the API."""
    values = {
        "id": str(post.id),
        "type": post.post_type,
        "slug": shown.revision.slug or post.slug,
        "token": token,
        "hash": shown.revision.content_hash.hex(),
    }
    template = work.tenant.site.preview_url or f"{site_address}/api/v1/preview?token={{token}}"
    return _PLACES.sub(lambda place: quote(values[place[1]], safe="%"), template)
