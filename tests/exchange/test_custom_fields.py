"""ACF's pairs become typed values, and leave as pairs again."""

import io
from typing import Any

import pytest
from hypothesis import given, settings

from cms.exchange import custom_fields
from cms.exchange.acf_pairs import PairReader, pairs_of
from cms.exchange.errors import PhpFault
from cms.exchange.php import serialize
from cms.exchange.reading import WxrReader
from cms.exchange.writing import Wanted, write
from cms.exchange.wxr import Item
from cms.fields.drafts import fields_of_site
from cms.fields.history import FieldsThen
from tests.exchange.conftest import notes
from tests.exchange.files import author, category, export, item
from tests.fields.building import SHOWING, TYPES, field, fields_of, group, layout, take
from tests.fields.test_any_group import sound
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic

DOSES = field(
    "repeater",
    "doses",
    "field_doses",
    sub_fields=[
        field("text", "unit", "field_unit", required=1),
        field("number", "amount", "field_amount"),
    ],
)
BODY = field(
    "flexible_content",
    "body",
    "field_body",
    layouts=[
        layout("quote", field("text", "words", "field_words")),
        layout("note", field("true_false", "is_open", "field_open")),
    ],
)
SEO = field(
    "group",
    "seo",
    "field_seo",
    sub_fields=[
        field("select", "level", "field_level", choices={"1": "One", "2": "Two"}, multiple=1),
        field("date_picker", "until", "field_until"),
    ],
)
KIND = field("text", "kind", "field_kind")
GROUP = group(KIND, DOSES, BODY, SEO, field("url", "site", "field_site"), key="group_acf")

META = {
    "kind": "drug", "_kind": "field_kind",
    "doses": "2", "_doses": "field_doses",
    "doses_0_unit": "mg", "_doses_0_unit": "field_unit",
    "doses_0_amount": "2.5", "_doses_0_amount": "field_amount",
    "doses_1_unit": "ml", "_doses_1_unit": "field_unit",
    "doses_1_amount": "", "_doses_1_amount": "field_amount",
    "body": 'a:2:{i:0;s:5:"quote";i:1;s:4:"note";}', "_body": "field_body",
    "body_0_words": "Ação", "_body_0_words": "field_words",
    "body_1_is_open": "1", "_body_1_is_open": "field_open",
    "seo": "", "_seo": "field_seo",
    "seo_level": 'a:2:{i:0;s:1:"1";i:1;s:1:"2";}', "_seo_level": "field_level",
    "seo_until": "20261121", "_seo_until": "field_until",
    "site": "https://blog.exemplo.example/dor/", "_site": "field_site",
    "stranger": "x", "_stranger": "field_stranger",
}  # fmt: skip

STORED = {
    "kind": "drug",
    "doses": [{"unit": "mg", "amount": 2.5}, {"unit": "ml"}],
    "body": [
        {"acf_fc_layout": "quote", "words": "Ação"},
        {"acf_fc_layout": "note", "is_open": True},
    ],
    "seo": {"level": ["1", "2"], "until": "2026-11-21"},
    "site": "https://clinica.example/dor/",
}


async def stored(clinic: Clinic) -> dict[int, dict[str, Any]]:
    async with clinic.as_system() as work:
        rows = await work.all(
            "select p.id, r.parts from cms.posts p join cms.revisions r on r.tenant_id ="
            " p.tenant_id and r.id = p.working_revision_id order by p.id"
        )
    return {
        row.id: {name: one["value"] for name, one in row.parts.get("fields", {}).items()}
        for row in rows
    }


async def taken(clinic: Clinic) -> bytes:
    file = io.BytesIO()
    async with clinic.as_system() as work:
        await write(work, file, Wanted(), f"https://{clinic.tenant.slug}.example")
    return file.getvalue()


def metas(raw: bytes) -> dict[int, dict[str, str]]:
    items = [one for one in WxrReader(io.BytesIO(raw)) if isinstance(one, Item)]
    return {one.id: {pair.key: pair.value for pair in one.meta} for one in items}


