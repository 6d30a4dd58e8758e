"""The import: a survey, then batches, each a unit of work of its own with its events and its lines
of the report. What is done is done; the same command takes up what is left."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError

from cms.content.posts import ATTACHMENT
from cms.database.ids import IdAllocator
from cms.database.work import UnitOfWork, Workshop
from cms.errors import CmsError
from cms.exchange import (
    attachments,
    authors,
    comments,
    field_groups,
    files,
    items,
    ledger,
    links,
    menus,
    terms,
)  # fmt: skip
from cms.exchange.events import ImportEnded, ImportStarted
from cms.exchange.files import Files
from cms.exchange.ledger import MENU_ITEM, POST, Ledger
from cms.exchange.models import ImportItem, ImportRun
from cms.exchange.naming import keys_of, named
from cms.exchange.plan import SPACES, Batch, Plan, Survey, survey
from cms.exchange.reading import WxrReader
from cms.exchange.report import Counts, Line, Outcome, Report, next_position, write_lines
from cms.exchange.rewriting import Rewriter
from cms.exchange.wxr import Author, Item, Term
from cms.identity.users import user_by_login
from cms.kernel.actors import IMPORTER, RequestFacts
from cms.kernel.tenant import Tenant
from cms.tenancy.models import IdCounter

CHANNEL = "import"

Progress = Callable[[int, int], None]
Join = Callable[[Batch, ImportItem], Awaitable[Line | None]]
Thing = TypeVar("Thing")


class _Undone(Exception):
    """Ends the only unit of work of a dry run."""


class PretendedIds(IdAllocator):
    """Ids of a dry run: far above all others, and nobody's loss when it is rolled back."""

    def __init__(self) -> None:
        self._next = 2**50

    async def next(self, tenant_id: int, space: str) -> int:
        del tenant_id, space  # no two things get one number, whosever they are
        self._next += 1
        return self._next


