"""Fields of old revisions: by the versions of the groups that they were written with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from cms.fields import comparing
from cms.fields.comparing import Difference
from cms.fields.drafts import fields_of_site
from cms.fields.field import Field
from cms.fields.models import FieldGroupVersion
from cms.fields.rights import READ_SENSITIVE, visible_fields, without_hidden
from cms.fields.showing import Form, show
from cms.fields.site_fields import OF_CODE, SiteFields, fields_with
from cms.fields.values import GROUPS_PART, PART, stored
from cms.kernel.actors import Actor
from cms.kernel.work import ReadableWork

Parts = Mapping[str, Mapping[str, Any]]
"""The parts of a revision."""


@dataclass(frozen=True)
class FieldsThen:
    """The fields of one revision: `site` has the groups as they were, `fields` those of them that
    have a value, in their order, and `values` all that is stored, by name."""

    site: SiteFields
    fields: tuple[Field, ...]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, site: SiteFields, parts: Parts) -> "FieldsThen":
        rows = parts.get(PART, {})
        names = {row["key"]: name for name, row in rows.items()}
        fields = (one for one, _ in site.field_by_key.values())
        known = (one for one in fields if one.name and names.get(one.key) == one.name)
        return cls(site, tuple(known), stored(rows))


async def fields_then(work: ReadableWork, revisions: Sequence[Parts]) -> list[FieldsThen]:
    """The fields of each revision, with one statement for all when any group has changed since."""
    now = fields_of_site(work)
    named = [dict(parts.get(GROUPS_PART, {})) for parts in revisions]
    others = {
        (key, version)
        for groups in named
        for key, version in groups.items()
        if version != OF_CODE and (key not in now.by_key or now.by_key[key].version != version)
    }
    definitions = await _definitions(work, others) if others else {}
    current = {one.key: (one.version, one.definition) for one in work.tenant.declared.field_groups}
    sites: dict[tuple[Any, ...], SiteFields] = {(): now}
    found = []
    for parts, groups in zip(revisions, named, strict=True):
        old = tuple(one for one in sorted(groups.items()) if one in definitions)
        if old not in sites:
            then = {one[0]: (one[1], definitions[one]) for one in old}
            sites[old] = _site(work, {**current, **then})
        found.append(FieldsThen.of(sites[old], parts))
    return found


def _site(work: Any, own: Mapping[str, tuple[int, Mapping[str, Any]]]) -> SiteFields:
    return fields_with(work.registry, own.values(), work.tenant.language)


async def _definitions(
    work: ReadableWork, wanted: set[tuple[str, int]]
) -> dict[tuple[str, int], Mapping[str, Any]]:
    model = FieldGroupVersion
    rows = await work.all(
        select(model.key, model.version, model.definition).where(
            model.tenant_id == work.tenant_id, tuple_(model.key, model.version).in_(sorted(wanted))
        )
    )
    return {(row.key, row.version): row.definition for row in rows}


async def shown_then(work: ReadableWork, parts: Parts, form: Form = Form.TYPED) -> dict[str, Any]:
    """The fields of a revision by name, as its own groups show them; those that the actor sees."""
    [found] = await fields_then(work, [parts])
    then = seen(work.actor, found)
    [values] = await show(work, then.site, [(then.fields, then.values)], form)
    return values


async def differences(work: ReadableWork, before: Parts | None, after: Parts) -> list[Difference]:
    """What differs between the fields of two revisions, by path and in the words of their forms, as
    far as the actor sees them; without `before` everything is new."""
    if before is not None and before.get(PART, {}) == after.get(PART, {}):
        return []
    found = await fields_then(work, [before or {}, after])
    old, new = (seen(work.actor, one) for one in found)
    return comparing.compare(old.fields, old.values, new.fields, new.values)


def seen(actor: Actor, then: FieldsThen) -> FieldsThen:
    """What this actor sees of the fields. What no group knows any more may have been sensitive."""
    whole = {one.name: (one, then.site.field_by_key[one.key][1]) for one in then.fields}
    left = visible_fields(actor, whole)
    sees_strangers = actor.has(READ_SENSITIVE)
    values = {
        name: without_hidden(whole[name][0], left[name][0], value) if name in left else value
        for name, value in then.values.items()
        if name in left or (name not in whole and sees_strangers)
    }
    return FieldsThen(then.site, tuple(one for one, _ in left.values()), values)
