"""Structures through REST: publishing asks for what is missing, and too much is refused soon."""

from typing import Any

import pytest

from cms.errors import InvalidInput
from cms.fields import groups
from cms.fields.type import MOST_ROWS
from tests.fields.building import field, group, rule
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic
from tests.support.queries import counted

DOSES = group(
    field("text", "kind", "field_kind"),
    field("text", "warning", required=1, conditional_logic=rule("field_kind", "==", "drug")),
    field(
        "repeater",
        "doses",
        sub_fields=[field("text", "unit", required=1), field("number", "amount", min=1)],
    ),
    key="group_doses",
)


async def test_rows_go_in_and_come_back(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"doses": [{"unit": "mg", "amount": "2"}, {"unit": "ml"}]})
    rows = [{"unit": "mg", "amount": 2}, {"unit": "ml", "amount": None}]
    assert post["acf"] == {"kind": "", "warning": "", "doses": rows}
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    before = (await ana.get(f"{address}/revisions")).json()
    again = (await ana.post(address, {"acf": post["acf"]})).json()
    assert again["acf"] == post["acf"]
    assert (await ana.get(f"{address}/revisions")).json() == before
    refused = await ana.post(address, {"acf": {"doses": [{"unit": "mg"}, {"amount": 0}]}})
    assert refused.status_code == 400
    assert "doses[1].amount" in refused.text or "must be at least 1" in refused.text
    emptied = (await ana.post(address, {"acf": {"doses": False}})).json()
    assert emptied["acf"]["doses"] is False


async def test_publishing_asks_for_what_is_missing(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"kind": "drug"})
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    for status in ("publish", "pending", "future", "private"):
        refused = await ana.post(address, {"status": status})
        assert refused.status_code == 409, refused.text
        assert "acf.warning" in refused.text
    published = await ana.post(address, {"status": "publish", "acf": {"warning": "Sleepy"}})
    assert published.json()["status"] == "publish"
    # What readers see may be taken from them whatever it lacks.
    await keep(cms, {**DOSES, "fields": [*DOSES["fields"], field("text", "new", required=1)]})
    assert (await ana.post(address, {"status": "draft"})).json()["status"] == "draft"


async def test_a_post_without_groups_is_published_as_ever(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    page = await cms.draft(ana, base="pages", status="publish")
    assert page["status"] == "publish"


async def test_ten_thousand_rows_are_saved_as_one_is(cms: Clinic) -> None:
    """With as many statements; a test of the structures alone holds what they cost."""
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    rows: list[Any] = [{"unit": "mg", "amount": i + 1} for i in range(MOST_ROWS)]
    await cms.draft(ana, acf={"doses": rows[:1]})
    with counted(cms.host) as one:
        await cms.draft(ana, acf={"doses": rows[:1]})
    with counted(cms.host) as many:
        post = await cms.draft(ana, acf={"doses": rows})
    assert len(many) == len(one), f"{one}\n\n{many}"
    assert post["acf"]["doses"] == rows
    refused = await ana.post("/wp-json/wp/v2/posts", {"title": "x", "acf": {"doses": [*rows, {}]}})
    assert refused.status_code == 400
    assert f"more than {MOST_ROWS} rows" in refused.text


@pytest.mark.parametrize("bomb", ["[" * 100_000, '{"a":' * 100_000, "[" * 500 + "]" * 500])
async def test_a_bomb_of_brackets_is_refused(cms: Clinic, bomb: str) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    headers = {**ana.bearer, "Content-Type": "application/json"}
    body = f'{{"title":"x","acf":{{"doses":{bomb}}}}}'
    refused = await cms.http.post("/wp-json/wp/v2/posts", content=body, headers=headers)
    assert refused.status_code == 400, refused.text


async def test_of_a_name_that_is_sent_twice_the_last_counts(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    headers = {**ana.bearer, "Content-Type": "application/json"}
    body = '{"title":"x","acf":{"kind":"a","kind":"b"}}'
    made = await cms.http.post("/wp-json/wp/v2/posts", content=body, headers=headers)
    assert made.json()["acf"]["kind"] == "b"


async def test_a_circle_of_two_groups_is_refused_when_the_second_is_saved(cms: Clinic) -> None:
    one = group(field("clone", "b", clone=["group_two"]), key="group_one")
    two = group(field("clone", "a", clone=["group_one"]), field("text", "own"), key="group_two")
    await keep(cms, one)
    async with cms.as_system() as work:
        with pytest.raises(InvalidInput, match=r"fields\[0\].clone: contains itself"):
            await groups.save(work, two)
    straight = group(field("text", "own"), key="group_two")
    await keep(cms, straight)
    ana = await cms.person("ana", roles=("editor",))
    assert (await cms.draft(ana, acf={"own": "x"}))["acf"] == {"own": "x"}
