"""The nouns that a plugin may declare. All are frozen: what is declared is known at the start."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from cms.kernel.decisions import Question

if TYPE_CHECKING:
    from cms.kernel.work import ReadableWork


@dataclass(frozen=True)
class PostType:
    """A kind of content. `is_reviewed`: an edit of a live post stays a working head until a
    transition that satisfies every guard makes it live. `rest_controller`: which room of the REST
    API serves it, "posts" by the common routes; one with routes of its own names itself here.
    `rewrite`: the first part of its addresses, its name if it says nothing. `has_sticky`: whether a
    post of it can be kept on top, which WordPress has for `post` alone.

    `capabilities` are those that differ from what `capability_type` gives, by verb; with one for
    `read`, whoever has it reads published posts of a type that is not public. `is_open`: everyone
    reads them through REST, although they have no page of their own."""

    name: str
    rest_base: str
    label: str
    description: str = ""
    supports: tuple[str, ...] = (
        "title",
        "editor",
        "author",
        "thumbnail",
        "excerpt",
        "custom-fields",
        "comments",
        "revisions",
    )
    taxonomies: tuple[str, ...] = ()
    capability_type: tuple[str, str] = ("post", "posts")
    is_hierarchical: bool = False
    is_public: bool = True
    is_reviewed: bool = False
    has_archive: bool | str = False
    rest_controller: str = "posts"
    rewrite: str = ""
    has_sticky: bool = False
    singular: str = ""
    icon: str | None = None
    is_open: bool = False
    capabilities: Mapping[str, str] = field(default_factory=dict, hash=False)

    def capability(self, verb: str) -> str:
        """The primitive capability, e.g. `edit_others` gives `edit_others_posts`."""
        return self.capabilities.get(verb) or f"{verb}_{self.capability_type[1]}"


# Meta capabilities of the built-in taxonomies, as WordPress maps them.
_TERM_CAPABILITIES = {
    **dict.fromkeys(
        ("edit_categories", "delete_categories", "manage_post_tags", "edit_post_tags"),
        "manage_categories",
    ),
    "delete_post_tags": "manage_categories",
    **dict.fromkeys(("assign_categories", "assign_post_tags"), "edit_posts"),
}


@dataclass(frozen=True)
class Taxonomy:
    """A way of grouping posts; its terms have their own id space. `capabilities` are those to
    manage, edit, delete and assign terms, in this order. `rest_controller`:
    which room of the REST API serves it, "terms" by the common routes."""

    name: str
    rest_base: str
    label: str
    post_types: tuple[str, ...]
    is_hierarchical: bool = False
    description: str = ""
    singular: str = ""
    capabilities: tuple[str, str, str, str] = (
        "manage_categories",
        "manage_categories",
        "manage_categories",
        "edit_posts",
    )
    is_public: bool = True
    rest_controller: str = "terms"
    rewrite: str = ""

    def capability(self, verb: str) -> str:
        """The primitive capability to `manage`, `edit`, `delete` or `assign` terms."""
        declared = self.capabilities[("manage", "edit", "delete", "assign").index(verb)]
        return _TERM_CAPABILITIES.get(declared, declared)


@dataclass(frozen=True)
class Role:
    """A default role with its capabilities, and the scope columns of the seed's `user_roles`. One
    with `days` ends by itself so many days after it was given."""

    name: str
    label: str
    capabilities: frozenset[str]
    medical_scope: Mapping[str, Any] = field(default_factory=dict)
    compliance_level: str = "basic"
    audit_required: bool = True
    days: int | None = None


@dataclass(frozen=True)
class RevisionPart:
    """A named object that belongs to the versioned content and to its hash. `people` are the fields
    that hold the id of a user, which is another one elsewhere. One that is `of_reviewed` belongs to
    every reviewed type besides, also to those that a site has declared for itself."""

    name: str
    post_types: tuple[str, ...]
    defaults: Mapping[str, Any]
    people: tuple[str, ...] = ()
    of_reviewed: bool = False


@dataclass(frozen=True)
class MetaKey:
    """A registered key of a post's `meta`, as `register_post_meta` with `show_in_rest` makes it in
    WordPress. It is versioned and part of the content hash once it has a value; keys that nobody
    registered are ignored. A `searchable` one helps to find its posts. The values of a sensitive
    one are kept sealed, and shown only to those who may read sensitive fields."""

    name: str
    schema: Mapping[str, Any]
    post_types: tuple[str, ...]
    default: Any = ""
    searchable: bool = False
    is_sensitive: bool = False

    @property
    def unset(self) -> Any:
        """What is shown where nothing was stored."""
        return self.default

    def __post_init__(self) -> None:
        if self.searchable and self.is_sensitive:
            raise ValueError(f"meta key {self.name!r} is sensitive and cannot be searched")


SUBJECTS = ("term", "comment", "user")

# What WordPress takes for the default of a type, where none is registered.
_EMPTY: Mapping[str, Any] = {
    "string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}
}  # fmt: skip


@dataclass(frozen=True)
class SubjectMeta:
    """A registered key of the `meta` of a `term`, a `comment` or a `user`, as `register_meta` makes
    it in WordPress; keys that nobody registered are ignored. `of`: the taxonomies that it is for,
    all if it says nothing. One that is not `is_single` holds a list of what the schema describes.
    One that is not `in_rest` is for code alone.

    Whoever may edit the subject may write it; with a `capability` only who has that too. As in
    WordPress, a name that begins with `_` cannot be written through REST without one. `context` in
    the schema says where it is shown, everywhere if nothing does. The values of a sensitive one, of
    people only, are kept sealed, and shown to those who may read sensitive fields."""

    subject: str
    name: str
    schema: Mapping[str, Any]
    default: Any = None
    of: tuple[str, ...] = ()
    is_single: bool = True
    in_rest: bool = True
    capability: str | None = None
    is_sensitive: bool = False

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS:
            known = ", ".join(SUBJECTS)
            raise ValueError(f"meta {self.name!r} is of {self.subject!r}; there are {known}")
        if self.is_sensitive and self.subject != "user":
            raise ValueError(f"meta {self.name!r} of a {self.subject} cannot be sensitive")

    @property
    def shape(self) -> Mapping[str, Any]:
        """The schema of what stands under the key."""
        if self.is_single:
            return self.schema
        contexts = {name: self.schema[name] for name in ("context",) if name in self.schema}
        return {"type": "array", "items": self.schema, **contexts}

    @property
    def unset(self) -> Any:
        """What is shown where nothing was stored."""
        if self.default is not None:
            return self.default
        kind = self.shape.get("type", "string")
        return _EMPTY.get(kind) if isinstance(kind, str) else None


Compute = Callable[["ReadableWork", Sequence[Any]], Awaitable[Sequence[Any]]]


@dataclass(frozen=True)
class RestField:
    """A top-level key of a REST body. Either it lives in a revision part (then it can be written),
    or `compute` gives its value for a whole page of posts at once, so that no list is N+1.
    The words of a `searchable` one, which must live in a part, help to find its posts.

    `of_reviewed` as for parts. `unset` is shown where the part does not have the key. `argument`:
    lists can be filtered by it under this name; what stands for a computed one in the index is
    added by a filter of `cms.fields.indexing.Compared`, under `index_path`."""

    name: str
    schema: Mapping[str, Any]
    post_types: tuple[str, ...]
    contexts: tuple[str, ...] = ("view", "edit")
    part: str | None = None
    compute: Compute | None = None
    searchable: bool = False
    of_reviewed: bool = False
    unset: Any = None
    argument: str = ""

    @property
    def index_path(self) -> str:
        """Under which its values are indexed; no name of a custom field has a colon."""
        return f"{self.part or ''}:{self.name}"

    def __post_init__(self) -> None:
        if (self.part is None) == (self.compute is None):
            raise ValueError(f"REST field {self.name!r} needs either a part or a compute function")
        if self.searchable and self.part is None:
            raise ValueError(f"REST field {self.name!r} is computed and cannot be searched")


@dataclass(frozen=True)
class Job:
    """Work for the queue: `fn` gets a unit of work of the tenant and the ids it was deferred with.

    `cron` (five fields, UTC) makes it periodic, once for each tenant.
    """

    name: str
    fn: Callable[..., Awaitable[None]]
    cron: str | None = None
    retries: int = 5


@dataclass(frozen=True)
class Service:
    """A loop that runs for as long as the worker does; `run` gets the host and is cancelled."""

    name: str
    run: Callable[[Any], Awaitable[None]]


class Serves(Enum):
    """What a process may still do although something is not well."""

    NOTHING = "nothing"
    READS = "reads"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Health:
    """One line of `cms check` and `/readyz`; `remedy` says what to do when it is not well. `serves`
    is what a process can do all the same: what does not keep it from answering must not take it
    out of the rotation."""

    name: str
    is_well: bool
    message: str
    remedy: str = ""
    serves: Serves = Serves.NOTHING


@dataclass(frozen=True)
class HealthCheck:
    """`fn` gets the host. `readyz`: whether a failure takes this process out of the rotation."""

    name: str
    fn: Callable[[Any], Awaitable[Health]]
    readyz: bool = True


@dataclass(frozen=True)
class PolicyAttribute:
    """A fact that policies may ask for: `context.<name>`. `type` is Cedar's: Bool, Long, String or
    Set<String>. With `provide` the plugin computes it from the question; without, the use case
    passes it. `is_required` attributes are missing only by error, and then the answer is no."""

    name: str
    type: str
    about: str
    is_required: bool = False
    provide: Callable[[Question], Any] | None = None


@dataclass(frozen=True)
class Obligation:
    """What an actor can be asked to do before a policy is content (XACML 3.0 §7.18). `max_age`, in
    seconds: how old her sign-in may be for it (RFC 9470 §3)."""

    name: str
    is_satisfied: Callable[[Question], bool]
    remedy: str
    max_age: int | None = None


@dataclass(frozen=True)
class PolicyRule:
    """A default policy in Cedar text that a plugin brings; `layer` P permits or forbids, R requires
    (a forbid with the obligation that lifts it)."""

    name: str
    layer: str
    cedar: str
    about: str
    obligation: str | None = None


DemoStep = Callable[[Any], Awaitable[None]]
