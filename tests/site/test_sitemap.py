"""The sitemap and robots.txt, as crawlers read them."""

import re

import pytest
from lxml import etree

from cms.site import sitemap
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"


async def addresses(http, path):
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/xml; charset=UTF-8"
    assert answer.headers["X-Robots-Tag"] == "noindex, follow"
    top = etree.fromstring(answer.content)
    return [one.text for one in top.iter("{*}loc")]


@pytest.fixture
async def newsroom(cms):
    editor = await cms.person("ed.editor", ["editor"])
    term = (await editor.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
    await editor.post(f"{V2}/categories", {"name": "Vazia"})
    for number in range(5):
        await cms.draft(editor, title=f"Texto {number}", status="publish", categories=[term])
    await cms.draft(editor, title="Com senha", status="publish", password="x")
    await cms.draft(editor, title="Rascunho")
    await cms.person("novo.autor")
    return editor


async def test_the_index_names_pages_and_they_name_addresses(cms, newsroom):
    home = "http://clinica.example"
    assert await addresses(cms.http, "/wp-sitemap.xml") == [
        f"{home}/wp-sitemap-posts-post-1.xml",
        f"{home}/wp-sitemap-posts-page-1.xml",
        f"{home}/wp-sitemap-taxonomies-category-1.xml",
        f"{home}/wp-sitemap-users-1.xml",
    ]
    posts = await addresses(cms.http, "/wp-sitemap-posts-post-1.xml")
    assert sorted(posts) == [f"{home}/texto-{n}/" for n in range(5)]
    assert await addresses(cms.http, "/wp-sitemap-posts-page-1.xml") == [f"{home}/"]
    terms = await addresses(cms.http, "/wp-sitemap-taxonomies-category-1.xml")
    assert terms == [f"{home}/category/febre/"]
    editor = await cms.person("ed.editor")
    assert await addresses(cms.http, "/wp-sitemap-users-1.xml") == [
        f"{home}/author/author-{editor.id}/"
    ]


async def test_no_address_is_lost_between_pages(cms, newsroom, monkeypatch):
    monkeypatch.setattr(sitemap, "PER_PAGE", 2)
    index = await addresses(cms.http, "/wp-sitemap.xml")
    pages = [one.partition("example")[2] for one in index if "posts" in one]
    assert len(pages) == 4
    found = [place for page in pages for place in await addresses(cms.http, page)]
    assert len(found) == len(set(found)) == 6
    assert (await cms.http.get("/wp-sitemap-posts-post-4.xml")).status_code == 404


OTHERS = [
    "wp-sitemap-posts-post-0.xml",
    "wp-sitemap-posts-post-9999999.xml",
    "wp-sitemap-posts-post-2.xml",
    "wp-sitemap-posts-unknown-1.xml",
    "wp-sitemap-users-x-1.xml",
    "wp-sitemap-posts-1.xml",
    "wp-sitemap-taxonomies-post_tag_x-1.xml",
]


async def test_there_are_no_other_pages(cms, newsroom):
    for file in OTHERS:
        assert (await cms.http.get(f"/{file}")).status_code == 404, file


async def test_a_page_costs_the_same_however_long_it_is(cms, newsroom):
    with counted(cms.host) as statements:
        await cms.http.get("/wp-sitemap-posts-post-1.xml")
    assert len(statements) <= 2
    with counted(cms.host) as statements:
        await cms.http.get("/wp-sitemap.xml")
    assert len(statements) <= 3


async def test_crawlers_are_led_or_sent_away(cms, newsroom):
    robots = await cms.http.get("/robots.txt")
    assert robots.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert robots.text.endswith("Sitemap: http://clinica.example/wp-sitemap.xml\n")
    await cms.set_options(front_end_url="https://front.example")
    assert "https://front.example/wp-sitemap.xml" in (await cms.http.get("/robots.txt")).text
    assert (await addresses(cms.http, "/wp-sitemap.xml"))[0].startswith("https://front.example/")
    await cms.set_options(blog_public=False)
    assert (await cms.http.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
    for path in ("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml"):
        assert (await cms.http.get(path)).status_code == 404


async def test_the_other_tenant_has_its_own(cms, newsroom):
    async with cms.other() as other:
        assert await addresses(other.http, "/wp-sitemap.xml") == [
            "http://outra.example/wp-sitemap-posts-page-1.xml"
        ]
        home = await addresses(other.http, "/wp-sitemap-posts-page-1.xml")
        assert home == ["http://outra.example/"]


async def test_a_crawler_that_has_it_gets_304(cms, newsroom):
    for path in ("/robots.txt", "/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml"):
        first = await cms.http.get(path)
        again = await cms.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_dates_are_in_utc(cms, newsroom):
    text = (await cms.http.get("/wp-sitemap-posts-post-1.xml")).text
    stamps = re.findall(r"<lastmod>(.*?)</lastmod>", text)
    assert len(stamps) == 5
    assert all(stamp.endswith("+00:00") for stamp in stamps)
