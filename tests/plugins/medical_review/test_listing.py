"""Lists of medical texts, filtered by what they say of themselves and how far they have come."""

from typing import Any

from plugins.medical_review.articles.listing import index_missing
from tests.plugins.medical_review.conftest import ARTICLES, Newsroom
from tests.support.clinic import Person
from tests.support.queries import counted


async def titles(newsroom: Newsroom, query: str, by: Person | None = None) -> set[str]:
    address = f"{ARTICLES}?{query}"
    answer = await (by.get(address) if by else newsroom.cms.http.get(address))
    assert answer.status_code == 200, answer.text
    listed = answer.json()
    assert answer.headers["X-WP-Total"] == str(len(listed))
    return {one["title"]["rendered"] for one in listed}


async def three(newsroom: Newsroom) -> tuple[Person, Person]:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    values: tuple[dict[str, Any], ...] = (
        {"title": "a", "specialties": ["neurologia"], "evidence_grade": "high"},
        {"title": "b", "specialties": ["neurologia", "pediatria"], "evidence_level": "II"},
        {"title": "c", "target_audience": "professionals"},
    )
    for one in values:
        await newsroom.published(ana, bruno, **one)
    return ana, bruno


async def test_readers_find_texts_by_what_these_say(newsroom: Newsroom) -> None:
    ana, _ = await three(newsroom)
    for query, found in (
        ("evidence_level=I", "ac"),
        ("evidence_level=I,II", "abc"),
        ("evidence_level=I&target_audience=patients", "a"),
        ("specialty=neurologia", "ab"),
        ("specialty=neurologia&evidence_level=II", "b"),
        ("specialty[]=pediatria&specialty[]=neurologia", "ab"),
        ("evidence_grade=high", "a"),
        ("contains_patient_data=true", ""),
        ("contains_patient_data=false", "abc"),
        (f"responsible_professional={ana.id}", "abc"),
        ("responsible_professional=999", ""),
        ("medical_approval_status=approved", "abc"),
        ("medical_approval_status=pending", ""),
        ("fields[evidence_level]=II&specialty=neurologia", "b"),
    ):
        assert await titles(newsroom, query) == set(found), query
        assert await titles(newsroom, query, ana) == set(found), query
    refused = await newsroom.cms.http.get(f"{ARTICLES}?evidence_level=IX")
    assert refused.status_code == 400


async def test_the_status_of_an_approval_is_that_of_now(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, title="a")

    async def standing() -> set[str]:
        statuses = ("pending", "in_review", "sent_back", "approved", "stale")
        query = "status=any&context=edit&medical_approval_status="
        return {one for one in statuses if await titles(newsroom, f"{query}{one}", ana)}

    assert await standing() == {"pending"}
    review = await newsroom.submit(post, ana)
    assert await standing() == {"in_review"}
    await newsroom.decide(review, bruno, "send_back", comment="Falta a dose.")
    assert await standing() == {"sent_back"}
    await newsroom.edit(post, ana, excerpt="Dose.")
    await newsroom.approve(post, ana, bruno)
    assert await standing() == {"approved"}
    await newsroom.edit(post, ana, status="publish")
    await newsroom.edit(post, ana, title="b")
    assert await standing() == {"stale"}
    # Readers go on having the text that was approved.
    assert await titles(newsroom, "medical_approval_status=approved") == {"a"}


async def test_a_password_hides_what_a_text_says(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await newsroom.published(ana, bruno, password="segredo")
    assert await titles(newsroom, "evidence_level=I") == set()


async def test_a_filtered_list_costs_what_a_plain_one_does(newsroom: Newsroom) -> None:
    await three(newsroom)
    cost = {}
    for query in ("per_page=5", "per_page=5&evidence_level=I&specialty=neurologia"):
        with counted(newsroom.cms.host) as statements:
            await newsroom.cms.http.get(f"{ARTICLES}?{query}")
        cost[query] = len(statements.sent)
    plain, filtered = cost.values()
    assert filtered <= plain + 1


async def test_texts_of_before_are_found_once_the_job_has_come_by(newsroom: Newsroom) -> None:
    await three(newsroom)
    async with newsroom.cms.as_system() as work:
        await work.execute("delete from cms.field_index")
    assert await titles(newsroom, "specialty=neurologia") == set()
    async with newsroom.cms.as_system() as work:
        await index_missing(work)
    assert await titles(newsroom, "specialty=neurologia") == {"a", "b"}
    assert await titles(newsroom, "medical_approval_status=approved") == {"a", "b", "c"}
