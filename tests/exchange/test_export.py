"""What leaves comes back the same: import(export(x)) is x, read by REST in two tenants."""

import io
import re
from datetime import datetime

import msgspec
import pytest
from lxml import etree

from cms.content.saving import Changes, create
from cms.errors import InvalidInput
from cms.exchange.reading import WxrReader
from cms.exchange.writing import Wanted, write
from cms.exchange.wxr import Item
from tests.exchange.files import author, category, export, item
from tests.exchange.test_seo import YOAST

URL = "https://clinica.example"

# The order of the elements, measured on WordPress 6.1.
ITEM = (
    *("title", "link", "pubDate", "creator", "guid", "description", "encoded", "encoded"),
    *("post_id", "post_date", "post_date_gmt", "post_modified", "post_modified_gmt"),
    *("comment_status", "ping_status", "post_name", "status", "post_parent", "menu_order"),
    *("post_type", "post_password", "is_sticky", "category", "postmeta"),
)

SITE = export(
    author("ana", 7, name="Ana Inventada"),
    author("bia", 8, name="Bia <b> & Cia"),
    category("dor", "Dor & alívio", 11, description="Sobre <em>dores</em>"),
    category("crise", "Crise", 12, parent="dor"),
    item(
        21,
        title="Dor: 5 > 3 ]]> fim",
        content="<!-- wp:paragraph -->\n<p>Um ]]&gt; dois.</p>\n<!-- /wp:paragraph -->",
        excerpt="Resumo & mais",
        terms=[("category", "dor", "Dor & alívio"), ("category", "crise", "Crise")],
        modified="2022-02-02 02:02:02",
        modified_gmt="2022-02-02 05:02:02",
        sticky=True,
        meta=YOAST,
    ),
    item(22, title="Rascunho", status="draft", date_gmt="0000-00-00 00:00:00", by="bia", slug=""),
    item(23, title="Privado", status="private"),
    item(24, title="Com senha", password="segredo", comment_status="open"),
    item(25, title="Ação à distância", slug="acao-a-distancia", status="pending"),
    item(26, title="Antigo", date="1998-12-31 23:59:59", date_gmt="1999-01-01 01:59:59"),
)


async def taken(clinic, **wanted) -> bytes:
    file = io.BytesIO()
    async with clinic.as_system() as work:
        await write(work, file, Wanted(**wanted), f"https://{clinic.tenant.slug}.example")
    return file.getvalue()


async def bodies(clinic, base: str = "posts") -> dict[int, dict]:
    """Every post as its editor sees it, without what names the host or a revision."""
    admin = await clinic.person("edu", ["administrator"])
    found = await admin.get(
        f"/wp-json/wp/v2/{base}?context=edit&per_page=100&status=any,trash&orderby=id"
    )
    assert found.status_code == 200, found.text
    text = found.text.replace(f"https://{clinic.tenant.slug}.example", "SITE")
    text = text.replace(f"{clinic.tenant.slug}.example", "HOST")
    text = text.replace(f"Clínica {clinic.tenant.slug}", "NAME")
    posts = {post["id"]: post for post in msgspec.json.decode(text)}
    for post in posts.values():
        del post["_links"]
    return posts


async def test_import_of_an_export_is_the_same_site(cms, bring):
    await bring(SITE)
    first = await taken(cms)
    before = await bodies(cms)
    assert sorted(before) == [21, 22, 23, 24, 25, 26]
    async with cms.other() as other:
        report = await bring(first, into=other)
        assert report.is_whole
        assert await bodies(other) == before
        second = await taken(other)
    for part in (rb"<link>[^<]*</link>", rb"<pubDate>[^<]*</pubDate>", rb"outra", rb"clinica"):
        first, second = re.sub(part, b"", first), re.sub(part, b"", second)
    assert second.splitlines() == first.splitlines()


async def test_the_elements_are_wordpress_s_in_its_order(cms, bring):
    await bring(SITE)
    root = etree.fromstring(await taken(cms))
    channel = [etree.QName(child).localname for child in root[0]]
    assert list(dict.fromkeys(channel)) == [
        "title",
        "link",
        "description",
        "pubDate",
        "language",
        "wxr_version",
        "base_site_url",
        "base_blog_url",
        "author",
        "category",
        "generator",
        "item",
    ]
    first = root[0].find("item")
    names = [etree.QName(child).localname for child in first]
    assert [n for i, n in enumerate(names) if not i or n != names[i - 1] or n == "encoded"] == [
        *ITEM
    ]
    raw = await taken(cms)
    assert b"<wp:post_type><![CDATA[post]]></wp:post_type>" in raw
    assert raw.count(b"<item>\n<title>") == 6, "no namespaces but on the root"


async def test_filters_choose_what_leaves(cms, bring):
    await bring(SITE)

    async def ids(**wanted) -> list[int]:
        raw = io.BytesIO(await taken(cms, **wanted))
        return [entry.id for entry in WxrReader(raw) if isinstance(entry, Item)]

    assert await ids(statuses=["draft", "pending"]) == [22, 25]
    assert await ids(types=["medical_article"]) == []
    assert await ids(before=datetime(1998, 12, 31)) == [26]  # noqa: DTZ001 - days of the site
    assert 26 not in await ids(after=datetime(1999, 1, 1))  # noqa: DTZ001


async def test_names_that_do_not_exist_are_refused(cms):
    registry = cms.host.registry
    with pytest.raises(InvalidInput, match="'recipe' is no type"):
        Wanted(types=["recipe"]).refuse_unknown(registry)
    with pytest.raises(InvalidInput, match="'live' is none of"):
        Wanted(statuses=["live"]).refuse_unknown(registry)


async def test_readers_text_leaves_not_the_working_head(cms, bring):
    """A reviewed text that is being changed leaves as readers have it."""
    await bring(export(item(9, type="artigo")), types={"artigo": "medical_article"})
    admin = await cms.person("edu", ["administrator"])
    await admin.post("/wp-json/wp/v2/medical-articles/9", {"content": "<p>Em obras.</p>"})
    raw = await taken(cms)
    assert b"Um texto." in raw
    assert b"Em obras." not in raw


async def test_nothing_of_another_tenant_leaves(cms, bring):
    await bring(SITE)
    async with cms.other() as other:
        raw = await taken(other)
    assert b"<item>" not in raw
    assert b"wp:author" not in raw
    assert b"Crise" not in raw


@pytest.mark.parametrize("text", ["]]>", "a ]]> b", "\u2028 fim", "<p>]]&gt;</p>"])
async def test_any_text_survives(cms, bring, text):
    ana = await cms.person("ana")
    async with cms.as_system() as work:
        post_type = work.registry.post_types["post"]
        changes = Changes({"title": "Dor", "content": text, "author_id": ana.id})
        post = await create(work, post_type, changes)
    *_, found = list(WxrReader(io.BytesIO(await taken(cms))))
    assert found.id == post.id
    admin = await cms.person("edu", ["administrator"])
    shown = await admin.get(f"/wp-json/wp/v2/posts/{post.id}?context=edit")
    assert found.content == shown.json()["content"]["raw"]
