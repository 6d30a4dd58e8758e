"""The addresses of texts after their publication, with what each may cost."""

from cms.content import transitions
from cms.content.saving import IMPORTED, Changes, create
from cms.content.statuses import Status
from cms.kernel.actors import IMPORTER
from plugins.medical_review.articles.kinds import MEDICAL_ARTICLE
from tests.plugins.medical_review.aftercare import day
from tests.plugins.medical_review.conftest import REVIEWS

OF_POST, INHERITED = f"{REVIEWS}/of-post/{{post_id:int}}", f"{REVIEWS}/inherited"
RULES, PLANS = f"{REVIEWS}/aftercare/rules", f"{INHERITED}/plans"

BUDGETS = {
    ("GET", f"{REVIEWS}/due"): 3,
    ("GET", f"{REVIEWS}/reopened"): 3,
    ("POST", f"{REVIEWS}/reopened/{{reopening_id:int}}/dismiss"): 7,
    ("POST", f"{OF_POST}/again"): 26,
    ("GET", f"{OF_POST}/due"): 4,
    ("PUT", f"{OF_POST}/due"): 7,
    ("GET", RULES): 3,
    ("PUT", RULES): 6,
    ("GET", f"{INHERITED}/board"): 3,
    ("GET", PLANS): 3,
    ("POST", PLANS): 7,
    ("POST", f"{PLANS}/{{plan_id:int}}/end"): 6,
    ("POST", f"{INHERITED}/assign"): 6,
    ("POST", f"{INHERITED}/scan"): 4,
    ("GET", f"{OF_POST}/amendments"): 4,
    ("POST", f"{OF_POST}/corrections"): 12,
    ("POST", f"{OF_POST}/retraction"): 18,
    ("POST", f"{OF_POST}/reinstatement"): 22,
}


async def about_aftercare(cms, newsroom, admin, author):
    """Those of one live text, of one that is retracted, and of one that was inherited."""
    bruno = await newsroom.reviewer()
    live, gone = [
        (await newsroom.published(author, bruno, title=title))["id"] for title in ("Asma", "Gota")
    ]
    hashes = {}
    for post_id in (live, gone):
        shown = await newsroom.read({"id": post_id})
        hashes[post_id] = shown["approval"]["content_hash"]
    of_live, of_gone = f"{REVIEWS}/of-post/{live}", f"{REVIEWS}/of-post/{gone}"
    retraction = {"content_hash": hashes[gone], "reason": "Estudo retratado."}
    await bruno.post(f"{of_gone}/retraction", retraction)
    inherited = await _inherit(cms, author)
    rules = (await admin.get(RULES)).json()
    yield "GET", f"{REVIEWS}/due", f"{REVIEWS}/due?within_days=400", None
    yield "GET", f"{OF_POST}/due", f"{of_live}/due", None
    yield "PUT", f"{OF_POST}/due", f"{of_live}/due", {"due_on": day(60), "reason": "Diretriz."}
    yield "POST", f"{OF_POST}/again", f"{of_live}/again", None
    yield "GET", f"{REVIEWS}/reopened", f"{REVIEWS}/reopened", None
    [opened] = (await admin.get(f"{REVIEWS}/reopened")).json()["texts"]
    dismissal = f"{REVIEWS}/reopened/{{reopening_id:int}}/dismiss"
    own = f"{REVIEWS}/reopened/{opened['id']}/dismiss"
    yield "POST", dismissal, own, {"reason": "Respondido."}
    yield "GET", RULES, RULES, None
    yield "PUT", RULES, RULES, rules
    said = {"content_hash": hashes[live], "wrong": "Era 50.", "right": "É 5."}
    yield "POST", f"{OF_POST}/corrections", f"{of_live}/corrections", said
    reason = {"content_hash": hashes[live], "reason": "Errado."}
    yield "POST", f"{OF_POST}/retraction", f"{of_live}/retraction", reason
    yield "POST", f"{OF_POST}/reinstatement", f"{of_gone}/reinstatement", retraction
    yield "GET", f"{OF_POST}/amendments", f"{of_gone}/amendments", None
    yield "GET", f"{INHERITED}/board", f"{INHERITED}/board", None
    yield "POST", PLANS, PLANS, {"per_week": 5, "starts_on": day(), "reviewers": [bruno.id]}
    yield "GET", PLANS, PLANS, None
    [plan] = (await admin.get(PLANS)).json()["plans"]
    yield "POST", f"{PLANS}/{{plan_id:int}}/end", f"{PLANS}/{plan['id']}/end", None
    given = {"post_ids": [inherited], "to_user_id": bruno.id}
    yield "POST", f"{INHERITED}/assign", f"{INHERITED}/assign", given
    yield "POST", f"{INHERITED}/scan", f"{INHERITED}/scan", None


async def _inherit(cms, author):
    """A text that was public elsewhere; its id."""
    async with cms.host.shop.work(cms.tenant, IMPORTER) as work:
        versioned = {"title": "Herdado", "content": "<p>Um.</p>", "author_id": author.id}
        post = await create(work, MEDICAL_ARTICLE, Changes(versioned, kind=IMPORTED))
        await transitions.inherit(work, post, Status.PUBLISH)
    return post.id
