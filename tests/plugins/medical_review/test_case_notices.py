"""What readers are told while a registration is looked into, and what a case remembers of its
texts."""

import pytest

from tests.plugins.medical_review.conftest import ARTICLES
from tests.plugins.medical_review.test_cases import MEDICAL, act, whole


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


async def test_an_officer_tells_readers_in_neutral_words(newsroom, olga):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    live = await newsroom.published(ana, bruno)
    draft = await newsroom.article(ana, title="Rascunho")
    await newsroom.submit(draft, ana)
    await newsroom.revoke()
    found = await whole(olga)
    assert (await act(olga, found, "add_notice", post_id=live["id"])).status_code == 201
    seen = await newsroom.read(live)
    assert seen["review_notice"]["kinds"] == ["registration"]
    assert "em verificação" in seen["review_notice"]["text"]
    for accusing in ("revogad", "suspens", "cassad", "Inventada"):
        assert accusing not in seen["review_notice"]["text"]
    again = await act(olga, found, "add_notice", post_id=live["id"])
    assert again.status_code == 409
    nobody = await act(olga, found, "add_notice", post_id=draft["id"])
    assert (nobody.status_code, len((await whole(olga))["actions"])) == (409, 1)
    listed = (await newsroom.cms.http.get(f"{ARTICLES}?include={live['id']}")).json()
    assert listed[0]["review_notice"]["kinds"] == ["registration"]


async def test_it_stays_while_she_may_not_sign_and_goes_with_the_case_else(newsroom, olga):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    await newsroom.revoke()
    found = await whole(olga)
    await act(olga, found, "add_notice", post_id=post["id"])
    close = f"{MEDICAL}/cases/{found['case']['id']}/close"
    assert (await olga.post(close)).status_code == 200
    assert (await newsroom.read(post))["review_notice"] is not None

    caio = await newsroom.physician("caio.medico")
    other = await newsroom.published(caio, bruno, title="De Caio")
    await newsroom.revoke(1)
    listed = (await olga.get(f"{MEDICAL}/cases?only=open")).json()["cases"]
    found = (await olga.get(f"{MEDICAL}/cases/{listed[0]['id']}")).json()
    await act(olga, found, "add_notice", post_id=other["id"])
    newsroom.roster[1] = newsroom.roster[1].__class__("Caio Medico Inventada", "SP", 9_900_101)
    await newsroom.import_roster()
    assert (await olga.post(f"{MEDICAL}/cases/{found['case']['id']}/close")).status_code == 200
    assert (await newsroom.read(other))["review_notice"] is None


async def test_a_case_remembers_what_carried_her_when_it_was_opened(newsroom, olga):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    caio = await newsroom.physician("caio.medico")
    post = await newsroom.published(ana, bruno)
    await newsroom.revoke()
    found = await whole(olga)
    await act(olga, found, "unpublish", post_id=post["id"])
    await act(olga, found, "reassign", post_id=post["id"], to_user_id=caio.id)
    now = await whole(olga)
    assert now["texts"] == []
    [then] = now["texts_at_opening"]
    assert (then["post_id"], then["role"], then["status"]) == (
        post["id"],
        "responsible",
        "publish",
    )
    assert then["title"] == "Dor de cabeça"
