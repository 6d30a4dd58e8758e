"""The words of the trail are enumerations; what no vocabulary declares stops the start."""

import pytest

from cms.host import build_registry
from cms.kernel.actions import Action
from cms.kernel.events import Event
from cms.kernel.plugin import Plugin
from cms.kernel.registry import PluginProblem, Registry
from cms.kernel.vocabulary import AuditTag
from cms.settings import Settings
from tests.support.reference import pages

REGISTRY = build_registry(Settings())


class Word(AuditTag):
    THING_TELL = "test:thing:tell"


class Told(Event, frozen=True):
    """Something happened."""

    tag = Word.THING_TELL


def test_a_malformed_tag_stops_the_import() -> None:
    with pytest.raises(ValueError, match="must read like 'content:post:publish'"):

        class Bad(AuditTag):
            ONE = "content:post"


@pytest.mark.parametrize(
    ("plugin", "who"),
    [
        (Plugin(slug="mute", events=(Told,)), "Told"),
        (Plugin(slug="mute", actions=(Action("thing.do", "thing", "test:thing:do"),)), "thing.do"),
    ],
)
def test_an_undeclared_tag_stops_the_start(plugin: Plugin, who: str) -> None:
    with pytest.raises(PluginProblem, match=f"{who} of plugin 'mute' says 'test:thing"):
        Registry([plugin]).check()
    Registry([Plugin(slug="clear", events=(Told,), vocabulary=(Word,))]).check()


def test_a_word_belongs_to_one_vocabulary() -> None:
    twice = [Plugin(slug=slug, vocabulary=(Word,)) for slug in ("one", "two")]
    with pytest.raises(PluginProblem, match=r"audit tag 'test:thing:tell' is declared twice"):
        Registry(twice).check()


def test_events_and_actions_name_members_and_no_member_is_idle() -> None:
    said = [kind.tag for kind in REGISTRY.each("events")] + [a.tag for a in REGISTRY.actions]
    assert [tag for tag in said if not isinstance(tag, AuditTag)] == []
    assert set(REGISTRY.vocabulary) == {str(tag) for tag in said}


def test_the_reference_has_every_word() -> None:
    page = pages()["audit-tags.md"]
    assert [tag for tag in REGISTRY.vocabulary if f"`{tag}`" not in page] == []


def test_what_is_said_is_a_plain_text_for_those_who_compare() -> None:
    assert Told.tag == "test:thing:tell"
    assert Told.tag.source == "test"
