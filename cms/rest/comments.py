"""Comments on posts."""

import hmac
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from cms.api.routing import delete, get, patch, post, put
from cms.content import comment_reading, comments, posts
from cms.content.comment_reading import MODERATE, STATUSES, CommentQuery, CommentView
from cms.content.comment_rules import is_open, moderates
from cms.content.dates import parse
from cms.content.models import Post
from cms.content.permissions import may_edit, may_read
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, NotFound
from cms.fields.kinds import COMMENTS as OF_COMMENTS
from cms.identity.users import present_user
from cms.kernel.registry import Registry
from cms.rest import acf_writing, arguments, subject_meta
from cms.rest.comment_arguments import CREATE, DELETE, EDIT, ITEM, LIST, SCHEMA
from cms.rest.comment_body import COMMENTS, bodies, body, not_readable
from cms.rest.errors import RestError
from cms.rest.shape import answer, paging, rest_url

Asked = Request[Any, Any, Any]

_COLUMNS = {
    "author_name": "author_name",
    "author_email": "author_email",
    "author_url": "author_url",
    "author_ip": "author_ip",
    "author_user_agent": "author_agent",
    "content": "content",
}


async def list_comments(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, acf_writing.reads(work, OF_COMMENTS, LIST))
    found = await _asked_posts(work, wanted["post"])
    unlocked = _unlocked(found, wanted) if len(wanted["post"]) == 1 else []
    if any(not _reads_post(work, one, unlocked) for one in found):
        raise _post_not_readable()
    _refuse_hidden_questions(work, wanted)
    page, per_page = wanted["page"], wanted["per_page"]
    views, total = await comment_reading.page(work, _query(work, wanted, unlocked))
    address = rest_url(request, COMMENTS)
    headers = paging(request, address, total=total, page=page, per_page=per_page, kind=None)
    shown = await bodies(request, work, views, wanted["context"])
    allow = ["GET"] if work.actor.is_anonymous and not _takes_visitors(work) else ["GET", "POST"]
    return answer(request, shown, headers=headers, allow=allow)


async def _asked_posts(work: UnitOfWork, ids: list[int]) -> list[Post]:
    if not ids:
        return []
    rows = await work.all(select(Post).where(Post.tenant_id == work.tenant_id, Post.id.in_(ids)))
    return [row[0] for row in rows]


def _unlocked(found: list[Post], wanted: dict[str, Any]) -> list[int]:
    """The protected post whose password was given."""
    given = wanted.get("password") or ""
    return [
        one.id
        for one in found
        if one.password and hmac.compare_digest(given.encode(), one.password.encode())
    ]


def _reads_post(work: UnitOfWork, found: Post, unlocked: list[int]) -> bool:
    post_type = work.registry.post_types.get(found.post_type)
    if post_type is None:
        return False
    if found.password and found.id not in unlocked:
        return may_edit(work.actor, post_type, found)
    return may_read(work.actor, post_type, found)


def _post_not_readable() -> RestError:
    return RestError(
        "rest_cannot_read_post",
        "Sorry, you are not allowed to read the post for this comment.",
        403,
    )


def _refuse_hidden_questions(work: UnitOfWork, wanted: dict[str, Any]) -> None:
    if 0 in wanted["post"] and not work.actor.has(MODERATE):
        raise RestError(
            "rest_cannot_read", "Sorry, you are not allowed to read comments without a post.", 403
        )
    if wanted["context"] == "edit" and not work.actor.has(MODERATE):
        raise _wrong_context()
    if work.actor.has(MODERATE):
        return
    usual = {"type": "comment", "status": "approve"}
    # By status, those who write may ask too; a person's address is for moderators.
    writes = work.actor.has("edit_posts")
    hidden = ["author_email"] if writes else ["author", "author_exclude", "author_email"]
    hidden += [] if writes else ["type", "status"]
    refused = [name for name in hidden if wanted.get(name) not in (None, usual.get(name))]
    if refused:
        raise RestError(
            "rest_forbidden_param", f"Query parameter not permitted: {', '.join(refused)}", 403
        )


def _wrong_context() -> RestError:
    return RestError("rest_forbidden_context", "Sorry, you are not allowed to edit comments.", 403)


def _query(work: UnitOfWork, wanted: dict[str, Any], unlocked: list[int]) -> CommentQuery:
    offset = wanted.get("offset")
    zone = work.tenant.zone
    dates = {name: parse(wanted[name], zone)[1] for name in ("after", "before") if name in wanted}
    if wanted["orderby"] == "include" and not wanted["include"]:
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    return CommentQuery(
        statuses=STATUSES[wanted["status"]],
        kind=wanted["type"],
        search=wanted.get("search", ""),
        posts=wanted["post"],
        parents=wanted["parent"],
        parents_exclude=wanted["parent_exclude"],
        authors=wanted.get("author", ()),
        authors_exclude=wanted.get("author_exclude", ()),
        author_email=wanted["author_email"] or "",
        include=wanted["include"],
        exclude=wanted["exclude"],
        order_by=wanted["orderby"],
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
        unlocked=unlocked,
        after=dates.get("after"),
        before=dates.get("before"),
    )


async def read_comment(request: Asked, work: UnitOfWork, comment_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, acf_writing.reads(work, OF_COMMENTS, ITEM))
    view = await comment_reading.one(work, comment_id)
    if wanted["context"] == "edit" and not work.actor.has(MODERATE):
        raise _wrong_context()
    if not view.is_visible and wanted.get("password"):
        unlocked = _unlocked([view.post], wanted)
        view = await comment_reading.one(work, comment_id, unlocked) if unlocked else view
    if not view.is_visible:
        raise not_readable()
    shown, allow = await body(request, work, view, wanted["context"]), _allow(work, view)
    return answer(request, shown, allow=allow)


async def create_comment(request: Asked, work: UnitOfWork) -> Response[bytes]:
    if work.actor.is_anonymous and not _takes_visitors(work):
        raise CapabilityMissing("Sorry, you must be logged in to comment.", action="comment.create")
    keys = work.registry.subject_meta("comment")
    table = subject_meta.with_argument(CREATE, keys)
    wanted = await acf_writing.read(request, work, OF_COMMENTS, table)
    _refuse_attributes(work, wanted)
    found = await _commented_post(work, wanted)
    if wanted.get("id"):
        raise RestError("rest_comment_exists", "Cannot create existing comment.", 400)
    if wanted.get("type", "comment") != "comment":
        raise RestError("rest_invalid_comment_type", "Cannot create a comment with that type.", 400)
    given = await _author(work, wanted)
    comment = await comments.add(
        work,
        found,
        {
            **given,
            **_dates(work, wanted),
            "content": wanted.get("content", ""),
            "parent_id": wanted["parent"] or None,
            "author_ip": wanted.get("author_ip"),
            "author_agent": wanted.get("author_user_agent"),
            "status": wanted.get("status"),
            "meta": _meta(work, found, {}, wanted),
        },
    )
    headers = {"Location": rest_url(request, f"{COMMENTS}/{comment.id}")}
    made = CommentView(comment, found, False)
    await acf_writing.save_comment(request, work, made, wanted)
    shown = await body(request, work, made, _context(work))
    return answer(request, shown, status=201, headers=headers, allow=["GET", "POST"])


def _takes_visitors(work: UnitOfWork) -> bool:
    return work.tenant.site.anonymous_comments and not work.tenant.site.comment_registration


def _context(work: UnitOfWork) -> str:
    """E-mail and network address of others are for moderators, also in an answer to a write."""
    return "edit" if work.actor.has(MODERATE) else "view"


