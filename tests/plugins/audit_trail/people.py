"""Invented people, and where their values may not be found."""

from typing import Any

import psycopg
from psycopg import sql

from cms.kernel.actors import Actor, ActorKind
from plugins.audit_trail.erasing.erase import ERASE
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.officers.purposes import VIEW
from tests.plugins.audit_trail.conftest import House, Noted

IP, AGENT = "203.0.113.77", "Mozilla/5.0 (Invented; Lynx 9)"
EMAIL, LOGIN = "ana.inventada@exemplo.example", "ana.inventada"


def person(user_id: int, *capabilities: str) -> Actor:
    return Actor(ActorKind.PERSON, user_id, ("author",), frozenset(capabilities))


ANA, BIA = person(7), person(8)
OFFICER = person(20, VIEW, OPEN, "audit_for_compliance")
CLERK = person(21, VIEW, "audit_for_compliance")
PROTECTOR = person(22, VIEW, OPEN, ERASE, "audit_for_compliance")


class Renamed(Noted, frozen=True, kw_only=True):
    """Something about a person was changed."""

    tag = "test:person:rename"
    concerns = "user_id"
    user_id: int | None = None


async def renamed(house: House, user_id: int, by: Actor = OFFICER, **personal: Any) -> None:
    async with house.work(by, channel="rest", ip=IP, user_agent=AGENT) as work:
        await work.emit(Renamed(post_id=1, user_id=user_id, personal=personal or {"email": EMAIL}))


async def acted(house: House, by: Actor, ip: str | None = IP) -> None:
    async with house.work(by, channel="rest", ip=ip, user_agent=AGENT) as work:
        await work.emit(Noted(post_id=1))


def everything(house: House) -> str:
    """Every column of every row of every table of the trail, as text; bytes as they are."""
    with psycopg.connect(house.owner_url) as connection:
        tables = connection.execute(
            "select c.relname from pg_class c where c.relnamespace = 'audit'::regnamespace "
            "and c.relkind in ('r', 'p')"
        ).fetchall()
        assert ("personal",) in tables
        said = []
        for (table,) in tables:
            query = sql.SQL("select t.* from {} t").format(sql.Identifier("audit", table))
            said += [
                value.decode("latin-1") if isinstance(value, bytes) else str(value)
                for row in connection.execute(query).fetchall()
                for value in row
            ]
    return "\n".join(said)
