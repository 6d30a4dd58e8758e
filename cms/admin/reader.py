"""Who looks at a page: what she is called, and how she wants to see it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import text

from cms.database.reads import Query
from cms.database.work import UnitOfWork

PREFERENCES = "cms_admin"
"""Under this name a person's preferences hold those of the web application."""

THEMES = ("system", "light", "dark")

_READER = Query(
    text(
        """
    select u.display_name, u.locale, u.preferences,
      (select count(*) from (select 1 from cms.notices n
         where n.tenant_id = u.tenant_id and n.user_id = u.id and n.is_listed and n.read_at is null
         limit 100) as a_few) as unread
    from cms.users u where u.tenant_id = :tenant and u.id = :user
    """
    )
)


class Reader(NamedTuple):
    """`unread` notices are counted up to 100. Nobody's has no id."""

    id: int | None = None
    name: str = ""
    locale: str = ""
    theme: str = "system"
    unread: int = 0
    preferences: Mapping[str, Any] = MappingProxyType({})


async def reader_of(work: UnitOfWork) -> Reader:
    """The person who asks, with one statement."""
    user_id = work.actor.user_id
    if user_id is None:
        return Reader()
    rows = await work.fetch(_READER, tenant=work.tenant_id, user=user_id)
    if not rows:
        return Reader(user_id)
    (row,) = rows
    own = row.preferences.get(PREFERENCES) if isinstance(row.preferences, dict) else None
    kept: dict[str, Any] = own if isinstance(own, dict) else {}
    theme = kept.get("theme")
    return Reader(
        user_id,
        row.display_name,
        row.locale,
        theme if theme in THEMES else "system",
        row.unread,
        kept,
    )
