"""Other things to choose by their words: what the picker of forms is drawn of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cms.admin.fields.drawing import Chosen
from cms.content.models import Post
from cms.database.work import UnitOfWork

PICTURES: Mapping[str, Any] = {
    "endpoint": "/wp-json/wp/v2/media",
    "arguments": {"media_type": "image"},
    "search": "search",
    "id": "id",
    "title": "title.rendered",
}
"""Where pictures are found."""


def searched(kind: str, name: str) -> Mapping[str, Any]:
    """Where things of a kind are found: a `post` of this type, a `term` of this taxonomy."""
    return {
        "endpoint": "/wp-json/wp/v2/search",
        "arguments": {"type": kind, "subtype": [name]},
        "search": "search",
        "id": "id",
        "title": "title",
    }


@dataclass(frozen=True)
class Picking:
    """A choice of other things, as the picker of fields draws it."""

    path: str
    label: str
    chosen: Sequence[Chosen]
    source: Mapping[str, Any]
    is_many: bool = False
    is_open: bool = True
    value: Any = None

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")

    @property
    def widget(self) -> dict[str, Any]:
        return {"source": self.source, "is_list": self.is_many}


async def titles(work: UnitOfWork, ids: Sequence[int | None]) -> dict[int, str]:
    """What these posts, pages and files are called; those without a title by their number."""
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    rows = await work.all(
        select(Post.id, Post.title).where(Post.tenant_id == work.tenant_id, Post.id.in_(wanted))
    )
    return {row.id: row.title or str(row.id) for row in rows}


def chosen(one: int | None, labels: Mapping[int, str]) -> list[Chosen]:
    """What stands in the form already; nothing where nothing is chosen."""
    return [Chosen(one, labels.get(one, str(one)))] if one else []
