"""What a test process works out once, though the product does so for every host that it opens:
the answers are the same for all of them, and working them out takes longer than most tests."""

import contextlib
import functools
import gc
from collections.abc import Sequence
from operator import is_
from typing import Any

import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from cms import cli
from cms import host as hosts
from cms.app import build_routes
from cms.database import engine as engines
from cms.host import Host
from cms.identity import secrets
from cms.kernel.plugin import Plugin
from cms.tenancy import founding
from plugins.zero_trust import compile as compiling
from plugins.zero_trust import engine as deciding

_built: list[tuple[Sequence[Plugin], Litestar]] = []


def routes_of(host: Host) -> Litestar:
    """The routes of these plugins. They hold nothing of a host, so a process builds them once for
    each set of plugins."""
    wanted = host.registry.plugins
    for plugins, routes in _built:
        if len(plugins) == len(wanted) and all(map(is_, plugins, wanted)):
            return routes
    _built.append((wanted, build_routes(host)))
    _let_rest()
    return _built[-1][1]


def _let_rest() -> None:
    """What there is now stays to the end: the collector of rubbish need not look at half a million
    objects again and again."""
    gc.collect()
    gc.freeze()


def remember(patch: pytest.MonkeyPatch) -> None:
    """For as long as the patch holds."""
    _installed_plugins(patch)
    _policies_that_are_valid(patch)
    _statements_that_are_compiled(patch)
    patch.setattr(founding, "available_timezones", functools.cache(founding.available_timezones))
    # Argon2 costs tens of milliseconds by design; its parameters are no test's business.
    patch.setattr(secrets, "_HASHER", quick := PasswordHasher(1, 8, 1))
    patch.setattr(secrets, "_OF_NOBODY", secrets.of_nobody(quick))
    # Rubbish of a test must not be laid to rest with the modules of a command.
    patch.setattr(cli, "undisturbed", contextlib.nullcontext)


def _installed_plugins(patch: pytest.MonkeyPatch) -> None:
    found = functools.cache(hosts.installed)
    patch.setattr(hosts, "installed", lambda: dict(found()))


def _policies_that_are_valid(patch: pytest.MonkeyPatch) -> None:
    known: dict[tuple[str, bytes], Any] = {}
    look = compiling._validate

    def validate(statements: Any, vocabulary: Any, obligations: Any) -> None:
        of_this = [(s.cedar, s.layer, s.id, s.obligation, str(s.est["effect"])) for s in statements]
        key = (repr((of_this, sorted(obligations))), vocabulary.document)
        if key not in known:
            look(statements, vocabulary, obligations)
            known[key] = True

    patch.setattr(compiling, "_validate", validate)


def _statements_that_are_compiled(patch: pytest.MonkeyPatch) -> None:
    """All engines of a run speak one dialect to one server; SQLAlchemy keeps what it compiles for
    each engine apart, and tells dialects apart by identity."""
    compiled: LRUCache[Any, Any] = LRUCache(2000)
    build = engines.build_engine

    def build_engine(*values: Any, **options: Any) -> AsyncEngine:
        engine = build(*values, **options)
        engine.sync_engine._compiled_cache = compiled
        return engine

    for module in (engines, hosts, deciding):
        patch.setattr(module, "build_engine", build_engine)
    patch.setattr(PGDialect_asyncpg, "__eq__", lambda one, other: type(one) is type(other))
    patch.setattr(PGDialect_asyncpg, "__hash__", lambda one: hash(type(one)))
