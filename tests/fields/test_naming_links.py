"""Links of bodies to what their fields name, and the words by which the search finds them."""

import pytest

from cms.fields import titles
from cms.fields.type import Reference
from tests.fields.naming import V2, Site, group_of, named_by_everything
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic


@pytest.fixture
async def site(cms: Clinic) -> Site:
    return await Site.made(cms)


async def test_links_are_those_of_acf_and_embed(site: Site) -> None:
    post_id = await named_by_everything(site)
    ids = site.ids
    body = await site.read(post_id, None, "_embed&acf_format=light")
    base = f"http://clinica.example{V2}"
    assert body["_links"]["acf:post"] == [
        {"embeddable": True, "href": f"{base}/posts/{ids[name]}"}
        for name in ("public", "protected")
    ]
    assert body["_links"]["acf:user"] == [
        {"embeddable": True, "href": f"{base}/users/{ids['author']}"}
    ]
    # Pictures and files are shown, not linked to, as in ACF.
    assert "acf:attachment" not in body["_links"]
    assert [*body["_links"]][-1] == "curies"
    embedded = body["_embedded"]
    assert [one["id"] for one in embedded["acf:post"]] == [ids["public"], ids["protected"]]
    assert embedded["acf:user"][0]["name"] == "Bia Autora"


async def test_a_post_field_that_names_a_picture_links_to_an_attachment(site: Site) -> None:
    await site.keep({"name": "any", "type": "post_object"}, {"name": "term", "type": "taxonomy"})
    made = await site.post(any=site.ids["picture"], term=[site.ids["term"]])
    body = await site.read(made["id"], None, "_embed=acf:attachment,acf:term")
    assert body["_embedded"]["acf:attachment"][0]["id"] == site.ids["picture"]
    assert body["_embedded"]["acf:term"][0]["name"] == "Dor"


async def test_things_inside_of_rows_are_checked_hidden_and_linked_alike(site: Site) -> None:
    who = {"key": "field_who", "name": "who", "label": "Who", "type": "user"}
    text = {"key": "field_text", "name": "text", "label": "Text", "type": "post_object"}
    await site.keep({"name": "rows", "type": "repeater", "sub_fields": [who, text]})
    ids = site.ids
    chief = await site.cms.person("dora.chefe", roles=("administrator",))
    rows = [
        {"who": ids["author"], "text": ids["public"]},
        {"who": ids["silent"], "text": ids["private"]},
    ]
    made = await site.post(chief, rows=rows)
    first, second = (await site.shown(made["id"]))["rows"]
    assert (first["who"]["ID"], first["text"]["ID"]) == (ids["author"], ids["public"])
    assert second == {"who": False, "text": False}
    links = (await site.read(made["id"]))["_links"]
    assert [len(links[one]) for one in ("acf:user", "acf:post")] == [1, 1]
    author = await site.cms.person("bia.autora")
    assert set(await site.refused(author, rows=rows)) == {"rows[1].who", "rows[1].text"}


async def test_terms_name_posts_and_are_named_back(site: Site) -> None:
    of_terms = group_of(
        {"name": "guide", "type": "post_object", "bidirectional_target": ["field_areas"]},
        key="group_terms",
    )
    of_terms["location"] = [[{"param": "taxonomy", "operator": "==", "value": "category"}]]
    await keep(site.cms, of_terms)
    await site.keep({"name": "areas", "type": "taxonomy"})
    ids = site.ids
    path = f"{V2}/categories/{ids['term']}"
    changed = await site.editor.post(path, {"acf": {"guide": ids["public"]}})
    assert changed.status_code == 200, changed.text
    assert await site.shown(ids["public"]) == {"areas": [ids["term"]]}
    body = (await site.cms.http.get(f"{path}?_embed")).json()
    assert body["_embedded"]["acf:post"][0]["title"]["rendered"] == "O public"
    await site.editor.post(path, {"acf": {"guide": None}})
    assert await site.shown(ids["public"]) == {"areas": False}


async def test_a_post_without_such_fields_has_no_such_links(site: Site) -> None:
    body = await site.read(site.ids["public"])
    assert not [one for one in body["_links"] if one.startswith("acf:")]
    assert "acf" not in body


async def test_nothing_is_told_of_a_post_that_a_password_protects(site: Site) -> None:
    await site.keep({"name": "posts", "type": "relationship"})
    made = await site.cms.draft(
        site.editor, status="publish", password="x1", acf={"posts": [site.ids["public"]]}
    )
    body = await site.read(made["id"])
    assert body["acf"] == []
    assert "acf:post" not in body["_links"]
    opened = await site.read(made["id"], None, "password=x1")
    assert opened["acf"] == {"posts": [site.ids["public"]]}


async def test_words_for_the_search_are_those_that_everybody_may_read(site: Site) -> None:
    ids = site.ids
    posts = ("public", "protected", "private", "draft", "binned", "picture", "hidden_picture")
    named = [
        *(Reference("post", ids[name]) for name in posts),
        Reference("term", ids["term"]),
        *(Reference("user", ids[name]) for name in ("author", "silent")),
    ]
    async with site.cms.as_system() as work:
        found = await titles.titles(work, named)
    assert sorted(found) == ["Bia Autora", "Dor", "O protected", "O public", "torax"]


async def test_the_search_finds_a_post_by_what_its_fields_name(site: Site) -> None:
    rows = {
        "name": "rows",
        "type": "group",
        "sub_fields": [
            {"key": "field_in", "name": "in", "label": "In", "type": "taxonomy", "searchable": 1}
        ],
    }
    await site.keep(
        {"name": "posts", "type": "relationship", "searchable": 1},
        {"name": "silent", "type": "user"},
        rows,
    )
    ids = site.ids
    made = await site.post(
        posts=[ids["public"], ids["private"]], silent=ids["author"], rows={"in": [ids["term"]]}
    )
    assert made["id"] in await found(site, "public")
    assert made["id"] in await found(site, "dor")
    # Neither what not everybody may read, nor what nobody marked.
    assert made["id"] not in await found(site, "private")
    assert made["id"] not in await found(site, "bia")


async def found(site: Site, words: str) -> list[int]:
    listed = (await site.cms.http.get(f"{V2}/posts?search={words}")).json()
    return [one["id"] for one in listed]
