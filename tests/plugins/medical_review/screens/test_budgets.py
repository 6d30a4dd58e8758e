"""No screen of reviews costs more statements than it may."""

from tests.plugins.medical_review.screens.budgets import BUDGETS, ONE, PARTS
from tests.support.queries import counted


async def test_no_screen_costs_more_than_its_budget(visitor, cms, newsroom, ana, live, review):
    roles = ["administrator", "content_reviewer", "legal_reviewer", "compliance_officer"]
    marina = await visitor("dona.marina", roles)
    csl = {"type": "article-journal", "title": "Cefaleia inventada", "DOI": "10.5555/inventada.1"}
    reviewer = cms.people["bruno.revisor"]
    made = (await reviewer.post("/api/v1/reviews/references", {"csl": csl})).json()
    words = {
        "{review_id:int}": review["id"],
        "{post_id:int}": live["id"],
        "{reference_id:int}": made["reference"]["id"],
        "{stage:str}": "medical",
        "{place:str}": "draft",
        "{slug:str}": "medical",
        "{name:str}": f"{live['id']}.json",
    }
    asked = {template: budget for (_, template), budget in BUDGETS.items()}
    asked |= {f"{ONE}?part={part}": budget for part, budget in PARTS.items()}
    for template, budget in asked.items():
        path = template
        if "/many/" in path:
            path += f"?post={live['id']}&post={review['post_id']}"
        for name, value in words.items():
            path = path.replace(name, str(value))
        await marina.get(path)
        with counted(cms.host) as statements:
            assert (await marina.get(path)).status == 200, path
        assert len(statements) <= budget, f"{path}: {len(statements)}\n{statements}"
