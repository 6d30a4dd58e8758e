"""Every address has a budget of statements; one that declares none fails, as does one too dear."""

from psycopg import AsyncConnection

from cms.app import DESCRIPTION, build_routes
from cms.identity.users import add_user
from plugins.audit_trail.evidence import Evidence
from plugins.audit_trail.sequencer import open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder
from tests.plugins.medical_review.conftest import COMPLETE, REVIEWS, Newsroom
from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"
PASSWORD = "uma senha bem longa"
TEXT = {"title": "Dor", "content": "<p>Texto.</p>"}

# Statements of one request by a person who is signed in, without BEGIN and COMMIT. A text that is
# reviewed costs more than a post: its review, its byline, what the registry knows. One statement
# of each request reads what policies may ask of the person: her registration.
BUDGETS = {
    ("GET", "/"): 0,
    ("GET", "/healthz"): 0,
    ("GET", "/readyz"): 2,
    ("GET", "/wp-json"): 2,
    ("GET", f"{V2}/categories"): 3,
    ("POST", f"{V2}/categories"): 6,
    ("GET", f"{V2}/categories/{{term_id:int}}"): 4,
    ("GET", f"{V2}/types"): 2,
    ("GET", f"{V2}/types/{{name:str}}"): 2,
    ("GET", f"{V2}/users/me"): 5,
    ("GET", f"{V2}/users/{{user_id:int}}"): 5,
    ("GET", REVIEWS): 3,
    ("POST", REVIEWS): 16,
    ("GET", f"{REVIEWS}/{{review_id:int}}"): 5,
    ("POST", f"{REVIEWS}/{{review_id:int}}/decision"): 17,
    ("GET", f"{REVIEWS}/of-post/{{post_id:int}}"): 5,
    ("GET", f"{REVIEWS}/blockers/{{post_id:int}}"): 10,
    ("GET", f"{REVIEWS}/affected"): 4,
    ("GET", f"{REVIEWS}/inherited"): 3,
    ("GET", f"{V1}/audit/events"): 4,
    ("GET", f"{V1}/audit/events/{{event_id:uuid}}"): 4,
    ("GET", f"{V1}/audit/head"): 3,
    ("POST", f"{V1}/registry/registrations"): 15,
    ("GET", f"{V1}/registry/standing/{{user_id:int}}"): 3,
    ("POST", f"{V1}/registry/standing/{{user_id:int}}/verify"): 12,
    ("GET", f"{V1}/zero-trust/policies"): 2,
    ("POST", f"{V1}/zero-trust/explain"): 2,
    ("POST", f"{V1}/auth/token"): 7,
    ("POST", f"{V1}/auth/sign-out"): 4,
}
for base, read, made, changed, binned in (
    ("posts", 3, 10, 14, 11),
    ("medical-articles", 6, 14, 20, 14),
    ("patient-education", 6, 14, 20, 14),
):
    item, revisions = f"{V2}/{base}/{{post_id:int}}", f"{V2}/{base}/{{parent:int}}/revisions"
    BUDGETS |= dict.fromkeys((("GET", f"{V2}/{base}"), ("GET", item)), read)
    BUDGETS |= dict.fromkeys([(method, item) for method in ("POST", "PUT", "PATCH")], changed)
    BUDGETS |= {("POST", f"{V2}/{base}"): made, ("DELETE", item): binned}
    BUDGETS |= {("GET", revisions): 4, ("GET", f"{revisions}/{{revision_id:int}}"): 4}


# Seldom asked, by officers and for one person at a time; their stories are in the registry's own
# tests, their cost is not bounded yet.
UNBOUNDED = {
    ("GET", "/api/v1/medical/cases"),
    ("GET", "/api/v1/medical/cases/{case_id:int}"),
    ("GET", "/api/v1/medical/notices"),
    ("GET", "/api/v1/medical/professionals/providers"),
    ("GET", "/api/v1/medical/professionals/{professional_id:int}/cases"),
    ("GET", "/api/v1/medical/professionals/{professional_id:int}/history"),
    ("GET", "/api/v1/medical/professionals/{professional_id:int}/validation-status"),
    ("GET", "/api/v1/registry/clinic"),
    ("GET", "/api/v1/registry/corrections"),
    ("GET", "/api/v1/registry/registrations/{professional_id:int}/proofs"),
    ("POST", "/api/v1/medical/cases/{case_id:int}/actions"),
    ("POST", "/api/v1/medical/cases/{case_id:int}/close"),
    ("POST", "/api/v1/medical/cases/{case_id:int}/contest"),
    ("POST", "/api/v1/medical/cases/{case_id:int}/review"),
    ("POST", "/api/v1/medical/notices/{notice_id:int}/read"),
    ("POST", "/api/v1/medical/professionals/validate"),
    ("POST", "/api/v1/medical/professionals/webhook/{source:str}"),
    ("POST", "/api/v1/registry/corrections"),
    ("POST", "/api/v1/registry/corrections/{correction_id:int}/confirm"),
    ("POST", "/api/v1/registry/corrections/{correction_id:int}/withdraw"),
    ("POST", "/api/v1/registry/proofs/{proof_id:int}/confirm"),
    ("POST", "/api/v1/registry/proofs/{proof_id:int}/withdraw"),
    ("POST", "/api/v1/registry/registrations/{professional_id:int}/proofs"),
    ("PUT", "/api/v1/registry/clinic"),
    ("PUT", "/api/v1/registry/registrations/{professional_id:int}/claims"),
}


def addresses(cms):
    """(method, template) of every declared route."""
    for route in build_routes(cms.host).routes:
        for method in sorted(route.methods - {"OPTIONS"}):
            if route.path not in DESCRIPTION:
                yield method, route.path


