"""What waits where, what waits for me, and what I may do next, with each reason why not."""

from sqlalchemy import text

from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS
from tests.plugins.medical_review.quorums import LEGAL, bound, stage, workflow


async def two_stages(newsroom):
    legal = {**stage("legal"), "seats": [{"name": "legal", "capability": LEGAL}]}
    legal["label"] = {"en": "Legal review", "pt": "Revisão jurídica"}
    await bound(newsroom, workflow(stage("technical"), legal))


async def test_the_board_shows_each_stage_with_its_number_and_pages_by_keyset(newsroom):
    """Elsewhere lists got slow with their length, because they counted and skipped rows."""
    await two_stages(newsroom)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    reviews = [
        await newsroom.submit(await newsroom.article(ana, title=f"Dor {number}"), ana)
        for number in range(4)
    ]
    await newsroom.decide(reviews[0], bruno)
    found = (await bruno.get(f"{REVIEWS}/board?limit=2")).json()["columns"]
    shown = {one["name"]: (one["waiting"], len(one["cards"])) for one in found}
    assert shown == {"technical": (3, 2), "legal": (1, 1)}
    labels = {one["name"]: one["label"] for one in found}
    assert labels["legal"] == {"en": "Legal review", "pt": "Revisão jurídica"}
    technical = next(one for one in found if one["name"] == "technical")
    rest = await bruno.get(f"{REVIEWS}/board/technical?limit=2&after={technical['next']}")
    assert [one["title"] for one in rest.json()["cards"]] == ["Dor 3"]
    assert rest.json()["next"] is None
    wrong = await bruno.get(f"{REVIEWS}/board/technical?after=xyz")
    assert (wrong.status_code, list(wrong.json()["faults"])) == (400, ["after"])
    assert (await ana.get(f"{REVIEWS}/board")).status_code == 403


async def test_every_text_is_in_one_column_from_draft_to_archived(newsroom):
    await two_stages(newsroom)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    lia = await newsroom.cms.person("lia.juridica", ["legal_reviewer"])
    posts = [await newsroom.article(ana, title=f"Dor {number}") for number in range(6)]
    _, waiting, back, *judged = posts
    await newsroom.submit(waiting, ana)
    await newsroom.decide(await newsroom.submit(back, ana), bruno, "send_back", comment="Dose?")
    for post in judged:
        review = await newsroom.submit(post, ana)
        for one in (bruno, lia):
            assert (await newsroom.decide(review, one)).status_code == 200
    _, published, binned = judged
    await newsroom.edit(published, ana, status="publish")
    await ana.delete(f"{ARTICLES}/{binned['id']}")
    found = (await bruno.get(f"{REVIEWS}/lifecycle")).json()
    assert [(one["name"], one["texts"], one["is_stage"]) for one in found] == [
        ("draft", 1, False),
        ("technical", 1, True),
        ("revision", 1, False),
        ("approved", 1, False),
        ("published", 1, False),
        ("archived", 1, False),
    ]
    for number, name in ((0, "draft"), (2, "revision"), (3, "approved"), (4, "published")):
        page = (await bruno.get(f"{REVIEWS}/lifecycle/{name}?limit=1")).json()
        assert [one["post_id"] for one in page["texts"]] == [posts[number]["id"]]
        rest = await bruno.get(f"{REVIEWS}/lifecycle/{name}?after={page['next']}")
        assert rest.json() == {"texts": [], "next": None}
    assert (await bruno.get(f"{REVIEWS}/lifecycle/limbo")).status_code == 404
    assert (await ana.get(f"{REVIEWS}/lifecycle")).status_code == 403


async def test_moving_a_stage_changes_nothing_of_the_text(newsroom):
    """Elsewhere a new stage marked the text as modified, and did not stick."""
    await two_stages(newsroom)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    before = await newsroom.read(post, ana)
    await newsroom.decide(review, bruno)
    after = await newsroom.read(post, ana)
    assert after["modified_gmt"] == before["modified_gmt"]
    assert after["version_number"] == before["version_number"]
    assert (await newsroom.review_of(post, ana))["stage"] == "legal"


