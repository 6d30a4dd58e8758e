"""Proofs, corrections and the clinic over HTTP, as the administrators of one site use them."""

import hashlib
from datetime import UTC, datetime, timedelta

API = "/api/v1/registry"
NAME = "Clara Imaginária Souza"


def seen() -> dict:
    now = datetime.now(UTC)
    return {
        "page": "https://cadastro.cfp.org.br/",
        "name": NAME,
        "status": "ACTIVE",
        "said": "ATIVO",
        "checked_at": now.isoformat(),
        "expires_at": (now + timedelta(days=30)).isoformat(),
        "evidence": {"name": "tela.png", "size": 3, "sha256": hashlib.sha256(b"t").hexdigest()},
    }


async def test_a_proof_a_correction_and_the_clinic(cms):
    bia = await cms.person("bia", ["administrator"])
    eva = await cms.person("eva", ["administrator"])
    clara = await cms.person("clara", ["medical_professional"])
    added = await bia.post(
        f"{API}/registrations",
        {"user_id": clara.id, "registration": "CRP 06/999991", "full_name": NAME},
    )
    assert (added.status_code, added.json()["may_sign"]) == (201, False)
    registration = f"{API}/registrations/{added.json()['professional_id']}"

    recorded = await bia.post(f"{registration}/proofs", seen())
    assert recorded.status_code == 201, recorded.text
    proof = f"{API}/proofs/{recorded.json()['id']}"
    alone = await bia.post(f"{proof}/confirm")
    assert (alone.status_code, alone.json()["type"]) == (
        403,
        "urn:cms:problem:second-person-needed",
    )
    assert (await clara.post(f"{proof}/confirm")).status_code == 403
    assert (await eva.post(f"{proof}/confirm")).json()["confirmed_by"] == eva.id
    assert (await eva.post(f"{proof}/confirm")).status_code == 409
    assert (await clara.get(f"{API}/standing/{clara.id}")).json()["source"] == "manual"
    assert len((await bia.get(f"{registration}/proofs")).json()) == 1
    refused = await bia.post(f"{registration}/proofs", seen() | {"said": ""})
    assert (refused.status_code, list(refused.json()["faults"])) == (400, ["said"])

    director = {"director_user_id": clara.id, "name": "Espaço Calma"}
    put = await cms.http.put(
        f"{API}/clinic", json=director | {"registration": "CRP 06/9999/J"}, headers=bia.bearer
    )
    assert put.status_code == 200, put.text
    public = await cms.http.get(f"{API}/clinic")
    assert public.json()["statement"] == (
        "Espaço Calma · CRP 06/9999/J · Diretor(a) técnico(a): "
        "Clara Imaginária Souza · psicóloga(o) CRP 06/999991"
    )
    assert (await eva.post(f"{proof}/withdraw")).status_code == 200
    assert (await cms.http.get(f"{API}/clinic")).json()["statement"] == ""
    claim = await cms.http.put(
        f"{registration}/claims", json={"titles": [{"field": "X"}]}, headers=bia.bearer
    )
    assert list(claim.json()["faults"]) == ["titles"]

    word = {"council": "CRP", "kind": "status", "subject": "ATIVO", "note": "site do CRP-06"}
    body = word | {"value": {"status": "ACTIVE"}}
    assert (await clara.post(f"{API}/corrections", body)).status_code == 403
    waiting = (await bia.post(f"{API}/corrections", body)).json()
    assert waiting["state"] == "proposed"
    path = f"{API}/corrections/{waiting['id']}"
    assert (await bia.post(f"{path}/confirm")).status_code == 403
    assert (await eva.post(f"{path}/confirm")).json()["state"] == "in_force"
    assert [c["subject"] for c in (await bia.get(f"{API}/corrections")).json()] == ["ativo"]
    assert (await bia.post(f"{path}/withdraw")).json()["state"] == "withdrawn"