async def test_every_address_declares_a_budget(cms):
    assert set(addresses(cms)) == set(BUDGETS) | UNBOUNDED


async def seal(cms):
    """Sequence what has happened, so that there are events and a signed head to read."""
    async with await AsyncConnection.connect(
        cms.host.addresses.worker, autocommit=True
    ) as connection:
        evidence = Evidence(audit_folder(cms.host.settings))
        settings = AuditSettings(checkpoint=0)
        await (await open_sequencer(connection, evidence, "clinica.example", settings)).step()


async def requests(cms, newsroom):
    """(method, template, address, body) of every route, each with things that exist; what is
    written is written in an order in which each request may be made."""
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    author = await newsroom.physician()
    category = (await admin.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
    article = await newsroom.article(author)
    review = await newsroom.submit(article, author)
    waiting = await newsroom.article(author)
    await seal(cms)
    event = (await admin.get(f"{V1}/audit/events?limit=1")).json()["events"][0]["event_id"]
    for base in ("posts", "medical-articles", "patient-education"):
        texts, medical = f"{V2}/{base}", base != "posts"
        body = {**COMPLETE, "responsible_professional": author.id} if medical else TEXT
        made = await cms.draft(admin, base, **body)
        item, revisions = f"{texts}/{made['id']}", f"{texts}/{made['id']}/revisions"
        one = (await admin.get(revisions)).json()[0]["id"]
        template = f"{texts}/{{post_id:int}}"
        yield "GET", texts, f"{texts}?status=any&context=edit", None
        yield "POST", texts, texts, body
        yield "GET", template, f"{item}?context=edit", None
        for method in ("POST", "PUT", "PATCH"):
            yield method, template, item, {"title": f"Dor {method}", "slug": f"dor-{method}"}
        yield "GET", f"{texts}/{{parent:int}}/revisions", revisions, None
        yield (
            "GET",
            f"{texts}/{{parent:int}}/revisions/{{revision_id:int}}",
            f"{revisions}/{one}",
            None,
        )
        yield "DELETE", template, item, None
    newcomer = await cms.person("nova.medica", ["medical_professional"])
    decision = {"verdict": "approve", "content_hash": review["content_hash"]}
    question = {"action": "post.read", "resource_type": "post"}
    registration = {"user_id": newcomer.id, "registration": "CRM-SP 9900777", "full_name": "Nova M"}
    standing, one_review = f"{V1}/registry/standing", f"{REVIEWS}/{{review_id:int}}"
    for method, template, address, body in (
        ("GET", "/", "/", None),
        ("GET", "/healthz", "/healthz", None),
        ("GET", "/readyz", "/readyz", None),
        ("GET", "/wp-json", "/wp-json", None),
        ("GET", f"{V2}/categories", f"{V2}/categories", None),
        ("POST", f"{V2}/categories", f"{V2}/categories", {"name": "Dor"}),
        ("GET", f"{V2}/categories/{{term_id:int}}", f"{V2}/categories/{category}", None),
        ("GET", f"{V2}/types", f"{V2}/types", None),
        ("GET", f"{V2}/types/{{name:str}}", f"{V2}/types/post", None),
        ("GET", f"{V2}/users/me", f"{V2}/users/me?context=edit", None),
        ("GET", f"{V2}/users/{{user_id:int}}", f"{V2}/users/{author.id}?context=edit", None),
        ("GET", REVIEWS, REVIEWS, None),
        ("GET", one_review, f"{REVIEWS}/{review['id']}", None),
        ("GET", f"{REVIEWS}/of-post/{{post_id:int}}", f"{REVIEWS}/of-post/{article['id']}", None),
        ("GET", f"{REVIEWS}/blockers/{{post_id:int}}", f"{REVIEWS}/blockers/{article['id']}", None),
        ("GET", f"{REVIEWS}/affected", f"{REVIEWS}/affected", None),
        ("GET", f"{REVIEWS}/inherited", f"{REVIEWS}/inherited", None),
        ("POST", REVIEWS, REVIEWS, {"post_id": waiting["id"]}),
        ("POST", f"{one_review}/decision", f"{REVIEWS}/{review['id']}/decision", decision),
        ("GET", f"{V1}/audit/events", f"{V1}/audit/events", None),
        ("GET", f"{V1}/audit/events/{{event_id:uuid}}", f"{V1}/audit/events/{event}", None),
        ("GET", f"{V1}/audit/head", f"{V1}/audit/head", None),
        ("POST", f"{V1}/registry/registrations", f"{V1}/registry/registrations", registration),
        ("GET", f"{standing}/{{user_id:int}}", f"{standing}/{author.id}", None),
        ("POST", f"{standing}/{{user_id:int}}/verify", f"{standing}/{author.id}/verify", None),
        ("GET", f"{V1}/zero-trust/policies", f"{V1}/zero-trust/policies", None),
        ("POST", f"{V1}/zero-trust/explain", f"{V1}/zero-trust/explain", question),
        ("POST", f"{V1}/auth/token", f"{V1}/auth/token", {"login": "rui", "password": PASSWORD}),
        ("POST", f"{V1}/auth/sign-out", f"{V1}/auth/sign-out", None),
    ):  # fmt: skip
        yield method, template, address, body


async def test_no_address_costs_more_than_its_budget(cms, tmp_path):
    newsroom = Newsroom(cms, tmp_path / "rosters")
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    async with cms.as_system() as work:
        await add_user(
            work, "rui", email="rui@x.example", display_name="Rui", roles=[], password=PASSWORD
        )
    asked, too_dear = set(), []
    async for method, template, address, body in requests(cms, newsroom):
        with counted(cms.host) as statements:
            answer = await cms.http.request(method, address, json=body, headers=admin.bearer)
        assert answer.status_code < 300, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)
