"""Witnesses on real sockets, and a house whose service asks them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from plugins.audit_trail.hashing.notes import VerifierKey, verifiers
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.outside.asking import WitnessClient
from plugins.audit_trail.outside.cosigning import Asker
from plugins.audit_trail.settings import Witness as Configured
from plugins.audit_trail.witness.answering import Witness
from plugins.audit_trail.witness.keeping import Memory
from plugins.audit_trail.witness.serving import Limits, Server
from tests.plugins.audit_trail.conftest import House


@dataclass
class Outsider:
    """A running witness and how it stands in cms.toml."""

    memory: Memory
    server: asyncio.Server
    configured: Configured

    def trust(self, house: House) -> None:
        epoch = Evidence(house.folder).epoch()
        assert epoch is not None
        self.memory.trust(epoch.origin, trusted_keys(epoch))

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        return verifiers(self.memory.own_keys())


@pytest.fixture
async def outsider(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts a witness of this name, run by this organisation."""
    servers = []

    async def start(name: str = "dpo.example/1", organisation: str = "The DPO") -> Outsider:
        memory = Memory(tmp_path / "witnesses" / name.replace("/", "-"))
        keys = memory.found(name)
        server = await Server(Witness(memory, rate=1e9), Limits(rate=1e9)).listen("127.0.0.1", 0)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        vkeys = tuple(key.verifier.vkey for key in keys)
        where = f"http://127.0.0.1:{port}/"
        return Outsider(memory, server, Configured(name, organisation, where, vkeys))

    yield start
    for server in servers:
        server.close()


@asynccontextmanager
async def asking(house: House, configured: Configured, **options: Any) -> AsyncIterator[Asker]:
    """The half of the service that keeps one witness up to date, a step at a time."""
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        yield Asker(connection, WitnessClient(configured, 5.0), **options)