async def test_pairs_become_values_and_pairs_again(cms: Clinic, bring: Any) -> None:
    await keep(cms, GROUP)
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    report = await bring(export(author("ana"), item(21, meta=META)))
    assert (await stored(cms))[21] == STORED
    told = await notes(cms, report, "21")
    assert "custom fields that no group of the site has, put away: stranger" in told
    raw = await taken(cms)
    empty = {"doses_1_amount", "stranger"}
    wanted = {key: one for key, one in META.items() if key.removeprefix("_") not in empty}
    wanted["site"] = STORED["site"]
    assert metas(raw)[21] == wanted
    async with cms.other() as other:
        await keep(other, GROUP)
        other.tenant = await cms.host.tenants.by_slug(other.tenant.slug)
        await bring(raw, into=other)
        site = {"site": "https://outra.example/dor/"}
        assert (await stored(other))[21] == {**STORED, **site}


async def test_values_come_in_once_their_groups_are_here(cms: Clinic, bring: Any) -> None:
    raw = export(author("ana"), item(21, meta=META))
    await bring(raw)
    assert (await stored(cms))[21] == {}
    await keep(cms, GROUP)
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    await bring(raw)
    assert (await stored(cms))[21] == STORED
    again = await bring(raw)
    assert again.counts.outcomes["post"] == {"unchanged": 1}


async def test_what_does_not_fit_is_told_and_the_rest_comes_in(cms: Clinic, bring: Any) -> None:
    await keep(cms, GROUP)
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    wrong = {
        **META,
        "doses_1_amount": "much",
        "seo_level": 'O:8:"stdClass":0:{}',
        "body": 'a:1:{i:0;s:4:"gone";}',
    }
    report = await bring(export(author("ana"), item(21, meta=wrong)))
    assert set((await stored(cms))[21]) == {"kind", "site"}
    told = "\n".join(await notes(cms, report, "21"))
    assert "custom field doses[1].amount must be a number" in told
    assert "custom field seo holds an object, which is never read" in told
    assert "custom field body[0].acf_fc_layout" in told


async def test_what_was_not_asked_for_there_comes_in(cms: Clinic, bring: Any) -> None:
    """Required values that an old site does not have, and hidden ones that it has."""
    await keep(
        cms,
        group(
            field("text", "must", "field_must", required=1),
            field(
                "text",
                "hidden",
                "field_hidden",
                conditional_logic=[[{"field": "field_must", "operator": "!=empty"}]],
            ),
            DOSES,
            key="group_acf",
        ),
    )
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    meta = {"hidden": "x", "_hidden": "field_hidden", "doses": "1", "doses_0_amount": "3"}
    await bring(export(author("ana"), item(21, meta=meta)))
    assert (await stored(cms))[21] == {"hidden": "x", "doses": [{"amount": 3}]}
    ana = await cms.person("edu", roles=("administrator",))
    body = (await ana.get("/wp-json/wp/v2/posts/21?context=edit")).json()
    assert body["status"] == "publish"


@settings(max_examples=250)
@given(sound())
def test_any_values_leave_and_come_back(made: Any) -> None:
    fields, values = made
    kept = take(fields, values)
    members = [one for one, _ in fields.values()]
    reader = PairReader(pairs_of(members, kept, SHOWING), TYPES)
    back = {one.name: reader.read(one) for one in members if reader.holds(one)}
    assert take(fields, {name: one for name, one in back.items() if one is not None}) == kept


def test_clones_are_kept_where_acf_keeps_them() -> None:
    source = group(KIND, field("text", "unit", "field_unit"), key="group_source")
    for prefix, names in ((1, ["copy", "copy_kind"]), (0, ["copy", "kind"])):
        copy = field(
            "clone", "copy", "field_copy",
            clone=["group_source"], display="group", prefix_name=prefix,
        )  # fmt: skip
        fields = fields_of(group(copy), source)
        members = [one for one, _ in fields.values()]
        written = list(pairs_of(members, {"copy": {"kind": "x"}}, SHOWING))
        assert [key for key, _ in written if not key.startswith("_")] == names
        assert ("_" + names[1], "field_copy_field_kind") in written
        assert PairReader(written, TYPES).read(members[0]) == {"kind": "x"}


def test_names_that_meet_are_told_apart_by_their_keys() -> None:
    members = [one for one, _ in fields_of(group(SEO, field("text", "seo_until"))).values()]
    values = {"seo": {"until": "2026-11-21"}, "seo_until": "text"}
    written = list(pairs_of(members, values, SHOWING))
    reader = PairReader(written, TYPES)
    assert [reader.read(one) for one in members] == [{"until": "20261121"}, "text"]


