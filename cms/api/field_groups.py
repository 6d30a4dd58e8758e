"""Field groups of the site: /field-groups, their versions and forms, and /field-types."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.field_places import asked_place
from cms.api.routing import delete, get, post, put
from cms.content.faults import Faults
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from cms.fields import groups
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.describing import contract, form, resolved
from cms.fields.drafts import fields_of_site
from cms.fields.field import Group
from cms.fields.group_settings import Notice
from cms.fields.groups import Kept, KeptVersion
from cms.fields.locations import Outcome, Place, applies, may_apply, outcome

Asked = Request[Any, Any, Any]

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class GroupOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`definition` is what was sent, to the letter; `resolved` has every default and typed values.
    `source` is the plugin that declares the group, or `site`. `faults` say why it cannot be read
    by this version, `notices` what follows from the change that was just made."""

    key: str
    title: str
    version: int
    source: str
    is_active: bool
    definition: Mapping[str, Any]
    created_at: datetime | None = None
    updated_at: datetime | None = None
    resolved: Mapping[str, Any] | None = None
    faults: dict[str, str] = {}
    notices: tuple[Notice, ...] = ()

    @classmethod
    def of(cls, work: UnitOfWork, kept: Kept, *, is_resolved: bool = False) -> Self:
        types = catalogue(work.registry)
        group = read_group(kept.definition, types, Faults(), version=kept.version)
        shown = resolved(group, types) if is_resolved and not kept.faults else None
        return cls(
            kept.key, kept.title, kept.version, kept.source, group.is_active, kept.definition,
            kept.created_at, kept.updated_at, shown, kept.faults, kept.notices,
        )  # fmt: skip


class Groups(msgspec.Struct, frozen=True):
    """All groups of the site."""

    field_groups: list[GroupOut]


class VersionOut(msgspec.Struct, frozen=True):
    """A group as it was."""

    version: int
    editor_id: int | None
    created_at: datetime
    definition: Mapping[str, Any]

    @classmethod
    def of(cls, one: KeptVersion) -> Self:
        return cls(one.version, one.editor_id, one.created_at, one.definition)


class Versions(msgspec.Struct, frozen=True):
    """The newest first."""

    versions: list[VersionOut]


class RuleOut(msgspec.Struct, frozen=True):
    """A rule with what became of it and what it was compared with; `unknown` counts as holding."""

    param: str
    operator: str
    value: str
    outcome: Outcome
    compared_with: list[str] | None


class AppliedOut(msgspec.Struct, frozen=True):
    """A group, and why it applies or does not: one of the alternatives must hold in all rules."""

    key: str
    title: str
    version: int
    source: str
    applies: bool
    rules: list[list[RuleOut]]

    @classmethod
    def of(cls, group: Group, place: Place) -> Self:
        rules = [
            [
                RuleOut(
                    one.param, one.operator, one.value, outcome(one, place),
                    sorted(place.facts[one.param]) if one.param in place.facts else None,
                )
                for one in alternative
            ]
            for alternative in group.location
        ]  # fmt: skip
        source = group.declared_by or groups.OF_SITE
        return cls(group.key, group.title, group.version, source, applies(group, place), rules)


class Applied(msgspec.Struct, frozen=True):
    """The active groups that could apply to a place of this kind, in the order of a form; `facts`
    are what is known of the place."""

    kind: str
    facts: dict[str, list[str]]
    field_groups: list[AppliedOut]


def _seen(request: Asked) -> int | None:
    """The version that If-Match names; None where the request does not say."""
    said = request.headers.get("if-match")
    if said is None or said.strip() == "*":
        return None
    written = _TAG.fullmatch(said.strip())
    if written is None:
        raise InvalidInput(
            {"If-Match": 'must be the ETag of the group as it was read, such as "3"'}
        )
    return int(written[1])


def _tagged(work: UnitOfWork, kept: Kept, *, is_resolved: bool, status: int) -> Response[GroupOut]:
    body = GroupOut.of(work, kept, is_resolved=is_resolved)
    return Response(body, status_code=status, headers={"ETag": f'"{kept.version}"'})


@get("/field-groups", action="field_group.list", resource="field_group", tags=["fields"])
async def list_groups(work: UnitOfWork, resolved: bool = False) -> Groups:
    """All groups: those of the site and those that plugins declare, in the order of a form."""
    return Groups(
        [GroupOut.of(work, one, is_resolved=resolved) for one in await groups.listed(work)]
    )


@post(
    "/field-groups",
    action="field_group.save",
    resource="field_group",
    status_code=201,
    tags=["fields"],
)
async def add_group(
    request: Asked, work: UnitOfWork, data: dict[str, Any], resolved: bool = False
) -> Response[GroupOut]:
    """Keep a new group, in the form that Advanced Custom Fields exports. The key of a group that a
    plugin declares takes that one's place."""
    kept = await groups.save(work, data, is_new=True)
    work.afterwards(request.app.state.host.tenants.forget)
    return _tagged(work, kept, is_resolved=resolved, status=201)


