"""Values as /api/v1 has them: typed the same whatever the settings of a field, with the groups that
they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.fields.drafts import fields_of_site
from cms.fields.faults import FieldFaults
from cms.fields.field import Group
from cms.fields.kinds import OPTION, Kind, Subject
from cms.fields.mirroring import save_with_mirrors
from cms.fields.plans import Plan, plans_of, possible
from cms.fields.rights import may_write
from cms.fields.showing import Addresses, Form, show
from cms.fields.site_fields import SiteFields, fields_of
from cms.fields.subject_values import Kept, Owner, Wanted, lock, of_one


@dataclass(frozen=True)
class Values:
    """What a reader gets of one thing: the values by name, and the groups of these fields."""

    values: dict[str, Any]
    groups: list[Group]


def readable(work: UnitOfWork, kind: Kind, subject: Subject) -> Plan:
    """The fields that this actor gets. Groups that REST does not show are for those who may change
    the thing."""
    return plans_of(work, kind, [subject], rest_only=not subject.edits())[0]


async def shown(work: UnitOfWork, kind: Kind, subject: Subject, addresses: Addresses) -> Values:
    """The values of a thing that this actor may see; a field without a value is there too."""
    site, plan = fields_of_site(work), readable(work, kind, subject)
    kept = subject.values(plan.shown)
    stored = {name: kept[name] for name in plan.fields if name in kept}
    shows = [(plan.shown, stored)]
    [values] = await show(work, site, shows, Form.TYPED, addresses=addresses)
    groups = dict.fromkeys(group for _, group in plan.fields.values())
    return Values(values, list(groups))


def wanted(
    work: UnitOfWork, kind: Kind, subject: Subject, given: Mapping[str, Any], *, is_whole: bool
) -> dict[str, Any]:
    """What is to be taken in. `is_whole`: what is not given has no value afterwards, of all that
    this actor may change. InvalidFields names fields that the thing does not have."""
    fields = fields_of(possible(work, kind).at(subject.place))
    faults = FieldFaults()
    for name in given:
        if name not in fields:
            faults.add(name, "unknown", "is no field of this thing; leave it out", given[name])
    faults.refuse()
    if not is_whole:
        return dict(given)
    seen = readable(work, kind, subject).fields
    absent = (name for name in seen if name not in given and may_write(work.actor, *seen[name]))
    return {**dict.fromkeys(absent), **given}


async def change(
    work: UnitOfWork, kind: Kind, owner: Owner, subject: Subject, given: Mapping[str, Any]
) -> None:
    """Save values that are rows of their own."""
    fields, types = fields_of(possible(work, kind).at(subject.place)), fields_of_site(work).types
    before = subject.values([one for one, _ in fields.values()])
    await save_with_mirrors(work, owner, Wanted(fields, types, before, given))


async def held(work: UnitOfWork, owner: Owner, *, with_roles: bool = False) -> Kept:
    """The values of a thing, which nobody else changes until the commit."""
    await lock(work, owner)
    return await of_one(work, owner, with_roles=with_roles)


def options_pages(site: SiteFields) -> list[str]:
    """The options pages that there are: those that a rule of an active group names."""
    return sorted(
        {
            rule.value
            for group in site.groups
            if group.is_active
            for rules in group.location
            for rule in rules
            if rule.param == "options_page" and rule.operator == "=="
        }
    )


def options_page(work: UnitOfWork, slug: str) -> Kind:
    """The page of this name; NotFound where there is none."""
    if slug not in options_pages(fields_of_site(work)):
        raise NotFound("options page", slug)
    return Kind(OPTION, slug)