@pytest.mark.parametrize("count", ["100000", "9" * 40, "-1", "x", "1e3"])
def test_a_number_of_rows_is_believed_up_to_a_bound(count: str) -> None:
    [(doses, _)] = fields_of(group(DOSES)).values()
    reader = PairReader([("doses", count)], TYPES)
    if count == "100000":
        with pytest.raises(PhpFault, match="more than 10000 rows"):
            reader.read(doses)
    else:
        assert reader.read(doses) is None


def test_a_text_that_looks_like_php_stays_a_text() -> None:
    [(kind, _)] = fields_of(group(KIND)).values()
    for text in ("a:0:{}", "N;", 's:1:"a";', serialize({"a": 1})):
        written = list(pairs_of([kind], {"kind": text}, SHOWING))
        assert PairReader(written, TYPES).read(kind) == text
    # ACF wrote it as it was sent.
    assert PairReader([("kind", "a:0:{}")], TYPES).read(kind) == "a:0:{}"


async def test_values_that_no_group_knows_leave_as_json(cms: Clinic) -> None:
    async with cms.as_system() as work:
        row = {"key": "field_gone", "value": {"a": 1}}
        then = FieldsThen.of(fields_of_site(work), {"fields": {"old": row}})
        assert list(custom_fields.pairs(work, then)) == [("_cms_fields", '{"old":{"a":1}}')]


async def test_sensitive_values_do_not_leave(cms: Clinic) -> None:
    await keep(cms, {**GROUP, "compliance_level": "sensitive"})
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    async with cms.as_system() as work:
        parts = {"fields": {"kind": {"key": "field_kind", "value": "secret"}}}
        then = FieldsThen.of(fields_of_site(work), parts)
        assert [one.name for one in then.fields] == ["kind"]
        assert list(custom_fields.pairs(work, then)) == []


THINGS = group(
    field("post_object", "next", "field_next", post_type=["post"], return_format="id"),
    field("repeater", "list", "field_list", sub_fields=[
        field("relationship", "posts", "field_posts", post_type=["post"], return_format="id"),
    ]),
    field("taxonomy", "topic", "field_topic", field_type="multi_select"),
    field("user", "by", "field_by", return_format="id"),
    key="group_things",
)  # fmt: skip


async def test_what_fields_name_is_what_it_is_here(cms: Clinic, bring: Any) -> None:
    """Posts that come later in the file, terms and people; what is not in it is left out."""
    await keep(cms, THINGS)
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    edu = await cms.person("edu", roles=("administrator",))
    # Their ids are somebody else's here.
    taken_ids = [(await cms.draft(edu))["id"] for _ in range(3)]
    first, second, third = taken_ids
    made = await edu.post("/wp-json/wp/v2/categories", {"name": "Outra"})
    term = made.json()["id"]
    meta = {
        "next": str(second), "_next": "field_next",
        "list": "1", "_list": "field_list",
        "list_0_posts": serialize([str(third), str(second), "9999"]),
        "_list_0_posts": "field_posts",
        "topic": serialize([str(term), "888"]), "_topic": "field_topic",
        "by": str(edu.id), "_by": "field_by",
    }  # fmt: skip
    parts = [
        author("ana", edu.id),
        category("dor", "Dor", term),
        item(first, meta=meta, title="Um"),
        item(second, title="Dois", meta={"by": "77", "_by": "field_by"}),
        item(third, title="Tres"),
    ]
    report = await bring(export(*parts))
    ledger = await ids(cms)
    assert set(ledger["post"].values()) & set(taken_ids) == set()
    values = await stored(cms)
    here = {old: ledger["post"][str(old)] for old in taken_ids}
    assert values[here[first]] == {
        "next": here[second],
        "list": [{"posts": [here[third], here[second]]}],
        "topic": [ledger["term"][f"#{term}"]],
        "by": ledger["person"][str(edu.id)],
    }
    assert "by" not in values[here[second]]
    told = "\n".join(await notes(cms, report, str(first)))
    assert "custom field topic named what is not in the file: term 888" in told
    assert "custom field list names what is not in the file: 9999" in told
    # Nothing is left waiting, and nothing changes by another run.
    again = await bring(export(*parts))
    assert set(again.counts.outcomes["post"]) == {"unchanged"}


async def ids(clinic: Clinic) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    async with clinic.as_system() as work:
        for row in await work.all("select kind, key, new_id from cms.import_items"):
            found.setdefault(row.kind, {})[row.key] = row.new_id
    return found