def _refuse_attributes(work: UnitOfWork, wanted: dict[str, Any]) -> None:
    """Who speaks, from where and with which standing is the moderators' to say."""
    if work.actor.has(MODERATE):
        return
    refused = (
        ("author", "author", wanted.get("author", work.actor.user_id or 0)
         != (work.actor.user_id or 0)),
        ("author_ip", "author_ip", wanted.get("author_ip", work.request.ip) != work.request.ip),
        ("status", "status", "status" in wanted),
        ("date", "date", "date" in wanted or "date_gmt" in wanted),
    )  # fmt: skip
    for code, name, is_refused in refused:
        if is_refused:
            raise RestError(
                f"rest_comment_invalid_{code}",
                f"Sorry, you are not allowed to edit '{name}' for comments.",
                403,
            )


async def _commented_post(work: UnitOfWork, wanted: dict[str, Any]) -> Post:
    """The post, if this person may comment on it; refusals in WordPress's order."""
    rows = await _asked_posts(work, [wanted["post"]] if wanted["post"] else [])
    if not rows:
        raise RestError(
            "rest_comment_invalid_post_id",
            "Sorry, you are not allowed to create this comment without a post.",
            403,
        )
    [found] = rows
    closed = {Status.DRAFT.value: "draft", Status.TRASH.value: "trash"}
    if found.status in closed:
        raise RestError(
            f"rest_comment_{closed[found.status]}_post",
            "Sorry, you are not allowed to create a comment on this post.",
            403,
        )
    if not _reads_post(work, found, _unlocked(rows, wanted)):
        raise _post_not_readable()
    if not is_open(work, found):
        raise RestError("rest_comment_closed", "Sorry, comments are closed for this item.", 403)
    await work.decide("comment.create", "comment", None, posts.facts(found))
    return found


async def _author(work: UnitOfWork, wanted: dict[str, Any]) -> dict[str, Any]:
    """Who speaks: the account's own name for members, what a visitor says of herself."""
    said = {
        name: wanted[name]
        for name in ("author_name", "author_email", "author_url")
        if wanted.get(name)
    }
    user_id = wanted.get("author", work.actor.user_id)
    if said and "author" not in wanted and work.actor.has(MODERATE):
        # A moderator who says who speaks does not mean herself.
        return {"author_id": None, **said}
    if user_id:
        user = await _commenter(work, user_id)
        own = {
            "author_name": user.display_name,
            "author_email": user.email,
            "author_url": user.url,
        }
        # Under an account stands its name, unless a moderator says otherwise.
        return {"author_id": user_id, **own, **(said if work.actor.has(MODERATE) else {})}
    needed = work.tenant.site.require_name_email and not work.actor.has(MODERATE)
    if needed and not {"author_name", "author_email"} <= set(said):
        raise RestError(
            "rest_comment_author_data_required",
            "Creating a comment requires valid author name and email values.",
            400,
        )
    return {"author_id": None, **said}


async def _commenter(work: UnitOfWork, user_id: int) -> Any:
    try:
        return await present_user(work, user_id)
    except NotFound as error:
        raise RestError("rest_comment_author_invalid", "Invalid comment author ID.", 400) from error


def _dates(work: UnitOfWork, wanted: dict[str, Any]) -> dict[str, Any]:
    given = {name: wanted[name] for name in ("date", "date_gmt") if wanted.get(name)}
    if not given:
        return {}
    name, text = next(iter(given.items()))
    gmt, local = parse(text, work.tenant.zone, default=UTC if name == "date_gmt" else None)
    return {"date_gmt": gmt, "date_local": local}


def _meta(
    work: UnitOfWork, found: Post, stored: Mapping[str, Any], wanted: dict[str, Any]
) -> dict[str, Any]:
    keys, may_edit = work.registry.subject_meta("comment"), moderates(work, found)
    return subject_meta.changed(work, keys, stored, wanted.get("meta", {}), may_edit=may_edit)


