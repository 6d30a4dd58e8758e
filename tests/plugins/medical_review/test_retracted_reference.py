"""Pain of peers: a text goes on resting on a publication that its journal took back, and nobody is
told. Here its review is reopened, unless the text itself says what became of it."""

from tests.plugins.medical_review.aftercare import run_jobs
from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.plugins.medical_review.test_citations import CITING, FIRST, SECOND, library
from tests.plugins.medical_review.test_library import REFERENCES

BOTH = [{"doi": FIRST}, {"doi": SECOND}]


async def noted(newsroom: Newsroom, by, title: str, notice: str | None):
    entry = (await by.get(f"{REFERENCES}?q={title}")).json()["references"][0]
    path = f"{REFERENCES}/{entry['id']}/notice"
    answer = await newsroom.cms.http.put(path, json={"notice": notice}, headers=by.bearer)
    assert answer.status_code == 200, answer.text
    await run_jobs(newsroom.cms)
    return entry


async def reopened(by) -> list[tuple[int, str]]:
    texts = (await by.get(f"{REVIEWS}/reopened")).json()["texts"]
    return [(one["post_id"], one["reason"]) for one in texts]


async def test_a_retraction_reopens_the_live_texts_that_rest_on_it(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    resting = await newsroom.published(ana, bruno, content=CITING, scientific_references=BOTH)
    saying = [BOTH[0], {**BOTH[1], "is_retracted": True}]
    about = {"title": "Sobre a retratação", "scientific_references": saying}
    await newsroom.published(ana, bruno, **about)
    await newsroom.published(ana, bruno, title="Sem ela", scientific_references=[BOTH[0]])
    await newsroom.article(ana, title="Rascunho", scientific_references=[BOTH[1]])
    await noted(newsroom, bruno, "Segundo", "retracted")
    assert await reopened(bruno) == [(resting["id"], "reference")]
    assert (await newsroom.read(resting))["status"] == "publish", "readers keep the text"
    await noted(newsroom, bruno, "Segundo", "retracted")
    assert len(await reopened(bruno)) == 1


async def test_a_concern_or_a_correction_reopens_nothing(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    post = await newsroom.published(ana, bruno, content=CITING, scientific_references=BOTH)
    for notice, code in (("corrected", "reference.corrected"), ("concern", "reference.concern")):
        await noted(newsroom, bruno, "Segundo", notice)
        assert await reopened(bruno) == []
        body = (await ana.get(f"{REFERENCES}/of-post/{post['id']}")).json()
        assert [one["code"] for one in body["findings"]] == [code]
