"""Steps of a unit of work that the tests put together: change something, tell of it, fail."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import insert

from cms.database.work import UnitOfWork
from cms.kernel.events import Event, Subject
from cms.kernel.work import Work
from cms.tenancy.models import Option

Open = Callable[..., UnitOfWork]


class OptionSet(Event, frozen=True):
    """An option of the site changed."""

    tag = "test:option:set"
    covers = ("cms.options",)

    def subject(self) -> Subject:
        return Subject("option")


class Peeked(Event, frozen=True):
    """Somebody looked; nothing changed."""

    tag = "test:option:peek"

    def subject(self) -> Subject:
        return Subject("option")


async def set_option(work: Work | UnitOfWork, name: str = "a") -> None:
    await work.execute(insert(Option).values(tenant_id=work.tenant_id, name=name, value=1))


async def tell(work: UnitOfWork) -> None:
    await work.emit(OptionSet())


async def peek(work: UnitOfWork) -> None:
    await work.emit(Peeked())


async def fail(work: UnitOfWork) -> None:
    raise ZeroDivisionError


async def within(work: UnitOfWork, *steps: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    async with work:
        for step in steps:
            await step(work)


async def options(open_work: Open) -> list[str]:
    async with open_work() as work:
        rows = await work.all("select name from cms.options order by name")
    return [row.name for row in rows]


async def by_execute(work: Any) -> None:
    await set_option(work)


async def by_reading(work: Any) -> None:
    await work.all("update cms.options set value = '1' returning name")


async def by_the_session(work: Any) -> None:
    work.session.add(Option(tenant_id=work.tenant_id, name="x", value=1))


async def by_a_flush(work: Any) -> None:
    await by_the_session(work)
    await work.session.flush()


async def by_an_event(work: Any) -> None:
    await work.emit(OptionSet())
