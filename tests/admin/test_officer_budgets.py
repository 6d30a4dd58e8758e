"""Each screen of the officer has a budget of statements, and keeps it with ten times the events."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms.identity.events import SignInFailed
from cms.kernel.events import Outcome
from tests.admin.conftest import Visiting
from tests.admin.officer_budgets import (
    ALERT,
    BUDGETS,
    CASE,
    CLASS,
    EVENT,
    EXPORT,
    HOLD,
    LIFE,
    PERSON,
    PROOF,
    READ,
    RULE,
    SEARCH,
    SENT,
    STORY,
    VERIFICATION,
    A,
    P,
    R,
)  # fmt: skip
from tests.bench.audit_rows import copy_events
from tests.plugins.medical_review.conftest import Newsroom
from tests.support import trail
from tests.support.clinic import Clinic
from tests.support.owner import as_owner
from tests.support.queries import counted
from tests.support.visiting import Visitor

EVERYTHING = ("compliance_officer", "data_protection_officer")


class Counting:
    """Asks, and holds each answer to its budget."""

    def __init__(self, cms: Clinic) -> None:
        self.cms = cms
        self.costs: dict[tuple[str, str], int] = {}
        self.too_dear: list[str] = []

    async def get(self, visitor: Visitor, template: str, address: str = "") -> Any:
        return await self._ask("GET", visitor.get, template, address)

    async def send(
        self, visitor: Visitor, template: str, address: str = "", data: Any = None, **more: Any
    ) -> Any:
        # The nonce is made with a unit of work of the test's own.
        data = {**(data or {}), "_wpnonce": await visitor._nonce()}
        return await self._ask("POST", visitor.send, template, address, data=data, **more)

    async def _ask(self, method: str, ask: Any, template: str, address: str, **sent: Any) -> Any:
        with counted(self.cms.host) as statements:
            seen = await ask(address or template, **sent)
        assert seen.status in {200, 303}, (method, address or template, seen.status, seen.words)
        self.costs[method, template] = len(statements)
        if len(statements) > BUDGETS[method, template]:
            self.too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
        return seen


def fill(cms: Clinic, wanted: int) -> None:
    """So many events at least, copies of those that there are."""
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        row = owner.execute("select count(*) from audit.events").fetchone()
        assert row is not None
        copy_events(owner, wanted // row[0] + 1, days=1)


def _id(seen: Any, start: str) -> str:
    links = (link.removeprefix(start) for link in seen.links if link.startswith(start))
    return next(rest for rest in links if rest and "/" not in rest and "?" not in rest)


async def an_alert(cms: Clinic, event: str) -> int:
    """One that nobody has taken note of."""
    async with as_owner(cms) as owner:
        await owner.execute(
            "insert into audit_desk.alerts (tenant_id, id, rule_id, rule_name, key_hash, events, "
            "raised_at, state, note) values (%s, 1, 1, 'Five refusals', '', %s::uuid[], now(), "
            "'open', '')",
            [cms.tenant.id, [event]],
        )
    return 1


@pytest.fixture
def newsroom(cms: Clinic, tmp_path: Path) -> Newsroom:
    return Newsroom(cms, tmp_path / "rosters")


async def test_no_screen_costs_more_than_its_budget(newsroom: Newsroom, visitor: Visiting) -> None:
    cms = newsroom.cms
    ana = await newsroom.physician()
    await newsroom.revoke()
    post = await cms.draft(await cms.person("jo"))
    async with cms.as_system() as work:
        await work.emit(SignInFailed(user_id=ana.id, outcome=Outcome.REFUSED))
    await trail.seal(cms)
    officer = await visitor("olivia", EVERYTHING)
    counting = Counting(cms)
    await _forms(counting, visitor, officer, newsroom)
    await trail.seal(cms)
    log = await officer.get(f"{A}/log")
    event = _id(await officer.get(f"{A}?order=asc"), f"{A}/events/")
    alert = await an_alert(cms, event)
    paths = {
        EVENT: f"{A}/events/{event}",
        f"{EVENT}/check": f"{A}/events/{event}/check",
        f"{EVENT}/proof": f"{A}/events/{event}/proof",
        LIFE: f"{A}/people/{ana.id}",
        STORY: f"{A}/things/post/{post['id']}",
        VERIFICATION: f"{A}/verifications/{_id(log, f'{A}/verifications/')}",
        ALERT: f"{A}/alerts/{alert}",
        EXPORT: f"{A}/exports/{_id(await officer.get(f'{A}/exports'), f'{A}/exports/')}",
        CLASS: f"{A}/retention/general",
        PERSON: f"{R}/1",
        f"{PERSON}/proofs/new": f"{R}/1/proofs/new",
        CASE: f"{R}/cases/1",
        f"{P}/{{identity:str}}": f"{P}/platform.same_tenant",
    }
    costs = []
    for wanted in (1_000, 10_000):
        fill(cms, wanted)
        for _, template in READ:
            await counting.get(officer, template, paths.get(template, template))
        costs.append({one: counting.costs[one] for one in READ})
    await counting.send(officer, f"{ALERT}/acknowledge", f"{A}/alerts/{alert}/acknowledge")
    assert not counting.too_dear, "\n".join(counting.too_dear)
    assert costs[0] == costs[1]
    assert set(counting.costs) == set(READ | SENT)


async def _forms(
    counting: Counting, visitor: Visiting, officer: Visitor, newsroom: Newsroom
) -> None:
    """Each once, in an order in which it can be sent."""
    send, cms = counting.send, newsroom.cms
    await send(officer, f"{A}/person", data={"person": "ana.medica"})
    await send(officer, f"{A}/address", data={"ip": "203.0.113.77"})
    await send(officer, f"{A}/searches", data={"name": "Recusas", "outcome": "refused"})
    await send(officer, SEARCH, f"{A}/searches/1/remove")
    await send(officer, f"{A}/verifications", data={"first": "0"})
    await officer.get(f"{A}/alerts")
    await send(officer, RULE, f"{A}/alert-rules/1", {"is_active": "no"})
    await send(officer, f"{A}/exports", data={"resource_type": "post"})
    longer = {"months": "120", "reason": "Conselho"}
    await send(officer, CLASS, f"{A}/retention/general", longer)
    await send(officer, f"{A}/holds", data={"reason": "Processo"})
    await send(officer, HOLD, f"{A}/holds/1/release", {"reason": "Acordo"})
    await send(officer, f"{A}/subjects/report", data={"subject": "1"})
    order = {
        "subject": "nobody@exemplo.example", "authority": "Juízo", "reference": "1",
        "ordered_on": "2026-01-02", "ground": "art-15-iv", "confirmed": "1",
    }  # fmt: skip
    await send(officer, f"{A}/subjects/erase", data=order)
    await send(officer, f"{P}/try", data={
        "action": "post.create", "kind": "person", "method": "session", "channel": "admin",
        "minutes": "0",
    })  # fmt: skip
    await _registry_forms(counting, visitor, officer, cms)


async def _registry_forms(
    counting: Counting, visitor: Visiting, officer: Visitor, cms: Clinic
) -> None:
    send = counting.send
    other, ana = await visitor("otto", ("compliance_officer",)), await visitor("ana.medica")
    carla = await cms.person("carla", ("medical_professional",))
    new = {
        "user_id": str(carla.id),
        "registration": "CRP 06/999991",
        "full_name": "Carla Inventada",
    }
    await send(officer, f"{R}/new", data=new)
    await send(officer, f"{R}/find", data={"said": "Inventada"})
    await send(officer, f"{PERSON}/verify", f"{R}/1/verify")
    form = (await officer.get(f"{R}/2/proofs/new")).fields(f"{R}/2/proofs/new")
    seen = {**form, "page": "https://cadastro.cfp.org.br/", "said": "ATIVO"}
    evidence = {"evidence": ("tela.png", b"picture", "image/png")}
    await send(officer, f"{PERSON}/proofs/new", f"{R}/2/proofs/new", seen, files=evidence)
    await send(other, f"{PROOF}/confirm", f"{R}/proofs/1/confirm")
    await send(officer, f"{R}/clinic", data={
        "name": "Clínica", "registration": "CRP 06/999992", "director_user_id": str(carla.id),
    })  # fmt: skip
    await send(officer, f"{PROOF}/withdraw", f"{R}/proofs/1/withdraw")
    await send(officer, f"{CASE}/actions", f"{R}/cases/1/actions", {"kind": "note", "detail": "x"})
    await send(ana, f"{CASE}/contest", f"{R}/cases/1/contest", {"contest": "Homônimo."})
    judged = {"outcome": "upheld", "reason": "Confirmado."}
    await send(officer, f"{CASE}/review", f"{R}/cases/1/review", judged)
    await send(officer, f"{CASE}/close", f"{R}/cases/1/close")
    async with as_owner(cms) as owner:
        await owner.execute(
            "update professional_registry.professionals "
            "set last_validation_check = last_validation_check - interval '2 hours'"
        )
    await send(ana, f"{PERSON}/recheck", f"{R}/1/recheck")