async def update_comment(request: Asked, work: UnitOfWork, comment_id: int) -> Response[bytes]:
    comment, found = await comment_reading.locked(work, comment_id)
    if not moderates(work, found):
        raise CapabilityMissing("", action="comment.edit")
    keys = work.registry.subject_meta("comment")
    table = subject_meta.with_argument(EDIT, keys)
    wanted = await acf_writing.read(request, work, OF_COMMENTS, table)
    if wanted.get("type", comment.kind) != comment.kind:
        raise RestError(
            "rest_comment_invalid_type",
            "Sorry, you are not allowed to change the comment type.",
            404,
        )
    _refuse_attributes(work, {name: wanted[name] for name in wanted if name != "status"})
    values = {_COLUMNS[name]: value for name, value in wanted.items() if name in _COLUMNS}
    values |= _dates(work, wanted)
    if wanted.get("meta"):
        values["meta"] = _meta(work, found, comment.meta, wanted)
    if "author" in wanted:
        if wanted["author"]:
            await _commenter(work, wanted["author"])
        values["author_id"] = wanted["author"] or None
    if "parent" in wanted:
        values["parent_id"] = wanted["parent"] or None
    if wanted.get("post") and wanted["post"] != comment.post_id:
        found = await _other_post(work, wanted["post"])
        values["post_id"] = found.id
    if values:
        await comments.edit(work, comment, found, values)
    if "status" in wanted:
        await comments.moderate(work, comment, found, wanted["status"])
    view = await comment_reading.one(work, comment_id)
    await acf_writing.save_comment(request, work, view, wanted)
    return answer(
        request, await body(request, work, view, _context(work)), allow=_allow(work, view)
    )


async def _other_post(work: UnitOfWork, post_id: int) -> Post:
    """Where a comment may be moved: to a post whose comments this person may change."""
    rows = await _asked_posts(work, [post_id])
    if not rows or not moderates(work, rows[0]):
        raise RestError("rest_comment_invalid_post_id", "Invalid post ID.", 403)
    return rows[0]


async def delete_comment(request: Asked, work: UnitOfWork, comment_id: int) -> Response[bytes]:
    comment, found = await comment_reading.locked(work, comment_id)
    if not moderates(work, found):
        raise CapabilityMissing("", action="comment.delete")
    wanted = await arguments.read(request, DELETE)
    if not wanted["force"]:
        await comments.trash(work, comment, found)
        view = await comment_reading.one(work, comment_id)
        shown = await body(request, work, view, _context(work))
        return answer(request, shown, allow=_allow(work, view))
    view = CommentView(comment, found, False)
    previous = await body(request, work, view, _context(work))
    del previous["_links"]
    await comments.remove(work, comment, found)
    return answer(request, {"deleted": True, "previous": previous}, allow=_allow(work, view))


def _allow(work: UnitOfWork, view: CommentView) -> list[str]:
    writes = ["POST", "PUT", "PATCH", "DELETE"] if moderates(work, view.post) else []
    return ["GET", *writes]


def comment_routes(registry: Registry) -> list[HTTPRouteHandler]:
    """Collection and item."""
    item, keys = f"{COMMENTS}/{{comment_id:int}}", registry.subject_meta("comment")
    schema = subject_meta.with_schema(SCHEMA, keys)
    new, edit = (subject_meta.with_argument(table, keys) for table in (CREATE, EDIT))
    said: dict[str, Any] = {"resource": "comment", "schema": schema, "fields": OF_COMMENTS}
    creates: dict[str, Any] = {**said, "arguments": new, "status_code": 201}
    writes: dict[str, Any] = {**said, "arguments": edit, "status_code": 200}
    removes: dict[str, Any] = {**said, "arguments": DELETE, "status_code": 200}
    return [
        get(COMMENTS, action="comment.list", arguments=LIST, **said)(list_comments),
        post(COMMENTS, action="comment.create", **creates)(create_comment),
        get(item, action="comment.read", arguments=ITEM, **said)(read_comment),
        *(on(item, action="comment.edit", **writes)(update_comment) for on in (post, put, patch)),
        delete(item, action="comment.delete", **removes)(delete_comment),
    ]
