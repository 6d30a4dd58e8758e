"""`_embed`: linked bodies come along, for a whole page with a constant number of statements."""

import pytest

from tests.support.queries import counted

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def shelf(cms):
    """Two published posts by two people, one of them filed under a category."""
    editor = await cms.person("ed.itora", ["editor"])
    ana = await cms.person("ana.autora")
    dor = (await editor.post(f"{V2}/categories", {"name": "Dor & febre"})).json()["id"]
    filed = await cms.draft(ana, title="Um", status="publish", categories=[dor])
    bare = await cms.draft(editor, title="Dois", status="publish")
    return ana, editor, dor, filed["id"], bare["id"]


async def test_everything_embeddable_comes_along_in_the_embed_context(cms, shelf):
    ana, _, dor, filed, _ = shelf
    item = (await cms.http.get(f"{V2}/posts/{filed}?_embed")).json()
    assert list(item)[-2:] == ["_links", "_embedded"]
    [author] = item["_embedded"]["author"]
    assert (author["id"], author["name"]) == (ana.id, "Ana Autora")
    assert "meta" not in author
    assert author["_links"]["self"][0]["href"].endswith(f"/wp/v2/users/{ana.id}")
    place = [one["taxonomy"] for one in item["_links"]["wp:term"]].index("category")
    terms = item["_embedded"]["wp:term"]
    assert len(terms) == len(item["_links"]["wp:term"])
    [category] = terms[place]
    assert list(category) == ["id", "link", "name", "slug", "taxonomy", "_links"]
    assert (category["id"], category["name"]) == (dor, "Dor &amp; febre")


@pytest.mark.parametrize(
    ("asked", "relations"),
    [
        ("_embed", {"author", "wp:term"}),
        ("_embed=1", {"author", "wp:term"}),
        ("_embed=0", {"author", "wp:term"}),
        ("_embed=true", {"author", "wp:term"}),
        ("_embed=author", {"author"}),
        ("_embed=author,wp:term", {"author", "wp:term"}),
        ("_embed=self", set()),
        ("_embed=nothing", set()),
        ("_embed&_fields=id", set()),
        ("_embed&_fields=id,_links", {"author", "wp:term"}),
        ("_embed&_fields=id,_links.author", {"author"}),
    ],
)
async def test_what_is_asked_for_is_embedded_while_its_links_remain(cms, shelf, asked, relations):
    listed = (await cms.http.get(f"{V2}/posts?{asked}&slug=um")).json()
    assert [set(one.get("_embedded", {})) for one in listed] == [relations]


async def test_one_item_keeps_its_links_for_what_it_embeds(cms, shelf):
    filed = shelf[3]
    path = f"{V2}/posts/{filed}?_embed=author&_fields=id,_embedded"
    assert set((await cms.http.get(path)).json()) == {"id", "_links", "_embedded"}


async def test_what_nobody_is_filed_under_is_left_out(cms, shelf):
    item = (await cms.http.get(f"{V2}/posts/{shelf[4]}?_embed")).json()
    assert set(item["_embedded"]) == {"author"}


async def test_the_error_of_an_address_stands_in_its_place(cms):
    ana = await cms.person("ana.autora")
    draft = await cms.draft(ana)
    other = await cms.person("outro.editor", ["editor"])
    seen = (await other.get(f"{V2}/posts/{draft['id']}?_embed=author")).json()
    [refused] = seen["_embedded"]["author"]
    assert (refused["code"], refused["data"]["status"]) == ("rest_user_cannot_view", 403)
    own = (await ana.get(f"{V2}/posts/{draft['id']}?_embed=author")).json()
    assert own["_embedded"]["author"][0]["id"] == ana.id


async def test_the_terms_of_a_draft_are_not_told_to_strangers(cms, shelf):
    ana, _, dor, _, _ = shelf
    draft = await cms.draft(ana, title="Rascunho", categories=[dor])
    own = (await ana.get(f"{V2}/posts/{draft['id']}?_embed=wp:term")).json()
    assert own["_embedded"]["wp:term"]
    assert (await cms.http.get(f"{V2}/posts/{draft['id']}?_embed")).status_code == 401


async def test_a_list_with_everything_embedded_costs_the_same_whatever_its_length(cms, shelf):
    ana, editor, dor, _, _ = shelf
    paths = (f"{V2}/posts?_embed&per_page=50", f"{V2}/medical-articles?_embed&status=any")
    before = []
    for path in paths:
        with counted(cms.host) as statements:
            await editor.get(path)
        before.append(len(statements))
    for number in range(12):
        writer = (ana, editor)[number % 2]
        await cms.draft(writer, title=f"N {number}", status="publish", categories=[dor])
    with counted(cms.host) as statements:
        listed = (await cms.http.get(paths[0])).json()
    assert len(listed) == 14
    assert {one["_embedded"]["author"][0]["id"] for one in listed} == {ana.id, editor.id}
    assert len(statements) <= 6, statements
    with counted(cms.host) as statements:
        await editor.get(paths[0])
    assert len(statements) <= before[0], statements


async def test_embedding_never_leaves_the_tenant(cms, shelf):
    async with cms.other() as other:
        writer = await other.person("bia.autora")
        made = await other.draft(writer, status="publish")
        item = (await other.http.get(f"{V2}/posts/{made['id']}?_embed")).json()
        assert item["_embedded"]["author"][0]["id"] == writer.id