@dataclass
class Import:
    """One file on its way into one tenant."""

    shop: Workshop
    tenant: Tenant
    path: Path
    plan: Plan
    site_url: str
    progress: Progress | None = None
    files: Files | None = None
    uploads_url: str = ""
    request_id: str = "import"
    counts: Counts = field(default_factory=Counts)
    _position: int = 1
    _operator_id: int | None = None
    _is_begun: bool = False
    _dry: UnitOfWork | None = None

    async def run(self) -> Report:
        """The whole import. WxrFault before anything has changed when the file is broken; any other
        error leaves the run as failed, to be taken up again."""
        with self.path.open("rb") as file:
            found = survey(file)
        self.counts.removed_characters = found.removed
        self.counts.unreadable_bytes = found.bad_bytes
        run, is_resumed = await self._open(found)
        try:
            if self.plan.is_dry_run:
                await self._rehearse(found, run)
            else:
                await self._bring_all(found, run)
        except BaseException as error:
            await self._close(run, "failed", _said(error))
            raise
        await self._close(run, "finished", "")
        return Report(run.id, run.source, "finished", run.is_dry_run, is_resumed, self.counts)

    # -- the run

    def _work(self) -> UnitOfWork:
        return self.shop.work(self.tenant, IMPORTER, self._facts())

    def _facts(self) -> RequestFacts:
        return RequestFacts(self.request_id, CHANNEL, on_behalf_of=self._operator_id)

    async def _open(self, found: Survey) -> tuple[ImportRun, bool]:
        """The run of this very file that was interrupted, or a new one."""
        source = found.channel.source
        async with self._work() as work:
            left = None if self.plan.is_dry_run else await _interrupted(work, source, found.digest)
            if left is not None:
                self._position = await next_position(work, left.id)
                self._operator_id = left.operator_id
                return left, True
        first_ids = await self._reserve(found)
        async with self._work() as work:
            operator = self.plan.operator
            operator_id = (await user_by_login(work, operator)).id if operator else None
            self._operator_id = operator_id
            work.request = self._facts()
            run = ImportRun(
                tenant_id=work.tenant_id,
                id=await work.next_id("import"),
                source=source,
                file_name=self.path.name,
                file_digest=found.digest,
                is_dry_run=self.plan.is_dry_run,
                options=_options(self.plan),
                first_ids=first_ids,
                operator_id=operator_id,
                state="running",
                counts={},
                started_at=work.now,
            )
            work.session.add(run)
            told = {"source": source, "items": found.items, "dry_run": self.plan.is_dry_run}
            await work.emit(ImportStarted(run_id=run.id, operator_id=operator_id, after=told))
        return run, False

    async def _reserve(self, found: Survey) -> dict[str, int]:
        """From which id on those of the file are ours, by space. A dry run takes none."""
        if self.plan.is_dry_run:
            async with self._work() as work:
                rows = await work.all(
                    select(IdCounter.space, IdCounter.next).where(
                        IdCounter.tenant_id == work.tenant_id
                    )
                )
            return dict.fromkeys(SPACES, 1) | {row.space: row.next for row in rows}
        return {
            space: await self.shop.ids.advance_past(
                self.tenant.id, space, found.largest.get(space, 0)
            )
            for space in SPACES
        }

    async def _close(self, run: ImportRun, state: str, fault: str) -> None:
        async with self._work() as work:
            counts = msgspec.to_builtins(self.counts)
            await work.execute(
                update(ImportRun)
                .where(ImportRun.tenant_id == work.tenant_id, ImportRun.id == run.id)
                .values(state=state, fault=fault, counts=counts, finished_at=work.now)
            )
            await work.emit(ImportEnded(run_id=run.id, after={"state": state, **counts}))

    # -- the pass

    async def _rehearse(self, found: Survey, run: ImportRun) -> None:
        """The same steps in one unit of work, which is rolled back; the report stays."""
        shop = replace(self.shop, ids=PretendedIds())
        try:
            async with shop.work(self.tenant, IMPORTER, self._facts()) as work:
                work.is_rehearsal = True
                self._dry = work
                await self._bring_all(found, run)
                raise _Undone
        except _Undone:
            self._dry = None

    async def _bring_all(self, found: Survey, run: ImportRun) -> None:
        """Files first, so that texts can name them; menus last, so that they can name all else."""
        if found.types.keys() & field_groups.TYPES:
            await self._bring_groups(found, run)
        if found.types.get(ATTACHMENT):
            await self._pass(found, run, lambda item: item.type == ATTACHMENT)
        late = {ATTACHMENT, menus.LINE, *field_groups.TYPES}
        await self._pass(found, run, lambda item: item.type not in late)
        if found.types.get(menus.LINE):
            await self._pass(found, run, lambda item: item.type == menus.LINE)
        await self._join(found, run, POST, links.join)
        if found.types.get(menus.LINE):
            await self._join(found, run, MENU_ITEM, menus.join)

    async def _bring_groups(self, found: Survey, run: ImportRun) -> None:
        """Before all else: they say what the values of fields are. They are few."""
        with self.path.open("rb") as file:
            entries = (one for one in WxrReader(file) if isinstance(one, Item))
            wanted = [one for one in entries if one.type in field_groups.TYPES]
        for item, definition in field_groups.definitions(wanted):
            try:
                async with self._batch(found, run) as batch:
                    line, kept = await field_groups.bring(batch, item, definition)
                    position = await self._write(batch, run, [line])
            except CmsError as error:
                await self._refuse(run, item, error)
            else:
                self._count(batch, position, [line])
                self.tenant = field_groups.known_to(self.tenant, [kept] if kept else [])

    async def _pass(self, found: Survey, run: ImportRun, is_wanted: Callable[[Item], bool]) -> None:
        """Once through the file; the first pass brings authors and terms too."""
        is_first, self._is_begun = not self._is_begun, True
        people: list[Author] = []
        groups: list[Term] = []
        things: list[Item] = []
        with self.path.open("rb") as file:
            size = self.path.stat().st_size
            reader = WxrReader(file)
            for entry in reader:
                if isinstance(entry, Author | Term) and not is_first:
                    continue
                if isinstance(entry, Author):
                    people.append(entry)
                elif isinstance(entry, Term):
                    groups.append(entry)
                elif isinstance(entry, Item) and is_wanted(entry):
                    things.append(entry)
                    if people or groups:
                        await self._bring_before(found, run, people, groups)
                        people, groups = [], []
                    # Pictures take long: each is kept as soon as it is here.
                    if len(things) >= self.plan.batch or entry.type == ATTACHMENT:
                        await self._bring(found, run, things)
                        things = []
                if self.progress is not None:
                    self.progress(reader.stream.position, size)
        await self._bring_before(found, run, people, groups)
        await self._bring(found, run, things)

    async def _bring_before(
        self, found: Survey, run: ImportRun, people: Sequence[Author], groups: Sequence[Term]
    ) -> None:
        for part in _parts(people, self.plan.batch):
            await self._bring(found, run, part)
        for group in _parts(terms.in_order(groups), self.plan.batch):
            await self._bring(found, run, group)

    async def _bring(
        self, found: Survey, run: ImportRun, things: Sequence[Author | Term | Item]
    ) -> None:
        """One batch. If a thing of it cannot be saved, all are tried again one by one, so that the
        others come in: an event of a thing that is rolled back must not be told."""
        if not things:
            return
        try:
            async with self._batch(found, run) as batch:
                await batch.ledger.load(keys_of(things))
                await files.ready(batch, things)
                batch.wanted_ids = frozenset(one.id for one in things if isinstance(one, Item))
                lines = [await self._one(batch, thing) for thing in things]
                lines += batch.more
                position = await self._write(batch, run, lines)
        except (CmsError, IntegrityError, DataError) as error:
            if len(things) > 1:
                for thing in things:
                    await self._bring(found, run, [thing])
                return
            await self._refuse(run, things[0], error)
        else:
            self._count(batch, position, lines)

    async def _one(self, batch: Batch, thing: Author | Term | Item) -> Line:
        if isinstance(thing, Author):
            return await authors.bring(batch, thing)
        if isinstance(thing, Term):
            is_menu = thing.taxonomy == menus.MENU
            return await (menus.bring_menu if is_menu else terms.bring)(batch, thing)
        if thing.type == menus.LINE:
            return await menus.bring(batch, thing)
        bring = attachments.bring if thing.type == ATTACHMENT else items.bring
        line = await bring(batch, thing)
        batch.more += await comments.bring(batch, thing)
        return line

    @asynccontextmanager
    async def _batch(self, found: Survey, run: ImportRun) -> AsyncIterator[Batch]:
        """A batch in a unit of work of its own, or in a savepoint of the dry run's."""
        if self._dry is None:
            async with self._work() as work:
                yield self._batch_of(work, found, run)
            return
        try:
            async with self._dry.session.begin_nested():
                yield self._batch_of(self._dry, found, run)
        finally:
            self._dry.session.expunge_all()

    def _batch_of(self, work: UnitOfWork, found: Survey, run: ImportRun) -> Batch:
        rewrite = Rewriter.of(found.channel, self.site_url, self.uploads_url)
        mine = Ledger(work, run.source, run.id)
        batch = Batch(work, mine, self.plan, found.channel, rewrite, run.first_ids)
        batch.files = self.files
        return batch

    async def _write(self, batch: Batch, run: ImportRun, lines: Sequence[Line]) -> int:
        """The lines of a batch are kept with it; those of a dry run although it is not."""
        if self._dry is None:
            return await write_lines(batch.work, run.id, self._position, lines)
        await batch.work.session.flush()
        return await self._tell_apart(run, lines)

    def _count(self, batch: Batch, position: int, lines: Sequence[Line]) -> None:
        """Only now that the batch is kept."""
        self._position = position
        for line in lines:
            self.counts.add(line)
        for what, number in batch.left_out.items():
            self.counts.leave_out(what, number)

    async def _tell_apart(self, run: ImportRun, lines: Sequence[Line]) -> int:
        async with self._work() as work:
            return await write_lines(work, run.id, self._position, lines)

    async def _refuse(self, run: ImportRun, thing: Author | Term | Item, error: Exception) -> None:
        """The thing could not be; the report says why, and the import goes on."""
        kind, key, title = named(thing)
        line = Line(kind, key, Outcome.REFUSED, title, notes=(_said(error),))
        self._position = await self._tell_apart(run, [line])
        self.counts.add(line)

    # -- after the pass

    async def _join(self, found: Survey, run: ImportRun, kind: str, join: Join) -> None:
        after = ""
        while True:
            async with self._batch(found, run) as batch:
                page = await ledger.waiting(batch.work, run.source, after, self.plan.batch, kind)
                lines = [line for item in page if (line := await join(batch, item))]
                position = await self._write(batch, run, lines)
            self._count(batch, position, lines)
            if len(page) < self.plan.batch:
                return
            after = page[-1].key


async def _interrupted(work: UnitOfWork, source: str, digest: bytes) -> ImportRun | None:
    """The newest run of this file, if it did not come to its end."""
    row = await work.one(
        select(ImportRun)
        .where(
            ImportRun.tenant_id == work.tenant_id,
            ImportRun.source == source,
            ImportRun.is_dry_run.is_(False),
        )
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
        .limit(1)
    )
    if row is None or row[0].state == "finished" or row[0].file_digest != digest:
        return None
    found: ImportRun = row[0]
    return found


def _parts(things: Sequence[Thing], size: int) -> list[Sequence[Thing]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def _options(plan: Plan) -> dict[str, Any]:
    return {
        "authors": dict(plan.authors),
        "default_author": plan.default_author,
        "types": dict(plan.types),
        "taxonomies": dict(plan.taxonomies),
    }


def _said(error: BaseException) -> str:
    """The error in a line without values of the database."""
    if isinstance(error, CmsError):
        return error.message
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"the database refused it ({state})" if state else type(error).__name__
