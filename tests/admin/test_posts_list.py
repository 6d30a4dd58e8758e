"""Lists of posts: what stands in them, how they are narrowed, and one step for many."""

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic


async def test_an_author_finds_her_own_posts_and_nobody_elses(
    cms: Clinic, visitor: Visiting
) -> None:
    ana, bea = await cms.person("ana"), await cms.person("bea")
    await cms.draft(ana, title="Dor de cabeça")
    await cms.draft(bea, title="Febre")
    seen = await (await visitor("ana")).get("/admin/posts?type=post")
    assert seen.status == 200, seen.words
    assert seen.title == "Posts"
    assert "Dor de cabeça" in seen.words
    assert "Febre" not in seen.words


async def test_an_editor_narrows_a_list_by_words_author_term_and_date(
    cms: Clinic, visitor: Visiting
) -> None:
    ana, eva = await cms.person("ana"), await cms.person("eva", ["editor"])
    term = (await eva.post("/wp-json/wp/v2/categories", {"name": "Cefaleia"})).json()["id"]
    await cms.draft(ana, title="Dor de cabeça", categories=[term])
    await cms.draft(ana, title="Febre", date="2024-03-02T08:00:00")
    await cms.draft(eva, title="Tosse")
    page = await visitor("eva", ["editor"])

    async def titles(query: str) -> list[str]:
        seen = await page.get(f"/admin/posts?type=post&{query}")
        assert seen.status == 200, seen.words
        return [one.text(strip=True) for one in seen.tree.css("th.posts-title a")]

    assert sorted(await titles("")) == ["Dor de cabeça", "Febre", "Tosse"]
    assert await titles("q=cabeca") == ["Dor de cabeça"]
    assert await titles("q=nada+disso") == []
    assert await titles(f"author={eva.id}") == ["Tosse"]
    assert await titles(f"in.category={term}") == ["Dor de cabeça"]
    assert await titles("since=2024-03-01&until=2024-03-02") == ["Febre"]
    assert await titles("status=publish") == []


async def test_a_list_goes_on_after_its_last_row(cms: Clinic, visitor: Visiting) -> None:
    ana = await cms.person("ana")
    for number in range(53):
        await cms.draft(ana, title=f"Nota {number:02}", date="2024-03-02T08:00:00")
    page = await visitor("ana")
    first = await page.get("/admin/posts?type=post")
    [further] = [link for link in first.links if "after=" in link]
    rest = await page.get(further)
    shown = [one.text(strip=True) for one in (*first.tree.css("th.posts-title a"),)]
    shown += [one.text(strip=True) for one in rest.tree.css("th.posts-title a")]
    assert sorted(shown) == [f"Nota {number:02}" for number in range(53)]
    assert (await page.get("/admin/posts?type=post&after=yesterday")).status == 400


async def test_a_kept_view_comes_back_and_goes_again(cms: Clinic, visitor: Visiting) -> None:
    page = await visitor("ana")
    query = "type=post&status=draft&q=dor"
    kept = await page.send("/admin/posts/views", {"query": query, "name": "Minhas dores"})
    seen = await page.follow(kept)
    assert "Minhas dores" in seen.words
    assert f"/admin/posts?{query}" in (await page.get("/admin/posts?type=post")).links
    assert "Minhas dores" not in (await page.get("/admin/posts?type=page")).words
    await page.send("/admin/posts/views/remove", {"query": query, "name": "Minhas dores"})
    assert "Minhas dores" not in (await page.get("/admin/posts?type=post")).words


