"""A house whose signed heads go to places."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.publishers import Target
from plugins.audit_trail.publication.service import Publisher
from tests.plugins.audit_trail.conftest import House

Open = Callable[..., AbstractAsyncContextManager[Publisher]]


@pytest.fixture
def publisher(house: House) -> Open:
    """Opens a publisher to one target; `every=0` publishes each single head."""

    @asynccontextmanager
    async def opened(target: Target, every: float = 0.0) -> AsyncIterator[Publisher]:
        async with await AsyncConnection.connect(
            house.host.worker_url, autocommit=True
        ) as connection:
            signer = LocalSigner(Evidence(house.folder))
            yield Publisher(connection, signer, target, every)

    return opened


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A mounted share."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


async def emptied(publisher: Publisher) -> int:
    """Publish what can be published now; how many heads that were."""
    count = 0
    while await publisher.step():
        count += 1
    return count


def standing(house: House) -> list[Any]:
    return house.ask(
        "select target, epoch, size, attempts, last_error, notice from audit.publications"
    )
