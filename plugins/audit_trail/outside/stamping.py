"""The service that has a timestamp authority fix the time of a head, once an hour if it grew."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import AsyncConnection

from cms.kernel.declarations import Service
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import LEADER, lead
from plugins.audit_trail.outside.asking import CLOCKS_APART
from plugins.audit_trail.outside.cosigning import Newest, newest_head
from plugins.audit_trail.outside.standing import GOOD, Connection, Pause, one, stands
from plugins.audit_trail.outside.tokens import Authority, Question, TokenRefused
from plugins.audit_trail.outside.wire import Reply, Unanswered, send
from plugins.audit_trail.settings import AuditSettings, Timestamps, audit_folder

LOCK = (LEADER[0], 9)
LOOK_EVERY = 10.0

ASK, ANSWER = "application/timestamp-query", "application/timestamp-reply"

_LAST = """
select max(size), extract(epoch from max(stored_at))::float8 from audit.timestamps
where epoch = %s and authority = %s
"""
_STORE = """
insert into audit.timestamps (epoch, size, authority, token, stamped_at)
values (%s, %s, %s, %s, %s) on conflict do nothing
"""


@dataclass
class Stamper:
    """Keeps the tokens of one authority up to date, in the database and beside the notes."""

    connection: Connection
    settings: Timestamps
    authority: Authority
    heads: Path
    clock: Callable[[], float] = time.time

    @property
    def name(self) -> str:
        return urlsplit(self.settings.url).hostname or self.settings.url

    async def step(self) -> str:
        """Have the newest head stamped if it is time; how it stands."""
        size = None
        try:
            newest = await newest_head(self.connection)
            if newest is None or not await self._is_due(newest):
                return GOOD
            at = await self._stamp(newest)
            size = newest.head.size
            state, message = GOOD, f"{size} entries at {at:%Y-%m-%d %H:%M:%S}Z"
        except (Unanswered, TokenRefused) as fault:
            state, message = fault.state, fault.message
        except OSError as fault:
            state, message = "folder", f"the token cannot be kept beside the note: {fault.strerror}"
        await stands(self.connection, ("timestamp", self.name), state, message, size)
        return state

    async def _is_due(self, newest: Newest) -> bool:
        if not newest.head.size:
            return False
        size, at = await one(self.connection, _LAST, newest.epoch, self.name)
        return size is None or (
            newest.head.size > size and self.clock() - at >= self.settings.interval
        )

    async def _stamp(self, newest: Newest) -> datetime:
        note = newest.head.encode()
        question = Question.about(note)
        reply = await self._ask(question.body)
        if reply.status != 200:
            raise Unanswered("http-status", f"it answers {reply.status}")
        if reply.media_type != ANSWER:
            raise Unanswered("no-token", f"it answers with {reply.media_type or 'nothing'}")
        at = self.authority.verify(reply.body, note, question.nonce).astimezone(UTC)
        if abs(at.timestamp() - self.clock()) > CLOCKS_APART:
            raise Unanswered("clock", f"its time is {at:%Y-%m-%d %H:%M:%S}Z: compare the clocks")
        # Where another machine signs, the note is not here: the database has the token.
        if (self.heads / f"{newest.head.size:020d}.note").exists():
            await asyncio.to_thread(_keep, self.heads / f"{newest.head.size:020d}.tsr", reply.body)
        values = (newest.epoch, newest.head.size, self.name, reply.body, at)
        await self.connection.execute(_STORE, values)
        return at

    async def _ask(self, body: bytes) -> Reply:
        user = None
        if self.settings.user:
            file = Path(self.settings.password_file)
            password = await asyncio.to_thread(file.read_text)
            user = (self.settings.user, password.strip())
        return await send(
            "POST",
            self.settings.url,
            body,
            seconds=self.settings.seconds,
            headers={"Content-Type": ASK, "Accept": ANSWER},
            user=user,
        )


def _keep(path: Path, token: bytes) -> None:
    draft = path.with_name(f".{path.name}.token")
    with suppress(FileNotFoundError):
        draft.unlink()
    draft.write_bytes(token)
    draft.replace(path)


async def run(host: Any) -> None:
    """The service: one worker asks, the others stand by."""
    settings: Timestamps = host.registry.settings(AuditSettings).timestamps
    if not settings.url:
        await asyncio.Event().wait()
    authority = Authority.load(settings.certificates)
    async with await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-timestamps"
    ) as connection:
        await lead(connection, LOCK)
        pause = Pause()
        while True:
            # The folder is that of today's epoch, which may be another than yesterday's.
            heads = Evidence(audit_folder(host.settings)).folder / "heads"
            if await Stamper(connection, settings, authority, heads).step() == GOOD:
                pause.reset()
                await asyncio.sleep(LOOK_EVERY)
            else:
                await pause.wait()


SERVICE = Service("audit-timestamps", run)