async def test_a_step_for_many_says_of_each_why_it_was_refused(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    base = "medical-articles"
    ready = await cms.draft(eva, title="Enxaqueca", base=base)
    gone = await cms.draft(eva, title="Apagado", base=base)
    await eva.delete(f"/wp-json/wp/v2/{base}/{gone['id']}?force=true")
    sent = {"query": "type=medical_article", "step": "submit", "post": [ready["id"], gone["id"]]}
    seen = await page.send("/admin/posts/bulk", sent)
    assert seen.status == 409
    assert "Enxaqueca" in seen.words
    assert "not there any more" in seen.words
    assert "0 posts were changed" in seen.words


async def test_posts_go_to_the_bin_and_come_back(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    ids = [(await cms.draft(ana, title=f"Nota {n}"))["id"] for n in range(2)]
    sent = {"query": "type=post", "step": "trash", "post": ids}
    told = await page.follow(await page.send("/admin/posts/bulk", sent))
    assert "2 posts were changed" in told.words
    in_bin = await page.get("/admin/posts?type=post&status=trash")
    assert "Nota 0" in in_bin.words
    sent = {"query": "type=post&status=trash", "step": "restore", "post": ids[:1]}
    await page.send("/admin/posts/bulk", sent)
    assert "Nota 0" in (await page.get("/admin/posts?type=post&status=draft")).words


async def test_ticked_posts_are_filed_under_a_term(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    term = (await eva.post("/wp-json/wp/v2/tags", {"name": "SUS"})).json()["id"]
    post = await cms.draft(eva)
    sent = {"query": "type=post", "step": "add", "term": term, "post": [post["id"]]}
    await page.send("/admin/posts/bulk", sent)
    assert "Dor de cabeça" in (await page.get(f"/admin/posts?type=post&in.post_tag={term}")).words
    await page.send("/admin/posts/bulk", {**sent, "step": "remove"})
    assert "Dor de cab" not in (await page.get(f"/admin/posts?type=post&in.post_tag={term}")).words


async def test_who_edits_nothing_has_no_lists(cms: Clinic, visitor: Visiting) -> None:
    seen = await (await visitor("leo", ["subscriber"])).get("/admin/posts?type=post")
    assert seen.status == 403
    assert (await (await visitor()).get("/admin/posts")).location.startswith("/admin/sign-in")


async def test_medical_columns_are_shown_and_filtered_by(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"], "pt")
    await cms.draft(eva, title="Enxaqueca", base="medical-articles", evidence_level="I")
    await cms.draft(eva, title="Sinusite", base="medical-articles", evidence_level="II")
    seen = await page.get("/admin/posts?type=medical_article&by.evidence_level=I")
    assert "Enxaqueca" in seen.words
    assert "Sinusite" not in [one.text(strip=True) for one in seen.tree.css("th.posts-title a")]
    assert "Nível de evidência" in seen.words


async def test_the_first_page_shows_what_an_author_writes(cms: Clinic, visitor: Visiting) -> None:
    ana, bea = await cms.person("ana"), await cms.person("bea")
    await cms.draft(ana, title="Dor de cabeça")
    await cms.draft(bea, title="Febre")
    await cms.draft(ana, title="Já publicado", status="publish")
    await cms.draft(ana, title="Amanhã", status="future", date="2099-01-01T08:00:00")
    seen = await (await visitor("ana")).get("/admin")
    mine = " ".join(one.text() for one in seen.tree.css(".posts-mine"))
    assert "Dor de cabeça" in mine
    assert "Amanhã" in mine
    assert "Febre" not in mine
    assert "Já publicado" not in mine


async def test_the_palette_finds_texts_that_one_may_edit(cms: Clinic, visitor: Visiting) -> None:
    ana, bea = await cms.person("ana"), await cms.person("bea")
    made = await cms.draft(ana, title="Dor de cabeça")
    await cms.draft(bea, title="Dor de dente")
    found = (await (await visitor("ana")).get("/admin/palette?q=dor")).response.json()
    assert found == [
        {"label": "Dor de cabeça", "path": f"/admin/posts/{made['id']}", "section": "Post"}
    ]
    assert (await (await visitor("leo", ["subscriber"])).get("/admin/palette?q=dor")).status == 200
