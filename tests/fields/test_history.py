"""Old revisions know the groups they were written with, and two are compared field by field."""

from functools import partial
from typing import Any

from sqlalchemy import select

from cms.content.models import Revision
from cms.fields.comparing import MOST, Difference, compare
from cms.fields.history import differences, shown_then
from tests.fields.building import field, fields_of, group, layout
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic
from tests.support.costs import assert_in_proportion

DOSES = field(
    "repeater",
    "doses",
    label="Doses",
    sub_fields=[field("text", "unit", label="Unit"), field("number", "amount", label="Amount")],
)
BODY = field(
    "flexible_content",
    "body",
    layouts=[layout("a", field("text", "t")), layout("b", field("text", "t"))],
)
INNER = field("group", "inner", label="In", sub_fields=[field("text", "deep", label="Deep")])
FIELDS = [one for one, _ in fields_of(group(DOSES, BODY, INNER)).values()]


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(one.path, one.before, one.after) for one in compare(FIELDS, before, FIELDS, after)]


def test_each_value_that_differs_has_a_path_and_a_label() -> None:
    before = {"doses": [{"unit": "mg", "amount": 1}], "inner": {"deep": "x"}}
    after = {"doses": [{"unit": "ml", "amount": 1}], "inner": {"deep": "y"}}
    assert compare(FIELDS, before, FIELDS, after) == [
        Difference("doses[0].unit", "Doses › 1 › Unit", "mg", "ml"),
        Difference("inner.deep", "In › Deep", "x", "y"),
    ]


def test_a_row_that_comes_or_goes_is_one_difference() -> None:
    rows = [{"unit": name} for name in "abcdef"]
    assert differing({"doses": rows}, {"doses": [*rows[:2], {"unit": "x"}, *rows[2:]]}) == [
        ("doses[2]", None, {"unit": "x"})
    ]
    assert differing({"doses": rows}, {"doses": rows[1:]}) == [("doses[0]", {"unit": "a"}, None)]
    assert differing({}, {"doses": rows[:1]}) == [("doses[0]", None, {"unit": "a"})]


def test_another_layout_and_what_no_form_knows_are_shown_as_a_whole() -> None:
    a, b = {"acf_fc_layout": "a", "t": "x"}, {"acf_fc_layout": "b", "t": "x"}
    gone = {"acf_fc_layout": "gone", "t": "x"}
    assert differing({"body": [a]}, {"body": [b]}) == [("body[0]", a, b)]
    assert differing({"body": [a]}, {"body": [{**a, "t": "y"}]}) == [("body[0].t", "x", "y")]
    assert differing({"body": [gone]}, {"body": [{**gone, "t": "y"}]}) == [("body[0].t", "x", "y")]
    assert differing({"old": 1}, {"old": 0}) == [("old", 1, 0)]


def test_many_differences_are_shown_as_one_and_soon() -> None:
    before = [{"unit": str(i)} for i in range(10_000)]
    after = [{"unit": f"{i}x"} for i in range(10_000)]
    few = [*after[:MOST], *before[MOST:]]
    assert differing({"doses": before}, {"doses": after}) == [("doses", before, after)]
    assert len(differing({"doses": before}, {"doses": few})) == MOST
    for changed in (after, few):
        assert_in_proportion(
            lambda n, to=changed: partial(differing, {"doses": before[:n]}, {"doses": to[:n]}),
            10_000,
        )


async def _parts(cms: Clinic, post: dict[str, Any]) -> list[Any]:
    async with cms.as_system() as work:
        rows = await work.all(
            select(Revision.parts)
            .where(Revision.tenant_id == work.tenant_id, Revision.post_id == post["id"])
            .order_by(Revision.id)
        )
    return [row.parts for row in rows]


