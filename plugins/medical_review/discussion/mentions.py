"""Whom a comment calls by name: `@login`, or `@` and the name in the address of a person's page.

Only people who may read the discussion are found, so that nobody is told of what she may not read,
and nobody learns by asking which logins there are.
"""

import re

from sqlalchemy import ColumnElement, or_, select

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.identity.granting import granting
from cms.identity.models import RoleRecord, User, UserRole
from plugins.medical_review.reviewing.reading import OVERSEE, VIEW

MOST = 20
READERS = (VIEW, OVERSEE, "edit_others_posts")

_CALL = re.compile(r"(?<![\w@./-])@([a-z0-9][a-z0-9._@-]{1,59})", re.IGNORECASE)


def called(body: str) -> list[str]:
    """The names that a comment calls, each once; a full stop after one ends a sentence."""
    names = (found[1].lower().rstrip(".@-_") for found in _CALL.finditer(body))
    return list(dict.fromkeys(names))[:MOST]


async def mentioned(work: UnitOfWork, post: Post, body: str) -> list[int]:
    """The people of these names who may read what is said of the post."""
    names = called(body)
    if not names:
        return []
    rows = await work.all(
        select(User.id)
        .where(
            User.tenant_id == work.tenant_id,
            or_(User.login.in_(names), User.nicename.in_(names)),
            User.left_at.is_(None),
            User.is_active,
            or_(User.id == post.author_id, _reads(work)),
        )
        .order_by(User.id)
    )
    return [row.id for row in rows]


def _reads(work: UnitOfWork) -> ColumnElement[bool]:
    roles = (
        select(UserRole.user_id)
        .join(
            RoleRecord,
            (RoleRecord.tenant_id == UserRole.tenant_id) & (RoleRecord.name == UserRole.role_name),
        )
        .where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.user_id == User.id,
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
            or_(*(granting(name) for name in READERS)),
        )
    )
    return roles.exists()
