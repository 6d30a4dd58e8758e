"""Errors in WordPress's shape: code, message, data.status, data.params."""

from typing import Any, NamedTuple

from cms.errors import (
    CapabilityMissing,
    CmsError,
    Conflict,
    Forbidden,
    InvalidInput,
    NonceRefused,
    NotFound,
    StepUpRequired,
    TooManyRequests,
    TransitionRefused,
    Unauthenticated,
    ValueForbidden,
)
from cms.fields.faults import ARGUMENT as FIELDS
from cms.rest.site_refusals import SITE_REFUSED


class RestError(CmsError):
    """An error that exists only in WordPress's words."""

    def __init__(self, code: str, message: str, http: int, **data: Any) -> None:
        super().__init__(message, **data)
        self.code, self.http = code, http
        self.status = http  # type: ignore[misc]
        self.is_refusal = http == 403


# What WordPress calls the refusal of an action (measured on 6.1.9).
_REFUSED = {
    "post.create": (
        "rest_cannot_create",
        "Sorry, you are not allowed to create posts as this user.",
    ),
    "post.assign_author": (
        "rest_cannot_edit_others",
        "Sorry, you are not allowed to create posts as this user.",
    ),
    "post.edit": ("rest_cannot_edit", "Sorry, you are not allowed to edit this post."),
    "post.publish": (
        "rest_cannot_publish",
        "Sorry, you are not allowed to publish posts in this post type.",
    ),
    "post.stick": (
        "rest_cannot_assign_sticky",
        "Sorry, you are not allowed to make posts sticky.",
    ),
    "post.delete": ("rest_cannot_delete", "Sorry, you are not allowed to delete this post."),
    "post.read": ("rest_forbidden", "Sorry, you are not allowed to do that."),
    "post.context": (
        "rest_forbidden_context",
        "Sorry, you are not allowed to edit posts in this post type.",
    ),
    "post.item_context": (
        "rest_forbidden_context",
        "Sorry, you are not allowed to edit this post.",
    ),
    "media.upload": (
        "rest_cannot_create",
        "Sorry, you are not allowed to create posts as this user.",
    ),
    "media.attach": (
        "rest_cannot_edit",
        "Sorry, you are not allowed to upload media to this post.",
    ),
    "media.edit_image": (
        "rest_cannot_edit_image",
        "Sorry, you are not allowed to upload media on this site.",
    ),
    "media.edit": ("rest_cannot_edit", "Sorry, you are not allowed to edit this post."),
    "media.delete": ("rest_cannot_delete", "Sorry, you are not allowed to delete this post."),
    "revision.list": (
        "rest_cannot_read",
        "Sorry, you are not allowed to view revisions of this post.",
    ),
    "autosave.list": (
        "rest_cannot_read",
        "Sorry, you are not allowed to view autosaves of this post.",
    ),
    "revision.delete": (
        "rest_cannot_delete",
        "Sorry, you are not allowed to delete this revision.",
    ),
    "term.create": (
        "rest_cannot_create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
    ),
    "term.context": (
        "rest_forbidden_context",
        "Sorry, you are not allowed to edit terms in this taxonomy.",
    ),
    "term.edit_context": (
        "rest_forbidden_context",
        "Sorry, you are not allowed to edit this term.",
    ),
    "term.edit": ("rest_cannot_update", "Sorry, you are not allowed to edit this term."),
    "term.delete": ("rest_cannot_delete", "Sorry, you are not allowed to delete this term."),
    "taxonomy.context": (
        "rest_forbidden_context",
        "Sorry, you are not allowed to manage terms in this taxonomy.",
    ),
    "comment.create": (
        "rest_comment_login_required",
        "Sorry, you must be logged in to comment.",
    ),
    "comment.edit": ("rest_cannot_edit", "Sorry, you are not allowed to edit this comment."),
    "comment.delete": (
        "rest_cannot_delete",
        "Sorry, you are not allowed to delete this comment.",
    ),
    "user.read_self": ("rest_not_logged_in", "You are not currently logged in."),
    "user.edit_self": ("rest_not_logged_in", "You are not currently logged in."),
    **dict.fromkeys(
        (f"application_password.{verb}" for verb in ("list", "create", "edit", "delete")),
        ("rest_not_logged_in", "You are not currently logged in."),
    ),
    "user.create": ("rest_cannot_create_user", "Sorry, you are not allowed to create new users."),
    "user.edit": ("rest_cannot_edit", "Sorry, you are not allowed to edit this user."),
    "user.promote": (
        "rest_cannot_edit_roles",
        "Sorry, you are not allowed to edit roles of this user.",
    ),
    "user.grant": (
        "rest_user_invalid_role",
        "Sorry, you are not allowed to give users that role.",
    ),
    "user.delete": (
        "rest_user_cannot_delete",
        "Sorry, you are not allowed to delete this user.",
    ),
    **SITE_REFUSED,
}
_NOT_FOUND = {
    "post": ("rest_post_invalid_id", "Invalid post ID."),
    "revision": ("rest_post_invalid_id", "Invalid revision ID."),
    "autosave": ("rest_post_no_autosave", "There is no autosave revision for this post."),
    "user": ("rest_user_invalid_id", "Invalid user ID."),
    "application password": (
        "rest_application_password_not_found",
        "Application password not found.",
    ),
    "comment": ("rest_comment_invalid_id", "Invalid comment ID."),
    "term": ("rest_term_invalid", "Term does not exist."),
    "taxonomy": ("rest_taxonomy_invalid", "Invalid taxonomy."),
    "status": ("rest_status_invalid", "Invalid status."),
    "post type": ("rest_type_invalid", "Invalid post type."),
}
# Signing in would not help: these stay 403 for everybody.
_NOT_BY_SIGN_IN = {
    "rest_post_incorrect_password",
    "rest_comment_closed",
    "rest_comment_invalid_post_id",
    "rest_comment_draft_post",
    "rest_comment_trash_post",
}
_STATUS_OF_CONFLICT = {"rest_already_trashed": 410, "term_exists": 400, "menu_exists": 400}

