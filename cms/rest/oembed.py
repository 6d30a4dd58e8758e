"""What another site needs to embed a post of ours (oEmbed 1.0)."""

from html import escape
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content import permalinks
from cms.content.models import Post
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.markup.render import render_title
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table
from cms.rest.shape import always, answer, front_url, site_url
from cms.site.addresses import post_at

Asked = Request[Any, Any, Any]
EMBED: Table = {
    "url": {"type": "string", "format": "uri", "required": True},
    "format": {"default": "json"},
    "maxwidth": {"default": 600},
}
PROXY: Table = {
    "url": {"type": "string", "format": "uri", "required": True},
    "format": {"type": "string", "enum": ["json", "xml"], "default": "json"},
    "maxwidth": {"type": "integer", "default": 600},
    "maxheight": {"type": "integer"},
    "discover": {"type": "boolean", "default": True},
}
NARROWEST, WIDEST = 200, 600


@get("/oembed/1.0/embed", action="embed.read", resource="embed", arguments=EMBED)
async def read_embed(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """For everyone, of posts that everyone may read."""
    wanted = await arguments.read(request, EMBED)
    body = await _described(request, work, wanted["url"], _width(wanted["maxwidth"]))
    if wanted["format"] == "xml":
        return Response(
            _xml(body).encode(),
            headers={**always(request), "Allow": "GET"},
            media_type="text/xml",
        )
    return answer(request, body)


@get("/oembed/1.0/proxy", action="embed.read", resource="embed", arguments=PROXY)
async def read_foreign_embed(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """For writers. Only addresses of this site are known: no other site is asked, and so none
    learns who writes what."""
    wanted = await arguments.read(request, PROXY)
    may = not work.actor.is_anonymous and work.actor.has("edit_posts")
    require(may, "embed.proxy", "Embeds are looked up for those who write.")
    return answer(
        request, await _described(request, work, wanted["url"], _width(wanted["maxwidth"]))
    )


def _width(given: Any) -> int:
    """As WordPress: between 200 and 600 pixels, whatever was asked for."""
    digits = str(given).lstrip("-")
    wanted = int(digits[:9]) if digits.isascii() and digits.isdigit() else 0
    return min(max(NARROWEST, wanted), WIDEST)


async def _described(request: Asked, work: UnitOfWork, url: str, width: int) -> dict[str, Any]:
    front = front_url(request, work.tenant.site)
    post = await post_at(work, url, (site_url(request), front))
    if post is None:
        raise RestError("oembed_invalid_url", "Not Found", 404)
    address = front + (await permalinks.paths(work, [post]))[post.id]
    author = await work.session.get(User, (work.tenant_id, post.author_id))
    return {
        "version": "1.0",
        "provider_name": work.tenant.name,
        "provider_url": front,
        "author_name": author.display_name if author is not None else work.tenant.name,
        "author_url": front + permalinks.author_path(author) if author is not None else front,
        "title": render_title(post.title),
        "type": "rich",
        "width": width,
        "height": max(-(-width * 9 // 16), NARROWEST),
        "html": _quoted(post, address),
    }


def _quoted(post: Post, address: str) -> str:
    """A link and nothing that acts: a script of ours in a stranger's page would be a promise to
    keep it harmless for ever."""
    link = f'<a href="{escape(address)}">{render_title(post.title)}</a>'
    return f'<blockquote class="wp-embedded-content">{link}</blockquote>'


def _xml(body: dict[str, Any]) -> str:
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in body.items())
    return f'<?xml version="1.0"?>\n<oembed>{inner}</oembed>\n'


OEMBED_ROUTES: list[HTTPRouteHandler] = [read_embed, read_foreign_embed]
