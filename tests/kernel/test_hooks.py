"""When a plugin's functions run, and which ones are refused at once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cms.kernel.events import Event
from cms.kernel.hooks import FIRST, LAST, Hooks
from cms.kernel.objections import Objection
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry


class Signed(Event, frozen=True):
    """Somebody signed."""

    tag = "test:paper:sign"


class SignedTwice(Signed, frozen=True):
    """Two people signed."""

    tag = "test:paper:sign_twice"


async def observer(work: Any, event: Event) -> None: ...


async def other_observer(work: Any, event: Event) -> None: ...


async def guard(work: Any, event: Event) -> AsyncIterator[Objection]:
    yield Objection("a.b", "message", "remedy")


def order(hooks: Hooks, event: type[Event] = Signed) -> list[Any]:
    return [hook.fn for hook in hooks.observers(event)]


def test_a_plugin_runs_after_those_it_requires_whatever_the_settings_list_first() -> None:
    late = Plugin(slug="late", requires=("early",), connect=lambda h: h.observe(Event, observer))
    early = Plugin(slug="early", connect=lambda h: h.observe(Event, other_observer))
    assert order(Registry([late, early]).hooks) == [other_observer, observer]


def test_order_is_stronger_than_the_place_of_the_plugin() -> None:
    hooks = Hooks()
    hooks.observe(Signed, observer, order=LAST)
    hooks.observe(Signed, other_observer)
    hooks.observe(Signed, guardian := _named_observer(), order=FIRST)
    assert order(hooks) == [guardian, other_observer, observer]


def _named_observer() -> Any:
    async def third(work: Any, event: Event) -> None: ...

    return third


def test_a_hook_hears_of_the_events_that_its_class_stands_for_and_of_no_others() -> None:
    hooks = Hooks()
    hooks.observe(Event, observer)
    hooks.observe(SignedTwice, other_observer)
    assert order(hooks, Signed) == [observer]
    assert order(hooks, SignedTwice) == [observer, other_observer]


def _sync(work: Any, event: Event) -> None: ...


async def _of_one(event: Event) -> None: ...


async def _of_three(work: Any, event: Event, more: Any) -> None: ...


async def _guard_of_one(event: Event) -> AsyncIterator[Objection]:
    yield Objection("a.b", "message", "remedy")


@pytest.mark.parametrize("verb", ["filter", "observe", "after_commit"])
@pytest.mark.parametrize(
    ("fn", "fault"),
    [
        (_sync, "must be an async function"),
        (guard, "must be an async function"),
        (_of_one, "must take the unit of work and a Signed"),
        (_of_three, "must take the unit of work and a Signed"),
    ],
)
def test_a_function_of_the_wrong_form_is_refused_by_name(verb: str, fn: Any, fault: str) -> None:
    with pytest.raises(TypeError, match=fault) as refused:
        getattr(Hooks(), verb)(Signed, fn)
    assert fn.__qualname__ in str(refused.value)


@pytest.mark.parametrize(
    ("fn", "fault"),
    [(observer, "async generator"), (_sync, "async generator"), (_guard_of_one, "must take")],
)
def test_a_guard_must_be_able_to_say_more_than_one_thing(fn: Any, fault: str) -> None:
    with pytest.raises(TypeError, match=fault):
        Hooks().guard(Signed, fn)


def test_a_job_finds_its_hook_by_name_and_says_when_the_plugin_is_gone() -> None:
    hooks = Hooks()
    hooks.after_commit(Signed, observer)
    (follower,) = hooks.followers(Signed)
    assert hooks.follower(follower.name).fn is observer
    with pytest.raises(KeyError, match="gone:hook"):
        hooks.follower("gone:hook")


def test_all_hooks_can_be_listed_for_the_reference() -> None:
    hooks = Hooks()
    hooks.guard(Signed, guard)
    hooks.after_commit(SignedTwice, observer)
    assert [(verb, hook.key) for verb, hook in hooks.all()] == [
        ("guard", Signed),
        ("after_commit", SignedTwice),
    ]
