"""Errors of the own API: RFC 9457 problem+json."""

from http import HTTPStatus
from typing import Any

from cms.errors import (
    CmsError,
    InvalidInput,
    NonceRefused,
    StepUpRequired,
    TransitionRefused,
    Unauthenticated,
)

MEDIA_TYPE = "application/problem+json"


def problem(error: CmsError, *, is_anonymous: bool) -> tuple[int, dict[str, Any]]:
    """HTTP status and body. `type` is the slug of the error's class: it is stable."""
    if is_anonymous and error.status == 403 and not isinstance(error, NonceRefused):
        # Which policy stands in the way is nothing for strangers.
        error = Unauthenticated("Sign in first: POST /api/v1/auth/token.")
    status = error.status
    body: dict[str, Any] = {
        "type": f"urn:cms:problem:{error.slug}",
        "title": (type(error).__doc__ or "").strip().splitlines()[0],
        "status": status,
        "detail": error.message,
    }
    if error.slug == "http":
        body |= {"type": "about:blank", "title": HTTPStatus(status).phrase}
    if isinstance(error, TransitionRefused):
        body["objections"] = [
            {"code": o.code, "message": o.message, "remedy": o.remedy} for o in error.objections
        ]
    elif isinstance(error, InvalidInput):
        body["faults"] = error.faults
        if error.details:
            body["details"] = error.details
    else:
        body |= {key: value for key, value in error.facts.items() if key not in body}
    return status, body


def challenge(error: CmsError, status: int) -> dict[str, str]:
    """The WWW-Authenticate header of a 401 (RFC 6750 §3, RFC 9470 §3)."""
    if isinstance(error, StepUpRequired):
        return {
            "WWW-Authenticate": 'Bearer error="insufficient_user_authentication", '
            f'error_description="{" ".join(error.obligations)}", acr_values="pwd", '
            f'max_age="{error.max_age}"'
        }
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}
