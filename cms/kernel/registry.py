"""Finds plugins by entry point, orders them by what they require, and merges what they say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from importlib.metadata import entry_points
from itertools import chain, product
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from cms.kernel.actions import ActionTable
from cms.kernel.declarations import (
    MetaKey,
    PostType,
    RestField,
    RevisionPart,
    Role,
    SubjectMeta,
    Taxonomy,
)
from cms.kernel.declared import Declared
from cms.kernel.events import Event
from cms.kernel.hooks import Hooks
from cms.kernel.notices import NoticeKind
from cms.kernel.plugin import Plugin
from cms.kernel.starting import undisturbed
from cms.kernel.vocabulary import AuditTag

S = TypeVar("S", bound=msgspec.Struct)

ENTRY_POINT_GROUP = "cms.plugins"


class PluginProblem(Exception):
    """A plugin cannot be used: the message names it and says what to change."""


def installed() -> dict[str, Plugin]:
    """Every plugin that this environment can run, whether or not the settings enable it. What is
    installed while a process runs is there for the next one."""
    return dict(_loaded())


@cache
def _loaded() -> Mapping[str, Plugin]:
    points = sorted(entry_points(group=ENTRY_POINT_GROUP), key=str)
    with undisturbed():
        return {point.name: point.load() for point in points}


def choose(available: dict[str, Plugin], wanted: Sequence[str]) -> list[Plugin]:
    """The wanted plugins. A name that is not installed is refused with the ones that are."""
    missing = [slug for slug in wanted if slug not in available]
    if missing:
        raise PluginProblem(
            f"plugin {missing[0]!r} is enabled in the settings and not installed; "
            f"installed are: {', '.join(sorted(available)) or 'none'}"
        )
    return [available[slug] for slug in wanted]


def ordered(plugins: Iterable[Plugin]) -> list[Plugin]:
    """Topological by `requires`; among equals the order given. A circle or a gap is refused."""
    waiting = _unique("plugin", ((plugin.slug, plugin) for plugin in plugins))
    known, result = set(waiting), list[Plugin]()
    for plugin in waiting.values():
        absent = [slug for slug in plugin.requires if slug not in known]
        if absent:
            raise PluginProblem(f"plugin {plugin.slug!r} requires {absent[0]!r}; enable it too")
    while waiting:
        placed = {plugin.slug for plugin in result}
        ready = [p for p in waiting.values() if placed.issuperset(p.requires)]
        if not ready:
            raise PluginProblem(f"plugins require each other in a circle: {', '.join(waiting)}")
        result.append(waiting.pop(ready[0].slug))
    return result


_MERGED = (
    "post_types", "taxonomies", "revision_parts", "roles", "capabilities", "shortcodes",
    "dynamic_blocks", "field_types", "vocabulary", "notices",
)  # fmt: skip


class Registry:
    """What the host and its enabled plugins declare, merged; built once, never changed."""

    def __init__(
        self, plugins: Iterable[Plugin], settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.plugins = ordered(plugins)
        self._settings = {p.settings: _typed(p, settings or {}) for p in self.plugins}
        self.actions = ActionTable(chain.from_iterable(p.actions for p in self.plugins))
        self.hooks = Hooks()
        self._views: WeakKeyDictionary[Declared, Registry] = WeakKeyDictionary()
        for plugin in self.plugins:
            if plugin.connect is not None:
                plugin.connect(self.hooks)

    def with_declared(self, declared: Declared) -> "Registry":
        """This registry as one site sees it, with the types and taxonomies of its own. What the
        code declares wins: a plugin that comes later may use a name that a site has used."""
        if not declared.post_types and not declared.taxonomies:
            return self
        if declared not in self._views:
            view = copy(self)
            types = {one.name: one for one in declared.post_types}
            taxonomies = {one.name: one for one in declared.taxonomies}
            vars(view)["post_types"] = {**self.post_types, **types, **self.post_types}
            vars(view)["taxonomies"] = {**self.taxonomies, **taxonomies, **self.taxonomies}
            self._views[declared] = view
        return self._views[declared]

    def check(self) -> None:
        """Merge everything now. PluginProblem names the first thing that does not fit, so that a
        wrong plugin stops the start and not the first request that needs the thing."""
        for merged in _MERGED:
            getattr(self, merged)
        _unique("audit tag", ((str(kind.tag), kind) for kind in self.events.values()))
        for plugin in self.plugins:
            _refuse_undeclared_tags(plugin)
        for post_type in self.post_types:
            _unique(f"meta key of {post_type}", ((k.name, k) for k in self.meta_keys(post_type)))
            _unique(
                f"REST field of {post_type}", ((f.name, f) for f in self.rest_fields(post_type))
            )
        for subject, of in [*product(["term"], self.taxonomies), ("comment", ""), ("user", "")]:
            keys = ((key.name, key) for key in self.subject_meta(subject, of))
            _unique(f"meta key of {of or subject}", keys)
        _unique("job", ((job.name, job) for job in self.each("jobs")))

    def settings(self, kind: type[S]) -> S:
        """The settings of the plugin that declares this class for them."""
        found: S = self._settings[kind]
        return found

    def each(self, declared: str) -> Iterator[Any]:
        """All values of one tuple field of `Plugin`, in plugin order."""
        return chain.from_iterable(getattr(plugin, declared) for plugin in self.plugins)

    @cached_property
    def post_types(self) -> dict[str, PostType]:
        return _unique("post type", ((t.name, t) for t in self.each("post_types")))

    @cached_property
    def taxonomies(self) -> dict[str, Taxonomy]:
        return _unique("taxonomy", ((t.name, t) for t in self.each("taxonomies")))

    @cached_property
    def revision_parts(self) -> dict[str, RevisionPart]:
        return _unique("revision part", ((p.name, p) for p in self.each("revision_parts")))

    @cached_property
    def shortcodes(self) -> dict[str, Any]:
        return _unique("shortcode", ((one.name, one) for one in self.each("shortcodes")))

    @cached_property
    def dynamic_blocks(self) -> dict[str, Any]:
        return _unique("dynamic block", ((one.name, one) for one in self.each("dynamic_blocks")))

    @cached_property
    def field_types(self) -> dict[str, Any]:
        return _unique("field type", ((one.name, one) for one in self.each("field_types")))

    @cached_property
    def notices(self) -> dict[str, NoticeKind]:
        return _unique("notice", ((kind.slug, kind) for kind in self.each("notices")))

    @cached_property
    def events(self) -> dict[str, type[Event]]:
        """By class name, which is how a job knows them again."""
        return _unique("event", ((kind.__name__, kind) for kind in self.each("events")))

    @cached_property
    def vocabulary(self) -> dict[str, AuditTag]:
        """Every word that the trail can say, by its text."""
        return _unique("audit tag", ((tag.value, tag) for kind in self.each("vocabulary")
                                     for tag in kind))  # fmt: skip

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Default roles with every grant of a plugin applied."""
        roles = _unique("role", ((r.name, r) for r in self.each("roles")))
        for plugin in self.plugins:
            for name, capabilities in plugin.grants.items():
                if name not in roles:
                    raise PluginProblem(f"plugin {plugin.slug!r} grants to unknown role {name!r}")
                roles[name] = _with(roles[name], capabilities)
        return roles

    @cached_property
    def capabilities(self) -> dict[str, str]:
        return _unique(
            "capability", chain.from_iterable(p.capabilities.items() for p in self.plugins)
        )

    def is_reviewed(self, post_type: str) -> bool:
        """Whether posts of the type reach readers only past the guards, revision by revision. A
        type that nobody declares any more is not."""
        declared = self.post_types.get(post_type)
        return declared is not None and declared.is_reviewed

    def told(self, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a policy is told of an object: it cannot look up what a site declares of a type."""
        if "post_type" not in attributes:
            return attributes
        return {**attributes, "is_reviewed": self.is_reviewed(str(attributes["post_type"]))}

    def reviewed_types(self) -> list[str]:
        """The names of all reviewed types, those of the site too."""
        return [name for name, one in self.post_types.items() if one.is_reviewed]

    def _is_of(self, declared: RestField | RevisionPart, post_type: str) -> bool:
        is_named = post_type in declared.post_types
        return is_named or (declared.of_reviewed and self.is_reviewed(post_type))

    def rest_fields(self, post_type: str) -> list[RestField]:
        return [f for f in self.each("rest_fields") if self._is_of(f, post_type)]

    def meta_keys(self, post_type: str) -> list[MetaKey]:
        return [key for key in self.each("meta_keys") if post_type in key.post_types]

    def subject_meta(self, subject: str, of: str = "") -> list[SubjectMeta]:
        """The keys of terms (of this taxonomy), of comments or of users."""
        keys = (key for key in self.each("subject_meta") if key.subject == subject)
        return [key for key in keys if not (of and key.of) or of in key.of]

    def parts_of(self, post_type: str) -> list[RevisionPart]:
        return [p for p in self.revision_parts.values() if self._is_of(p, post_type)]

    @cached_property
    def protected_tables(self) -> frozenset[str]:
        """Tables whose change must be told by an event: those whose model says `protected`."""
        tables = (getattr(model, "__table__", model) for model in self.each("models"))
        return frozenset(table.fullname for table in tables if table.info.get("protected"))


def _typed(plugin: Plugin, settings: Mapping[str, Mapping[str, Any]]) -> Any:
    try:
        return msgspec.convert(settings.get(plugin.slug, {}), plugin.settings)
    except msgspec.ValidationError as error:
        raise PluginProblem(f"setting plugins.{plugin.slug} refused: {error}") from error


def _with(role: Role, capabilities: frozenset[str]) -> Role:
    return Role(
        role.name,
        role.label,
        role.capabilities | capabilities,
        role.medical_scope,
        role.compliance_level,
        role.audit_required,
    )


def _refuse_undeclared_tags(plugin: Plugin) -> None:
    declared = {tag for kind in plugin.vocabulary for tag in kind}
    said = [(kind.__name__, kind.tag) for kind in plugin.events]
    said += [(action.name, action.tag) for action in plugin.actions]
    for name, tag in said:
        if tag not in declared:
            raise PluginProblem(
                f"{name} of plugin {plugin.slug!r} says {str(tag)!r}, which no vocabulary of "
                "it declares; add it to an AuditTag enumeration and that to `vocabulary`"
            )


def _unique(kind: str, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise PluginProblem(f"{kind} {name!r} is declared twice")
        result[name] = value
    return result
