"""What this site adds to the description of a route: the schema of its fields, as OPTIONS, the
index and the OpenAPI document tell it to this person. The tables of routes are those of the code,
made at the start for all sites."""

from typing import Any

from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.field import Field
from cms.fields.kinds import Kind
from cms.fields.plans import plan, possible
from cms.fields.site_fields import SiteFields
from cms.rest.acf import ARGUMENT, FORMAT, FORMAT_ARGUMENT
from cms.rest.description import Added, Route

_ABOUT = "The custom fields, by name."


def with_fields(work: UnitOfWork, route: Route) -> Route:
    """The route with the fields of this site."""
    kind: Kind | None = route.said("fields")
    if kind is None:
        return route
    if not possible(work, kind).is_in_rest:
        return route
    return route.with_added(_added(work, kind))


def _added(work: UnitOfWork, kind: Kind) -> Added:
    """Once for each kind and each set of rights: the index asks for all of its routes."""
    site, found = fields_of_site(work), possible(work, kind)
    # What may be secret is described to those who could be shown it.
    edits = not work.actor.is_anonymous
    shown = plan(work, found, found.groups, edits=edits, rest_only=True)
    key = ("described", kind, id(shown))
    known: tuple[object, Added] | None = site.plans.get(key)
    if known is None or known[0] is not shown:
        properties = {one.name: _schema(site, one) for one in shown.shown}
        values = {"description": _ABOUT, "type": "object", "properties": properties}
        added = Added(
            properties={ARGUMENT: {**values, "context": ["view", "edit", "embed"]}},
            reads={FORMAT_ARGUMENT: FORMAT},
            writes={ARGUMENT: values, FORMAT_ARGUMENT: FORMAT},
        )
        known = site.plans[key] = (shown, added)
    return known[1]


def _schema(site: SiteFields, one: Field) -> dict[str, Any]:
    schema = site.types[one.type].schema(one, site.types)
    about = {"title": one.label} if one.label else {}
    return {**about, **schema}
