"""Fields that point back: both sides change together, or neither does."""

from typing import Any

import pytest
from sqlalchemy import select

from cms.fields.mirroring import Side, mirror
from cms.fields.models import FieldValue
from tests.fields.naming import V2, Site
from tests.support.clinic import Clinic, Person

LIKE = {"name": "like", "type": "relationship", "bidirectional_target": ["field_like"]}
PARTS = {"name": "parts", "type": "relationship", "bidirectional_target": ["field_whole"]}
WHOLE = {"name": "whole", "type": "post_object", "bidirectional_target": ["field_parts"]}


@pytest.fixture
async def site(cms: Clinic) -> Site:
    return await Site.made(cms)


async def acf_of(site: Site, post_id: int) -> dict[str, Any]:
    response = await site.editor.get(f"{V2}/posts/{post_id}?context=edit")
    body: dict[str, Any] = response.json()
    return body["acf"]  # type: ignore[no-any-return]


async def put(site: Site, post_id: int, by: Person | None = None, **acf: Any) -> Any:
    return await (by or site.editor).post(f"{V2}/posts/{post_id}", {"acf": acf})


async def versions(site: Site, post_id: int) -> int:
    found = await site.editor.get(f"{V2}/posts/{post_id}/revisions")
    return len(found.json())


async def test_who_is_named_names_back(site: Site) -> None:
    await site.keep(LIKE)
    public, other = site.ids["public"], site.ids["other"]
    made = await site.post(like=[public, other])
    assert await acf_of(site, public) == await acf_of(site, other) == {"like": [made["id"]]}
    assert await versions(site, public) == 2
    await put(site, public, like=[made["id"], other])
    assert await acf_of(site, other) == {"like": [made["id"], public]}
    await put(site, public, like=None)
    assert await acf_of(site, made["id"]) == {"like": [other]}
    assert await acf_of(site, other) == {"like": [made["id"]]}
    assert await acf_of(site, public) == {"like": None}
    # What changes nothing makes no revision, there as here.
    before = await versions(site, other)
    await put(site, made["id"], like=[other])
    assert await versions(site, other) == before


async def test_one_and_many_stay_in_agreement(site: Site) -> None:
    await site.keep(PARTS, WHOLE)
    public, other = site.ids["public"], site.ids["other"]
    first = (await site.post(parts=[public, other]))["id"]
    assert (await acf_of(site, public))["whole"] == first
    # A part of another whole from now on: the first one lets it go.
    second = (await site.post(parts=[public]))["id"]
    assert (await acf_of(site, public))["whole"] == second
    assert (await acf_of(site, first))["parts"] == [other]
    await put(site, public, whole=first)
    assert (await acf_of(site, second))["parts"] is None
    assert (await acf_of(site, first))["parts"] == [other, public]


async def test_a_post_that_names_itself_does_not_go_in_circles(site: Site) -> None:
    await site.keep(LIKE)
    public = site.ids["public"]
    assert (await put(site, public, like=[public])).status_code == 200
    assert await acf_of(site, public) == {"like": [public]}


async def test_who_may_not_edit_the_other_side_is_told_and_nothing_is_saved(site: Site) -> None:
    await site.keep(LIKE)
    author = await site.cms.person("bia.autora")
    mine = (await site.cms.draft(author))["id"]
    faults = await site.refused(author, post_id=mine, like=[site.ids["public"]])
    assert set(faults) == {"like[0]"}
    assert "may not edit it" in faults["like[0]"]
    assert (await put(site, mine, author, like=[site.ids["public"]])).status_code == 400
    assert await acf_of(site, mine) == await acf_of(site, site.ids["public"]) == {"like": None}


async def test_the_limits_of_the_other_side_hold(site: Site) -> None:
    few = {**LIKE, "name": "few", "max": 1, "bidirectional_target": []}
    await site.keep({**LIKE, "bidirectional_target": ["field_few"]}, few)
    public = site.ids["public"]
    await site.post(like=[public])
    assert "at most 1" in (await site.refused(like=[public]))["like[0]"]


async def test_what_lies_in_the_bin_stays_as_it_is(site: Site) -> None:
    await site.keep(LIKE)
    made = await site.post(like=[site.ids["other"]])
    await site.editor.delete(f"{V2}/posts/{site.ids['other']}")
    assert (await put(site, made["id"], like=None)).status_code == 200
    assert await site.shown(made["id"]) == {"like": False}


async def values_of(site: Site, kind: str, number: int) -> dict[str, Any]:
    async with site.cms.as_system() as work:
        rows = await work.all(
            select(FieldValue.name, FieldValue.value).where(
                FieldValue.tenant_id == work.tenant_id,
                FieldValue.subject == kind,
                FieldValue.subject_id == number,
            )
        )
    return {row.name: row.value for row in rows}


async def test_terms_and_people_name_back(site: Site) -> None:
    await site.keep(
        {"name": "area", "type": "taxonomy", "bidirectional_target": ["field_guides"]},
        {"name": "guides", "type": "relationship", "bidirectional_target": ["field_area"]},
        {"name": "who", "type": "user", "multiple": 1, "bidirectional_target": ["field_cases"]},
        {"name": "cases", "type": "relationship", "bidirectional_target": ["field_who"]},
    )
    chief = await site.cms.person("dora.chefe", roles=("administrator",))
    term, author = site.ids["term"], site.ids["author"]
    made = await site.post(chief, area=[term], who=[author])
    assert await values_of(site, "term", term) == {"guides": [made["id"]]}
    assert await values_of(site, "user", author) == {"cases": [made["id"]]}
    # From the other side: the values of a term have changed.
    async with chief.work() as work:
        fields = {"guides": site_field(work, "field_guides")}
        both = [made["id"], site.ids["public"]]
        await mirror(work, Side("term", term), fields, {"guides": both[:1]}, {"guides": both})
    assert (await acf_of(site, site.ids["public"]))["area"] == [term]
    await put(site, made["id"], chief, area=None, who=None)
    assert await values_of(site, "term", term) == {}
    assert await values_of(site, "user", author) == {}


def site_field(work: Any, key: str) -> Any:
    from cms.fields.drafts import fields_of_site

    return fields_of_site(work).field_by_key[key][0]


async def test_other_people_are_changed_by_who_may_edit_people(site: Site) -> None:
    await site.keep(
        {"name": "who", "type": "user", "bidirectional_target": ["field_cases"]},
        {"name": "cases", "type": "relationship"},
    )
    assert set(await site.refused(who=site.ids["author"])) == {"who"}
    assert (await site.post(who=site.ids["editor"]))["acf"]["who"] == site.ids["editor"]
