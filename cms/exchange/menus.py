"""Menus and their lines: brought when everything that they can point to is here."""

from collections.abc import Mapping
from typing import Any

from cms.errors import Conflict, InvalidInput, NotFound
from cms.exchange.errors import PhpFault
from cms.exchange.ledger import MENU_ITEM, POST, TERM, digest_of, settle
from cms.exchange.models import ImportItem
from cms.exchange.php import looks_serialized, unserialize
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Item, Term
from cms.markup.slugs import slug_of
from cms.site import items, menus
from cms.site.menus import MenuChanges

MENU, LINE = "nav_menu", "nav_menu_item"


async def bring_menu(batch: Batch, term: Term) -> Line:
    """The menu; when one of its name was here before, a menu beside it that names the old site."""
    key = f"{term.taxonomy}/{term.slug}"
    known = await batch.ledger.find(TERM, key)
    digest = digest_of(term.name, term.description)
    if known is not None:
        return Line(TERM, key, Outcome.UNCHANGED, term.name, known.new_id)
    kept = term.id if batch.may_keep("term", term.id) else None
    name, notes = term.name or term.slug, []
    wanted = MenuChanges(name=name, slug=term.slug, description=term.description)
    try:
        menu = await menus.create(batch.work, wanted, menu_id=kept)
    except Conflict:
        name = f"{name} ({batch.ledger.source})"
        notes.append(f"a menu of its name was here before: it is {name!r} now")
        wanted = MenuChanges(name=name, description=term.description)
        menu = await menus.create(batch.work, wanted, menu_id=kept)
    await batch.ledger.put(TERM, key, menu.id, digest)
    return Line(TERM, key, Outcome.CREATED, term.name, menu.id, tuple(notes))


async def bring(batch: Batch, item: Item) -> Line:
    """A line of a menu."""
    digest = digest_of(item)
    known = await batch.ledger.find(MENU_ITEM, item.key)
    if known is not None and known.digest == digest:
        return _line(item, Outcome.UNCHANGED, known.new_id)
    if known is not None:
        note = "it changed there; change it here by hand"
        return _line(item, Outcome.SKIPPED, known.new_id, note)
    menu_id = await _menu_of(batch, item)
    if menu_id is None:
        return _left_out(batch, item, "its menu is not in the file")
    wanted = await _wanted(batch, item)
    if wanted is None:
        return _left_out(batch, item, "what it points to is not here")
    waiting = {}
    above = _number(_said(item, "menu_item_parent"))
    if above:
        parent = await batch.ledger.find(MENU_ITEM, str(above))
        waiting = {} if parent else {"parent": above}
        wanted["parent_id"] = parent.new_id if parent else None
    kept = item.id if batch.may_keep("post", item.id) else None
    try:
        made = await items.create(batch.work, {**wanted, "menu_id": menu_id}, item_id=kept)
    except InvalidInput as refused:
        return _line(item, Outcome.REFUSED, None, refused.message)
    # Its name can be one that the title would not give.
    made.slug = slug_of(item.slug) or made.slug
    await batch.ledger.put(MENU_ITEM, item.key, made.id, digest, waiting=waiting)
    return _line(item, Outcome.CREATED, made.id)


async def join(batch: Batch, waiting: ImportItem) -> Line | None:
    """Put a line below its parent, which came later in the file."""
    old = (waiting.waiting or {}).get("parent")
    parent = await batch.ledger.find(MENU_ITEM, str(old))
    await settle(batch.work, waiting, {}, None)
    if parent is not None:
        try:
            await items.change(batch.work, waiting.new_id, {"parent_id": parent.new_id})
        except (InvalidInput, NotFound):
            parent = None
    if parent is not None:
        return None
    note = f"it stood below {old}, which is no line of its menu: it stands at the top"
    return Line("reference", waiting.key, Outcome.CHANGED, "", waiting.new_id, (note,))


async def _menu_of(batch: Batch, item: Item) -> int | None:
    for ref in item.terms:
        if ref.taxonomy == MENU:
            known = await batch.ledger.find(TERM, f"{MENU}/{ref.slug}")
            if known is not None:
                return known.new_id
    return None


async def _wanted(batch: Batch, item: Item) -> dict[str, Any] | None:
    """The columns of the line; None when it points to what is not here."""
    kind = _said(item, "type") or items.CUSTOM
    wanted: dict[str, Any] = {
        "kind": kind,
        "object": "",
        "object_id": 0,
        "status": "publish" if item.status == "publish" else "draft",
        "position": max(1, min(item.menu_order, 2**31 - 1)),
        "title": item.title,
        "attr_title": item.excerpt,
        "description": item.content,
        "target": "_blank" if _said(item, "target") == "_blank" else "",
        "classes": _words(_said(item, "classes")),
        "xfn": _said(item, "xfn").split(),
        "url": batch.rewrite(_said(item, "url")) if kind == items.CUSTOM else "",
    }
    old, number = _said(item, "object"), _said(item, "object_id")
    found = None
    if kind == items.CUSTOM:
        return wanted
    if kind == items.ARCHIVE:
        return {**wanted, "object": batch.plan.types.get(old, old)}
    if kind == items.POST:
        found = await batch.ledger.find(POST, number)
    elif kind == items.TERM:
        found = await batch.ledger.find(TERM, f"#{number}")
    return {**wanted, "object_id": found.new_id} if found is not None else None


def _said(item: Item, name: str) -> str:
    return (item.first(f"_menu_item_{name}") or "").strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _words(written: str) -> list[str]:
    if not looks_serialized(written):
        return written.split()
    try:
        found = unserialize(written)
    except PhpFault:
        return []
    values = found.values() if isinstance(found, Mapping) else found
    return [str(one) for one in values if one] if isinstance(found, dict | list) else []


def _left_out(batch: Batch, item: Item, why: str) -> Line:
    batch.left_out["lines of menus"] += 1
    return _line(item, Outcome.NOT_IMPORTED, None, why)


def _line(item: Item, outcome: Outcome, new_id: int | None, *notes: str) -> Line:
    return Line(MENU_ITEM, item.key, outcome, item.title, new_id, notes)
