"""One search over posts and over terms, and only over what the reader may see."""

import json
from pathlib import Path

import pytest

from cms.rest.search import schema_of, table_of
from cms.tenancy import options
from tests.support import wordpress
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
MEASURED = json.loads((Path(__file__).parent / "data" / "wordpress-routes.json").read_text())


@pytest.fixture
async def editor(cms):
    return await cms.person("ed", ["editor"])


async def search(who, query):
    response = await who.get(f"{V2}/search?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def test_arguments_and_fields_are_those_of_wordpress(cms):
    theirs, ours = wordpress.arguments("/wp/v2/search", "GET"), table_of(cms.host.registry)
    assert set(ours) == set(theirs)
    for name, argument in theirs.items():
        assert ours[name].get("default") == argument.get("default"), name
        assert ours[name].get("enum") == argument.get("enum"), name
    properties = schema_of(cms.host.registry)["properties"]
    assert set(properties) == set(wordpress.fields("wp_v2_search"))


async def test_posts_are_found_the_best_first(cms, editor):
    in_text = await cms.draft(
        editor, title="Ouvido", content="<p>Um zumbido.</p>", status="publish"
    )
    in_title = await cms.draft(editor, title="O zumbido <em>grave</em>", status="publish")
    await cms.draft(editor, title="Zumbido em rascunho")
    found = await search(cms.http, "search=zumbidos")
    assert [one["id"] for one in found] == [in_title["id"], in_text["id"]]
    assert found[0] == {
        "id": in_title["id"],
        "title": "O zumbido <em>grave</em>",
        "url": in_title["link"],
        "type": "post",
        "subtype": "post",
        "_links": {
            "self": [
                {
                    "embeddable": True,
                    "href": f"http://clinica.example{V2}/posts/{in_title['id']}",
                }
            ],
            "about": [{"href": f"http://clinica.example{V2}/types/post"}],
            "collection": [{"href": f"http://clinica.example{V2}/search"}],
        },
    }
    for query, ids in {
        "": [in_title["id"], in_text["id"]],
        "search=zumbido+-ouvido": [in_title["id"]],
        "search=%22um+zumbido%22": [in_text["id"]],
        f"include={in_text['id']}": [in_text["id"]],
        f"search=zumbido&exclude={in_title['id']}": [in_text["id"]],
        "subtype=post&per_page=1&page=2&search=zumbido": [in_text["id"]],
        "subtype=medical_article": [],
        "subtype=category": [],
        "type=post-format": [],
    }.items():
        assert [one["id"] for one in await search(cms.http, query)] == ids, query
    shown = (await cms.http.get(f"{V2}/search?context=embed")).json()[0]
    assert wordpress.flat(shown) == set(wordpress.fields("wp_v2_search", "embed"))


async def test_formats_are_those_of_published_posts(cms, editor):
    await cms.draft(editor, status="publish", format="quote")
    await cms.draft(editor, status="publish", format="aside")
    await cms.draft(editor, format="video")
    found = await search(cms.http, "type=post-format")
    assert found[0] == {
        "id": "aside",
        "title": "Aside",
        "url": "http://clinica.example/type/aside/",
        "type": "post-format",
        "_links": {"collection": [{"href": f"http://clinica.example{V2}/search"}]},
    }
    assert [one["id"] for one in found] == ["aside", "quote"]
    assert [one["id"] for one in await search(cms.http, "type=post-format&search=Quo")] == ["quote"]
    beyond = await cms.http.get(f"{V2}/search?type=post-format&per_page=1&page=2")
    assert (beyond.json()[0]["id"], beyond.headers["X-WP-Total"]) == ("quote", "2")


async def test_terms_are_found_by_name(cms, editor):
    made = {
        base: (await editor.post(f"{V2}/{base}", {"name": "Saúde & Bem"})).json()
        for base in ("categories", "tags")
    }
    found = await search(cms.http, "type=term&search=saude")
    assert {one["type"]: one["id"] for one in found} == {
        "category": made["categories"]["id"],
        "post_tag": made["tags"]["id"],
    }
    assert list(found[0]) == ["id", "title", "url", "type", "_links"]
    assert found[0]["title"] == "Saúde &amp; Bem"
    only = await search(cms.http, "type=term&subtype=post_tag")
    assert [one["url"] for one in only] == ["http://clinica.example/tag/saude-bem/"]


async def test_what_a_reader_may_not_see_is_not_found(cms, editor):
    await cms.draft(editor, title="Privado zumbido", status="private")
    closed = await cms.draft(
        editor, title="Zumbido fechado", content="senha", password="abre", status="publish"
    )
    author = await cms.person("ana.autora")
    for who in (cms.http, author):
        assert await search(who, "search=zumbido") == []
    assert [one["id"] for one in await search(editor, "search=zumbido")] == [closed["id"]]
    [listed] = await search(cms.http, "")
    assert listed["title"] == "Protected: Zumbido fechado"
    async with cms.other() as other:
        assert await search(other.http, "") == []


async def test_bad_arguments_are_refused_in_wordpress_words(cms, editor):
    response = await cms.http.get(f"{V2}/search?subtype=zz")
    assert (response.status_code, response.json()["code"]) == (400, "rest_invalid_param")
    detail = response.json()["data"]["details"]["subtype"]
    declared = (cms.host.registry.post_types, cms.host.registry.taxonomies)
    public = [one.name for kind in declared for one in kind.values() if one.is_public]
    known = [name for name in public if name != "attachment"]
    assert detail["code"] == "rest_not_in_enum"
    assert detail["message"] == f"subtype[0] is not one of {', '.join(known)}, and any."
    await cms.draft(editor, status="publish")
    beyond = await cms.http.get(f"{V2}/search?page=2")
    assert (beyond.status_code, beyond.json(), beyond.headers["X-WP-Total"]) == (200, [], "0")


async def test_a_search_costs_one_statement(cms, editor):
    for number in range(6):
        await cms.draft(editor, title=f"Zumbido {number}", status="publish")
    for query in ("search=zumbido", "per_page=3", "type=term"):
        await search(cms.http, query)
        with counted(cms.host) as statements:
            await search(cms.http, query)
        assert len(statements) <= 2, str(statements)


async def test_links_lead_to_the_front_end_where_there_is_one(cms, editor):
    await cms.draft(editor, title="Dor", status="publish")
    await editor.post(f"{V2}/tags", {"name": "Dor"})
    async with cms.as_system() as work:
        await options.change(work, {"front_end_url": "https://leitura.example"})
    cms.host.tenants.forget()
    for query in ("", "type=term"):
        [one] = await search(cms.http, query)
        assert one["url"].startswith("https://leitura.example/")
