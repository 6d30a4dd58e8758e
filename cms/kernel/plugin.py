"""The contract: one frozen object says what a plugin adds to the host."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import msgspec

from cms.kernel.actions import Action
from cms.kernel.decisions import DecisionPort
from cms.kernel.declarations import (
    DemoStep,
    HealthCheck,
    Job,
    MetaKey,
    Obligation,
    PolicyAttribute,
    PolicyRule,
    PostType,
    RestField,
    RevisionPart,
    Role,
    Service,
    SubjectMeta,
    Taxonomy,
)
from cms.kernel.events import Event
from cms.kernel.hooks import Hooks
from cms.kernel.notices import NoticeKind
from cms.kernel.screens import ListStep, MenuEntry, Panel
from cms.kernel.vocabulary import AuditTag

_SLUG = re.compile(r"[a-z][a-z0-9_]{1,30}")


class NoSettings(msgspec.Struct, frozen=True):
    """A plugin without settings of its own."""


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """Everything but `slug` is optional.

    `routes`, `well_known`, `screens`, `pages`, `command`, `demo` and `upgraded` are dotted names
    (`package.module:attribute`), loaded only by the process that needs them: the command line does
    not import the web framework.
    `routes` stand below /api/v1, `well_known` below /.well-known (RFC 8615), `pages` at the root of
    the site, for people without an account, `screens` below /admin; in the package that `screens`
    names lie `templates/` and `translations/`. `places` are the screens of kinds of things, such as
    `{"case": "/admin/registry/cases/{id}"}`. `shortcodes` and `dynamic_blocks` are those of
    `cms.markup.surroundings`, `field_types` those of
    `cms.fields.type`; `field_groups` are in the form that Advanced Custom Fields exports, and one
    that cannot be read stops the start. `vocabulary` declares every audit tag that its events and
    actions say. `upgraded` is called with the owner's address and the settings whenever migrations
    have been applied.
    """

    slug: str
    summary: str = ""
    requires: tuple[str, ...] = ()
    api_prefix: str | None = None
    command: str | None = None
    models: tuple[Any, ...] = ()
    migrations: str | None = None
    upgraded: str | None = None
    routes: str | None = None
    well_known: str | None = None
    screens: str | None = None
    menu: tuple[MenuEntry, ...] = ()
    panels: tuple[Panel, ...] = ()
    list_steps: tuple[ListStep, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    pages: str | None = None
    roles: tuple[Role, ...] = ()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    capabilities: Mapping[str, str] = field(default_factory=dict)
    post_types: tuple[PostType, ...] = ()
    taxonomies: tuple[Taxonomy, ...] = ()
    rest_fields: tuple[RestField, ...] = ()
    revision_parts: tuple[RevisionPart, ...] = ()
    meta_keys: tuple[MetaKey, ...] = ()
    subject_meta: tuple[SubjectMeta, ...] = ()
    shortcodes: tuple[Any, ...] = ()
    dynamic_blocks: tuple[Any, ...] = ()
    field_types: tuple[Any, ...] = ()
    field_groups: tuple[Mapping[str, Any], ...] = ()
    actions: tuple[Action, ...] = ()
    vocabulary: tuple[type[AuditTag], ...] = ()
    events: tuple[type[Event], ...] = ()
    jobs: tuple[Job, ...] = ()
    services: tuple[Service, ...] = ()
    settings: type[msgspec.Struct] = NoSettings
    health: tuple[HealthCheck, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    policy_attributes: tuple[PolicyAttribute, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    policies: tuple[PolicyRule, ...] = ()
    decisions: Callable[[Any], DecisionPort] | None = None
    demo: str | None = None
    connect: Callable[[Hooks], None] | None = None

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"plugin slug {self.slug!r} must be lower_snake, 2 to 31 characters")


def load(dotted: str) -> Any:
    """The attribute that `package.module:attribute` names."""
    module, _, attribute = dotted.partition(":")
    return getattr(import_module(module), attribute)


def load_demo(plugin: Plugin) -> DemoStep | None:
    """The function that adds this plugin's part of the demo clinic."""
    return load(plugin.demo) if plugin.demo else None
