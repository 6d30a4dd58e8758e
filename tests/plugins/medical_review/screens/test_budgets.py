"""How many statements each screen of reviews may cost, whatever the site holds."""

from tests.support.queries import counted

REVIEWS = "/admin/reviews"
BUDGETS = {
    REVIEWS: 7,
    f"{REVIEWS}?view=all": 7,
    f"{REVIEWS}/board": 7,
    f"{REVIEWS}/board/medical": 6,
    f"{REVIEWS}/places/draft": 5,
    f"{REVIEWS}/due": 6,
    f"{REVIEWS}/reopened": 4,
    f"{REVIEWS}/library": 4,
    f"{REVIEWS}/workflows": 5,
    f"{REVIEWS}/workflows/medical": 4,
    f"{REVIEWS}/absences": 6,
    f"{REVIEWS}/keys": 7,
    f"{REVIEWS}/{{review}}": 20,
    f"{REVIEWS}/{{review}}?part=changes": 18,
    f"{REVIEWS}/{{review}}?part=checks": 19,
    f"{REVIEWS}/{{review}}?part=references": 19,
    f"{REVIEWS}/{{review}}?part=people": 22,
    f"{REVIEWS}/{{review}}?part=history": 19,
    f"{REVIEWS}/of-post/{{post}}": 12,
}


async def test_no_screen_costs_more_than_its_budget(visitor, cms, newsroom, ana, live, review):
    roles = ["administrator", "content_reviewer", "legal_reviewer", "compliance_officer"]
    marina = await visitor("dona.marina", roles)
    for template, budget in BUDGETS.items():
        path = template.format(review=review["id"], post=live["id"])
        await marina.get(path)
        with counted(cms.host) as statements:
            assert (await marina.get(path)).status == 200
        assert len(statements) <= budget, f"{path}: {len(statements)}\n{statements}"
