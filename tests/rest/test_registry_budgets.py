"""Budgets of statements of registrations, cases, proofs and corrections."""

import time

from plugins.professional_registry import webhook
from plugins.professional_registry.settings import RegistrySettings
from tests.plugins.medical_review.conftest import Newsroom
from tests.plugins.professional_registry.test_manual_api import seen
from tests.support.queries import counted

OWN, MEDICAL = "/api/v1/registry", "/api/v1/medical"
CASES, PEOPLE = f"{MEDICAL}/cases", f"{MEDICAL}/professionals"
CASE, PERSON = f"{CASES}/{{case_id:int}}", f"{PEOPLE}/{{professional_id:int}}"
HELD, PROOF = f"{OWN}/registrations/{{professional_id:int}}", f"{OWN}/proofs/{{proof_id:int}}"
CORRECTION = f"{OWN}/corrections/{{correction_id:int}}"
ANNOUNCED = f"{PEOPLE}/webhook/{{source:str}}"
SECRET = b"a secret of the source, long enough"

# Statements of one request by an officer, without BEGIN and COMMIT. Whatever verifies a
# registration costs what a verification does, and five more where its change is told.
BUDGETS = {
    ("GET", CASES): 3,
    ("GET", CASE): 7,
    ("POST", f"{CASE}/actions"): 7,
    ("POST", f"{CASE}/contest"): 13,
    ("POST", f"{CASE}/review"): 11,
    ("POST", f"{CASE}/close"): 12,
    ("GET", f"{PEOPLE}/providers"): 5,
    ("GET", f"{PERSON}/cases"): 4,
    ("GET", f"{PERSON}/history"): 4,
    ("GET", f"{PERSON}/validation-status"): 4,
    ("POST", f"{PEOPLE}/validate"): 7,
    ("POST", ANNOUNCED): 3,
    ("GET", f"{OWN}/clinic"): 4,
    ("PUT", f"{OWN}/clinic"): 9,
    ("GET", f"{OWN}/corrections"): 3,
    ("POST", f"{OWN}/corrections"): 12,
    ("POST", f"{CORRECTION}/confirm"): 12,
    ("POST", f"{CORRECTION}/withdraw"): 11,
    ("GET", f"{HELD}/proofs"): 3,
    ("POST", f"{HELD}/proofs"): 5,
    ("PUT", f"{HELD}/claims"): 6,
    ("POST", f"{PROOF}/confirm"): 21,
    ("POST", f"{PROOF}/withdraw"): 27,
}

WORD = {
    "council": "CRP", "kind": "status", "subject": "Ativo", "note": "site do CRP-06",
    "value": {"status": "ACTIVE"},
}  # fmt: skip
BARRED = WORD | {"subject": "Baixado", "value": {"status": "INACTIVE"}}


async def of_cases(olga, ana, professional_id):
    """A case from its opening to its end, with a page of others beside it."""
    [case, *_] = (await olga.get(f"{CASES}?only=open")).json()["cases"]
    here = f"{CASES}/{case['id']}"
    note = {"kind": "note", "detail": "Liguei para o CRM."}
    review = {"outcome": "upheld", "reason": "Confere."}
    return (
        (olga, "GET", CASES, CASES, None),
        (olga, "GET", CASE, here, None),
        (olga, "GET", f"{PERSON}/cases", f"{PEOPLE}/{professional_id}/cases", None),
        (olga, "GET", f"{PERSON}/history", f"{PEOPLE}/{professional_id}/history", None),
        (
            olga, "GET", f"{PERSON}/validation-status",
            f"{PEOPLE}/{professional_id}/validation-status", None,
        ),
        (olga, "POST", f"{CASE}/actions", f"{here}/actions", note),
        (ana, "POST", f"{CASE}/contest", f"{here}/contest", {"text": "Sou outra."}),
        (olga, "POST", f"{CASE}/review", f"{here}/review", review),
        (olga, "POST", f"{CASE}/close", f"{here}/close", None),
    )  # fmt: skip


