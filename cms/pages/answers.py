"""Answers that caches keep: with a validator, and 304 for who has them already."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar import Request, Response

Asked = Request[Any, Any, Any]


def cached(
    request: Asked,
    body: bytes,
    media_type: str,
    *,
    seconds: int,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The body, or 304 when the asker has it (RFC 9110 §13.1). What a signed-in person gets is the
    same, and still stays out of shared caches."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    scope = "private" if request.headers.get("authorization") else "public"
    sent = {
        "ETag": tag,
        "Cache-Control": f"{scope}, max-age={seconds}",
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    if modified is not None:
        sent["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if is_known(request, tag, modified):
        return Response(b"", status_code=304, headers=sent, media_type=media_type)
    return Response(body, headers=sent, media_type=media_type)


def is_known(request: Asked, tag: str, modified: datetime | None) -> bool:
    """Whether what the asker has is still right; a tag counts before a date."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {one.strip().removeprefix("W/") for one in known.split(",")}
        return "*" in tags or tag in tags
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    # The header knows whole seconds.
    return moment.tzinfo is not None and modified < moment + timedelta(seconds=1)
