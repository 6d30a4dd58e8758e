"""What `_embed` brings along: each kind of linked body is loaded for the whole answer at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from cms.database.work import UnitOfWork

Loader = Callable[[Request[Any, Any, Any], UnitOfWork, Sequence[int]], Awaitable[Mapping[int, Any]]]


@dataclass(frozen=True)
class Embeddable:
    """Addresses of one form. `path` is the part after /wp-json with one place for the id, such as
    `/wp/v2/users/{id}` or `/wp/v2/categories?post={id}`. `load` answers for many ids with few
    statements: each id's body (or list of bodies) in the embed context with its `_links`; an id
    that this reader may not see maps to the RestError that the address would answer with."""

    path: str
    load: Loader