async def of_proofs(olga, eva, clara):
    """Somebody of a council without a source, proved by hand."""
    body = {
        "user_id": clara.id, "registration": "CRP 06/999991",
        "full_name": "Clara Imaginária Souza",
    }  # fmt: skip
    made = (await olga.post(f"{OWN}/registrations", body)).json()["professional_id"]
    held = f"{OWN}/registrations/{made}"
    first = (await olga.post(f"{held}/proofs", seen())).json()["id"]
    director = {"director_user_id": clara.id, "name": "Calma", "registration": "CRP 06/9999/J"}
    return (
        (olga, "POST", f"{HELD}/proofs", f"{held}/proofs", seen()),
        (olga, "GET", f"{HELD}/proofs", f"{held}/proofs", None),
        (eva, "POST", f"{PROOF}/confirm", f"{OWN}/proofs/{first}/confirm", None),
        (olga, "PUT", f"{HELD}/claims", f"{held}/claims", {}),
        (olga, "PUT", f"{OWN}/clinic", f"{OWN}/clinic", director),
        (olga, "GET", f"{OWN}/clinic", f"{OWN}/clinic", None),
        (eva, "POST", f"{PROOF}/withdraw", f"{OWN}/proofs/{first}/withdraw", None),
    )


async def of_corrections(olga, eva):
    """Two words of a council with one registration, so that what a verification costs is seen."""
    waiting = (await olga.post(f"{OWN}/corrections", WORD)).json()["id"]
    return (
        (olga, "POST", f"{OWN}/corrections", f"{OWN}/corrections", BARRED),
        (olga, "GET", f"{OWN}/corrections", f"{OWN}/corrections", None),
        (eva, "POST", f"{CORRECTION}/confirm", f"{OWN}/corrections/{waiting}/confirm", None),
        (eva, "POST", f"{CORRECTION}/withdraw", f"{OWN}/corrections/{waiting}/withdraw", None),
    )


async def requests(cms, newsroom):
    """(person, method, template, address, body), in an order in which each may be made."""
    olga = await cms.person("olga", ["administrator"])
    eva = await cms.person("eva", ["administrator"])
    clara = await cms.person("clara", ["medical_professional"])
    people = [await newsroom.physician(f"ana.{name}") for name in ("medica", "outra", "terceira")]
    for index in range(len(people)):
        await newsroom.revoke(index)
    number = (await olga.get(f"{CASES}?only=open")).json()["cases"][0]["professional_id"]
    for request in await of_cases(olga, people[0], number):
        yield request
    for request in await of_proofs(olga, eva, clara):
        yield request
    for request in await of_corrections(olga, eva):
        yield request
    asked = {"registration": "CRM-SP 9900100", "full_name": "Ana"}
    yield olga, "POST", f"{PEOPLE}/validate", f"{PEOPLE}/validate", asked
    yield olga, "GET", f"{PEOPLE}/providers", f"{PEOPLE}/providers", None


async def test_no_address_costs_more_than_its_budget(cms, tmp_path):
    asked, too_dear = set(), []
    async for person, method, template, address, body in requests(
        cms, Newsroom(cms, tmp_path / "rosters")
    ):
        with counted(cms.host) as statements:
            answer = await cms.http.request(method, address, headers=person.bearer, json=body)
        assert answer.status_code < 300, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS) - {("POST", ANNOUNCED)}


async def test_nor_does_a_webhook_of_a_source(cms, tmp_path, monkeypatch):
    await Newsroom(cms, tmp_path / "rosters").physician("ana.medica")
    (tmp_path / "secret").write_bytes(SECRET)
    settings = RegistrySettings(webhook_secret_files={"cfm": str(tmp_path / "secret")})
    monkeypatch.setitem(cms.host.registry._settings, RegistrySettings, settings)
    monkeypatch.setattr(webhook, "PAUSE_SECONDS", -1)
    body, stamp = b'{"registration": "CRM-SP 9900100"}', str(int(time.time()))
    headers = {
        "X-Registry-Timestamp": stamp,
        "X-Registry-Signature": webhook.signature(SECRET, stamp, body),
    }
    with counted(cms.host) as statements:
        answer = await cms.http.post(f"{PEOPLE}/webhook/cfm", content=body, headers=headers)
    assert answer.status_code == 202
    assert len(statements) <= BUDGETS["POST", ANNOUNCED], statements
