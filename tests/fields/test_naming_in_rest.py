"""What readers get of the things that fields name: ACF's forms, and nothing that leaks."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from cms.fields import knowing, titles
from cms.fields.type import Reference
from tests.fields.naming import V2, Site
from tests.support.clinic import Clinic, Person
from tests.support.queries import counted

ROLES = ("subscriber", "contributor", "author", "editor", "administrator")


@pytest.fixture
async def site(cms: Clinic) -> Site:
    return await Site.made(cms)


async def test_light_gives_the_numbers_that_were_written(site: Site) -> None:
    names = ("post_object", "relationship", "page_link", "user", "image", "file", "gallery")
    await site.keep(
        *({"name": name, "type": name} for name in names),
        {"name": "terms", "type": "taxonomy"},
        {"name": "one_term", "type": "taxonomy", "field_type": "select"},
    )
    ids = site.ids
    given = {
        "post_object": ids["public"],
        "relationship": [ids["other"], ids["public"]],
        "page_link": ids["public"],
        "user": ids["editor"],
        "image": ids["picture"],
        "file": ids["picture"],
        "gallery": [ids["picture"]],
        "terms": [ids["term"]],
        "one_term": ids["term"],
    }
    made = await site.post(**given)
    assert made["acf"] == given
    empty = await site.post()
    assert empty["acf"] == dict.fromkeys(given)
    assert await site.shown(empty["id"]) == dict.fromkeys(given, False)


async def test_a_picture_in_the_standard_form(site: Site) -> None:
    await site.keep(
        {"name": "whole", "type": "image"},
        {"name": "address", "type": "image", "return_format": "url"},
        {"name": "number", "type": "image", "return_format": "id"},
        {"name": "file", "type": "file"},
        {"name": "gallery", "type": "gallery", "return_format": "url"},
    )
    picture = site.ids["picture"]
    names = ("whole", "address", "number", "file")
    made = await site.post(**dict.fromkeys(names, picture), gallery=[picture])
    shown = await site.shown(made["id"])
    media = (await site.cms.http.get(f"{V2}/media/{picture}")).json()
    sizes = media["media_details"]["sizes"]
    assert [*shown["whole"]] == [
        "ID", "id", "title", "filename", "filesize", "url", "link", "alt", "author", "description",
        "caption", "name", "status", "uploaded_to", "date", "modified", "menu_order", "mime_type",
        "type", "subtype", "icon", "width", "height", "sizes",
    ]  # fmt: skip
    assert shown["whole"] | {"sizes": {}} == {
        "ID": picture,
        "id": picture,
        "title": "torax",
        "filename": "torax.jpg",
        "filesize": media["media_details"]["filesize"],
        "url": media["source_url"],
        "link": media["link"],
        "alt": "Tórax",
        "author": str(site.ids["editor"]),
        "description": "",
        "caption": "",
        "name": "torax",
        "status": "inherit",
        "uploaded_to": 0,
        "date": media["date"].replace("T", " "),
        "modified": media["modified"].replace("T", " "),
        "menu_order": 0,
        "mime_type": "image/jpeg",
        "type": "image",
        "subtype": "jpeg",
        "icon": "",
        "width": 640,
        "height": 400,
        "sizes": {},
    }
    given = shown["whole"]["sizes"]
    assert len(given) == 18
    assert given["thumbnail"] == sizes["thumbnail"]["source_url"]
    assert (given["medium-width"], given["medium-height"]) == (300, 188)
    # Not made, because the picture is smaller: the picture itself.
    assert (given["large"], given["large-width"]) == (media["source_url"], 640)
    assert shown["address"] == media["source_url"]
    assert shown["number"] == picture
    assert shown["file"] == shown["whole"]
    assert shown["gallery"] == [media["source_url"]]


async def test_posts_terms_and_people_in_the_standard_form(site: Site) -> None:
    await site.keep(
        {"name": "post", "type": "post_object"},
        {"name": "posts", "type": "relationship", "return_format": "id"},
        {"name": "page", "type": "page_link", "multiple": 1},
        {"name": "term", "type": "taxonomy", "field_type": "radio", "return_format": "object"},
        {"name": "terms", "type": "taxonomy"},
        {"name": "person", "type": "user"},
        {"name": "people", "type": "user", "multiple": 1, "return_format": "object"},
    )
    ids = site.ids
    made = await site.post(
        post=ids["public"],
        posts=[ids["other"], ids["public"]],
        page=[ids["public"], "/artigos/"],
        term=ids["term"],
        terms=[ids["term"]],
        person=ids["author"],
        people=[ids["author"]],
    )
    shown = await site.shown(made["id"])
    public = (await site.cms.http.get(f"{V2}/posts/{ids['public']}")).json()
    assert len(shown["post"]) == 24
    assert shown["post"]["post_title"] == "O public"
    assert shown["post"]["post_content"] == public["content"]["rendered"]
    assert (shown["post"]["post_excerpt"], shown["post"]["post_author"]) == (
        "Resumo",
        str(ids["editor"]),
    )
    assert shown["posts"] == [ids["other"], ids["public"]]
    assert shown["page"] == [public["link"], "/artigos/"]
    assert shown["term"] == {
        "term_id": ids["term"],
        "name": "Dor",
        "slug": "dor",
        "term_group": 0,
        "term_taxonomy_id": ids["term"],
        "taxonomy": "category",
        "description": "",
        "parent": 0,
        "count": 0,
        "filter": "raw",
    }
    assert shown["terms"] == [ids["term"]]
    assert shown["person"]["display_name"] == "Bia Autora"
    assert [*shown["person"]] == [
        "ID", "user_firstname", "user_lastname", "nickname", "user_nicename", "display_name",
        "user_email", "user_url", "user_registered", "user_description", "user_avatar",
    ]  # fmt: skip
    assert shown["people"][0]["data"]["display_name"] == "Bia Autora"


HIDDEN = ("private", "draft", "binned", "hidden_picture", "silent")


async def named_by_everything(site: Site) -> int:
    """A public post that names also what not everybody may read."""
    await site.keep(
        {"name": "posts", "type": "relationship"},
        {"name": "links", "type": "page_link", "multiple": 1},
        {"name": "numbers", "type": "relationship", "return_format": "id"},
        {"name": "media", "type": "gallery"},
        {"name": "one", "type": "post_object"},
        {"name": "picture", "type": "image"},
        {"name": "people", "type": "user", "multiple": 1},
        {"name": "accounts", "type": "user", "multiple": 1, "return_format": "object"},
        {"name": "person", "type": "user"},
    )
    ids = site.ids
    posts = [ids[name] for name in ("public", "protected", "private", "draft")]
    chief = await site.cms.person("dora.chefe", roles=("administrator",))
    made = await site.post(
        chief,
        posts=[*posts, ids["other"]],
        links=posts,
        numbers=posts,
        media=[ids["picture"], ids["hidden_picture"]],
        one=ids["private"],
        picture=ids["hidden_picture"],
        people=[ids["author"], ids["silent"]],
        accounts=[ids["author"], ids["silent"]],
        person=ids["silent"],
    )
    await site.editor.delete(f"{V2}/posts/{ids['other']}")
    return int(made["id"])


async def as_role(site: Site, role: str | None) -> Person | None:
    return await site.cms.person(f"leitor.{role}", roles=(role,)) if role else None


@pytest.mark.parametrize("role", [None, *ROLES])
async def test_what_a_reader_may_not_read_looks_like_what_is_not_there(
    site: Site, role: str | None
) -> None:
    post_id = await named_by_everything(site)
    reader, ids = await as_role(site, role), site.ids
    shown = await site.shown(post_id, reader)
    sees_private = role in {"editor", "administrator"}
    lists_people = role == "administrator"
    posts = ["public", "protected", *(["private", "draft"] if sees_private else [])]
    assert [one["ID"] for one in shown["posts"]] == [ids[name] for name in posts]
    assert shown["numbers"] == [ids[name] for name in posts]
    assert len(shown["links"]) == len(posts)
    pictures = ["picture", *(["hidden_picture"] if sees_private else [])]
    assert [one["ID"] for one in shown["media"]] == [ids[name] for name in pictures]
    assert bool(shown["one"]) == bool(shown["picture"]) == sees_private
    people = ["author", *(["silent"] if lists_people else [])]
    assert [one["ID"] for one in shown["people"]] == [ids[name] for name in people]
    assert bool(shown["person"]) == lists_people
    said = json.dumps(shown, ensure_ascii=False)
    # The leaks that were measured: the password, the text behind it, addresses, logins.
    assert all(one["post_password"] == "" for one in shown["posts"])
    for leak in ("segredo", "Texto de protected", "Oculto"):
        assert leak not in said
    assert ("bia.autora" in said) == lists_people
    assert ("@clinica.example" in said) == lists_people
    if not sees_private:
        for leak in ("O private", "O draft", "interno"):
            assert leak not in said
    assert "password_hash" not in said


@pytest.mark.parametrize("role", [None, "author", "administrator"])
async def test_the_typed_form_hides_the_same(site: Site, role: str | None) -> None:
    post_id = await named_by_everything(site)
    reader = await as_role(site, role)
    shown = await typed(site, post_id, reader)
    sees = role == "administrator"
    assert [one["title"] for one in shown["posts"]] == [
        "O public",
        "O protected",
        *(["O private", "O draft"] if sees else []),
    ]
    assert (shown["one"] is not None) == (shown["person"] is not None) == sees
    assert [one["title"] for one in shown["people"]] == [
        "Bia Autora",
        *(["Caio Calado"] if sees else []),
    ]
    assert {*shown["people"][0]} == {"id", "type", "title", "link"}


async def typed(site: Site, post_id: int, reader: Person | None) -> Mapping[str, Any]:
    """The values in our form, as that reader gets them."""
    path = f"/api/v1/posts/{post_id}/fields"
    response = await (reader.get(path) if reader is not None else site.cms.http.get(path))
    assert response.status_code == 200, response.text
    values: Mapping[str, Any] = response.json()["values"]
    return values


async def test_a_picture_in_the_typed_form(site: Site) -> None:
    await site.keep({"name": "picture", "type": "image"}, {"name": "none", "type": "image"})
    made = await site.post(picture=site.ids["picture"])
    shown = await typed(site, made["id"], None)
    assert shown["none"] is None
    picture = shown["picture"]
    assert (picture["alt"], picture["width"], picture["height"]) == ("Tórax", 640, 400)
    assert picture["url"].startswith("https://clinica.example/wp-content/uploads/")
    assert picture["link"] == "https://clinica.example/torax/"
    assert {one["size"] for one in picture["renditions"]} >= {"thumbnail", "medium", "full"}


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


async def test_two_sites_never_see_each_others_things(site: Site) -> None:
    named = [Reference("post", site.ids["public"]), Reference("user", site.ids["author"])]
    async with site.cms.other() as other, other.as_system() as work:
        found = await knowing.load(work, [*named, Reference("term", site.ids["term"])])
    assert (found.posts, found.terms, found.users) == ({}, {}, {})


async def test_ten_posts_with_fields_of_all_kinds_cost_three_statements_more(site: Site) -> None:
    kinds = ("post_object", "relationship", "page_link", "image", "file", "gallery", "user")
    plain = await counted_list(site)
    fields = [{"name": f"{kind}_{i}", "type": kind} for kind in kinds for i in range(3)]
    terms = [
        {"name": f"terms_{i}", "type": "taxonomy", "return_format": "object"} for i in range(4)
    ]
    await site.keep(*fields, *terms)
    ids = site.ids
    value = {
        "post_object": ids["public"],
        "relationship": [ids["public"], ids["other"]],
        "page_link": ids["other"],
        "image": ids["picture"],
        "file": ids["picture"],
        "gallery": [ids["picture"]],
        "user": ids["author"],
    }
    acf = {one["name"]: value[one["type"]] for one in fields}
    acf |= {one["name"]: [ids["term"]] for one in terms}
    assert len(acf) == 25
    for _ in range(10):
        await site.post(**acf)
    for form in ("standard", "light"):
        assert await counted_list(site, form) <= plain + 4, form


async def counted_list(site: Site, form: str = "standard") -> int:
    path = f"{V2}/posts?acf_format={form}&per_page=10"
    await site.cms.http.get(path)
    with counted(site.cms.host) as statements:
        response = await site.cms.http.get(path)
    assert response.status_code == 200, response.text
    return len(statements)
