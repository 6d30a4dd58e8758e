"""Lists of media, media that come along with posts, and what an `<img>` needs."""

import pytest

from cms.content.responsive import responsive
from cms.rest.media_arguments import MEDIA_LIST, MEDIA_WRITE
from cms.rest.media_body import EMBEDS
from cms.tenancy.options import change
from tests.rest.test_media import MEDIA, send
from tests.support.asking import asking
from tests.support.pictures import document, photo
from tests.support.queries import counted
from tests.support.wordpress import arguments

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def author(cms):
    return await cms.person("ana.autora")


async def ids(person, query=""):
    return [item["id"] for item in (await person.get(f"{MEDIA}?{query}")).json()]


def test_the_arguments_are_those_of_wordpress():
    for ours, theirs in (
        (MEDIA_LIST, arguments("/wp/v2/media", "GET")),
        (MEDIA_WRITE, arguments("/wp/v2/media", "POST")),
    ):
        assert set(theirs) - set(ours) <= {"meta"}
        for name, one in theirs.items():
            if name == "status" and "default" in one:
                assert ours[name]["default"] == [one["default"]]
            elif one.get("default") is not None:
                assert ours[name]["default"] == one["default"], name
            if "enum" in one:
                assert ours[name]["enum"] == one["enum"], name


async def test_lists_are_filtered(cms, author):
    post = await cms.draft(author, status="publish")
    one = (await send(author, photo(40, 30), "um.jpg", title="Fígado")).json()["id"]
    two = (await send(author, photo(40, 30, "PNG"), "dois.png", post=str(post["id"]))).json()["id"]
    pdf = (await send(author, document(), "bula.pdf", description="dose de fígado")).json()["id"]
    assert set(await ids(author)) == {one, two, pdf}
    assert await ids(author, "media_type=application") == [pdf]
    assert set(await ids(author, "media_type=image")) == {one, two}
    assert await ids(author, "mime_type=image/png") == [two]
    assert await ids(author, f"parent={post['id']}") == [two]
    assert set(await ids(author, "parent=0")) == {one, pdf}
    assert set(await ids(author, f"parent_exclude={post['id']}")) == {one, pdf}
    assert set(await ids(author, "search=figado")) == {one, pdf}
    assert await ids(author, f"include={pdf},{one}&orderby=include") == [pdf, one]
    assert await ids(author, "slug=figado") == [one]
    assert await ids(author, f"exclude={one},{two}") == [pdf]
    assert await ids(author, "orderby=title&order=asc") == [pdf, two, one]
    refused = await author.get(f"{MEDIA}?media_type=picture")
    assert (refused.status_code, refused.json()["code"]) == (400, "rest_invalid_param")
    beyond = await author.get(f"{MEDIA}?page=2")
    assert beyond.json()["code"] == "rest_post_invalid_page_number"


async def test_media_are_loaded_for_many_posts_at_once(cms, author):
    made = [(await send(author, photo(400, 300), f"{n}.jpg")).json()["id"] for n in range(4)]
    draft = await cms.draft(author)
    hidden = (await send(author, photo(40, 30), post=str(draft["id"]))).json()["id"]
    [embed] = EMBEDS
    assert embed.path == "/wp/v2/media/{id}"

    other = await cms.person("bia.outra")
    async with other.work() as work:
        with counted(cms.host) as statements:
            bodies = await embed.load(asking(cms.host), work, [*made, hidden, 99999])
    assert len(statements) <= 2, str(statements)
    assert set(bodies) == {*made, hidden, 99999}
    item = (await cms.http.get(f"{MEDIA}/{made[0]}?context=embed")).json()
    assert bodies[made[0]] == item
    assert bodies[hidden].code == "rest_forbidden"
    assert bodies[99999].code == "rest_post_invalid_id"


async def test_pictures_say_how_large_they_are(cms, author):
    made = [
        (await send(author, photo(1200, 800), "a.jpg", alt_text="Um <b>rim</b>")).json(),
        (await send(author, photo(100, 80), "b.jpg")).json(),
        (await send(author, document(), "c.pdf")).json(),
    ]
    async with author.work() as work:
        with counted(cms.host) as statements:
            found = await responsive(work, [one["id"] for one in made], "https://cdn.example/u")
    assert len(statements) <= 2
    assert set(found) == {made[0]["id"], made[1]["id"]}
    large, small = found[made[0]["id"]], found[made[1]["id"]]
    assert (large.width, large.height, large.alt) == (1024, 683, "Um rim")
    widths = sorted(int(part.rpartition(" ")[2][:-1]) for part in large.srcset.split(", "))
    assert widths == [300, 768, 1024, 1200], "the cropped thumbnail is another picture"
    assert large.sizes == "(max-width: 1024px) 100vw, 1024px"
    assert "image/webp" in large.sources
    assert (small.src.rpartition("/")[2], small.srcset) == ("b.jpg", "")


async def test_a_featured_medium_must_exist(cms, author):
    made = (await send(author, photo(40, 30))).json()["id"]
    post = await cms.draft(author, featured_media=made)
    assert post["featured_media"] == made
    await author.delete(f"{MEDIA}/{made}?force=true")
    refused = await author.post(f"{V2}/posts", {"title": "x", "featured_media": made})
    assert (refused.status_code, refused.json()["code"]) == (400, "rest_invalid_featured_media")


async def test_a_site_may_ask_for_words_with_every_picture(cms, author):
    made = (await send(author, photo(40, 30))).json()["id"]
    text = '<p>Veja:</p><img src="/a/b.jpg"><img src="/c.jpg" alt="">'
    draft = await cms.draft(author, content=text, featured_media=made)
    async with cms.as_system() as work:
        await change(work, {"require_alt_text": True})
        work.afterwards(cms.host.tenants.forget)
    item = f"{V2}/posts/{draft['id']}"
    refused = await author.post(item, {"status": "publish"})
    assert refused.status_code == 409
    codes = [one["code"] for one in refused.json()["data"]["objections"]]
    assert codes == ["media.alt_text_missing", "media.featured_alt_text_missing"]
    assert "b.jpg" in refused.json()["message"]
    await author.post(f"{MEDIA}/{made}", {"alt_text": "Um rim"})
    done = {"status": "publish", "content": '<img src="/a/b.jpg" alt="Outro rim">'}
    assert (await author.post(item, done)).status_code == 200
