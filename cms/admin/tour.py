"""The first steps of each kind of person: five points with links, ticked off by what was done, by
hand, or all at once. What is ticked is kept in her preferences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.admin.page import Page
from cms.admin.reader import PREFERENCES
from cms.admin.translating import N_
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.accounts import change_profile
from cms.identity.users import get_user

MOST = 5
_FEWEST = 3
_KEPT = "tour"


@dataclass(frozen=True)
class Step:
    """`fact` names what says that it is done, where something does; `label` is English. `place` is
    the line of the menu that it leads to, where the label holds its name."""

    key: str
    label: str
    path: str
    fact: str = ""
    place: str = ""


@dataclass(frozen=True)
class Shown:
    step: Step
    is_done: bool


_SECURE = Step(
    "factor",
    N_("Protect your account with a second factor"),
    "/admin/profile/security",
    "has_factor",
)
_PROFILE = Step("profile", N_("Say who you are, for your readers"), "/admin/profile", "has_profile")

_OWN: Mapping[str, Sequence[Step]] = {
    "administrator": (
        Step("site", N_("Name the site and choose its language"), "/admin/settings", "has_title"),
        Step(
            "invite",
            N_("Invite the people who write and review"),
            "/admin/people/invitations",
            "has_invited",
        ),
        Step("roles", N_("See what each role may do"), "/admin/people/roles"),
        Step("health", N_("See whether everything is well"), "/admin/system/health"),
        _SECURE,
    ),
    "author": (
        Step("text", N_("Write your first text"), "/admin/posts", "has_post"),
        Step("picture", N_("Upload a picture, with a text for it"), "/admin/media", "has_picture"),
        _PROFILE,
        Step("notices", N_("See what you are told of"), "/admin/notices"),
        _SECURE,
    ),
}
# The tours of people whose work plugins bring: the first places of a section of the menu.
_SECTIONS = {"officer": "compliance", "reviewer": "review"}
_HEADINGS = {
    "administrator": N_("Your first steps as an administrator"),
    "officer": N_("Your first steps as an officer"),
    "reviewer": N_("Your first steps as a reviewer"),
    "author": N_("Your first steps as an author"),
}

# Asked by the person's own number, and only what a tour asks for: of an author of nothing the
# database expects as many texts as of any, and may look for one through all of them.
_FACTS = {
    "has_profile": "(select u.description <> '' from cms.users u"
    " where u.tenant_id = :tenant and u.id = :user)",
    "has_post": "exists (select from cms.posts p where p.tenant_id = :tenant"
    " and p.author_id = :user and p.post_type not in ('attachment', 'nav_menu_item'))",
    "has_picture": "exists (select from cms.posts p where p.tenant_id = :tenant"
    " and p.author_id = :user and p.post_type = 'attachment')",
    "has_factor": "exists (select from cms.user_factors f where f.tenant_id = :tenant"
    " and f.user_id = :user and f.confirmed_at is not null)",
    "has_invited": "exists (select from cms.invitations i where i.tenant_id = :tenant)",
}


def _tours(page: Page) -> dict[str, Sequence[Step]]:
    """Those that fit what this person may see, the widest first."""
    actor, menu = page.work.actor, {one.label: one.links for one in page.menu}
    found: dict[str, Sequence[Step]] = {}
    if actor.has("manage_options"):
        found["administrator"] = _OWN["administrator"]
    for tour, section in _SECTIONS.items():
        places = menu.get(section.capitalize(), ())
        steps = [
            Step(link.path, N_("Look at “%(place)s”"), link.path, place=link.label)
            for link in places
        ]
        # Who runs the site sees the places of the others too, and an author one or two of them: the
        # tour is for those whose work it is.
        if len(steps) >= _FEWEST and "administrator" not in found:
            found[tour] = [*steps[: MOST - 1], _SECURE]
    if actor.has("edit_posts") and not found:
        found["author"] = _OWN["author"]
    return found


def _kept(preferences: Mapping[str, Any], tour: str) -> Mapping[str, Any]:
    tours = preferences.get(_KEPT)
    kept = tours.get(tour) if isinstance(tours, dict) else None
    return kept if isinstance(kept, dict) else {}


async def first_steps(page: Page) -> str:
    """The panel of the overview: the first tour that was neither finished nor put away."""
    for tour, steps in _tours(page).items():
        kept = _kept(page.reader.preferences, tour)
        if kept.get("is_away"):
            continue
        done = {*kept.get("done", ())} | await _done(page.work, steps)
        shown = [Shown(one, one.key in done) for one in steps]
        if all(one.is_done for one in shown):
            continue
        return page.draw("tour/steps.html", tour=tour, heading=_HEADINGS[tour], steps=shown)
    return ""


async def _done(work: UnitOfWork, steps: Sequence[Step]) -> set[str]:
    facts: dict[str, Any] = {"has_title": bool(work.tenant.site.title)}
    wanted = [name for name in _FACTS if any(one.fact == name for one in steps)]
    if wanted:
        columns = ", ".join(f"{_FACTS[name]} as {name}" for name in wanted)
        own = {"tenant": work.tenant_id, "user": work.actor.user_id}
        facts |= (await work.one(f"select {columns}", own))._mapping
    return {one.key for one in steps if one.fact and facts.get(one.fact)}


async def tick(page: Page, tour: str, step: str) -> None:
    """Note that a step is done; an empty one puts the whole tour away. NotFound for one that this
    person does not have."""
    steps = _tours(page).get(tour)
    if steps is None or (step and step not in {one.key for one in steps}):
        raise NotFound("first step", step or tour)
    work = page.work
    user = await get_user(work, int(work.actor.user_id or 0))
    own = dict(user.preferences.get(PREFERENCES) or {})
    kept = dict(_kept(own, tour))
    if step:
        kept["done"] = sorted({*kept.get("done", ()), step})
    else:
        kept["is_away"] = True
    own[_KEPT] = {**(own.get(_KEPT) or {}), tour: kept}
    await change_profile(work, user, {"preferences": {**user.preferences, PREFERENCES: own}})