@get("/field-groups/for", action="field_group.apply", resource="field_group", tags=["fields"])
async def groups_for(request: Asked, work: UnitOfWork) -> Applied:
    """Which groups apply to something, and why. `type` is post, media, term, user, comment, option,
    menu, menu_item, widget or block, with `id`; or, before a thing exists, what is known of it:
    post_type, status, format, template, parent; taxonomy; name (of an options page, a kind of
    widget or a block)."""
    place = await asked_place(work, dict(request.query_params))
    site = fields_of_site(work)
    found = [one for one in site.groups if one.is_active and may_apply(one, place.kind)]
    return Applied(
        place.kind,
        {name: sorted(known) for name, known in sorted(place.facts.items())},
        [AppliedOut.of(one, place) for one in found],
    )


@get("/field-groups/{key:str}", action="field_group.read", resource="field_group", tags=["fields"])
async def read_group_of_key(
    work: UnitOfWork, key: str, resolved: bool = False
) -> Response[GroupOut]:
    """One group. Its ETag is its version, for If-Match."""
    return _tagged(work, await groups.one(work, key), is_resolved=resolved, status=200)


@put("/field-groups/{key:str}", action="field_group.save", resource="field_group", tags=["fields"])
async def replace_group(
    request: Asked, work: UnitOfWork, key: str, data: dict[str, Any], resolved: bool = False
) -> Response[GroupOut]:
    """Another version of the group, as a whole. With If-Match it is refused (412) when somebody has
    changed the group since. What becomes of values is told in `notices`."""
    if data.get("key", key) != key:
        raise InvalidInput({"key": f"must be {key!r}, as in the address; a key never changes"})
    definition = data if "key" in data else {"key": key, **data}
    kept = await groups.save(work, definition, is_new=False, seen=_seen(request))
    work.afterwards(request.app.state.host.tenants.forget)
    return _tagged(work, kept, is_resolved=resolved, status=200)


@delete(
    "/field-groups/{key:str}", action="field_group.remove", resource="field_group", tags=["fields"]
)
async def remove_group(request: Asked, work: UnitOfWork, key: str) -> None:
    """Stop using a group. Its versions and the values written with it stay."""
    await groups.remove(work, key, seen=_seen(request))
    work.afterwards(request.app.state.host.tenants.forget)


@get(
    "/field-groups/{key:str}/versions",
    action="field_group.read",
    resource="field_group",
    tags=["fields"],
)
async def list_versions(work: UnitOfWork, key: str) -> Versions:
    """Every version that there was, also of a group that is no longer used."""
    return Versions([VersionOut.of(one) for one in await groups.versions(work, key)])


@get(
    "/field-groups/{key:str}/versions/{number:int}",
    action="field_group.read",
    resource="field_group",
    tags=["fields"],
)
async def read_version(work: UnitOfWork, key: str, number: int) -> VersionOut:
    """One version."""
    return VersionOut.of(await groups.version(work, key, number))


@get(
    "/field-groups/{key:str}/form",
    action="field_group.form",
    resource="field_group",
    tags=["fields"],
)
async def read_form(work: UnitOfWork, key: str) -> Response[dict[str, Any]]:
    """All that is needed to draw the form of an active group, in the language of the site, with the
    fields that this person may see."""
    site = fields_of_site(work)
    group = site.by_key.get(key)
    may_draw = work.actor.has("edit_posts") or (group is not None and may_apply(group, "user"))
    require(
        not work.actor.is_anonymous and may_draw,
        "field_group.form",
        "Only those who may edit something with these fields see their form.",
    )
    if group is None or not group.is_active:
        raise NotFound("active field group", key)
    return Response(form(group, site.types, work.actor))


@get("/field-types", action="field_type.list", resource="field_type", tags=["fields"])
async def list_types(work: UnitOfWork) -> Response[dict[str, Any]]:
    """The types with their settings and widgets; what fields and groups have in common; what rules
    of location may ask."""
    if work.actor.is_anonymous or not work.actor.has("edit_posts"):
        raise CapabilityMissing(
            "Only those who edit posts see the types of fields.", action="field_type.list"
        )
    brought_by = {
        one.name: plugin.slug for plugin in work.registry.plugins for one in plugin.field_types
    }
    return Response(contract(catalogue(work.registry), brought_by))


FIELD_ROUTES: list[HTTPRouteHandler] = [
    list_groups,
    add_group,
    groups_for,
    read_group_of_key,
    replace_group,
    remove_group,
    list_versions,
    read_version,
    read_form,
    list_types,
]
