"""Posts as other sites embed them."""

import xml.etree.ElementTree as ET

import pytest

from cms.tenancy import options
from tests.rest.test_wordpress_errors import MEASURED
from tests.support.queries import counted

EMBED, PROXY = "/wp-json/oembed/1.0/embed", "/wp-json/oembed/1.0/proxy"
V2 = "/wp-json/wp/v2"


@pytest.fixture
async def live(cms):
    editor = await cms.person("ed", ["editor"])
    return await cms.draft(editor, title="Dor & febre", status="publish")


async def test_a_post_tells_how_it_is_embedded(cms, live):
    answer = await cms.http.get(EMBED, params={"url": live["link"]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == [
        "version", "provider_name", "provider_url", "author_name", "author_url", "title", "type",
        "width", "height", "html",
    ]  # fmt: skip
    assert (body["version"], body["type"]) == ("1.0", "rich")
    assert (body["provider_name"], body["author_name"]) == ("Clínica clinica", "Ed")
    assert (body["width"], body["height"]) == (600, 338)
    assert f'<a href="{live["link"]}">' in body["html"]
    assert "<script" not in body["html"]


@pytest.mark.parametrize(
    ("maxwidth", "size"), [("50", (200, 200)), ("400", (400, 225)), ("9999", (600, 338)),
                           ("abc", (200, 200))],
)  # fmt: skip
async def test_the_width_stays_in_its_bounds(cms, live, maxwidth, size):
    query = {"url": live["link"], "maxwidth": maxwidth}
    body = (await cms.http.get(EMBED, params=query)).json()
    assert (body["width"], body["height"]) == size


async def test_it_is_told_as_xml_too(cms, live):
    answer = await cms.http.get(EMBED, params={"url": live["link"], "format": "xml"})
    assert answer.headers["content-type"].lower() == "text/xml; charset=utf-8"
    tree = ET.fromstring(answer.text)
    assert tree.tag == "oembed"
    assert tree.findtext("title") == "Dor &#038; febre"
    assert tree.findtext("width") == "600"


async def test_every_form_of_the_address_is_known(cms, live):
    async with cms.as_system() as work:
        await options.change(work, {"front_end_url": "https://site.example/blog/"})
        work.afterwards(cms.host.tenants.forget)
    for url in (
        "http://clinica.example/dor-febre/",
        "https://clinica.example/dor-febre",
        f"http://clinica.example/?p={live['id']}",
        "https://site.example/blog/dor-febre/",
    ):
        body = (await cms.http.get(EMBED, params={"url": url})).json()
        assert "https://site.example/blog/dor-febre/" in body.get("html", ""), url
        assert body["provider_url"] == "https://site.example/blog"


async def test_only_what_everyone_reads_is_embedded(cms, live):
    editor = await cms.person("ed")
    draft = await cms.draft(editor, title="Segredo")
    private = await cms.draft(editor, title="Privado", status="private")
    block = (
        await editor.post(f"{V2}/blocks", {"title": "B", "content": "x", "status": "publish"})
    ).json()
    probes = {one["request"]: one for one in MEASURED["probes"]}
    wanted = {"code": "oembed_invalid_url", "message": "Not Found", "data": {"status": 404}}
    assert probes.get("oembed bad", {"body": wanted})["body"] == wanted
    for url in (
        f"http://clinica.example/?p={draft['id']}",
        f"http://clinica.example/?p={private['id']}",
        f"http://clinica.example/?post_type=wp_block&p={block['id']}",
        private["link"],
        "http://clinica.example/nope/",
        "http://clinica.example/",
        "http://outra.example/dor-febre/",
        "http://[broken/",
        "javascript:alert(1)",
        f"http://clinica.example/other{live['link'].removeprefix('http://clinica.example')}",
    ):
        for person in ({}, editor.bearer):
            answer = await cms.http.get(EMBED, params={"url": url}, headers=person)
            assert (answer.status_code, answer.json()) == (404, wanted), url
    missing = await cms.http.get(EMBED)
    assert missing.json()["code"] == "rest_missing_callback_param"


async def test_the_proxy_is_for_writers_and_asks_nobody(cms, live):
    query = {"url": live["link"]}
    stranger = await cms.http.get(PROXY, params=query)
    assert (stranger.status_code, stranger.json()["code"]) == (401, "rest_forbidden")
    assert stranger.json()["message"].endswith("make proxied oEmbed requests.")
    reader = await cms.person("leitora", ["subscriber"])
    assert (await reader.get(PROXY, params=query)).status_code == 403
    writer = await cms.person("contribui", ["contributor"])
    assert (await writer.get(PROXY, params=query)).json()["type"] == "rich"
    foreign = await writer.get(PROXY, params={"url": "https://video.example/watch?v=1"})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "oembed_invalid_url")


async def test_the_title_behind_an_own_address(cms, live):
    writer = await cms.person("contribui", ["contributor"])
    address = "/wp-json/wp-block-editor/v1/url-details"
    seen = (await writer.get(address, params={"url": live["link"]})).json()
    assert seen == {"title": "Dor & febre", "icon": "", "description": "", "image": ""}


async def test_few_statements_are_enough(cms, live):
    await cms.http.get(EMBED, params={"url": live["link"]})
    with counted(cms.host) as statements:
        await cms.http.get(EMBED, params={"url": live["link"]})
    assert len(statements) <= 2, str(statements)


async def test_the_two_sites_do_not_meet(cms, live):
    async with cms.other() as other:
        for url in (live["link"], f"http://outra.example/?p={live['id']}"):
            assert (await other.http.get(EMBED, params={"url": url})).status_code == 404
