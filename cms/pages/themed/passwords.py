"""Texts behind a password: what the form needs, and the proof that a reader has given it.

The proof is a cookie for one post, made from the password as it is now: another password asks
again, and nothing is kept here.
"""

import base64
import hmac
from dataclasses import replace
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from cms.content.reading import PostView
from cms.database.work import UnitOfWork

Asked = Request[Any, Any, Any]
Facts = dict[str, Any]

DAYS = 10
ADDRESS = "/post-password"


def is_right(view: PostView, password: str) -> bool:
    """Whether this is the password of the text, in a time that says nothing of it."""
    return hmac.compare_digest(password.encode(), view.post.password.encode())


def cookie_for(request: Asked, work: UnitOfWork, view: PostView) -> Cookie:
    """What the browser of a reader keeps who has given the password."""
    return Cookie(
        _cookie(view.id),
        value=_proof(work, view),
        max_age=DAYS * 86_400,
        httponly=True,
        secure=request.scope["scheme"] == "https",
        samesite="lax",
    )


def _cookie(post_id: int) -> str:
    return f"cms-postpass-{post_id}"


def _proof(work: UnitOfWork, view: PostView) -> str:
    said = f"post password:{work.tenant_id}:{view.id}:{view.post.password}"
    return base64.urlsafe_b64encode(work.sign(said)[:24]).decode()


def unlocked(request: Asked, work: UnitOfWork, view: PostView) -> PostView:
    """The text, open where the reader has given its password."""
    shown = request.cookies.get(_cookie(view.id), "")
    is_proven = hmac.compare_digest(shown.encode(), _proof(work, view).encode())
    return replace(view, is_unlocked=True) if view.post.password and is_proven else view


def facts(text: Facts, *, is_wrong: bool = False) -> Facts:
    """What the form of a closed text needs."""
    return {"action": ADDRESS, "is_wrong": is_wrong, "post_id": text["id"]}
