"""What each thing of the old site became: read for a batch at a time, written with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Text, and_, func, select, tuple_, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.exchange.models import ImportItem

AUTHOR, TERM, POST, COMMENT = "author", "term", "post", "comment"
MENU_ITEM, FILE = "menu_item", "file"
PERSON = "person"
"""Authors once more, by their old ids, as comments name them."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """A thing that was imported before, from this source."""

    new_id: int
    digest: bytes
    revision_id: int | None
    run_id: int
    here: bytes | None = None
    """The hash of what the import left here; nothing for what was here before it."""


@dataclass
class Ledger:
    """The entries that one batch needs and makes. Nothing is remembered past the batch, so that one
    that is rolled back leaves no trace."""

    work: UnitOfWork
    source: str
    run_id: int
    _known: dict[Key, Known | None] = field(default_factory=dict)

    async def load(self, keys: Iterable[Key]) -> None:
        """Read these entries with one statement."""
        wanted = sorted(set(keys) - set(self._known))
        if not wanted:
            return
        given = (
            func.unnest(
                sql_cast([kind for kind, _ in wanted], ARRAY(Text)),
                sql_cast([key for _, key in wanted], ARRAY(Text)),
            )
            .table_valued("kind", "key")
            .render_derived()
        )
        rows = await self.work.all(
            select(ImportItem).where(
                ImportItem.tenant_id == self.work.tenant_id,
                ImportItem.source == self.source,
                tuple_(ImportItem.kind, ImportItem.key).in_(select(given.c.kind, given.c.key)),
            )
        )
        self._known |= dict.fromkeys(wanted)
        self._known |= {
            (row.kind, row.key): Known(
                row.new_id, row.digest, row.revision_id, row.run_id, row.here
            )
            for (row,) in rows
        }

    async def find(self, kind: str, key: str) -> Known | None:
        await self.load([(kind, key)])
        return self._known[(kind, key)]

    async def put(
        self,
        kind: str,
        key: str,
        new_id: int,
        digest: bytes,
        *,
        revision_id: int | None = None,
        waiting: Mapping[str, Any] | None = None,
        here: bytes | None = None,
    ) -> None:
        """From now on this thing is known."""
        values = {
            "new_id": new_id,
            "revision_id": revision_id,
            "digest": digest,
            "here": here,
            "waiting": dict(waiting) if waiting else None,
            "run_id": self.run_id,
        }
        place = {"tenant_id": self.work.tenant_id, "source": self.source, "kind": kind, "key": key}
        await self.work.execute(
            insert(ImportItem)
            .values(**place, **values)
            .on_conflict_do_update(
                index_elements=["tenant_id", "source", "kind", "key"], set_=values
            )
        )
        self._known[(kind, key)] = Known(new_id, digest, revision_id, self.run_id, here)


async def waiting(
    work: UnitOfWork, source: str, after: str, limit: int, kind: str = POST
) -> Sequence[ImportItem]:
    """Things that refer to something that had not come yet, in order of their keys."""
    rows = await work.all(
        select(ImportItem)
        .where(
            ImportItem.tenant_id == work.tenant_id,
            ImportItem.source == source,
            ImportItem.kind == kind,
            ImportItem.waiting.is_not(None),
            ImportItem.key > after,
        )
        .order_by(ImportItem.key)
        .limit(limit)
    )
    return [row[0] for row in rows]


async def settle(
    work: UnitOfWork,
    item: ImportItem,
    still: Mapping[str, Any],
    revision_id: int | None,
) -> None:
    """What was waited for has come, all but `still`."""
    await work.execute(
        update(ImportItem)
        .where(
            and_(
                ImportItem.tenant_id == work.tenant_id,
                ImportItem.source == item.source,
                ImportItem.kind == item.kind,
                ImportItem.key == item.key,
            )
        )
        .values(waiting=dict(still) or None, revision_id=revision_id)
    )


def digest_of(*facts: Any) -> bytes:
    """SHA-256 of what an item says, and of the choices that shape it."""
    return sha256(msgspec.json.encode(facts, order="deterministic")).digest()
