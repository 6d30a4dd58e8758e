"""Saved searches: a name for a question, one's own or shared."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.kernel.events import difference
from plugins.audit_trail.events import SearchRemoved, SearchSaved
from plugins.audit_trail.officers.filters import Wanted, read_wanted
from plugins.audit_trail.officers.models import Search
from plugins.audit_trail.officers.purposes import require_view

MOST = 200
LONGEST_NAME = 100


async def listing(work: UnitOfWork) -> list[Search]:
    """One's own searches and the shared ones, by name."""
    require_view(work)
    rows = await work.all(
        select(Search)
        .where(
            Search.tenant_id == work.tenant_id,
            or_(Search.is_shared, Search.owner_id == work.actor.user_id),
        )
        .order_by(func.lower(Search.name), Search.id)
    )
    return [row[0] for row in rows]


async def get(work: UnitOfWork, search_id: int) -> Search:
    """A search that the actor may run; NotFound also for somebody else's own."""
    require_view(work)
    found = await work.session.get(Search, (work.tenant_id, search_id))
    if found is None or not (found.is_shared or _owns(work, found)):
        raise NotFound("saved search", search_id)
    return found


def wanted_of(search: Search) -> Wanted:
    """The question as it is asked."""
    return read_wanted(search.filter)


async def add(
    work: UnitOfWork, name: str, given: Mapping[str, Any], *, is_shared: bool = False
) -> Search:
    """A new search of the actor's; InvalidInput names every fault at once."""
    require_view(work)
    said = checked(name, given)
    standing = await work.one(
        select(func.count()).select_from(Search).where(Search.tenant_id == work.tenant_id)
    )
    if standing[0] >= MOST:
        raise Conflict(f"A site has {MOST} saved searches at most; remove one first.")
    search = Search(
        tenant_id=work.tenant_id,
        id=await work.next_id("audit_search"),
        name=name.strip(),
        filter=said,
        owner_id=work.actor.user_id,
        is_shared=is_shared,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(search)
    await work.emit(SearchSaved(search_id=search.id, after=_told(work, search)))
    return search


async def edit(
    work: UnitOfWork,
    search_id: int,
    *,
    name: str | None = None,
    given: Mapping[str, Any] | None = None,
    is_shared: bool | None = None,
) -> Search:
    """Change one's own search; what is None stays."""
    search = await _own(work, search_id)
    name = search.name if name is None else name
    said = checked(name, search.filter if given is None else given)
    old = _told(work, search)
    search.name, search.filter, search.updated_at = name.strip(), said, work.now
    if is_shared is not None:
        search.is_shared = is_shared
    before, after = difference(old, _told(work, search))
    await work.emit(SearchSaved(search_id=search.id, before=before, after=after))
    return search


async def remove(work: UnitOfWork, search_id: int) -> None:
    """Conflict while an alert rule rests on it."""
    search = await _own(work, search_id)
    await work.session.delete(search)
    try:
        await work.emit(SearchRemoved(search_id=search_id))
    except IntegrityError:
        raise Conflict(
            "An alert rule rests on this search; change or remove the rule first."
        ) from None


def checked(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The filter in plain values, or InvalidInput with every fault of name and filter."""
    faults, said = dict[str, str](), dict[str, Any]()
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        faults["name"] = f"must have 1 to {LONGEST_NAME} characters: say what the search is for"
    try:
        said = read_wanted(given).said()
    except InvalidInput as error:
        faults |= {f"filter.{field}": fault for field, fault in error.faults.items()}
    if faults:
        raise InvalidInput(faults)
    return said


async def _own(work: UnitOfWork, search_id: int) -> Search:
    search = await get(work, search_id)
    if not _owns(work, search):
        raise CapabilityMissing(
            "Only who saved a search may change it; save one of your own.", action="audit.search"
        )
    return search


def _owns(work: UnitOfWork, search: Search) -> bool:
    is_system = work.actor.user_id is None and not work.actor.is_anonymous
    return is_system or search.owner_id == work.actor.user_id


def _told(work: UnitOfWork, search: Search) -> dict[str, Any]:
    """What the trail says of it: an address that is searched for stays out."""
    said = {name: value for name, value in search.filter.items() if name != "ip"}
    if "ip" in search.filter:
        sought = f"audit-look:{work.tenant_id}:{search.filter['ip']}"
        said["ip_token"] = work.shop.sign(sought)[:16].hex()
    return {"name": search.name, "filter": said, "is_shared": search.is_shared}
