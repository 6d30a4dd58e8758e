"""Verbs say when a plugin runs: prepare, guard, filter, observe, after_commit. Keyed by class."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from cms.kernel.events import Event
from cms.kernel.objections import Objection

if TYPE_CHECKING:
    from cms.kernel.work import ReadableWork, Work

E = TypeVar("E", bound=Event)
V = TypeVar("V")

Guard = Callable[["ReadableWork", E], AsyncIterator[Objection]]
Filter = Callable[["ReadableWork", V], Awaitable[V]]
Observer = Callable[["Work", E], Awaitable[None]]

FIRST, LAST = -1000, 1000


@dataclass(frozen=True)
class Hook:
    """One registered function; `name` finds it again when a job is run for it later."""

    name: str
    key: type
    fn: Callable[..., Any]
    order: int
    position: int


class Hooks:
    """The registry. Hooks run by `order`; among equals a plugin runs after those it requires, and
    the hooks of one plugin as it registered them."""

    def __init__(self) -> None:
        self._hooks: dict[str, list[Hook]] = {
            "prepare": [],
            "guard": [],
            "filter": [],
            "observe": [],
            "after_commit": [],
        }

    def prepare(self, event: type[E], fn: Observer[E], *, order: int = 0) -> None:
        """Run `fn` just before the guards are asked about a real change, never when somebody only
        wants to know: it may bring up to date what they look at, and lock it."""
        self._add_coroutine("prepare", event, fn, order)

    def guard(self, event: type[E], fn: Guard[E], *, order: int = 0) -> None:
        """Ask `fn` before any change; it yields what stands in the way, and may not write."""
        if not inspect.isasyncgenfunction(fn):
            raise TypeError(f"guard {_name(fn)} must be an async generator that yields Objections")
        self._add("guard", event, fn, order)

    def filter(self, value: type[V], fn: Filter[V], *, order: int = 0) -> None:
        """Let `fn` shape a value of this class; it must return one of the same class."""
        self._add_coroutine("filter", value, fn, order)

    def observe(self, event: type[E], fn: Observer[E], *, order: int = 0) -> None:
        """Run `fn` after the change and before the commit; if it fails, everything rolls back."""
        self._add_coroutine("observe", event, fn, order)

    def after_commit(self, event: type[E], fn: Observer[E], *, order: int = 0) -> None:
        """Run `fn` as a durable job once the transaction has committed; it is retried."""
        self._add_coroutine("after_commit", event, fn, order)

    def preparations(self, event: type) -> Iterator[Hook]:
        return self._matching("prepare", event)

    def guards(self, event: type) -> Iterator[Hook]:
        return self._matching("guard", event)

    def filters(self, value: type) -> Iterator[Hook]:
        return self._matching("filter", value)

    def observers(self, event: type) -> Iterator[Hook]:
        return self._matching("observe", event)

    def followers(self, event: type) -> Iterator[Hook]:
        """The hooks that run as jobs after the commit."""
        return self._matching("after_commit", event)

    def follower(self, name: str) -> Hook:
        """The after-commit hook of this name. KeyError when its plugin is gone."""
        for hook in self._hooks["after_commit"]:
            if hook.name == name:
                return hook
        raise KeyError(name)

    def all(self) -> Iterator[tuple[str, Hook]]:
        for verb, hooks in self._hooks.items():
            yield from ((verb, hook) for hook in hooks)

    def _add_coroutine(self, verb: str, key: type, fn: Callable[..., Any], order: int) -> None:
        if not inspect.iscoroutinefunction(fn):
            raise TypeError(f"{verb} {_name(fn)} must be an async function")
        self._add(verb, key, fn, order)

    def _add(self, verb: str, key: type, fn: Callable[..., Any], order: int) -> None:
        if len(inspect.signature(fn).parameters) != 2:
            raise TypeError(f"{verb} {_name(fn)} must take the unit of work and a {key.__name__}")
        hooks = self._hooks[verb]
        hooks.append(Hook(_name(fn), key, fn, order, len(hooks)))
        hooks.sort(key=lambda hook: (hook.order, hook.position))

    def _matching(self, verb: str, key: type) -> Iterator[Hook]:
        return (hook for hook in self._hooks[verb] if issubclass(key, hook.key))


def _name(fn: Callable[..., Any]) -> str:
    return f"{fn.__module__}:{fn.__qualname__}"
