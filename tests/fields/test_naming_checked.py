"""What a writer may name: things that are there for her and that fit the settings of the field."""

from typing import Any

import pytest

from tests.fields.naming import V2, Site
from tests.support.clinic import Clinic


@pytest.fixture
async def site(cms: Clinic) -> Site:
    return await Site.made(cms)


@pytest.mark.parametrize("kind", ["post_object", "relationship", "page_link", "image", "user"])
async def test_what_is_not_there_is_refused(site: Site, kind: str) -> None:
    await site.keep({"name": "one", "type": kind})
    assert set(await site.refused(one=999_999)) & {"one", "one[0]"}


async def test_what_the_writer_may_not_read_is_not_there(site: Site) -> None:
    await site.keep({"name": "posts", "type": "relationship"}, {"name": "who", "type": "user"})
    author, ids = await site.cms.person("bia.autora"), site.ids
    missing = await site.refused(author, posts=[999])
    given = [ids[name] for name in ("public", "private", "draft", "binned")]
    faults = await site.refused(author, posts=given, who=ids["silent"])
    assert set(faults) == {"posts[1]", "posts[2]", "posts[3]", "who"}
    assert faults["posts[1]"] == missing["posts[0]"].replace("999", str(ids["private"]))


async def test_what_stood_before_may_stay(site: Site) -> None:
    """A colleague who sends back what she got loses nothing that she may not read."""
    await site.keep({"name": "posts", "type": "relationship"})
    ids = site.ids
    author = await site.cms.person("bia.autora")
    mine = await site.cms.draft(author, acf={"posts": [ids["public"]]})
    path = f"{V2}/posts/{mine['id']}"
    given = [ids["private"], ids["public"]]
    assert (await site.editor.post(path, {"acf": {"posts": given}})).status_code == 200
    after = await author.post(path, {"acf": {"posts": [*given, ids["other"]]}})
    assert after.json()["acf"] == {"posts": [*given, ids["other"]]}


async def test_types_terms_and_roles_limit_what_can_be_named(site: Site) -> None:
    await site.keep(
        {"name": "page", "type": "post_object", "post_type": ["page"]},
        {"name": "filed", "type": "relationship", "taxonomy": ["category:dor"]},
        {"name": "tags", "type": "taxonomy", "taxonomy": "post_tag"},
        {"name": "editor", "type": "user", "role": ["editor"]},
    )
    ids = site.ids
    assert set(
        await site.refused(
            page=ids["public"],
            filed=[ids["public"]],
            tags=[ids["term"]],
            editor=ids["author"],
        )
    ) == {"page", "filed[0]", "tags[0]", "editor"}
    await site.editor.post(f"{V2}/posts/{ids['public']}", {"categories": [ids["term"]]})
    page = await site.cms.draft(site.editor, "pages")
    made = await site.post(page=page["id"], filed=[ids["public"]], editor=ids["editor"])
    assert made["acf"]["filed"] == [ids["public"]]


@pytest.mark.parametrize(
    ("limits", "is_fine"),
    [
        ({"min_width": 640, "max_width": 640, "min_height": 400, "max_height": 400}, True),
        ({"min_width": 641}, False),
        ({"max_width": 639}, False),
        ({"min_height": 401}, False),
        ({"max_height": 399}, False),
        ({"min_size": "1 KB", "max_size": "2 MB"}, True),
        ({"min_size": 2}, False),
        ({"max_size": "1KB"}, False),
        ({"mime_types": "png, .JPEG"}, True),
        ({"mime_types": "image/jpeg"}, True),
        ({"mime_types": "png,pdf"}, False),
    ],
)
async def test_pictures_are_limited_by_sides_size_and_kind(
    site: Site, limits: dict[str, Any], is_fine: bool
) -> None:
    await site.keep({"name": "picture", "type": "image", **limits})
    picture = site.ids["picture"]
    if is_fine:
        assert (await site.post(picture=picture))["acf"] == {"picture": picture}
    else:
        assert set(await site.refused(picture=picture)) == {"picture"}


async def test_a_picture_is_no_post_and_a_post_no_picture(site: Site) -> None:
    await site.keep({"name": "picture", "type": "image"}, {"name": "files", "type": "gallery"})
    public = site.ids["public"]
    faults = await site.refused(picture=public, files=[site.ids["picture"], public])
    assert set(faults) == {"picture", "files[1]"}


async def test_a_library_of_the_post_takes_what_hangs_on_it(site: Site) -> None:
    await site.keep({"name": "picture", "type": "image", "library": "uploadedTo"})
    path = f"{V2}/posts/{site.ids['public']}"
    own = await site.picture("dele.jpg", post=site.ids["public"])
    assert (await site.editor.post(path, {"acf": {"picture": own}})).status_code == 200
    faults = await site.refused(post_id=site.ids["public"], picture=site.ids["picture"])
    assert set(faults) == {"picture"}


# -- terms of the post itself

SAVES = {"name": "area", "type": "taxonomy", "save_terms": 1}
LOADS = {"name": "shown", "type": "taxonomy", "load_terms": 1, "return_format": "object"}


async def test_a_field_files_the_post_in_the_same_revision(site: Site) -> None:
    await site.keep(SAVES)
    made = await site.post(area=[site.ids["term"]])
    assert made["categories"] == [site.ids["term"]]
    history = (await site.editor.get(f"{V2}/posts/{made['id']}/revisions")).json()
    assert len(history) == 1
    listed = await site.cms.http.get(f"{V2}/posts?categories={site.ids['term']}")
    assert [one["id"] for one in listed.json()] == [made["id"]]
    path = f"{V2}/posts/{made['id']}"
    same = (await site.editor.post(path, {"title": "Outro"})).json()
    assert same["categories"] == [site.ids["term"]]
    none = (await site.editor.post(path, {"acf": {"area": None}})).json()
    assert none["categories"] == []


async def test_two_fields_of_one_taxonomy_file_under_the_terms_of_both(site: Site) -> None:
    await site.keep(SAVES, {**SAVES, "name": "more"})
    other = (await site.editor.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
    made = await site.post(area=[site.ids["term"]], more=[other])
    assert made["categories"] == sorted([site.ids["term"], other])
    path = f"{V2}/posts/{made['id']}"
    less = (await site.editor.post(path, {"acf": {"area": None}})).json()
    assert less["categories"] == [other]


async def test_a_field_that_loads_shows_what_the_post_is_filed_under(site: Site) -> None:
    await site.keep(LOADS)
    term = site.ids["term"]
    made = await site.cms.draft(site.editor, status="publish", categories=[term])
    assert made["acf"] == {"shown": [term]}
    assert [one["name"] for one in (await site.shown(made["id"]))["shown"]] == ["Dor"]
    body = await site.read(made["id"])
    assert "acf:term" in body["_links"]
    await site.editor.delete(f"{V2}/categories/{term}?force=true")
    assert await site.shown(made["id"]) == {"shown": False}


async def test_a_deleted_term_and_a_person_who_left_are_not_shown(site: Site) -> None:
    await site.keep(
        {"name": "terms", "type": "taxonomy", "return_format": "object"},
        {"name": "who", "type": "user"},
    )
    chief = await site.cms.person("dora.chefe", roles=("administrator",))
    made = await site.post(chief, terms=[site.ids["term"]], who=site.ids["silent"])
    await site.editor.delete(f"{V2}/categories/{site.ids['term']}?force=true")
    gone = await chief.delete(f"{V2}/users/{site.ids['silent']}?force=true&reassign={chief.id}")
    assert gone.status_code == 200, gone.text
    assert await site.shown(made["id"], chief) == {"terms": False, "who": False}
