"""How many statements a page may cost, whatever it shows."""

import pytest

from tests.pages.conftest import Site
from tests.support.queries import counted

# By a reader without an account, of a site that is drawn here; a headless one costs less.
BUDGETS = {
    ("GET", "/"): 16,
    ("GET", "/preview"): 22,
    ("GET", "/theme/{name:str}/{digest:str}/{file:str}"): 0,
    ("POST", "/wp-comments-post.php"): 40,
    ("POST", "/post-password"): 20,
    ("GET", "/review-invitation"): 2,
    ("GET", "/review-invitation.js"): 0,
}


async def test_no_page_costs_more_than_its_budget(site: Site) -> None:
    post = await site.post(password="abre")
    open_post = await site.post(comment_status="open")
    said = {"comment": "Claro.", "author": "Rui", "email": "rui@exemplo.example"}
    link = (await site.editor.post("/api/v1/previews", {"post_id": post["id"]})).json()["page"]
    sheet = (await site.see("/")).values("link[rel=stylesheet]", "href")[0]
    asked = {
        ("GET", "/"): ("/", {}),
        ("GET", "/preview"): (link, {}),
        ("GET", "/theme/{name:str}/{digest:str}/{file:str}"): (sheet, {}),
        ("POST", "/wp-comments-post.php"): (
            "/wp-comments-post.php",
            {**said, "comment_post_ID": open_post["id"]},
        ),
        ("POST", "/post-password"): (
            "/post-password",
            {"post_id": post["id"], "post_password": "abre"},
        ),
        ("GET", "/review-invitation"): ("/review-invitation", {}),
        ("GET", "/review-invitation.js"): ("/review-invitation.js", {}),
    }
    assert set(asked) == set(BUDGETS)
    costs = {}
    for (method, template), (address, fields) in asked.items():
        with counted(site.cms.host) as sent:
            answer = await site.cms.http.request(method, address, data=fields or None)
        assert answer.status_code in {200, 303}, (address, answer.text)
        costs[method, template] = len(sent)
    assert {one: cost for one, cost in costs.items() if cost > BUDGETS[one]} == {}, costs


@pytest.mark.parametrize(
    ("kind", "budget"), [("front", 16), ("single", 16), ("term", 17), ("search", 16), ("404", 10)]
)
async def test_statements_of_a_page_do_not_grow_with_what_it_shows(
    site: Site, kind: str, budget: int
) -> None:
    term = await site.editor.post("/wp-json/wp/v2/categories", {"name": "Dor"})
    paths = {"front": "/", "term": term.json()["link"], "search": "/?s=gripe", "404": "/nada/"}

    async def statements() -> int:
        made = await site.post(title="Gripe", categories=[term.json()["id"]], comment_status="open")
        address = paths.get(kind, made["link"])
        with counted(site.cms.host) as sent:
            assert (await site.see(address)).status in {200, 404}
        assert len(sent) <= budget, sent
        return len(sent)

    await statements()
    few = await statements()
    for _ in range(4):
        await site.post(title="Gripe", categories=[term.json()["id"]])
    assert await statements() == few
