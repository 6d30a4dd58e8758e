"""Exports of a house, made while its sequencer runs."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from cms.kernel.actors import SYSTEM, RequestFacts
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.making import Made, Order, make_export
from tests.plugins.audit_trail.conftest import House, Noted


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    """The sequencer at work, as in a worker."""

    ready = asyncio.Event()

    async def work() -> None:
        async with house.sequencer() as sequencer:
            ready.set()
            while True:
                await sequencer.step()
                await asyncio.sleep(0.02)

    task = asyncio.create_task(work())
    await ready.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Exporter:
    """Makes exports of one house into a folder of the test."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self.made: Made | None = None

    async def __call__(
        self,
        *forms: Form,
        name: str = "export",
        patience: float = 10.0,
        is_opened: bool = False,
        progress: Any = None,
        **asked: Any,
    ) -> Path:
        target = self.folder / name
        order = Order(Asked(**asked), forms, is_opened, patience, progress)
        facts = RequestFacts("export-1", channel="cli")

        def new_work() -> Any:
            return self.house.host.shop.work(self.house.tenant, SYSTEM, facts)

        if patience:
            async with running(self.house):
                self.made = await make_export(new_work, order, target)
        else:
            self.made = await make_export(new_work, order, target)
        return target


@pytest.fixture
def export(house: House, tmp_path: Path) -> Exporter:
    return Exporter(house, tmp_path)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """A fresh copy of an export, to be altered."""

    def copied(export: Path) -> Path:
        place = tmp_path / "altered"
        shutil.rmtree(place, ignore_errors=True)
        return Path(shutil.copytree(export, place))

    return copied


@pytest.fixture
async def clinic_beside(house: House) -> Callable[[int], Any]:
    """Another tenant of the same installation, whose posts are noted in the same log."""
    add_to_directory(house.owner_url, "outra", "Outra", ["outra.example"])
    house.host.tenants.forget()
    tenant = await house.host.tenants.by_slug("outra")

    async def note(post_id: int) -> None:
        async with house.host.shop.work(tenant, SYSTEM) as work:
            await work.emit(Noted(post_id=post_id))

    return note