Shaped = tuple[int, dict[str, Any]]


def no_route() -> Shaped:
    """Also for a wrong method on a known path: WordPress makes no difference."""
    return _shape(404, "rest_no_route", "No route was found matching the URL and request method.")


def shape(error: CmsError, *, is_anonymous: bool) -> Shaped:
    """HTTP status and body. Who is not signed in gets 401 where a person would get 403."""
    if isinstance(error, RestError):
        needs_sign_in = error.http == 403 and error.code not in _NOT_BY_SIGN_IN
        status = 401 if is_anonymous and needs_sign_in else error.http
        return _shape(status, error.code, error.message, **error.facts)
    if isinstance(error, Forbidden):
        return _forbidden(error, is_anonymous)
    if isinstance(error, TransitionRefused):
        objections = [
            {"code": o.code, "message": o.message, "remedy": o.remedy} for o in error.objections
        ]
        return _shape(409, "rest_transition_refused", error.message, objections=objections)
    if isinstance(error, NotFound):
        code, message = _NOT_FOUND.get(error.kind, ("rest_not_found", error.message))
        return _shape(404, code, message)
    if isinstance(error, InvalidInput):
        return _invalid(error)
    return _other(error)


def _forbidden(error: Forbidden, is_anonymous: bool) -> Shaped:
    if isinstance(error, ValueForbidden):
        status = 401 if is_anonymous else 403
        return _shape(status, "rest_cannot_edit_field", error.message, fields=error.fields)
    code, message = _REFUSED.get(
        error.action, ("rest_forbidden", "Sorry, you are not allowed to do that.")
    )
    if isinstance(error, CapabilityMissing) or is_anonymous:
        return _shape(401 if is_anonymous else 403, code, message)
    # A policy's denial says which policy it was: the person can take it to the officer.
    reasons = error.facts.get("reasons", [])
    return _shape(403, "rest_policy_denied", error.message, reasons=reasons, action=error.action)


class Param(NamedTuple):
    """What is wrong with one argument, as WordPress tells it."""

    code: str
    message: str
    data: Any = None


def params_of(error: InvalidInput) -> dict[str, Param]:
    """The refused arguments. All faults in the values of custom fields are those of one argument,
    `acf`, as in ACF; each is told by its path in the data."""
    found: dict[str, Param] = {}
    of_fields: dict[str, Any] = {}
    for name, message in error.faults.items():
        if name == FIELDS or name.startswith(f"{FIELDS}."):
            path = name.removeprefix(FIELDS).removeprefix(".")
            of_fields[path] = {"message": message, **error.details.get(name, {})}
        else:
            found[name] = Param(error.codes.get(name, "rest_invalid_param"), message)
    if of_fields:
        message = "; ".join(
            f"{path}: {one['message']}" if path else one["message"]
            for path, one in of_fields.items()
        )
        data = {path: one for path, one in of_fields.items() if path}
        found[FIELDS] = Param("rest_invalid_param", message, data)
    return found


def _invalid(error: InvalidInput) -> Shaped:
    if len(error.codes) == 1 and len(error.faults) == 1:
        [(field, code)] = error.codes.items()
        return _shape(400, code, error.faults[field])
    params = params_of(error)
    return _shape(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(params)}",
        params={name: one.message for name, one in params.items()},
        details={name: one._asdict() for name, one in params.items()},
    )


def _other(error: CmsError) -> Shaped:
    if isinstance(error, NonceRefused):
        return _shape(403, "rest_cookie_invalid_nonce", "Cookie check failed")
    if isinstance(error, Conflict | TooManyRequests):
        code = str(error.facts.get("code", "rest_conflict"))
        rest = {name: value for name, value in error.facts.items() if name != "code"}
        return _shape(_STATUS_OF_CONFLICT.get(code, error.status), code, error.message, **rest)
    if isinstance(error, StepUpRequired):
        return _shape(
            401,
            "rest_step_up_required",
            error.message,
            obligations=list(error.obligations),
            reasons=error.facts["reasons"],
        )
    if isinstance(error, Unauthenticated):
        return _shape(401, "rest_not_logged_in", error.message)
    return _shape(error.status, f"rest_{error.slug.replace('-', '_')}", error.message)


def _shape(status: int, code: str, message: str, **data: Any) -> Shaped:
    return status, {"code": code, "message": message, "data": {"status": status, **data}}
