"""What the things of a file are called: by which keys they name others, and in the report."""

from collections.abc import Sequence

from cms.exchange import menus
from cms.exchange.ledger import AUTHOR, COMMENT, MENU_ITEM, PERSON, POST, TERM, Key
from cms.exchange.wxr import Author, Item, Term


def keys_of(things: Sequence[Author | Term | Item]) -> list[Key]:
    """Everything of the old site that these things name."""
    keys: list[Key] = []
    for thing in things:
        if isinstance(thing, Author):
            keys.append((AUTHOR, thing.login))
        elif isinstance(thing, Term):
            keys.append((TERM, f"{thing.taxonomy}/{thing.slug}"))
        elif thing.type == menus.LINE:
            keys += [(MENU_ITEM, thing.key)]
            keys += [(TERM, f"{ref.taxonomy}/{ref.slug}") for ref in thing.terms]
        else:
            keys += [(POST, thing.key), (AUTHOR, thing.creator or "author")]
            keys += [(TERM, f"{ref.taxonomy}/{ref.slug}") for ref in thing.terms]
            keys += [(POST, str(thing.parent))] if thing.parent else []
            thumbnail = thing.first("_thumbnail_id")
            keys += [(POST, thumbnail)] if thumbnail else []
            keys += [(COMMENT, str(said.id)) for said in thing.comments if said.id]
            keys += [(PERSON, str(said.user_id)) for said in thing.comments if said.user_id]
    return keys


def named(thing: Author | Term | Item) -> tuple[str, str, str]:
    """Kind, key and title."""
    if isinstance(thing, Author):
        return AUTHOR, thing.login, ""
    if isinstance(thing, Term):
        return TERM, f"{thing.taxonomy}/{thing.slug}", thing.name
    return thing.type, thing.key, thing.title
