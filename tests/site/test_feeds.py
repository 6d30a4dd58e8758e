"""Feeds at WordPress's addresses, read with a feed reader."""

import asyncio
from datetime import timedelta
from html import unescape

import feedparser
import pytest

from cms.content import comment_rules
from cms.site.elements import writable
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
AMPERSAND = "Dor & febre: <10 mg?"


async def published(cms, by, **fields):
    return await cms.draft(by, status="publish", **fields)


async def read(http, path, **headers):
    answer = await http.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.text)
    return feedparser.parse(answer.content), answer


@pytest.fixture
async def newsroom(cms):
    """Three texts that are public and four that are not."""
    editor = await cms.person("ed.editor", ["editor"])
    febre = (await editor.post(f"{V2}/categories", {"name": "Febre & dor"})).json()
    alta = (
        await editor.post(f"{V2}/categories", {"name": "Febre alta", "parent": febre["id"]})
    ).json()
    await published(cms, editor, title="Antiga", date="2024-01-02T03:04:05", categories=[])
    await published(
        cms,
        editor,
        title=AMPERSAND,
        content="<p>Tome 5 &lt; 10 mg ]]&gt; <strong>agora</strong>.</p>",
        excerpt="Resumo & mais",
        date="2024-02-03T03:04:05",
        categories=[alta["id"]],
    )
    await published(cms, editor, title="Nova", date="2024-03-04T03:04:05")
    await published(cms, editor, title="Com senha", password="abre")
    await cms.draft(editor, title="Rascunho")
    await cms.draft(editor, title="Particular", status="private")
    await cms.draft(editor, title="Pendente", status="pending")
    return editor


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/feed/", "rss20"),
        ("/feed", "rss20"),
        ("/feed/rss2/", "rss20"),
        ("/feed/rss/", "rss20"),
        ("/feed/atom/", "atom10"),
        ("/feed/rdf/", "rss10"),
        ("/?feed=rss2", "rss20"),
        ("/?feed=atom", "atom10"),
        ("/index.php?feed=rdf", "rss10"),
    ],
)
async def test_a_reader_understands_each_form(cms, newsroom, path, version):
    feed, answer = await read(cms.http, path)
    assert (feed.bozo, feed.version) == (False, version)
    assert [entry.title for entry in feed.entries][::2] == ["Nova", "Antiga"]
    middle = feed.entries[1]
    assert middle.title.replace("&amp;", "&").replace("&lt;", "<") == AMPERSAND
    assert middle.link == "http://clinica.example/dor-febre-10-mg/"
    assert middle.author == "Ed Editor"
    assert "<strong>agora</strong>" in middle.content[0].value
    assert "]]&gt;" in middle.content[0].value
    assert unescape(middle.summary) == "<p>Resumo & mais</p>"
    assert [tag.term for tag in middle.get("tags", [])] == ["Febre alta"]
    assert feed.feed.title == "Clínica clinica"
    assert "nosniff" in answer.headers["X-Content-Type-Options"]


async def test_rss_says_what_wordpress_says(cms, newsroom):
    feed, answer = await read(cms.http, "/feed/")
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=UTF-8"
    entry = feed.entries[0]
    assert entry.id.startswith("http://clinica.example/?p=")
    assert not entry.guidislink
    assert entry.published == "Mon, 04 Mar 2024 06:04:05 +0000"
    assert feed.feed.language == "pt-BR"
    assert feed.feed.sy_updateperiod == "hourly"
    assert entry.wfw_commentrss == "http://clinica.example/nova/feed/"
    own = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == ["http://clinica.example/feed/"]


@pytest.mark.parametrize("form", ["", "atom/", "rdf/"])
async def test_archives_have_feeds_of_their_own(cms, newsroom, form):
    editor = await cms.person("ed.editor")
    for path, titles in {
        "/category/febre-alta/feed/": 1,
        # As its page: with what is filed under the categories below it.
        "/category/febre-dor/feed/": 1,
        f"/author/author-{editor.id}/feed/": 3,
        "/nova/feed/": 0,
        "/comments/feed/": 0,
    }.items():
        feed, _ = await read(cms.http, path + form)
        assert not feed.bozo, path
        assert len(feed.entries) == titles, path
        assert feed.feed.title.endswith("– Clínica clinica")


WITHOUT_FEED = [
    "/com-senha/feed/",
    "/rascunho/feed/",
    "/particular/feed/",
    "/category/nenhuma/feed/",
    "/author/ninguem/feed/",
    "/feed/pdf/",
    "/nada/feed/atom/",
    "/tag/x/feed/",
]


async def test_what_is_not_public_has_no_feed(cms, newsroom):
    for path in WITHOUT_FEED:
        assert (await cms.http.get(path)).status_code == 404, path


async def test_somebody_who_has_not_published_is_not_told_of(cms, newsroom):
    await cms.person("novo.autor")
    assert (await cms.http.get("/author/novo-autor/feed/")).status_code == 404


