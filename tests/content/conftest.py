"""A type that must be agreed on before readers see it, brought by a plugin of four lines."""

from collections.abc import AsyncIterator

import pytest

from cms.content.events import Transition
from cms.core import plugin as core
from cms.host import open_host
from cms.kernel.declarations import MetaKey, PostType, RestField, RevisionPart, SubjectMeta
from cms.kernel.objections import Objection
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry, installed
from tests.support.clinic import Clinic

NOTICE = PostType(name="notice", rest_base="notices", label="Notices", is_reviewed=True)


class Board:
    """Agrees to single revisions, by their hash."""

    def __init__(self) -> None:
        self.agreed: set[str] = set()

    async def must_be_agreed(self, work, move: Transition) -> AsyncIterator[Objection]:
        if move.publishes and move.content_hash not in self.agreed:
            yield Objection("notice.open", "The board has not agreed.", "Ask the board.")

    def plugin(self) -> Plugin:
        colour = {"type": "string", "enum": ["yellow", "red"]}
        return Plugin(
            slug="notices",
            post_types=(NOTICE,),
            revision_parts=(RevisionPart("notices", ("notice",), {"colour": "yellow"}),),
            rest_fields=(
                RestField("colour", colour, ("notice",), part="notices", searchable=True),
            ),
            meta_keys=(
                MetaKey("keywords", {"type": "string"}, ("notice",), searchable=True),
                MetaKey("shelf", {"type": "string"}, ("notice",)),
                MetaKey("room", {"type": "string"}, ("notice",), is_sensitive=True),
            ),
            subject_meta=(SubjectMeta("user", "bed", {"type": "string"}, is_sensitive=True),),
            connect=lambda hooks: hooks.guard(Transition, self.must_be_agreed),
        )


@pytest.fixture
def board():
    return Board()


@pytest.fixture
async def noticeboard(database, settings, board):
    """A clinic with the host, the policy engine and the type `notice`; no other plugin."""
    registry = Registry([core, installed()["zero_trust"], board.plugin()])
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic
