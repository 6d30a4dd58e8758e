"""What rules of location may be compared with on this site, and what settings of fields offer."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from cms.admin.translating import N_
from cms.content.formats import FORMATS
from cms.content.models import Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.locations import ALL
from cms.fields.own_form import options_pages
from cms.identity.models import RoleRecord
from cms.site.models import Menu
from cms.site.widget_types import WIDGET_TYPES

Choices = list[tuple[str, str]]

# A taxonomy with more terms than a list can be read takes them as text.
MOST_TERMS = 300
_ALL = (ALL, N_("all of them"))
_FIXED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "page_type": (
        ("front_page", N_("the front page")),
        ("posts_page", N_("the page of posts")),
        ("top_level", N_("at the top, without a parent")),
        ("parent", N_("with pages below it")),
        ("child", N_("below another page")),
    ),
    "current_user": (
        ("logged_in", N_("has signed in")),
        ("viewing_front", N_("reads the site")),
        ("viewing_back", N_("works in the administration")),
    ),
    "user_form": (
        _ALL,
        ("add", N_("adding somebody")),
        ("edit", N_("changing somebody")),
        ("register", N_("registering")),
    ),
    "attachment": (
        _ALL,
        ("image", N_("pictures")),
        ("video", N_("films")),
        ("audio", N_("sound")),
        ("application", N_("documents")),
        ("text", N_("texts")),
    ),
}
_BY_TERMS = {"post_category": ("category",), "post_taxonomy": ()}


async def values(work: UnitOfWork, params: Iterable[str]) -> dict[str, Choices]:
    """What each of these parameters can be compared with; those that take a number or a name that
    cannot be listed are not among them."""
    wanted = set(params)
    found = {name: list(one) for name, one in {**_FIXED, **_known(work)}.items() if name in wanted}
    if wanted & _BY_TERMS.keys():
        terms = await _terms(work)
        for name in wanted & _BY_TERMS.keys():
            of = _BY_TERMS[name]
            found[name] = [(f"{t}:{slug}", label) for t, slug, label in terms if not of or t in of]
    if wanted & {"user_role", "current_user_role"}:
        listed = await roles(work)
        found["user_role"] = [_ALL, *listed]
        found["current_user_role"] = [("super_admin", N_("may administer everything")), *listed]
    if wanted & {"nav_menu", "nav_menu_item"}:
        menus = await _menus(work)
        found["nav_menu"] = found["nav_menu_item"] = menus
    return {name: one for name, one in found.items() if one and name in wanted}


def _known(work: UnitOfWork) -> dict[str, Any]:
    types = types_of(work)
    return {
        "post_type": types,
        "comment": [_ALL, *types],
        "taxonomy": [_ALL, *taxonomies_of(work)],
        "post_status": [(one.value, one.value) for one in Status],
        "post_format": [(one, one) for one in FORMATS],
        "widget": [_ALL, *((one, one) for one in WIDGET_TYPES)],
    }


def types_of(work: UnitOfWork) -> Choices:
    """The types of content of the site, by label."""
    found = [(one.name, one.label) for one in work.registry.post_types.values()]
    return sorted(found, key=lambda one: one[1])


def taxonomies_of(work: UnitOfWork) -> Choices:
    """The taxonomies of the site, by label."""
    found = [(one.name, one.label) for one in work.registry.taxonomies.values()]
    return sorted(found, key=lambda one: one[1])


async def roles(work: UnitOfWork) -> Choices:
    """The roles of the site, by label."""
    rows = await work.all(
        select(RoleRecord.name, RoleRecord.label)
        .where(RoleRecord.tenant_id == work.tenant_id)
        .order_by(RoleRecord.label)
    )
    return [(row.name, row.label) for row in rows]


async def _terms(work: UnitOfWork) -> list[tuple[str, str, str]]:
    rows = await work.all(
        select(Term.taxonomy, Term.slug, Term.name)
        .where(Term.tenant_id == work.tenant_id)
        .order_by(Term.taxonomy, Term.sort_key, Term.id)
        .limit(MOST_TERMS + 1)
    )
    if len(rows) > MOST_TERMS:
        return []
    labels = {name: one.label for name, one in work.registry.taxonomies.items()}
    return [
        (row.taxonomy, row.slug, f"{labels.get(row.taxonomy, row.taxonomy)}: {row.name}")
        for row in rows
    ]


async def _menus(work: UnitOfWork) -> Choices:
    rows = await work.all(
        select(Menu.id, Menu.name).where(Menu.tenant_id == work.tenant_id).order_by(Menu.id)
    )
    shown = [(f"location/{key}", label) for key, label in work.tenant.site.menu_locations.items()]
    return [_ALL, *shown, *((str(row.id), row.name) for row in rows)]


async def offered(work: UnitOfWork, kind: str, own_group: str) -> dict[str, Choices]:
    """What settings of a field of this type can be chosen from, by the name of the setting."""
    found: dict[str, Choices] = {
        "post_type": types_of(work),
        "filters": [("search", N_("Search")), ("post_type", N_("Type")), ("taxonomy", N_("Term"))],
        "elements": [("featured_image", N_("Featured picture"))],
        "source": _sources(work),
    }
    if kind == "taxonomy":
        found["taxonomy"] = taxonomies_of(work)
    if kind == "user":
        found["role"] = await roles(work)
    if kind == "clone":
        found["clone"] = _clonable(work, own_group)
    return found


def _sources(work: UnitOfWork) -> Choices:
    named = sorted(
        f"{one.part}.{one.name}" for one in work.registry.each("rest_fields") if one.part
    )
    return [("", N_("nothing: it has a value of its own")), *((one, one) for one in named)]


def _clonable(work: UnitOfWork, own_group: str) -> Choices:
    """Whole groups and single fields at their top; not the group that the clone stands in."""
    found: Choices = []
    for group in fields_of_site(work).groups:
        if group.key != own_group:
            found.append((group.key, group.title))
            found += [(one.key, f"{group.title}: {one.label}") for one in group.fields]
    return found


def pages(work: UnitOfWork) -> list[str]:
    """The options pages that there are, to name one of them again."""
    return options_pages(fields_of_site(work))
