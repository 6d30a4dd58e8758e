"""The library of a site: every publication once, whoever adds it and by whichever of its names."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.references.actions import WRITE
from plugins.medical_review.references.csl import Csl, family_of, ids_of, key_of, read_csl, year_of
from plugins.medical_review.references.events import (
    ReferenceAdded,
    ReferenceChanged,
    ReferencesMerged,
)
from plugins.medical_review.references.identifiers import IDENTIFIERS, normal
from plugins.medical_review.references.models import LibraryEntry, LibraryVersion, Origin
from plugins.medical_review.reviewing.deciding import APPROVE

_NAMED = {kind: getattr(LibraryEntry, kind) for kind in IDENTIFIERS}


def require_write(work: ReadableWork, action: str) -> None:
    """Whoever may write posts may use the library and add to it."""
    require(work.actor.has(WRITE), action, "Sorry, you are not allowed to use the library.")


def require_change(work: ReadableWork, action: str) -> None:
    """What an entry says may be changed by those who approve texts."""
    require(
        work.actor.has(APPROVE), action, "Sorry, only reviewers may change what the library says."
    )


def checked(path: str, value: Any) -> Csl:
    """A CSL-JSON item in its kept form; InvalidInput names every fault."""
    faults: dict[str, str] = {}
    item = read_csl(path, value, faults)
    if faults:
        raise InvalidInput(faults)
    return item


async def get(work: ReadableWork, entry_id: int) -> LibraryEntry:
    """The entry; one that was merged is still there, and says into which."""
    row = await work.one(
        select(LibraryEntry).where(
            LibraryEntry.tenant_id == work.tenant_id, LibraryEntry.id == entry_id
        )
    )
    if row is None:
        raise NotFound("reference", entry_id)
    found: LibraryEntry = row[0]
    return found


async def known(work: ReadableWork, keys: Iterable[str]) -> dict[str, LibraryEntry]:
    """The living entries that go by these keys, whichever identifier a key is made of. Two
    statements at most, and none without keys."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = await work.all(
        select(LibraryEntry).where(LibraryEntry.tenant_id == work.tenant_id, or_(*_meaning(wanted)))
    )
    entries: list[LibraryEntry] = [row[0] for row in rows]
    heads = await _heads(work, entries)
    found: dict[str, LibraryEntry] = {}
    # The living come last, so that they count where an old name was given anew.
    for entry in sorted(entries, key=lambda one: one.merged_into is None):
        found |= dict.fromkeys(names_of(entry) & wanted, heads[entry.id])
    return found


def _meaning(keys: set[str]) -> list[ColumnElement[bool]]:
    """Each condition has an index of its own; what was merged away is little, and has one too."""
    named: dict[str, list[str]] = {}
    for key in keys:
        kind, _, value = key.partition(":")
        named.setdefault(kind, []).append(value)
    by_id = [_NAMED[kind].in_(values) for kind, values in named.items() if kind in _NAMED]
    either = [LibraryEntry.key.in_(keys), *by_id]
    lives = LibraryEntry.merged_into.is_(None)
    living = [and_(lives, one) for one in either]
    return [*living, and_(LibraryEntry.merged_into.is_not(None), or_(*either))]


async def _heads(work: ReadableWork, entries: list[LibraryEntry]) -> dict[int, LibraryEntry]:
    """Merging always leads to a living entry, so one step is enough."""
    heads = {entry.id: entry for entry in entries}
    missing = {e.merged_into for e in entries if e.merged_into is not None} - set(heads)
    if missing:
        rows = await work.all(
            select(LibraryEntry).where(
                LibraryEntry.tenant_id == work.tenant_id, LibraryEntry.id.in_(missing)
            )
        )
        heads |= {row[0].id: row[0] for row in rows}
    return {entry.id: heads[entry.merged_into or entry.id] for entry in entries}


def names_of(entry: LibraryEntry) -> set[str]:
    """Every key that a text may cite this entry by."""
    ids = {f"{kind}:{getattr(entry, kind)}" for kind in IDENTIFIERS if getattr(entry, kind)}
    return {entry.key, *ids}


