"""Publishing one language publishes all of them, in other houses: here each row is its own."""

from typing import Any

from tests.plugins.medical_review.conftest import ARTICLES, Newsroom, codes


async def translation(newsroom: Newsroom, of: dict[str, Any], post: dict[str, Any]) -> None:
    """Bind the post to the group of another one, as its English text."""
    async with newsroom.cms.as_system() as work:
        await work.execute(
            "update cms.posts set translation_group = :group, language = 'en' where id = :id",
            {"group": of["id"], "id": post["id"]},
        )
        work._covered |= {"cms.posts"}


async def test_approval_status_and_schedule_are_of_one_language(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    pt = await newsroom.article(ana, slug="dor")
    en = await newsroom.article(ana, title="Headache", slug="headache")
    await translation(newsroom, pt, en)
    await newsroom.approve(pt, ana, bruno)
    assert (await newsroom.read(en, ana))["medical_approval_status"] == "pending"
    await newsroom.edit(pt, ana, status="publish")
    assert (await newsroom.read(en, ana))["status"] == "draft"
    assert (await newsroom.cms.http.get(f"{ARTICLES}/{en['id']}")).status_code == 401
    assert codes(await newsroom.change(en, ana, status="publish")) == ["review.missing"]
    await newsroom.approve(en, ana, bruno)
    later = {"status": "future", "date": "2040-01-01T08:00:00"}
    assert (await newsroom.edit(en, ana, **later))["status"] == "future"
    shown = await newsroom.read(pt, ana)
    assert (shown["status"], shown["cms_revision"]["state"]) == ("publish", "live")
    await newsroom.edit(en, ana, status="draft")
    await newsroom.edit(pt, ana, status="draft")
    assert (await newsroom.read(en, ana))["medical_approval_status"] == "approved"


async def test_a_word_in_one_language_makes_only_that_one_stale(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    pt = await newsroom.article(ana, slug="dor")
    en = await newsroom.article(ana, slug="pain")
    await translation(newsroom, pt, en)
    for post in (pt, en):
        await newsroom.approve(post, ana, bruno)
    await newsroom.edit(pt, ana, title="Outra dor")
    assert (await newsroom.read(pt, ana))["medical_approval_status"] == "stale"
    assert (await newsroom.read(en, ana))["medical_approval_status"] == "approved"
