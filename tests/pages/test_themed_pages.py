"""A site without a front end of its own: its pages, drawn in the default theme."""

import json
from itertools import pairwise

import pytest

from tests.pages.conftest import Site

ADDRESS = "http://clinica.example"


async def test_a_headless_site_has_no_pages_of_its_own(site: Site) -> None:
    path = await site.path(title="Gripe")
    await site.cms.set_options(serves_pages=False)
    assert (await site.see("/")).answer.json()["wordpress"] == "/wp-json/"
    assert (await site.see(path)).status == 404
    for address in ("/wp-comments-post.php", "/post-password"):
        assert (await site.send(address, {})).status_code == 404


async def test_pages_are_drawn_only_where_readers_see_the_site(site: Site) -> None:
    path = await site.path(title="Gripe")
    await site.cms.set_options(front_end_url="https://clinica-front.example")
    led = await site.see(path)
    assert (led.status, led.answer.headers["location"]) == (
        302,
        f"https://clinica-front.example{path}",
    )


@pytest.mark.parametrize(
    ("language", "published", "search"),
    [("pt-BR", "Publicado em", "Buscar"), ("en-US", "Published on", "Search")],
)
async def test_a_text_at_its_address(
    site: Site, language: str, published: str, search: str
) -> None:
    await site.cms.set_options(language=language, title="Clínica da Praça")
    path = await site.path(
        title="Gripe & febre", content="<p>Beba <b>água</b>.</p>", excerpt="Água."
    )
    seen = await site.see(path)
    assert seen.status == 200
    assert seen.text("h1") == "Gripe & febre"
    assert seen.text("title") == "Gripe & febre · Clínica da Praça"
    assert "<b>água</b>" in seen.answer.text
    assert seen.text(".dates").startswith(published)
    assert search in seen.texts("button")
    assert seen.values("html", "lang") == [language]
    assert seen.values("link[rel=canonical]", "href") == [f"{ADDRESS}{path}"]
    assert seen.values("meta[name=description]", "content") == ["Água."]
    assert seen.values("meta[property='og:title']", "content") == ["Gripe & febre"]
    assert f"{ADDRESS}{path}feed/" in seen.values("link[rel=alternate]", "href")
    assert seen.values("link[rel=sitemap]", "href") == [f"{ADDRESS}/wp-sitemap.xml"]
    said = json.loads(seen.tree.css_first("script").text())
    assert (said["@type"], said["headline"], said["url"]) == (
        "Article",
        "Gripe & febre",
        f"{ADDRESS}{path}",
    )


async def test_a_page_runs_no_script_and_phones_nobody(site: Site) -> None:
    answer = (await site.see(await site.path())).answer
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_caches_keep_a_page_and_ask_whether_it_is_still_right(site: Site) -> None:
    path = await site.path()
    first = (await site.see(path)).answer
    assert first.headers["cache-control"] == "public, max-age=60"
    again = await site.see(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.answer.content) == (304, b"")


async def test_the_style_sheet_stays_in_caches_under_an_address_of_its_own(site: Site) -> None:
    (address,) = (await site.see("/")).values("link[rel=stylesheet]", "href")
    sheet = (await site.see(address)).answer
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in sheet.headers["cache-control"]
    old = (await site.see(f"/theme/default/{'0' * 12}/style.css")).answer
    assert (old.status_code, old.headers["cache-control"]) == (200, "public, max-age=60")
    for unknown in ("/theme/default/x/theme.toml", "/theme/../x/style.css", "/theme/no/x/a.css"):
        assert (await site.see(unknown)).status == 404


async def test_the_front_page_lists_the_newest_texts_page_by_page(site: Site) -> None:
    await site.cms.set_options(posts_per_page=2)
    for number in range(5):
        await site.post(title=f"Texto {number}", date=f"2026-01-0{number + 1}T10:00:00")
    first = await site.see("/")
    assert first.texts("article h2") == ["Texto 4", "Texto 3"]
    assert first.values("nav.paging a", "href") == [f"{ADDRESS}/page/2/"]
    second = await site.see("/page/2/")
    assert second.texts("article h2") == ["Texto 2", "Texto 1"]
    assert second.values("nav.paging a", "href") == [f"{ADDRESS}/", f"{ADDRESS}/page/3/"]
    assert (await site.see("/page/3/")).values("nav.paging a", "href") == [f"{ADDRESS}/page/2/"]
    assert (await site.see("/page/4/")).status == 404


async def test_a_page_can_stand_in_front(site: Site) -> None:
    page = await site.post("pages", title="Bem-vindos")
    await site.cms.set_options(show_on_front="page", page_on_front=page["id"])
    seen = await site.see("/")
    assert seen.text("h1") == "Bem-vindos"
    assert seen.values("link[rel=canonical]", "href") == [f"{ADDRESS}/"]
    assert (await site.see("/page/2/")).status == 404


async def test_archives_of_terms_and_people(site: Site) -> None:
    answer = await site.editor.post(
        "/wp-json/wp/v2/categories", {"name": "Dor & febre", "description": "Tudo sobre dor."}
    )
    await site.post(title="Com categoria", categories=[answer.json()["id"]])
    await site.post(title="Sem categoria")
    path = answer.json()["link"].removeprefix(ADDRESS)
    term = await site.see(path)
    assert (term.text("h1"), term.texts("article h2")) == ("Dor & febre", ["Com categoria"])
    assert "Tudo sobre dor." in term.texts(".line")
    assert f"{ADDRESS}{path}feed/" in term.values("link[rel=alternate]", "href")
    (author,) = set(term.values("a[rel=author]", "href"))
    person = await site.see(author.removeprefix(ADDRESS))
    assert person.text("h1") == "Textos de Edith Editora"
    assert len(person.texts("article")) == 2


