"""What the trail and its personal values cost a publication; `python -m tests.bench.personal`.

CPU time of this process and of the database server, not the clock, in turns: a published post
without the trail, with it and nothing personal, and with address and browser of the person.
"""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cms import core
from cms.content import posts, saving, transitions
from cms.content.statuses import Status
from cms.host import Addresses, Host, open_host, prepare_embedded
from cms.identity.users import add_user, found_roles
from cms.kernel.actors import SYSTEM, Actor, ActorKind, RequestFacts
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail import plugin as audit_trail
from plugins.zero_trust import plugin as zero_trust
from tests.bench.cpu import cpu_of, postgres_pids

ROUNDS, POSTS = 6, 50
TARGET = 0.80
LOCAL = RequestFacts("bench", "rest")
REMOTE = RequestFacts("bench", "rest", "203.0.113.9", "Mozilla/5.0 (Invented; Lynx 9)")


@dataclass
class Way:
    """One way to publish, and the CPU seconds that it has taken."""

    name: str
    host: Host
    facts: RequestFacts
    spent: float = 0.0
    done: int = 0

    async def run(self, tenant: Tenant, author: Actor, pids: list[int]) -> None:
        """Draft some posts, then publish each in a transaction of its own, which is measured."""
        ids = [await self._draft(tenant, author) for _ in range(POSTS)]
        before = cpu_of(pids)
        for post_id in ids:
            async with self.host.shop.work(tenant, author, self.facts) as work:
                post = await posts.lock(work, post_id)
                await transitions.move(work, post, Status.PUBLISH)
        self.spent += cpu_of(pids) - before
        self.done += len(ids)

    async def _draft(self, tenant: Tenant, author: Actor) -> int:
        async with self.host.shop.work(tenant, author, self.facts) as work:
            changes = saving.Changes(versioned={"title": "Dor", "content": "<p>Texto.</p>"})
            post = await saving.create(work, work.registry.post_types["post"], changes)
            return post.id

    @property
    def milliseconds(self) -> float:
        return self.spent / self.done * 1000


async def measure(settings: Settings, where: Addresses) -> list[Way]:
    """The three ways in turns, after one round that counts for nothing."""
    silent, audited = Registry([core.plugin, zero_trust]), Registry(
        [core.plugin, zero_trust, audit_trail]
    )  # fmt: skip
    async with (
        open_host(settings, where, silent) as without,
        open_host(settings, where, audited) as trail,
    ):
        tenant = await trail.tenants.by_slug("clinica")
        author = await _author(trail, tenant)
        ways = [
            Way("without the trail", without, REMOTE),
            Way("with the trail, nothing personal", trail, LOCAL),
            Way("with the trail, address and browser sealed", trail, REMOTE),
        ]
        for turn in range(ROUNDS + 1):
            for way in ways:
                pids = [os.getpid(), *postgres_pids(where)]
                await way.run(tenant, author, pids)
                if turn == 0:
                    way.spent, way.done = 0.0, 0
        return ways


async def _author(host: Host, tenant: Tenant) -> Actor:
    async with host.shop.work(tenant, SYSTEM) as work:
        await found_roles(work)
        user = await add_user(
            work,
            "dr.ana",
            email="ana@clinica.example",
            display_name="Ana",
            roles=["editor"],
            password=None,
        )
    capabilities = host.registry.roles["editor"].capabilities
    return Actor(ActorKind.PERSON, user.id, ("editor",), capabilities)


def main() -> None:
    with TemporaryDirectory(prefix="bench-personal-") as folder:
        # Without the trail no event is written, which the guard of the tables would refuse.
        settings = Settings(data_dir=str(Path(folder)), enabled=("zero_trust",))
        where = prepare_embedded(settings)
        add_to_directory(where.owner, "clinica", "Clínica", ["clinica.example"])
        ways = asyncio.run(measure(settings, where))
        for way in ways:
            ratio = ways[0].milliseconds / way.milliseconds
            print(f"{way.name}: {way.milliseconds:.2f} ms CPU a publication, {ratio:.0%}")
        print(f"target: at least {TARGET:.0%} of the rate without the trail")


if __name__ == "__main__":
    main()
