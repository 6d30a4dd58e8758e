"""Every screen of reviews opens, in both languages, for whoever may see it, empty or not."""

import pytest

from tests.plugins.medical_review.quorums import stage, workflow

REVIEWS = "/admin/reviews"
LISTS = (
    REVIEWS,
    *(f"{REVIEWS}?view={view}" for view in ("mine", "hand", "free", "due", "escalated", "all")),
    f"{REVIEWS}/board",
    f"{REVIEWS}/board/medical",
    *(
        f"{REVIEWS}/places/{place}"
        for place in ("draft", "revision", "approved", "published", "archived")
    ),
    f"{REVIEWS}/due",
    f"{REVIEWS}/due?within_days=3660&specialty=1",
    f"{REVIEWS}/due?within_days=3660&specialty=",
    f"{REVIEWS}/reopened",
    f"{REVIEWS}/many/readers",
    f"{REVIEWS}/many/again?specialty=1",
    f"{REVIEWS}/library",
    f"{REVIEWS}/library?q=dor&notice=retracted",
    f"{REVIEWS}/workflows",
    f"{REVIEWS}/workflows/medical",
    f"{REVIEWS}/workflows/technical_and_legal",
    f"{REVIEWS}/absences",
    f"{REVIEWS}/keys",
)


@pytest.fixture
async def oversees(visitor):
    """Somebody with every role of the site."""

    async def come(language: str):
        roles = ["administrator", "content_reviewer", "legal_reviewer", "compliance_officer"]
        return await visitor("dona.marina", roles, language=language)

    return come


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_every_list_opens_where_there_is_nothing(oversees, language):
    marina = await oversees(language)
    for path in LISTS:
        seen = await marina.get(path)
        assert seen.status == 200, (path, seen.words[:500])
        assert seen.title


async def test_every_screen_opens_of_a_review_and_of_a_published_article(oversees, newsroom):
    marina = await oversees("pt")
    ana = await newsroom.physician()
    reviewer = await newsroom.reviewer()
    waiting = await newsroom.submit(await newsroom.article(ana), ana)
    live = await newsroom.published(ana, reviewer)
    ended = await newsroom.review_of(live, ana)
    for path in (
        *LISTS,
        *(
            f"{REVIEWS}/{one['id']}?part={part}"
            for one in (waiting, ended)
            for part in ("text", "changes", "checks", "references", "people", "history")
        ),
        f"{REVIEWS}/{waiting['id']}/invite",
        f"{REVIEWS}/of-post/{live['id']}",
        f"{REVIEWS}/of-post/{waiting['post_id']}",
        f"{REVIEWS}/certificates/{live['id']}.json",
        f"{REVIEWS}/certificates/{live['id']}.pdf",
        "/admin",
    ):
        seen = await marina.get(path)
        assert seen.status == 200, (path, seen.words[:500])


async def test_a_workflow_is_drawn_as_its_stages(oversees, newsroom):
    marina = await oversees("en")
    admin = await newsroom.cms.person("dona.marina")
    made = workflow(stage("first", 2), stage("last", due_hours={"high": 4}))
    kept = await admin.post("/api/v1/reviews/workflows", {"slug": "ours", "definition": made})
    assert kept.status_code == 201, kept.text
    seen = await marina.get(f"{REVIEWS}/workflows/ours")
    assert [one.text(strip=True) for one in seen.tree.css("main h2")] == ["first", "last"]
    assert "2 different people have to agree." in seen.words
    assert "high risk: within 4 hours" in seen.words
    bound = await marina.send(
        f"{REVIEWS}/workflows/bindings", {"workflow": "ours", "post_type": "medical_article"}
    )
    assert "ours 1" in (await marina.follow(bound)).words


async def test_a_stranger_is_sent_to_sign_in(visitor):
    nobody = await visitor()
    for path in (REVIEWS, f"{REVIEWS}/1", f"{REVIEWS}/workflows"):
        seen = await nobody.get(path)
        assert (seen.status, seen.location.split("?")[0]) == (303, "/admin/sign-in")


async def test_an_unknown_view_part_or_place_is_told_so(oversees):
    marina = await oversees("en")
    assert (await marina.get(f"{REVIEWS}?view=nonsense")).status == 400
    assert (await marina.get(f"{REVIEWS}/places/nowhere")).status == 404
    assert (await marina.get(f"{REVIEWS}/999")).status == 404
