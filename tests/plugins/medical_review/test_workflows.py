"""Workflows are data: written by an administrator, checked in full, versioned, bound by kind."""

import msgspec
import pytest

from plugins.medical_review.quorum.rules import Risk
from plugins.medical_review.workflows.choosing import specialties_of, specialty_key
from plugins.medical_review.workflows.shipped import SHIPPED
from plugins.medical_review.workflows.validating import faults
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.quorums import (
    LEGAL,
    MEDICAL,
    WORKFLOWS,
    bind,
    bound,
    clinician,
    stage,
    workflow,
)


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


def test_what_is_shipped_passes_its_own_check():
    capabilities = {MEDICAL: "", LEGAL: ""}
    for definition in SHIPPED.values():
        assert list(faults(definition, capabilities)) == []
        for risk in Risk:
            assert definition.way(risk)


BROKEN = {
    "label": {"en": "W", "fr": "W"},
    "stages": [
        {**stage("Bad Name"), "due_hours": {"high": 0}},
        {**stage("medical"), "seats": []},
        {**stage("medical"), "quorum": {"clinicians": 3, "not_author": False}},
        {**stage("draft"), "seats": [{"name": "a", "capability": "fly", "people": 0}] * 2},
    ],
    "transitions": [{"from": "nowhere", "to": "medical"}, {"from": "medical", "to": "away"}],
}


async def test_every_fault_of_a_workflow_is_named_at_once(admin):
    refused = await admin.post(f"{WORKFLOWS}/validate", {"slug": "X!", "definition": BROKEN})
    assert refused.status_code == 400
    assert set(refused.json()["faults"]) == {
        "slug",
        "label.pt",
        "label.fr",
        "stages[0].name",
        "stages[0].seats[0].name",
        "stages[0].due_hours.high",
        "stages[1].seats",
        "stages[2].name",
        "stages[2].quorum.clinicians",
        "stages[2].quorum.not_author",
        "stages[3].name",
        "stages[3].seats[0].capability",
        "stages[3].seats[0].people",
        "stages[3].seats[1].name",
        "stages[3].seats[1].capability",
        "stages[3].seats[1].people",
        "transitions",
        "transitions[0].from",
        "transitions[1].to",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stages": "none"}, "stages"),
        ({"colour": "red"}, "definition"),
        ({"stages": [{**stage(), "quorum": {"cats": 1}}]}, "stages[0].quorum"),
        ({"stages": [{**stage(), "mode": "at_once"}]}, "stages[0].mode"),
    ],
)
async def test_what_has_not_the_form_of_a_workflow_is_refused_where_it_is(admin, change, field):
    body = {"slug": "ours", "definition": workflow(stage(), **change)}
    refused = await admin.post(f"{WORKFLOWS}/validate", body)
    assert (refused.status_code, list(refused.json()["faults"])) == (400, [field])


@pytest.mark.parametrize(
    "transitions",
    [
        [],
        [{"from": "a", "to": "b"}],
        [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}],
        [{"from": "a", "to": "approved"}, {"from": "b", "to": "approved"}],
        [{"from": "a", "to": "b", "risks": ["high"]}, {"from": "b", "to": "approved"}],
        [
            {"from": "a", "to": "b"},
            {"from": "a", "to": "approved"},
            {"from": "b", "to": "approved"},
        ],
    ],
)
async def test_a_way_that_ends_nowhere_or_circles_is_refused(admin, transitions):
    definition = {**workflow(stage("a"), stage("b")), "transitions": transitions}
    refused = await admin.post(f"{WORKFLOWS}/validate", {"slug": "ours", "definition": definition})
    assert (refused.status_code, list(refused.json()["faults"])) == (400, ["transitions"])


async def test_a_version_is_never_changed_and_a_running_review_keeps_its_own(newsroom, admin):
    await bound(newsroom, workflow(stage()))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    running = await newsroom.submit(await newsroom.article(ana), ana)
    made = await admin.post(WORKFLOWS, {"slug": "ours", "definition": workflow(stage(people=2))})
    assert made.json()["version"] == 2
    await bind(newsroom, workflow="ours")
    assert (await newsroom.decide(running, bruno)).json()["review"]["state"] == "approved"
    later = await newsroom.submit(await newsroom.article(ana, title="B"), ana)
    assert (await newsroom.decide(later, bruno)).json()["review"]["state"] == "open"
    known = (await admin.get(WORKFLOWS)).json()
    versions = [(one["slug"], one["version"]) for one in known]
    assert versions == [("medical", 1), ("technical_and_legal", 1), ("ours", 2), ("ours", 1)]


async def test_what_is_shipped_stays_as_it_is(admin):
    refused = await admin.post(
        WORKFLOWS, {"slug": "medical", "definition": workflow(stage(people=2))}
    )
    assert list(refused.json()["faults"]) == ["slug"]