async def test_my_queue_has_what_my_roles_decide_and_nobody_else_has(newsroom, cms):
    await two_stages(newsroom)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    lia = await cms.person("lia.juridica", ["legal_reviewer"])
    first, second = [
        await newsroom.submit(await newsroom.article(ana, title=title), ana) for title in "AB"
    ]
    own = await newsroom.article(ana, title="C")
    await newsroom.edit(own, bruno, excerpt="De Bruno")
    third = await newsroom.submit(own, ana)
    await newsroom.decide(first, carla)
    await carla.post(f"{REVIEWS}/{second['id']}/claim")

    async def mine(person):
        page = (await person.get(f"{REVIEWS}/mine")).json()
        return [one["review_id"] for one in page["reviews"]]

    assert await mine(bruno) == []
    assert await mine(carla) == [second["id"], third["id"]]
    assert await mine(lia) == [first["id"]]
    assert await mine(ana) == []


async def steps(person, post):
    found = await person.get(f"{REVIEWS}/actions/{post['id']}")
    assert found.status_code == 200, found.text
    return {
        one["action"]: [objection["code"] for objection in one["objections"]]
        for one in found.json()["actions"]
    }


async def test_everybody_learns_what_she_may_do_next_and_why_not_the_rest(newsroom):
    """Elsewhere a foreign screen had to guess, and met a bare 403 when it saved."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    before = await steps(ana, post)
    assert (before["submit"], before["publish"]) == ([], ["review.missing"])
    assert before["approve"] == before["withdraw"] == ["review.none_open"]
    review = await newsroom.submit(post, ana)
    author = await steps(ana, post)
    assert author["withdraw"] == []
    assert author["submit"] == ["review.open_already"]
    assert author["approve"] == author["claim"] == ["role.may_not"]
    reviewer = await steps(bruno, post)
    assert reviewer["approve"] == reviewer["claim"] == reviewer["send_back"] == []
    assert reviewer["release"] == ["review.not_claimed"]
    assert reviewer["reassign"] == ["role.may_not"]
    shown = (await bruno.get(f"{REVIEWS}/actions/{post['id']}")).json()
    assert all(o["remedy"] for one in shown["actions"] for o in one["objections"])
    assert (shown["review"]["stage"], shown["review"]["priority"]) == ("medical", "normal")
    assert (await newsroom.decide(review, bruno)).status_code == 200
    assert (await steps(ana, post))["publish"] == []


async def test_every_reason_is_told_not_only_the_first(newsroom):
    await two_stages(newsroom)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.edit(post, bruno, excerpt="De Bruno")
    carla = await newsroom.reviewer("carla.revisora")
    review = await newsroom.submit(post, ana)
    await carla.post(f"{REVIEWS}/{review['id']}/claim")
    assert (await steps(bruno, post))["approve"] == ["review.self", "review.claimed"]
    await newsroom.decide(review, carla)
    assert (await steps(bruno, post))["approve"] == ["review.self", "review.other_stage"]
    assert (await steps(carla, post))["claim"] == ["review.counted"]


async def test_a_licence_that_does_not_let_her_sign_is_told_before_she_tries(newsroom):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.medico", ("content_reviewer",))
    post = await newsroom.article(ana)
    await newsroom.submit(post, ana)
    await newsroom.revoke(1)
    told = await steps(rui, post)
    assert (told["approve"], told["send_back"]) == (["registry.revoked"], [])


async def test_the_first_page_is_read_by_the_index(newsroom, cms):
    async with cms.as_system() as work:
        await work.execute("set local enable_seqscan = off")
        plan = await work.all(
            text(
                "explain select * from medical_review.rounds o where o.tenant_id = 1 "
                "and o.closed_at is null and o.stage = 'medical' "
                "order by o.due_at, o.review_id limit 20"
            )
        )
    said = " ".join(row[0] for row in plan)
    assert "rounds_board" in said
    assert "Sort" not in said
