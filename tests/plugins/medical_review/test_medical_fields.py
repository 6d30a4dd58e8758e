"""The group of the seed: a second name for what the plugin keeps, never a second truth."""

from cms.fields.values import PART
from tests.plugins.medical_review.conftest import ARTICLES, Newsroom

GROUPS = "/api/v1/field-groups"
GROUP = f"{GROUPS}/group_medical_article"


async def test_both_names_show_one_value_and_either_writes_it(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    article = await newsroom.article(ana)
    assert (article["evidence_level"], article["acf"]) == ("I", {"evidence_level": "I"})
    by_field = await newsroom.edit(article, ana, acf={"evidence_level": "II"})
    assert (by_field["evidence_level"], by_field["acf"]) == ("II", {"evidence_level": "II"})
    by_name = await newsroom.edit(article, ana, evidence_level="III")
    assert (by_name["evidence_level"], by_name["acf"]) == ("III", {"evidence_level": "III"})
    cleared = await newsroom.edit(article, ana, acf={"evidence_level": None})
    assert cleared["evidence_level"] is None
    async with newsroom.cms.as_system() as work:
        rows = await work.all("select parts from cms.revisions")
    assert [row.parts for row in rows if PART in row.parts] == []


async def test_an_approval_is_of_the_value_whichever_name_it_came_by(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    article = await newsroom.article(ana)
    await newsroom.approve(article, ana, bruno)
    same = await newsroom.edit(article, ana, acf={"evidence_level": "I"})
    assert same["medical_approval_status"] == "approved"
    other = await newsroom.edit(article, ana, acf={"evidence_level": "IV"})
    assert other["medical_approval_status"] != "approved"


async def test_a_whole_body_sent_back_changes_what_was_changed_in_it(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    article = await newsroom.article(ana)
    both = await newsroom.edit(article, ana, evidence_level="II", acf={"evidence_level": "I"})
    assert both["evidence_level"] == "II"
    both = await newsroom.edit(article, ana, evidence_level="II", acf={"evidence_level": "IV"})
    assert both["evidence_level"] == "IV"
    torn = await newsroom.change(article, ana, evidence_level="I", acf={"evidence_level": "III"})
    assert torn.status_code == 400
    assert "send one of the two" in torn.text
    assert (await newsroom.read(article, ana))["evidence_level"] == "IV"
    refused = await newsroom.change(article, ana, acf={"evidence_level": "V"})
    assert refused.status_code == 400


async def test_the_group_of_the_seed_is_shown_in_the_language_of_the_site(
    newsroom: Newsroom,
) -> None:
    cms = newsroom.cms
    admin = await cms.person("dona.marina", ("administrator",))
    one = (await admin.get(GROUP)).json()
    assert (one["source"], one["version"], one["title"]) == (
        "medical_review", 0, "Medical Article Fields",
    )  # fmt: skip
    form = (await admin.get(f"{GROUP}/form")).json()
    assert form["title"] == "Campos do artigo médico"
    choices = form["fields"][0]["settings"]["choices"]
    assert choices["I"] == "Nível I - Ensaio clínico randomizado"
    await cms.set_options(language="en-US")
    form = (await admin.get(f"{GROUP}/form")).json()
    choices = form["fields"][0]["settings"]["choices"]
    assert choices == {
        "I": "Level I - RCT",
        "II": "Level II - Cohort",
        "III": "Level III - Case-control",
        "IV": "Level IV - Case series",
    }
    assert (form["medical_context"], form["compliance_level"]) == (True, "professional")


async def test_a_stored_group_of_the_key_takes_its_place_and_gives_it_back(
    newsroom: Newsroom,
) -> None:
    cms = newsroom.cms
    admin, ana = await cms.person("dona.marina", ("administrator",)), await newsroom.physician()
    assert (await admin.delete(GROUP)).status_code == 409
    declared = (await admin.get(GROUP)).json()["definition"]
    own = {**declared, "title": "Ours", "fields": [{**declared["fields"][0], "label": "Level"}]}
    holding = {**admin.bearer, "If-Match": '"0"'}
    kept = await cms.http.put(GROUP, json=own, headers=holding)
    assert (kept.status_code, kept.json()["version"], kept.json()["source"]) == (200, 1, "site")
    article = await newsroom.article(ana, acf={"evidence_level": "II"}, evidence_level=None)
    assert (article["evidence_level"], article["acf"]) == ("II", {"evidence_level": "II"})
    assert (await admin.delete(GROUP)).status_code == 204
    assert (await admin.get(GROUP)).json()["source"] == "medical_review"


async def test_a_source_that_no_plugin_has_is_refused(newsroom: Newsroom) -> None:
    admin = await newsroom.cms.person("dona.marina", ("administrator",))
    one = {
        "key": "group_x",
        "title": "X",
        "location": [],
        "fields": [
            {"key": "field_x", "name": "x", "label": "X", "type": "text", "source": "a.b"},
            {"key": "field_y", "name": "y", "label": "Y", "type": "text", "source": "a b"},
        ],
    }
    faults = (await admin.post(GROUPS, one)).json()["faults"]
    assert set(faults) == {"fields[0].source", "fields[1].source"}
    assert "medical.evidence_level" in faults["fields[0].source"]


async def test_where_the_plugin_keeps_nothing_the_field_has_no_value(newsroom: Newsroom) -> None:
    cms = newsroom.cms
    admin = await cms.person("dona.marina", ("administrator",))
    level = {"key": "field_x", "name": "level", "label": "L", "type": "text"}
    one = {
        "key": "group_x",
        "title": "X",
        "show_in_rest": 1,
        "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
        "fields": [{**level, "source": "medical.evidence_level"}],
    }
    assert (await admin.post(GROUPS, one)).status_code == 201
    post = await cms.draft(admin, acf={"level": "I"})
    assert post["acf"] == {"level": ""}
    sealed = await admin.post(GROUPS, {**one, "key": "group_y", "compliance_level": "sensitive"})
    assert "fields[0].source" in sealed.json()["faults"]


async def test_the_article_list_shows_it_too(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await newsroom.published(ana, bruno)
    (one,) = (await newsroom.cms.http.get(ARTICLES)).json()
    assert one["acf"] == {"evidence_level": "I"}
