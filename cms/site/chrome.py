"""What stands around the text on every page of a site: its name, menus, sidebars, who answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cms.content.responsive import responsive
from cms.database.work import UnitOfWork
from cms.site import widgets
from cms.site.themes import Theme, stored
from cms.site.tree import Branch, menus_at

Facts = dict[str, Any]


@dataclass(frozen=True)
class Imprint:
    """Who answers for the site, line by line, at the foot of each page. Filters of this class add
    what a profession's rules want to stand there."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Where:
    """Addresses without a slash at the end: of the site as readers see it, and of its files."""

    front: str
    uploads: str


async def around(work: UnitOfWork, theme: Theme, where: Where) -> Facts:
    """Everything that a page of the theme shows beside its own text."""
    return {
        **bare(work, theme, where),
        "logo": await _logo(work, where),
        "menus": await _menus(work, theme, where),
        "sidebars": await _sidebars(work, theme),
        "imprint": (await work.shape(Imprint())).lines,
    }


def bare(work: UnitOfWork, theme: Theme, where: Where) -> Facts:
    """The same for a page that is no page of the site: nothing leads away from it."""
    tenant = work.tenant
    words = theme.says(tenant.language)
    return {
        "site": {
            "name": tenant.site.title or tenant.name,
            "description": tenant.site.description,
            "address": where.front,
            "language": tenant.language.replace("_", "-"),
            "is_public": tenant.site.blog_public,
        },
        "asset": theme.address,
        "t": words,
        "logo": None,
        "menus": dict.fromkeys(theme.manifest.menus),
        "sidebars": dict.fromkeys(theme.manifest.sidebars, ()),
        "imprint": (),
        "words": "",
        "today": work.now.astimezone(tenant.zone),
    }


async def _logo(work: UnitOfWork, where: Where) -> Any:
    wanted = work.tenant.site.site_logo
    found = await responsive(work, [wanted], where.uploads, "medium") if wanted else {}
    return found.get(wanted)


async def _menus(work: UnitOfWork, theme: Theme, where: Where) -> Facts:
    """The menu of each place that the theme has; None where none was placed."""
    declared = work.tenant.site.menu_locations
    places = [place for place in theme.manifest.menus if place in declared]
    found = await menus_at(work, places) if places else {}
    menus: Facts = dict.fromkeys(theme.manifest.menus)
    for place, (menu, branches) in found.items():
        menus[place] = {"name": menu.name, "items": [_item(one, where) for one in branches]}
    return menus


def _item(branch: Branch, where: Where) -> Facts:
    return {
        # As the title of a text, it is HTML that was cleaned when it was stored.
        "title": stored(branch.target.title),
        "url": branch.target.url(where.front),
        "hint": branch.item.attr_title,
        "items": [_item(below, where) for below in branch.below],
    }


async def _sidebars(work: UnitOfWork, theme: Theme) -> Mapping[str, list[Markup]]:
    """The widgets of each sidebar as HTML; those that hold no text of their own are left out."""
    shown: dict[str, list[Markup]] = {name: [] for name in theme.manifest.sidebars}
    found = [one for one in await widgets.listed(work) if widgets.place_of(work, one) in shown]
    if not found:
        return shown
    among = await widgets.around(work, [(one.id_base, one.instance) for one in found])
    for one in found:
        html = widgets.rendered(one.id_base, one.id, one.instance, among)
        if html:
            shown[one.sidebar].append(stored(html))
    return shown
