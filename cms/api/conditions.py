"""`If-Match` for things whose state has a name: a change is made only to what its author has seen
(RFC 9110 §13.1.1)."""

from typing import Any

from litestar import Request

from cms.errors import Outdated

Asked = Request[Any, Any, Any]


def name_state(request: Asked, version: str) -> None:
    """Let the ETag of the answer begin with the state of the thing, whatever is shown of it."""
    request.scope["state"]["version"] = version


def require_seen(request: Asked, version: str) -> None:
    """Outdated when `If-Match` names another state than the one that is about to be changed."""
    asked = request.headers.get("if-match")
    if asked is None:
        return
    tags = [one.strip().removeprefix("W/").strip('"') for one in asked.split(",")]
    if not any(tag == "*" or tag.partition(".")[0] == version for tag in tags):
        raise Outdated(
            "This has been changed since you read it, and nothing was saved. Read it again, repeat "
            "your change on what it is now, and send its new ETag in If-Match."
        )
