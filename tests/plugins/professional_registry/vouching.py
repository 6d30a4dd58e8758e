"""People of the clinic who vouch, and what they saw: for the stories about manual proofs."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cms.kernel.actors import Actor, ActorKind
from plugins.professional_registry import proofs
from plugins.professional_registry.proofs import Evidence, Seen

CRP, NAME = "CRP 06/999991", "Clara Imaginária Souza"


async def officer(clinic) -> Actor:
    """Somebody who may manage registrations."""
    return Actor(
        ActorKind.PERSON,
        await clinic.person(),
        ("administrator",),
        frozenset({"manage_registrations", "view_registrations"}),
    )


def seen(**changed: Any) -> Seen:
    """What one sees on the council's page of somebody who may practise."""
    now = datetime.now(UTC)
    plain = Seen(
        page="https://cadastro.cfp.org.br/consulta?nome=clara&cpf=00000000000",
        name=NAME,
        status="ACTIVE",
        said="ATIVO",
        checked_at=now - timedelta(minutes=5),
        expires_at=now + timedelta(days=30),
        evidence=Evidence("tela.png", 48_213, hashlib.sha256(b"tela").hexdigest()),
    )
    return msgspec.structs.replace(plain, **changed)


async def recorded(clinic, professional_id: int, by: Actor, **changed: Any) -> int:
    async with clinic.work(by) as work:
        return (await proofs.record(work, professional_id, seen(**changed))).id


async def proved(clinic, professional_id: int, **changed: Any) -> int:
    """A proof that two officers stand behind."""
    proof_id = await recorded(clinic, professional_id, await officer(clinic), **changed)
    async with clinic.work(await officer(clinic)) as work:
        await proofs.confirm(work, proof_id)
    return proof_id
