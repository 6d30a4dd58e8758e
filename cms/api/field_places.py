"""What a request asks field groups for: something that its author may edit, or may make."""

from collections.abc import Awaitable, Callable, Mapping

from cms.content import comment_reading, comment_rules, permissions, posts, term_editing, terms
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.fields import places
from cms.fields.drafts import fields_of_site
from cms.fields.locations import Place
from cms.fields.places import PostFacts
from cms.identity.users import present_user
from cms.kernel.declarations import PostType, Taxonomy
from cms.site import menus
from cms.site.types import THEME

Query = Mapping[str, str]

ACTION = "field_group.apply"
_NOT_YOURS = "Only those who may edit something are told which fields it has."


async def asked_place(work: UnitOfWork, query: Query) -> Place:
    """The place that the query names. InvalidInput names what is missing or unknown."""
    kind = query.get("type") or ("post" if "post_type" in query else "")
    if kind not in _PLACES:
        raise InvalidInput({"type": f"must be one of {', '.join(_PLACES)}"})
    reads, accepted = _PLACES[kind]
    faults = {
        name: f"is nothing that a {kind} is asked by; there are: {', '.join(accepted)}"
        for name in query
        if name not in {"type", *accepted}
    }
    if faults:
        raise InvalidInput(faults)
    return await reads(work, query)


async def _post(work: UnitOfWork, query: Query) -> Place:
    site = fields_of_site(work)
    number = _number(query, "id")
    if number is None:
        kind = _type(work, query.get("post_type", ""))
        require(permissions.may_create(work.actor, kind), ACTION, _NOT_YOURS)
        parent = _number(query, "parent")
        known = PostFacts(
            kind.name,
            status=query.get("status"),
            parent_id=parent,
            format=query.get("format"),
            template=query.get("template"),
            is_parent_known=parent is not None,
        )
        return (await places.places_of(work, site, [known], edits=True))[0]
    found = await posts.get(work, number)
    post_type = posts.type_of(work, found)
    if not permissions.may_read(work.actor, post_type, found):
        raise NotFound("post", number)
    require(permissions.may_edit(work.actor, post_type, found), ACTION, _NOT_YOURS)
    revision = await posts.revision(work, found.id, found.working_revision_id or 0)
    facts = PostFacts.of(found, revision)
    return (await places.places_of(work, site, [facts], edits=True))[0]


async def _media(work: UnitOfWork, query: Query) -> Place:
    if "id" in query:
        return await _post(work, query)
    return await _post(work, {"post_type": posts.ATTACHMENT})


async def _term(work: UnitOfWork, query: Query) -> Place:
    taxonomy = _taxonomy(work, query.get("taxonomy", ""))
    require(term_editing.may_edit(work, taxonomy), ACTION, _NOT_YOURS)
    number = _number(query, "id")
    if number is not None:
        await terms.one(work, taxonomy, number)
    return places.place_of_term(work, taxonomy.name, edits=True)


async def _user(work: UnitOfWork, query: Query) -> Place:
    number = _number(query, "id")
    is_own = number is not None and number == work.actor.user_id
    require(is_own or work.actor.has("edit_users"), ACTION, _NOT_YOURS)
    if number is None:
        return Place("user", places.facts_of_actor(work, edits=True))
    await present_user(work, number)
    return await places.place_of_user(work, fields_of_site(work), number, edits=True)


async def _comment(work: UnitOfWork, query: Query) -> Place:
    number = _number(query, "id")
    if number is None:
        kind = _type(work, query.get("post_type", ""))
        require(work.actor.has("moderate_comments"), ACTION, _NOT_YOURS)
        return places.place_of_comment(work, kind.name, edits=True)
    view = await comment_reading.one(work, number)
    if not view.is_visible:
        raise NotFound("comment", number)
    require(comment_rules.moderates(work, view.post), ACTION, _NOT_YOURS)
    return places.place_of_comment(work, view.post.post_type, edits=True)


async def _option(work: UnitOfWork, query: Query) -> Place:
    require(work.actor.has("manage_options"), ACTION, _NOT_YOURS)
    return places.place_of_options_page(work, _name(query), edits=True)


async def _menu(work: UnitOfWork, query: Query) -> Place:
    require(work.actor.has(THEME), ACTION, _NOT_YOURS)
    number = _required(query, "id")
    found = await menus.get(work, number)
    shown = (await menus.locations(work)).get(found.id, [])
    return places.place_of_menu(work, found.id, shown)


async def _menu_item(work: UnitOfWork, query: Query) -> Place:
    require(work.actor.has(THEME), ACTION, _NOT_YOURS)
    number = _required(query, "id")
    found = (await menus.of_items(work, [number])).get(number)
    if found is None:
        raise NotFound("menu item", number)
    shown = (await menus.locations(work)).get(found.id, [])
    return places.place_of_menu(work, found.id, shown, is_item=True)


async def _widget(work: UnitOfWork, query: Query) -> Place:
    require(work.actor.has(THEME), ACTION, _NOT_YOURS)
    return places.place_of_widget(work, _name(query))


async def _block(work: UnitOfWork, query: Query) -> Place:
    require(work.actor.has("edit_posts"), ACTION, _NOT_YOURS)
    return places.place_of_block(work, _name(query))


_OF_POSTS = ("id", "post_type", "status", "format", "template", "parent")
_PLACES: Mapping[str, tuple[Callable[[UnitOfWork, Query], Awaitable[Place]], tuple[str, ...]]] = {
    "post": (_post, _OF_POSTS),
    "media": (_media, ("id",)),
    "term": (_term, ("id", "taxonomy")),
    "user": (_user, ("id",)),
    "comment": (_comment, ("id", "post_type")),
    "option": (_option, ("name",)),
    "menu": (_menu, ("id",)),
    "menu_item": (_menu_item, ("id",)),
    "widget": (_widget, ("name",)),
    "block": (_block, ("name",)),
}


def _type(work: UnitOfWork, name: str) -> PostType:
    found = work.registry.post_types.get(name)
    if found is None:
        raise InvalidInput({"post_type": f"there is no post type {name!r:.60}"})
    return found


def _taxonomy(work: UnitOfWork, name: str) -> Taxonomy:
    found = work.registry.taxonomies.get(name)
    if found is None:
        raise InvalidInput({"taxonomy": f"there is no taxonomy {name!r:.60}"})
    return found


def _number(query: Query, name: str) -> int | None:
    said = query.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= len("999999999999999999")):
        raise InvalidInput({name: "must be the id of something that exists"})
    return int(said)


def _required(query: Query, name: str) -> int:
    found = _number(query, name)
    if found is None:
        raise InvalidInput({name: "is missing"})
    return found


def _name(query: Query) -> str:
    said = query.get("name", "")
    if not said:
        raise InvalidInput({"name": "is missing"})
    return said
