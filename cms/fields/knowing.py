"""What values refer to, loaded for a whole page of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.fields.type import Reference
from cms.kernel.work import ReadableWork


@dataclass(frozen=True)
class Loaded:
    """Posts, terms and users by id; one that is absent is not there for this reader."""

    posts: Mapping[int, Any] = field(default_factory=dict)
    terms: Mapping[int, Any] = field(default_factory=dict)
    users: Mapping[int, Any] = field(default_factory=dict)

    def post(self, post_id: int) -> Any:
        return self.posts.get(post_id)

    def term(self, term_id: int) -> Any:
        return self.terms.get(term_id)

    def user(self, user_id: int) -> Any:
        return self.users.get(user_id)


async def load(work: ReadableWork, references: Iterable[Reference]) -> Loaded:
    """What the references name, as far as this actor may read it; one statement for each kind."""
    if any(references):
        raise NotImplementedError(work.tenant_id)
    return Loaded()
