"""Two people at the same moment: both are served, or one is told; nothing is lost or broken."""

import asyncio

V2 = "/wp-json/wp/v2"


async def test_the_same_slug_at_once_is_numbered(cms):
    ana = await cms.person("ana.autora")
    drafts = [await cms.draft(ana, title="Dengue") for _ in range(6)]
    answers = await asyncio.gather(
        *(ana.post(f"{V2}/posts/{draft['id']}", {"status": "publish"}) for draft in drafts)
    )
    assert [answer.status_code for answer in answers] == [200] * 6
    slugs = {answer.json()["slug"] for answer in answers}
    assert slugs == {"dengue", *(f"dengue-{number}" for number in range(2, 7))}


async def test_two_edits_at_once_are_two_revisions_in_a_row(cms):
    ana = await cms.person("ana.autora")
    post = await cms.draft(ana)
    path = f"{V2}/posts/{post['id']}"
    await asyncio.gather(
        ana.post(path, {"title": "Um"}),
        ana.post(path, {"content": "<p>Dois</p>"}),
        ana.post(path, {"excerpt": "Três"}),
    )
    both = (await ana.get(f"{path}?context=edit")).json()
    raws = [both[name]["raw"] for name in ("title", "content", "excerpt")]
    assert raws == ["Um", "<p>Dois</p>", "Três"]
    assert (await ana.get(f"{path}/revisions")).headers["X-WP-Total"] == "4"


async def test_two_publishes_at_once_are_one(cms):
    ana = await cms.person("ana.autora")
    post = await cms.draft(ana)
    path = f"{V2}/posts/{post['id']}"
    answers = await asyncio.gather(*(ana.post(path, {"status": "publish"}) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.json()["date_gmt"] for answer in answers}) == 1
    bins = await asyncio.gather(*(ana.delete(path) for _ in range(3)))
    assert sorted(answer.status_code for answer in bins) == [200, 410, 410]


async def test_the_same_category_at_once_exists_once(cms):
    editor = await cms.person("ed", ["editor"])
    answers = await asyncio.gather(
        *(editor.post(f"{V2}/categories", {"name": "Dengue"}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    [made] = [answer.json() for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code == 400:
            assert answer.json()["data"]["term_id"] == made["id"]


async def test_more_requests_than_connections_wait_their_turn(cms):
    ana = await cms.person("ana.autora")
    wishes = [{"title": f"Post {n}", "status": "publish"} for n in range(25)]
    answers = await asyncio.gather(*(ana.post(f"{V2}/posts", wish) for wish in wishes))
    assert [answer.status_code for answer in answers] == [201] * 25
    assert cms.host.engine.sync_engine.pool.checkedout() == 0