async def test_an_old_revision_is_shown_by_its_own_groups(cms: Clinic) -> None:
    first = group(field("text", "dose", "field_dose", label="Dose"), DOSES, key="group_dose")
    await keep(cms, first)
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"dose": "10 mg", "doses": [{"unit": "mg"}]})
    # From now on it is a number, and the rows are gone.
    await keep(cms, group(field("number", "dose", "field_dose", label="mg"), key="group_dose"))
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    assert (await ana.post(address, {"acf": {"dose": 12}})).status_code == 200
    old, new = await _parts(cms, post)
    assert old["field_groups"] == {"group_dose": 1}
    assert new["field_groups"] == {"group_dose": 2}
    async with cms.as_system() as work:
        doses = [{"unit": "mg", "amount": None}]
        assert await shown_then(work, old) == {"dose": "10 mg", "doses": doses}
        assert await shown_then(work, new) == {"dose": 12}
        assert await differences(work, old, new) == [Difference("dose", "mg", "10 mg", 12)]
        told = [(one.path, one.label) for one in await differences(work, None, old)]
        assert told == [("dose", "Dose"), ("doses[0]", "Doses › 1")]


async def test_the_groups_of_clones_are_remembered_too(cms: Clinic) -> None:
    source = group(field("text", "unit", "field_unit"), key="group_source", location=[])
    await keep(cms, source)
    copy = field("clone", "copy", "field_copy", clone=["group_source"])
    await keep(cms, group(copy, key="group_mine"))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg"})
    [parts] = await _parts(cms, post)
    assert parts["field_groups"] == {"group_mine": 1, "group_source": 1}
    await keep(cms, {**source, "fields": [field("text", "other", "field_other")]})
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    async with cms.as_system() as work:
        assert await shown_then(work, parts) == {"unit": "mg"}


async def test_nobody_sees_by_comparing_what_she_may_not_read(cms: Clinic) -> None:
    rows = field(
        "repeater",
        "rows",
        sub_fields=[
            field("text", "open", "field_open"),
            field("text", "closed", "field_closed", read_capability="manage_options"),
        ],
    )
    hidden = field("text", "hidden", "field_hidden", read_capability="manage_options")
    await keep(cms, group(rows, hidden, key="group_rights"))
    boss = await cms.person("boss", roles=("administrator",))
    ana = await cms.person("ana", roles=("editor",))
    told = {"rows": [{"open": "a", "closed": "b"}], "hidden": "c"}
    [parts] = await _parts(cms, await cms.draft(boss, acf=told))
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    seen = {boss.id: [{"open": "a", "closed": "b"}, "c"], ana.id: [{"open": "a"}]}
    for person in (boss, ana):
        async with person.work() as work:
            found = await differences(work, None, parts)
        assert [one.after for one in found] == seen[person.id]


async def test_an_old_revision_is_brought_back(cms: Clinic) -> None:
    await keep(cms, group(field("text", "dose", "field_dose", maxlength=9), DOSES))
    ana = await cms.person("ana", roles=("editor",))
    first = {"dose": "10 mg", "doses": [{"unit": "mg", "amount": 1}]}
    post = await cms.draft(ana, title="Um", acf=first)
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    await ana.post(address, {"title": "Dois", "acf": {"dose": "12 mg", "doses": False}})
    revisions = (await ana.get(f"{address}/revisions?order=asc")).json()
    restore = f"/api/v1/posts/{post['id']}/revisions/{revisions[0]['id']}/restore"
    assert (await ana.post(restore)).status_code == 200
    after = (await ana.get(f"{address}?context=edit")).json()
    assert after["title"]["raw"] == "Um"
    assert after["acf"] == first
    # Once more it changes nothing.
    assert (await ana.post(restore)).json()["version_number"] == 3
    assert (await cms.http.post(restore)).status_code == 401
    other = await cms.person("bia", roles=("contributor",))
    assert (await other.post(restore)).status_code == 403
    # The groups have become stricter: the present one says what does not fit.
    await ana.post(address, {"acf": {"dose": "1"}})
    await keep(cms, group(field("text", "dose", "field_dose", maxlength=2), DOSES))
    refused = await ana.post(restore)
    assert refused.status_code == 400
    assert "dose" in refused.text
