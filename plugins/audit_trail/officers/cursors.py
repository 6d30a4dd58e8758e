"""Places in the order, each bound to the question that it belongs to."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.audit_trail.officers.filters import Paging, Wanted
from plugins.audit_trail.officers.opening import TrailEvent
from plugins.audit_trail.officers.pages import Cut
from plugins.audit_trail.officers.purposes import Purpose


def _binding(work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose) -> bytes:
    question: Mapping[str, Any] = {
        "tenant": work.tenant_id,
        "purpose": purpose.name,
        "filter": wanted.said(),
        "newest_first": paging.newest_first,
    }
    said = msgspec.json.encode(question, order="sorted").decode()
    return work.shop.sign(f"audit-cursor:{said}")[:12]


def cursor(
    work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose, last: TrailEvent
) -> str:
    binding = _binding(work, wanted, paging, purpose).hex()
    said = f"{last.timestamp.isoformat()} {last.event_id} {binding}"
    return urlsafe_b64encode(said.encode()).decode()


def cut_of(work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose) -> Cut:
    """The page of the question, and one row more, which says whether there is another page.
    InvalidInput for a cursor of another question."""
    start = _position(work, wanted, paging, purpose)
    return Cut(paging.newest_first, start, paging.limit + 1)


def _position(
    work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose
) -> tuple[datetime, UUID] | None:
    if paging.cursor is None:
        return None
    try:
        written = urlsafe_b64decode(paging.cursor.encode()).decode()
        moment, event_id, binding = written.split(" ")
        place = datetime.fromisoformat(moment), UUID(event_id)
    except ValueError:
        raise InvalidInput(
            {"cursor": "is not one that an earlier page gave: leave it out"}
        ) from None
    if binding != _binding(work, wanted, paging, purpose).hex():
        raise InvalidInput(
            {"cursor": "belongs to another question: repeat its filter, or leave it out"}
        )
    return place
