"""With no engine behind the port, the answer is no."""

from datetime import UTC, datetime

import httpx
import pytest

from cms.app import build_app
from cms.errors import PolicyDenied, StepUpRequired
from cms.host import Addresses, Host, open_host
from cms.kernel.actors import ANONYMOUS, SYSTEM, RequestFacts
from cms.kernel.decisions import Decision, DenyEverything, Effect, Question
from cms.kernel.tenant import Tenant
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory

TENANT = Tenant(1, "clinica", "Clínica", "pt-BR", "America/Sao_Paulo")


async def test_even_the_system_is_denied() -> None:
    port = DenyEverything()
    await port.open()
    for actor in (ANONYMOUS, SYSTEM):
        facts = RequestFacts("r-1")
        asked = Question(1, actor, "post.read", "post", facts, datetime.now(UTC))
        decision = await port.decide(asked)
        assert decision == Decision(Effect.DENY, ("no-policy-engine",))
    await port.close()


async def test_a_site_without_the_zero_trust_plugin_serves_nothing(
    database: Addresses, settings: Settings
) -> None:
    add_to_directory(database.owner, "clinica", "Clínica", ["clinica.example"])
    alone = Settings(data_dir=settings.data_dir, enabled=())
    async with open_host(alone, database) as host:
        transport = httpx.ASGITransport(app=build_app(host))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://clinica.example"
        ) as http:
            for path in ("/wp-json/", "/wp-json/wp/v2/posts", "/wp-json/wp/v2/posts/1"):
                answer = await http.get(path)
                assert answer.status_code == 401, answer.text
                assert answer.json()["data"]["status"] == 401
            assert (await http.get("/healthz")).status_code == 200


class Engine(DenyEverything):
    """Gives the answer it was made with."""

    def __init__(self, answer: Decision) -> None:
        self._answer = answer

    async def decide(self, question: Question) -> Decision:
        return self._answer


async def _decide(host: Host, answer: Decision) -> Decision:
    host.shop = type(host.shop)(
        host.engine, host.ids, host.registry, Engine(answer), host.shop.enqueue
    )
    async with host.shop.work(TENANT, SYSTEM) as work:
        return await work.decide("post.read", "post")


async def test_a_denial_names_the_policies_and_an_open_obligation_says_what_is_missing(
    host: Host,
) -> None:
    with pytest.raises(PolicyDenied, match=r"denies post\.read: core\.night\.") as denied:
        await _decide(host, Decision(Effect.DENY, ("core.night",)))
    assert denied.value.facts == {"reasons": ["core.night"]}
    with pytest.raises(StepUpRequired) as asked:
        await _decide(host, Decision(Effect.CONDITIONAL, ("core.x",), ("signed_in",)))
    assert asked.value.obligations == ("signed_in",)
    allowed = Decision(Effect.ALLOW, ("core.y",))
    assert await _decide(host, allowed) is allowed
