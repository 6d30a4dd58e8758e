"""People are chosen by their names: nobody knows anybody's number."""

from pathlib import Path

import pytest

from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import opened, stored
from tests.plugins.medical_review.conftest import Newsroom
from tests.support.clinic import Clinic
from tests.support.visiting import Seen

FIELD = "part.responsible_professional"
NEW = "/admin/posts/new?type=medical_article"


@pytest.fixture
def newsroom(cms: Clinic, tmp_path: Path) -> Newsroom:
    return Newsroom(cms, tmp_path / "rosters")


def offered(seen: Seen, name: str) -> dict[str, str]:
    """The choices of a list, by value."""
    return {
        one.attributes.get("value") or "": one.text(strip=True)
        for one in seen.tree.css(f"select[name='{name}'] option")
    }


async def test_who_answers_for_a_text_is_chosen_by_name(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    page = await visitor("jo", ["author"])
    seen = await page.get(NEW)
    people = offered(seen, FIELD)
    assert str(jo.id) not in people
    assert "CRM" in people[str(ana.id)]
    sent = {**seen.fields("/admin/posts/new"), "title": "Dor", FIELD: str(ana.id), "step": "save"}
    made = await page.send("/admin/posts/new", sent)
    post_id = int(made.location.rpartition("/")[2])
    _, form = await opened(page, post_id)
    assert form[FIELD] == str(ana.id)
    kept = await stored(newsroom.cms, "jo", post_id, "medical-articles")
    assert kept["responsible_professional"] == ana.id


async def test_the_one_who_writes_is_offered_first(newsroom: Newsroom, visitor: Visiting) -> None:
    await newsroom.physician()
    bea = await newsroom.physician("bea.medica")
    seen = await (await visitor("bea.medica", ["medical_professional"])).get(NEW)
    assert list(offered(seen, FIELD))[:2] == ["", str(bea.id)]


async def test_a_list_is_narrowed_by_the_name_of_who_answers(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    ana = await newsroom.physician()
    await newsroom.article(ana, title="Enxaqueca")
    page = await visitor("eva", ["editor"])
    path = "/admin/posts?type=medical_article"
    name = "by.responsible_professional"
    assert str(ana.id) in offered(await page.get(path), name)
    assert "Enxaqueca" in (await page.get(f"{path}&{name}={ana.id}")).words
    assert "Enxaqueca" not in (await page.get(f"{path}&{name}=999")).words


@pytest.mark.parametrize("said", ["²", "99999999999999999999999"])
async def test_what_is_no_number_of_anybody_narrows_nothing(
    newsroom: Newsroom, visitor: Visiting, said: str
) -> None:
    page = await visitor("eva", ["editor"])
    path = f"/admin/posts?type=medical_article&by.responsible_professional={said}"
    assert (await page.get(path)).status == 200
