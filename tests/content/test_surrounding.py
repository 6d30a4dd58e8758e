"""Stored renderings show the images and reusable blocks of the site, and follow them."""

import threading

import pytest
from sqlalchemy import select, update

from cms.content import rerendering
from cms.content.models import Post, Rendering, RenderingUse
from cms.content.rendering import LARGE, aside
from cms.content.surrounding import images_in
from cms.jobs.worker import build_queue
from tests.support.pictures import photo
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"


def block(block_id):
    return f'<!-- wp:block {{"ref":{block_id}}} /-->'


def picture(media, **more):
    given = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<p><img class="wp-image-{media["id"]}" src="{media["source_url"]}"{given}></p>'


async def uploaded(person, name="torax.jpg", **fields):
    made = await person.clinic.http.post(
        f"{V2}/media",
        files={"file": (name, photo(1200, 800))},
        data=fields,
        headers=person.bearer,
    )
    assert made.status_code == 201, made.text
    return made.json()


async def reusable(person, text, **fields):
    return await person.clinic.draft(
        person, "blocks", **{"title": "Aviso", "content": text, "status": "publish", **fields}
    )


async def shown(cms, post):
    answer = await cms.http.get(f"{V2}/posts/{post['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()["content"]["rendered"]


async def run_jobs(cms, times=3):
    async with build_queue(cms.host).open_async() as queue:
        for _ in range(times):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


async def rendering(cms, post):
    async with cms.as_system() as work:
        row = await work.one(
            select(Rendering)
            .join(Post, Post.live_revision_id == Rendering.revision_id)
            .where(Rendering.tenant_id == work.tenant_id, Post.id == post["id"])
        )
    return row[0]


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editora", ["editor"])


async def test_an_image_of_the_library_gets_its_sizes(cms, editor):
    media = await uploaded(editor, alt_text="Tórax")
    post = await cms.draft(editor, content=picture(media), status="publish")
    html = await shown(cms, post)
    assert 'width="1200" height="800"' in html
    assert "-300x200.jpg 300w" in html
    assert "https://clinica.example/wp-content/uploads/" in html
    assert (await rendering(cms, post)).dependencies == {"media": [media["id"]]}


async def test_a_gallery_shows_images_with_their_words(cms, editor):
    media = await uploaded(editor, alt_text="Tórax", caption="De <em>frente</em>")
    text = f'[gallery ids="{media["id"]},999999" link="file"]'
    post = await cms.draft(editor, content=text, status="publish")
    html = await shown(cms, post)
    assert 'alt="Tórax"' in html
    assert "De <em>frente</em>" in html
    assert html.count("<figure") == 1
    assert (await rendering(cms, post)).dependencies == {"media": [media["id"], 999999]}


async def test_blocks_show_what_is_within_them(cms, editor):
    media = await uploaded(editor)
    inner = await reusable(editor, picture(media))
    outer = await reusable(editor, f"<p>Beba água.</p>{block(inner['id'])}")
    post = await cms.draft(editor, content=block(outer["id"]), status="publish")
    html = await shown(cms, post)
    assert "Beba água." in html
    assert "300w" in html
    found = await rendering(cms, post)
    assert found.dependencies == {
        "media": [media["id"]],
        "blocks": sorted([inner["id"], outer["id"]]),
    }


async def test_a_changed_block_is_shown_anew(cms, editor):
    made = await reusable(editor, "<p>Antes.</p>")
    post = await cms.draft(editor, content=block(made["id"]), status="publish")
    old = await cms.draft(editor, content=block(made["id"]), status="publish")
    before = await rendering(cms, old)
    await editor.post(f"{V2}/posts/{old['id']}", {"content": "<p>Sem bloco.</p>"})
    item = f"{V2}/blocks/{made['id']}"
    await editor.post(item, {"content": "<p>Depois.</p>"})
    await run_jobs(cms)
    assert "Depois." in await shown(cms, post)
    async with cms.as_system() as work:
        kept = await work.session.get(Rendering, (work.tenant_id, before.revision_id))
    # A revision that nobody gets stays as it was.
    assert "Antes." in kept.content
    await editor.post(item, {"status": "draft"})
    await run_jobs(cms)
    assert "Depois." not in await shown(cms, post)
    await editor.post(item, {"status": "publish"})
    await run_jobs(cms)
    assert "Depois." in await shown(cms, post)
    await editor.delete(item)
    await run_jobs(cms)
    assert "Depois." not in await shown(cms, post)


async def test_a_changed_or_deleted_image_is_shown_anew(cms, editor):
    media = await uploaded(editor, alt_text="Antes")
    text = f"[gallery ids={media['id']}]"
    post = await cms.draft(editor, content=text, status="publish")
    item = f"{V2}/media/{media['id']}"
    await editor.post(item, {"alt_text": "Depois"})
    await run_jobs(cms)
    assert 'alt="Depois"' in await shown(cms, post)
    assert (await editor.delete(f"{item}?force=true")).status_code == 200
    await run_jobs(cms)
    assert "<img" not in await shown(cms, post)


async def test_what_the_public_may_not_see_is_left_out(cms, editor):
    hidden = await cms.draft(editor, title="Oculto")
    secret = await uploaded(editor, "oculta.jpg", post=hidden["id"])
    draft = await reusable(editor, "<p>Rascunho.</p>", status="draft")
    locked = await reusable(editor, "<p>Com senha.</p>", password="abre")
    text = f"[gallery ids={secret['id']}]{block(draft['id'])}{block(locked['id'])}"
    post = await cms.draft(editor, content=text, status="publish")
    html = await shown(cms, post)
    for told in ("oculta", "Rascunho", "Com senha"):
        assert told not in html
    # Its readers see the picture as soon as they see the post that it hangs on, and no longer.
    await editor.post(f"{V2}/posts/{hidden['id']}", {"status": "publish"})
    await run_jobs(cms)
    assert "oculta" in await shown(cms, post)
    await editor.post(f"{V2}/posts/{hidden['id']}", {"status": "draft"})
    await run_jobs(cms)
    assert "oculta" not in await shown(cms, post)


async def test_an_image_that_hangs_on_the_post_itself_is_shown_with_it(cms, editor):
    post = await cms.draft(editor)
    media = await uploaded(editor, post=post["id"])
    changed = {"content": picture(media), "status": "publish"}
    assert (await editor.post(f"{V2}/posts/{post['id']}", changed)).status_code == 200
    assert "300w" in await shown(cms, post)


async def test_the_other_tenant_shows_nothing_of_it(cms, editor):
    media = await uploaded(editor)
    made = await reusable(editor, "<p>Beba água.</p>")
    async with cms.other() as other:
        theirs = await other.person("chefe", ["administrator"])
        text = f"{block(made['id'])}[gallery ids={media['id']}]"
        post = await other.draft(theirs, content=text, status="publish")
        html = await shown(other, post)
    assert "Beba" not in html
    assert "<img" not in html


async def test_a_text_that_refers_to_nothing_asks_nothing(cms, editor):
    plain = await cms.draft(editor)
    item = f"{V2}/posts/{plain['id']}"
    with counted(cms.host) as statements:
        await editor.post(item, {"content": "<p>Outro <b>texto</b> [nada].</p>"})
    asked = str(statements)
    assert "rendering_uses" not in asked
    assert "media_files" not in asked
    assert "wp_block" not in asked


async def test_what_an_earlier_version_stored_is_rendered_again(cms, editor, monkeypatch):
    monkeypatch.setattr(rerendering, "BATCH", 2)
    posts = [await cms.draft(editor, content="[gallery]", status="publish") for _ in range(5)]
    async with cms.as_system() as work:
        await work.execute(
            update(Rendering)
            .where(Rendering.tenant_id == work.tenant_id)
            .values(render_version=1, content="alt")
        )
    async with cms.as_system() as work:
        await rerendering.render_outdated(work)
    await run_jobs(cms)
    for post in posts:
        assert (await rendering(cms, post)).render_version > 1
        assert await shown(cms, post) != "alt"


async def test_addresses_of_the_site_are_followed(cms, editor):
    media = await uploaded(editor)
    post = await cms.draft(editor, content=f"[gallery ids={media['id']}]", status="publish")
    await cms.set_options(front_end_url="https://f.example")
    await run_jobs(cms)
    assert 'href="https://f.example/' in await shown(cms, post)


async def test_a_reviewed_text_takes_over_no_block_that_anybody_may_change(cms, editor):
    made = await reusable(editor, "<p>Tome 500 mg.</p>")
    admin = await cms.person("dona.marina", ["administrator"])
    article = await cms.draft(admin, "medical-articles", content=f"<p>a</p>{block(made['id'])}")
    seen = await admin.get(f"{V2}/medical-articles/{article['id']}")
    assert "500 mg" not in seen.json()["content"]["rendered"]
    async with cms.as_system() as work:
        uses = select(RenderingUse).where(RenderingUse.tenant_id == work.tenant_id)
        assert await work.all(uses) == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('[gallery ids="1, 2,3"]', {1, 2, 3}),
        ("[gallery columns=2 include=4,5 ]", {4, 5}),
        ('[caption id="attachment_6" width="3"]x[/caption]', {6}),
        ('<!-- wp:image {"id":7,"sizeSlug":"large"} --><img><!-- /wp:image -->', {7}),
        ('<!-- wp:gallery {"ids":[8,"9"],"linkTo":"none"} -->', {8, 9}),
        ('<img class="wp-image-10">', {10}),
        ("[gallery] attachment_5 wp:image {1} [ids=4]", set()),
    ],
)
def test_images_are_found_by_every_way_of_naming_them(text, ids):
    assert images_in(text) == ids


@pytest.mark.parametrize(("size", "is_aside"), [(LARGE - 1, False), (LARGE, True)])
async def test_large_texts_are_rendered_beside_the_event_loop(size, is_aside):
    here = threading.get_ident()
    assert (await aside(size, threading.get_ident) != here) is is_aside


async def test_a_large_text_is_stored_and_shown_like_a_small_one(cms, editor):
    words = "<p>Beba água.</p>\n\n"
    post = await cms.draft(editor, content=words * 1000, status="publish")
    assert (await shown(cms, post)).count("<p>Beba água.</p>") == 1000