async def add(work: UnitOfWork, item: Csl, origin: Origin) -> tuple[LibraryEntry, bool]:
    """The entry of this publication, and whether it is new. One that is known stays as it is."""
    require_write(work, "reference.add")
    key, ids = key_of(item), ids_of(item)
    names = {key, *(f"{kind}:{value}" for kind, value in ids.items() if kind not in _SHARED)}
    found = await _one_of(work, key, names)
    if found is None:
        # Of two who add the same publication at the same time, one finds it there.
        await hold(work, "library")
        found = await _one_of(work, key, names)
    if found is not None:
        return found, False
    return await _added(work, item, origin), True


async def _one_of(work: ReadableWork, key: str, names: set[str]) -> LibraryEntry | None:
    there = await known(work, names)
    return there.get(key) or next(iter(there.values()), None)


# A book's number and a page's address are those of all its chapters and parts.
_SHARED = frozenset({"isbn", "url"})


async def _added(work: UnitOfWork, item: Csl, origin: Origin) -> LibraryEntry:
    entry = LibraryEntry(
        tenant_id=work.tenant_id,
        id=await work.next_id("library_entry"),
        **_columns(item),
        version=1,
        origin=origin.value,
        fetched_at=None if origin in {Origin.HAND, Origin.IMPORT} else work.now,
        added_by=work.actor.user_id,
        added_at=work.now,
        changed_at=work.now,
    )
    work.session.add(entry)
    await work.session.flush()
    await _keep_version(work, entry.id, 1, item, origin)
    await work.emit(ReferenceAdded(reference_id=entry.id, origin=origin))
    return entry


def _columns(item: Csl) -> dict[str, Any]:
    ids = dict.fromkeys(IDENTIFIERS) | ids_of(item)
    return {"key": key_of(item), **ids, "csl": item, "words": words_of(item)}


def words_of(item: Mapping[str, Any]) -> str:
    """What an entry is found by: words alone, as the search writes them too."""
    people = [name for one in item.get("author", []) for name in one.values()]
    said = (item.get("title", ""), item.get("container-title", ""), *people, year_of(item) or "")
    return normal(" ".join(str(one) for one in (*said, *ids_of(item).values())))


async def _keep_version(
    work: UnitOfWork, entry_id: int, version: int, item: Csl, origin: Origin
) -> None:
    work.session.add(
        LibraryVersion(
            tenant_id=work.tenant_id,
            entry_id=entry_id,
            version=version,
            csl=item,
            origin=origin.value,
            by=work.actor.user_id,
            at=work.now,
        )
    )


async def change(
    work: UnitOfWork, entry_id: int, item: Csl, base: int, origin: Origin = Origin.HAND
) -> LibraryEntry:
    """Let the entry say something else, as its next version. `base` is the version that was read:
    Conflict when somebody changed it meanwhile, or when it becomes another entry's publication."""
    require_change(work, "reference.change")
    entry = await lock(work, entry_id)
    if entry.version != base:
        raise Conflict(
            f"This reference is at version {entry.version}, and you changed version {base}. "
            "Read it again and repeat your change.",
            version=entry.version,
        )
    if item == entry.csl:
        return entry
    await _refuse_taken(work, entry, item)
    await _write(work, entry, item, origin)
    return entry


async def _refuse_taken(work: UnitOfWork, entry: LibraryEntry, item: Csl) -> None:
    names = {f"{kind}:{value}" for kind, value in ids_of(item).items() if kind not in _SHARED}
    others = await known(work, names | {key_of(item)})
    taken = next((one for one in others.values() if one.id != entry.id), None)
    if taken is not None:
        raise Conflict(
            f"Reference {taken.id} is this publication already. Merge the two instead.",
            reference=taken.id,
        )