async def test_dates_have_archives_where_addresses_begin_with_them(site: Site) -> None:
    await site.post(title="De março", date="2026-03-02T10:00:00")
    await site.post(title="De abril", date="2026-04-02T10:00:00")
    assert (await site.see("/2026/03/")).status == 404
    await site.cms.set_options(permalink_structure="/%year%/%monthnum%/%postname%/")
    march = await site.see("/2026/03/")
    assert (march.text("h1"), march.texts("article h2")) == ("março de 2026", ["De março"])
    assert (await site.see("/2026/")).texts("article h2") == ["De abril", "De março"]
    assert (await site.see("/2026/03/02/")).text("h1") == "2 de março de 2026"
    for nothing in ("/2026/13/", "/2026/02/30/", "/0000/"):
        assert (await site.see(nothing)).status == 404
    assert (await site.see("/2026/04/de-abril/")).text("h1") == "De abril"


async def test_search_finds_what_is_public(site: Site) -> None:
    await site.post(title="Enxaqueca")
    await site.post("pages", title="Enxaqueca em crianças")
    await site.post(title="Enxaqueca da equipe", password="abre")
    await site.cms.draft(site.editor, title="Enxaqueca em obras")
    seen = await site.see("/?s=enxaqueca")
    assert sorted(seen.texts("article h2")) == ["Enxaqueca", "Enxaqueca em crianças"]
    assert seen.texts("p[role=status]") == ["2 textos encontrados"]
    assert seen.values("meta[name=robots]", "content") == ["noindex, follow"]
    assert seen.values("input[type=search]", "value") == ["enxaqueca"]
    nothing = await site.see("/?s=")
    assert (nothing.status, nothing.texts("article")) == (200, [])


async def test_what_is_not_there_has_a_page_that_helps(site: Site) -> None:
    seen = await site.see("/nada/de/nada/")
    assert seen.status == 404
    assert seen.text("h1") == "Não há página aqui"
    assert seen.values("meta[name=robots]", "content") == ["noindex"]
    assert seen.tree.css_first("input[type=search]") is not None
    assert seen.answer.headers["cache-control"] == "no-store"


async def test_redirects_come_before_pages_and_gone_is_told(site: Site) -> None:
    for source, target, status in (("/velho", "/novo/", 301), ("/fora", "", 410)):
        body = {"source": source, "target": target, "status": status}
        assert (await site.editor.post("/api/v1/redirects", body)).is_success
    moved = await site.see("/velho/")
    assert (moved.status, moved.answer.headers["location"]) == (301, f"{ADDRESS}/novo/")
    gone = await site.see("/fora/")
    assert (gone.status, gone.text("h1")) == (410, "Esta página foi retirada")


async def test_menus_and_widgets_stand_around_the_text(site: Site) -> None:
    menu = {"name": "Principal", "locations": ["primary"]}
    made = (await site.editor.post("/wp-json/wp/v2/menus", menu)).json()
    above = 0
    for title in ("Exames", "Sangue"):
        body = {"title": title, "url": f"{ADDRESS}/{title.lower()}/", "menus": made["id"]}
        item = {**body, "parent": above, "type": "custom", "status": "publish"}
        above = (await site.editor.post("/wp-json/wp/v2/menu-items", item)).json()["id"]
    instance = {"raw": {"content": "<p>Ligue 192.</p>"}}
    widget = {"id_base": "block", "sidebar": "sidebar-1", "instance": instance}
    assert (await site.editor.post("/wp-json/wp/v2/widgets", widget)).is_success
    seen = await site.see(await site.path())
    assert seen.texts("nav.site-menu > ul > li > a") == ["Exames"]
    assert seen.texts("nav.site-menu li li a") == ["Sangue"]
    assert "Ligue 192." in seen.text("aside.sidebar")


async def test_a_hidden_site_asks_for_no_index(site: Site) -> None:
    await site.cms.set_options(blog_public=False)
    seen = await site.see(await site.path())
    assert seen.values("meta[name=robots]", "content") == ["noindex, nofollow"]
    assert seen.tree.css_first("link[rel=sitemap]") is None


async def test_wide_tables_scroll_by_touch_and_by_key(site: Site) -> None:
    table = "<table><tbody><tr><td><b>5 mg</b></td></tr></tbody></table>"
    seen = await site.see(await site.path(content=f"{table}<p>a</p>{table}"))
    frames = seen.tree.css("div.table-scroll[role=region][tabindex='0'][aria-label=Tabela]")
    assert [len(one.css("table")) for one in frames] == [1, 1]


async def test_headings_are_in_order_and_every_field_has_its_label(site: Site) -> None:
    paths = [await site.path(), "/", "/?s=gripe", "/nada/"]
    for path in paths:
        seen = await site.see(path)
        assert len(seen.tree.css("h1")) == 1, path
        levels = [int(one.tag[1]) for one in seen.tree.css("h1, h2, h3, h4")]
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        labelled = set(seen.values("label", "for"))
        fields = seen.values("input:not([type=hidden]), textarea", "id")
        assert set(fields) <= labelled, path
        assert len(set(seen.values("[id]", "id"))) == len(seen.values("[id]", "id")), path
