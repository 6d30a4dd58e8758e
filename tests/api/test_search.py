"""The search of the own API: marked snippets, filters, and pages that follow a cursor."""

import pytest

from cms.content.snippets import matcher
from tests.support.queries import counted

V2, SEARCH = "/wp-json/wp/v2", "/api/v1/search"


@pytest.fixture
async def editor(cms):
    return await cms.person("ed", ["editor"])


async def search(who, query, status=200):
    response = await who.get(f"{SEARCH}?{query}")
    assert response.status_code == status, response.text
    return response.json()


async def test_the_words_are_marked_where_they_stand(cms, editor):
    far = "palavra " * 60
    made = await cms.draft(
        editor,
        title="Hipertensões & outras",
        content=f"<p>{far}</p><p>A hipertensão <b>&lt;grave&gt;</b> assusta.</p>",
        status="publish",
    )
    [hit] = (await search(cms.http, "q=hipertensao"))["items"]
    assert hit["title"] == "<mark>Hipertensões</mark> &amp; outras"
    assert "A <mark>hipertensão</mark> &lt;grave&gt; assusta." in hit["snippet"]
    assert hit["snippet"].startswith("… palavra")
    assert (hit["id"], hit["type"], hit["link"]) == (made["id"], "post", made["link"])
    assert hit["rank"] > 0


async def test_nothing_of_the_text_is_markup(cms, editor):
    await cms.draft(
        editor,
        title="Zumbido",
        content='<p>&lt;script&gt;zumbido&lt;/script&gt; "x" &amp;lt;b&amp;gt;</p>',
        status="publish",
    )
    [hit] = (await search(cms.http, "q=zumbido+script"))["items"]
    rest = hit["snippet"].replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest
    assert "&lt;<mark>script</mark>&gt;<mark>zumbido</mark>" in hit["snippet"]


async def test_phrases_exclusions_and_filters(cms, editor):
    tag = (await editor.post(f"{V2}/tags", {"name": "Adultos"})).json()
    one = await cms.draft(
        editor, title="Dor de cabeça", content="forte", tags=[tag["id"]], status="publish"
    )
    two = await cms.draft(editor, title="Cabeça sem dor", content="leve", status="publish")
    for query, ids in {
        "q=dor": {one["id"], two["id"]},
        "q=%22dor+de+cabeca%22": {one["id"]},
        "q=cabeça+-forte": {two["id"]},
        f"q=dor&term={tag['id']}": {one["id"]},
        "q=dor&taxonomy=post_tag": {one["id"]},
        "q=dor&taxonomy=category": set(),
        "q=dor&type=post": {one["id"], two["id"]},
        "q=dor&type=medical_article": set(),
        "q=dor&language=pt-BR": {one["id"], two["id"]},
        "q=dor&language=en-US": set(),
        # By what it is filed under, too.
        "q=adulto": {one["id"]},
        "q=%3F": set(),
    }.items():
        found = await search(cms.http, query)
        assert {hit["id"] for hit in found["items"]} == ids, query
        assert found["next"] is None


async def test_pages_follow_a_cursor_and_miss_nothing(cms, editor):
    made = [
        await cms.draft(editor, title=f"Zumbido {n}", content="x " * n, status="publish")
        for n in range(7)
    ]
    seen, query = [], "q=zumbido&limit=3"
    while True:
        page = await search(cms.http, query)
        seen += [hit["id"] for hit in page["items"]]
        if page["next"] is None:
            break
        query = f"q=zumbido&limit=3&cursor={page['next']}"
    assert len(seen) == 7
    assert set(seen) == {post["id"] for post in made}


BAD_QUESTIONS = [
    ("", "q"),
    ("q=", "q"),
    ("q=x&limit=51", "limit"),
    ("q=x&limit=0", "limit"),
    ("q=x&type=nada", "type"),
    ("q=x&taxonomy=nada", "taxonomy"),
    ("q=x&term=a", "term"),
    ("q=x&term=-1", "term"),
    ("q=x&cursor=nada", "cursor"),
    ("q=x&cursor=WzEsMl0x", "cursor"),
    ("q=x&cursor=é", "cursor"),
]


async def test_bad_questions_are_refused_by_name(cms):
    for query, field in BAD_QUESTIONS:
        assert list((await search(cms.http, query, 400))["faults"]) == [field], query


async def test_what_a_reader_may_not_see_is_not_found(cms, editor):
    await cms.draft(editor, title="Zumbido em rascunho")
    await cms.draft(editor, title="Zumbido fechado", password="abre", status="publish")
    assert (await search(cms.http, "q=zumbido"))["items"] == []
    async with cms.other() as other:
        assert (await search(other.http, "q=zumbido"))["items"] == []


async def test_a_search_costs_three_statements_however_much_it_finds(cms, editor):
    for number in range(8):
        await cms.draft(editor, title=f"Zumbido {number}", status="publish")
    await search(cms.http, "q=zumbido&limit=8")
    with counted(cms.host) as statements:
        await search(cms.http, "q=zumbido&limit=8")
    assert len(statements) <= 4, str(statements)


async def test_words_match_by_the_rules_of_each_language(cms):
    async with cms.as_system() as work:
        knows = await matcher(
            work, 'corações -warning "treatment"', ["Coração corado treatments corpo warning"]
        )
    for word, language, is_marked in (
        ("Coração", "pt-BR", True),
        ("corado", "pt-BR", False),
        ("corpo", "pt-BR", False),
        ("treatments", "en-US", True),
        ("warning", "en-US", False),
    ):
        assert knows.matches(word, language) is is_marked, word
    assert knows.marked("<i>Treatments</i>", "en") == "&lt;i&gt;<mark>Treatments</mark>&lt;/i&gt;"
    assert knows.snippet("", "pt-BR") == ""
