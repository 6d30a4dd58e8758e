"""Everything that can be raised while a request is answered, as an error that a person is told."""

import re
from typing import Any

import structlog
from litestar import Request
from litestar.exceptions import HTTPException, SerializationException, ValidationException

from cms.api.trouble import known_trouble
from cms.errors import CmsError, InvalidInput, NotFound

log = structlog.get_logger()

Asked = Request[Any, Any, Any]


def as_cms_error(request: Asked, error: Exception) -> CmsError:
    """The error that a person is told. What the database, the framework or a fault of ours raised
    is said in our own words, and the operator finds it in the log."""
    trouble = known_trouble(error)
    if trouble is not None:
        # Never the message: the statement's values stand in it, and they are people's.
        log.warning("request met the database", problem=trouble.slug, error=type(error).__name__)
        return trouble
    if isinstance(error, CmsError):
        # 501 says that a thing is not done here, on purpose: nothing has failed.
        if error.status >= 500 and error.status != 501:
            log.error("request failed", problem=error.slug, path=request.scope["path"])
        return error
    if isinstance(error, ValidationException):
        return InvalidInput(_faults(error))
    if isinstance(error, HTTPException):
        return _http_error(request, error)
    if isinstance(error, RecursionError):
        return InvalidInput({"body": "is nested too deeply"})
    log.exception("request failed", path=request.scope["path"])
    return CmsError(
        "Something broke on our side; nothing was saved. Try again, and tell the administrator "
        "the time of this request if it stays."
    )


_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")


def _faults(error: ValidationException) -> dict[str, str]:
    extra = error.extra if isinstance(error.extra, list) else []
    told = [_fault(one) for one in extra if isinstance(one, dict)]
    return dict(told) or {"body": str(error.detail)}


def _fault(told: dict[str, Any]) -> tuple[str, str]:
    """The field and its fault. What is missing has no place of its own, and is named in words."""
    field, message = str(told.get("key", "data")), str(told.get("message", "is not valid"))
    missing = _MISSING.match(message)
    if missing is not None:
        return missing["field"], "is required"
    if message == "'data'":
        return "body", "is required: send a JSON object with Content-Type: application/json"
    return "body" if field == "data" else field, message


class _HttpError(CmsError):
    """An error of the web framework, such as an unknown path."""

    slug = "http"


def _http_error(request: Asked, error: HTTPException) -> CmsError:
    if error.status_code == 404:
        return NotFound("page", "at this address")
    if error.status_code == 400:
        is_body = isinstance(error.__cause__, SerializationException)
        kind = request.content_type[0]
        if is_body and kind != "application/json":
            said = f"is {kind!r:.80}, not JSON" if kind else "is not said to be JSON"
            return InvalidInput({"body": f"{said}; send JSON with Content-Type: application/json"})
        return InvalidInput({"body" if is_body else "request": error.detail})
    known = _HttpError(error.detail)
    known.status = error.status_code  # type: ignore[misc]
    return known