async def test_the_options_of_the_site_count(cms, newsroom):
    await cms.set_options(posts_per_rss=1, rss_use_excerpt=True, front_end_url="https://f.example/")
    feed, _ = await read(cms.http, "/feed/")
    assert [entry.link for entry in feed.entries] == ["https://f.example/nova/"]
    assert "content" not in feed.entries[0]
    second, _ = await read(cms.http, "/feed/?paged=2")
    assert second.entries[0].title == AMPERSAND
    for odd in ("x", "-1", "0", "9" * 5000):
        assert (await cms.http.get(f"/feed/?paged={odd}")).status_code == 200


async def test_a_reader_that_has_it_gets_304(cms, newsroom):
    _, first = await read(cms.http, "/feed/")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):
        again = await cms.http.get("/feed/", headers=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    for stale in (
        {"If-None-Match": '"x"', "If-Modified-Since": date},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await cms.http.get("/feed/", headers=stale)).status_code == 200
    await published(cms, newsroom, title="Ainda mais nova")
    changed = await cms.http.get("/feed/", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    signed_in = await newsroom.get("/feed/")
    assert signed_in.headers["Cache-Control"] == "private, max-age=300"


async def test_a_feed_is_the_same_cost_for_one_text_and_for_ten(cms, newsroom):
    costs = []
    for _ in range(2):
        with counted(cms.host) as statements:
            await read(cms.http, "/feed/")
        costs.append(len(statements))
        await asyncio.gather(*(published(cms, newsroom, title=f"T{n}") for n in range(5)))
    assert costs[0] == costs[1] <= 3


async def test_the_other_tenant_has_its_own(cms, newsroom):
    async with cms.other() as other:
        feed, _ = await read(other.http, "/feed/")
        assert feed.entries == []
        assert (await other.http.get("/nova/feed/")).status_code == 404


async def said(who, post, content="Obrigada!", **more):
    answer = await who.post(f"{V2}/comments", {"post": post["id"], "content": content, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_feeds_tell_what_was_said_of_public_texts(cms, newsroom, monkeypatch):
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))
    texts = {
        name: await published(cms, newsroom, title=name, **more)
        for name, more in {
            "Um & dois": {"slug": "um"},
            "Outra": {},
            "Trancada": {"password": "abre"},
            "Retirada": {},
        }.items()
    }
    first = await said(newsroom, texts["Um & dois"], "Tome <strong>5</strong> &lt; 10 mg")
    await said(newsroom, texts["Outra"], "Da outra")
    for name in ("Trancada", "Retirada"):
        await said(newsroom, texts[name], f"Segredo de {name}")
    held = await said(newsroom, texts["Outra"], "Segredo que espera")
    await newsroom.post(f"{V2}/comments/{held['id']}", {"status": "hold"})
    spam = await said(newsroom, texts["Outra"], "Segredo que incomoda")
    await newsroom.post(f"{V2}/comments/{spam['id']}", {"status": "spam"})
    await newsroom.post(f"{V2}/posts/{texts['Retirada']['id']}", {"status": "private"})
    for form in ("", "atom/", "rdf/"):
        feed, answer = await read(cms.http, f"/comments/feed/{form}")
        assert not feed.bozo
        assert len(feed.entries) == 2
        assert "Segredo" not in answer.text
        assert "ed.editor" not in answer.text
        assert "@" not in answer.text.replace("@type", "")
    # Also who may read more gets what everybody gets.
    everything = await newsroom.get("/comments/feed/")
    assert "Segredo" not in everything.text
    feed, _ = await read(cms.http, "/um/feed/")
    (entry,) = feed.entries
    assert entry.link == f"http://clinica.example/um/#comment-{first['id']}"
    assert entry.id == f"http://clinica.example/?p={texts['Um & dois']['id']}#comment-{first['id']}"
    assert (entry.title, entry.author) == ("By: Ed Editor", "Ed Editor")
    assert "<strong>5</strong> &lt; 10 mg" in entry.content[0].value
    whole, _ = await read(cms.http, "/comments/feed/")
    titles = [unescape(one.title) for one in whole.entries]
    assert titles == ["Comment on Outra by Ed Editor", "Comment on Um & dois by Ed Editor"]
    for locked in ("/trancada/feed/", "/retirada/feed/"):
        assert (await cms.http.get(locked)).status_code == 404
    async with cms.other() as other:
        theirs, _ = await read(other.http, "/comments/feed/")
        assert theirs.entries == []


async def test_a_name_is_no_markup_in_a_feed(cms, newsroom):
    text = await published(cms, newsroom, title="Aberta")
    admin = await cms.person("dona.marina", ["administrator"])
    await said(admin, text, author=0, author_name="Rui &lt;b&gt; & cia", author_email="r@x.example")
    feed, answer = await read(cms.http, "/aberta/feed/")
    assert len(feed.entries) == 1
    assert "r@x.example" not in answer.text
    assert "<b>" not in answer.text


async def test_the_feed_of_comments_costs_the_same_for_one_and_for_five(cms, newsroom, monkeypatch):
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))
    costs = []
    for number in (1, 4):
        for one in range(number):
            text = await published(cms, newsroom, title=f"T{number}{one}")
            await said(newsroom, text, f"Dito {number}{one}")
        with counted(cms.host) as statements:
            await read(cms.http, "/comments/feed/")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 3


def test_what_xml_cannot_carry_is_left_out():
    assert writable("a\x00b\x0b\ud800c\ufffe\tå\U0001f600") == "abc\tå\U0001f600"