async def _write(work: UnitOfWork, entry: LibraryEntry, item: Csl, origin: Origin) -> None:
    for name, value in _columns(item).items():
        setattr(entry, name, value)
    entry.version += 1
    entry.origin, entry.changed_at = origin.value, work.now
    await _keep_version(work, entry.id, entry.version, item, origin)
    await work.emit(ReferenceChanged(reference_id=entry.id, version=entry.version, origin=origin))


async def lock(work: UnitOfWork, entry_id: int) -> LibraryEntry:
    """The living entry, held until the end of the transaction."""
    entry = await work.entity(
        select(LibraryEntry)
        .where(LibraryEntry.tenant_id == work.tenant_id, LibraryEntry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise NotFound("reference", entry_id)
    if entry.merged_into is not None:
        raise Conflict(
            f"This reference was merged into {entry.merged_into}; go on there.",
            merged_into=entry.merged_into,
        )
    found: LibraryEntry = entry
    return found


async def merge(work: UnitOfWork, entry_id: int, into_id: int) -> LibraryEntry:
    """Make one of two entries. The one that stays keeps what it says and takes over the identifiers
    that it lacks; texts that cite the other one by its names cite it."""
    require_change(work, "reference.merge")
    if entry_id == into_id:
        raise InvalidInput({"into": "must be another reference than the one that is merged"})
    held = {one: await lock(work, one) for one in sorted((entry_id, into_id))}
    gone, stays = held[entry_id], held[into_id]
    gone.merged_into, gone.changed_at = stays.id, work.now
    await _lead_on(work, gone, stays)
    # Its names must be free before the other one takes them.
    await work.emit(ReferencesMerged(reference_id=gone.id, into_id=stays.id))
    missing = {name: v for name, v in gone.csl.items() if name not in stays.csl and name.isupper()}
    if missing:
        await _write(work, stays, {**stays.csl, **missing}, Origin(stays.origin))
    return stays


async def _lead_on(work: UnitOfWork, gone: LibraryEntry, stays: LibraryEntry) -> None:
    """What was merged into the entry before leads to the living one too."""
    rows = await work.all(
        select(LibraryEntry).where(
            LibraryEntry.tenant_id == work.tenant_id, LibraryEntry.merged_into == gone.id
        )
    )
    for row in rows:
        row[0].merged_into = stays.id


async def copies_of(
    work: ReadableWork, wanted: set[tuple[int, int]]
) -> dict[tuple[int, int], list[Csl]]:
    """What these living entries said in these versions, by both numbers, then what was said under
    the same number by entries that were merged into them; one statement, and none for nothing."""
    if not wanted:
        return {}
    head = func.coalesce(LibraryEntry.merged_into, LibraryEntry.id)
    either = [
        and_(head == entry_id, LibraryVersion.version == version)
        for entry_id, version in sorted(wanted)
    ]
    rows = await work.all(
        select(head, LibraryVersion.version, LibraryVersion.csl)
        .join(
            LibraryEntry,
            and_(
                LibraryEntry.tenant_id == LibraryVersion.tenant_id,
                LibraryEntry.id == LibraryVersion.entry_id,
            ),
        )
        .where(LibraryVersion.tenant_id == work.tenant_id, or_(*either))
        .order_by(LibraryEntry.merged_into.is_not(None), LibraryEntry.id)
    )
    found: dict[tuple[int, int], list[Csl]] = {}
    for entry_id, version, item in rows:
        found.setdefault((entry_id, version), []).append(item)
    return found


async def versions(work: ReadableWork, entry_id: int) -> list[LibraryVersion]:
    """Everything that the entry ever said, the newest first."""
    rows = await work.all(
        select(LibraryVersion)
        .where(LibraryVersion.tenant_id == work.tenant_id, LibraryVersion.entry_id == entry_id)
        .order_by(LibraryVersion.version.desc())
    )
    return [row[0] for row in rows]


def author_line(item: Mapping[str, Any]) -> str:
    """First author, others, year: how people call a publication."""
    more = " et al." if len(item.get("author", [])) > 1 else ""
    return f"{family_of(item)}{more} {year_of(item) or ''}".strip()