async def test_the_most_specific_binding_wins(newsroom, admin):
    for slug in ("any", "leaflets", "risky", "risky_leaflets"):
        body = {"slug": slug, "definition": workflow(stage(slug))}
        assert (await admin.post(WORKFLOWS, body)).status_code == 201
    await bind(newsroom, workflow="any")
    await bind(newsroom, workflow="leaflets", post_type="patient_education")
    await bind(newsroom, workflow="risky", risk="high")
    both = {"post_type": "patient_education", "risk": "high"}
    last = await bind(newsroom, workflow="risky_leaflets", **both)
    ana = await newsroom.physician()
    safe = {"anonymization_applied": True, "consent_for_publication": True}

    async def stage_of(base, **fields):
        leaflet = await newsroom.article(ana, **safe, **fields)
        if base == "patient-education":
            leaflet = await newsroom.cms.draft(
                ana, base, title="F", content="<p>T</p>", responsible_professional=ana.id, **fields
            )
        review = (await ana.post(REVIEWS, {"post_id": leaflet["id"]})).json()
        return review["stage"]

    risky = {"contains_patient_data": True}
    assert await stage_of("medical-articles") == "any"
    assert await stage_of("patient-education") == "leaflets"
    assert await stage_of("medical-articles", **risky) == "risky"
    assert await stage_of("patient-education", **risky) == "risky_leaflets"
    gone = await admin.delete(f"{WORKFLOWS}/bindings/{last['id']}")
    assert gone.status_code == 204
    assert await stage_of("patient-education", **risky) == "leaflets"
    assert len((await admin.get(f"{WORKFLOWS}/bindings")).json()) == 3


async def test_a_text_of_low_risk_can_skip_a_stage(newsroom):
    steps = [
        {"from": "medical", "to": "approved", "risks": ["low"]},
        {"from": "medical", "to": "legal", "risks": ["normal", "high"]},
        {"from": "legal", "to": "approved"},
    ]
    legal = {**stage("legal"), "seats": [{"name": "legal", "capability": LEGAL}]}
    await bound(newsroom, {**workflow(stage(), legal), "transitions": steps})
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    found = []
    for audience in ("professionals", "patients"):
        post = await newsroom.article(ana, target_audience=audience)
        review = (await newsroom.decide(await newsroom.submit(post, ana), bruno)).json()["review"]
        found.append((review["state"], review["stage"]))
    assert found == [("approved", "medical"), ("open", "legal")]


async def test_only_who_manages_workflows_changes_them(newsroom, cms):
    bruno = await newsroom.reviewer()
    assert (await bruno.get(WORKFLOWS)).status_code == 200
    body = {"slug": "ours", "definition": workflow(stage())}
    assert (await bruno.post(WORKFLOWS, body)).status_code == 403
    assert (await bruno.post(f"{WORKFLOWS}/validate", body)).status_code == 403
    bound_by = await cms.http.put(
        f"{WORKFLOWS}/bindings", json={"workflow": "medical"}, headers=bruno.bearer
    )
    assert bound_by.status_code == 403


async def test_a_binding_names_what_exists(cms, admin):
    async def put(**body):
        return await cms.http.put(f"{WORKFLOWS}/bindings", json=body, headers=admin.bearer)

    wrong = await put(workflow="medical", post_type="page", risk="huge", specialty="!!")
    assert set(wrong.json()["faults"]) == {"post_type", "risk", "specialty"}
    assert (await put(workflow="nobody")).status_code == 404
    assert (await put(workflow="medical", version=7)).status_code == 404


async def test_tenants_do_not_share_workflows(newsroom, cms):
    await bound(newsroom, workflow(stage(people=2)))
    async with cms.other() as other:
        chief = await other.person("chefe", ["administrator"])
        assert len((await chief.get(WORKFLOWS)).json()) == len(SHIPPED)
        assert (await chief.get(f"{WORKFLOWS}/bindings")).json() == []


def test_a_specialty_is_the_same_by_whatever_name():
    named = {specialty_key(name) for name in ("Cardiologia", "CARDIOLOGIA", "Cardiology")}
    assert len(named) == 1
    assert specialties_of({"specialties": ["Cardiologia"]}) == named
    assert specialty_key("Clínica  Inventada") == "clinica inventada"


async def test_an_rqe_of_the_texts_specialty_is_asked_for(newsroom):
    rule = {"clinicians": 1, "with_rqe_in_specialty": 1}
    await bound(newsroom, workflow(stage(people=1, quorum=rule)))
    ana = await newsroom.physician()
    other = await _specialist(newsroom, "olga.neuro", "NEUROLOGIA")
    right = await _specialist(newsroom, "caio.cardio", "CARDIOLOGIA")
    post = await newsroom.article(ana, specialties=["Cardiologia"])
    review = await newsroom.submit(post, ana)
    states = [
        (await newsroom.decide(review, one)).json()["review"]["state"] for one in (other, right)
    ]
    assert states == ["open", "approved"]


async def _specialist(newsroom, login, specialty):
    """A reviewer whom the register has with an RQE."""
    person = await clinician(newsroom, login)
    newsroom.roster[-1] = msgspec.structs.replace(
        newsroom.roster[-1], specialties=((specialty, 990_077),)
    )
    await newsroom.import_roster()
    return person
