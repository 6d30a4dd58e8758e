"""Autosaves, drawn blocks and widgets show images and reusable blocks as posts do."""

import pytest

from tests.support.pictures import photo
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def admin(cms):
    return await cms.person("ada", ["administrator"])


@pytest.fixture
async def picture(cms, admin):
    made = await cms.http.post(
        f"{V2}/media", files={"file": ("torax.jpg", photo(1200, 800))}, headers=admin.bearer
    )
    media = made.json()
    return f'<p><img class="wp-image-{media["id"]}" src="{media["source_url"]}"></p>'


@pytest.fixture
async def block(cms, admin):
    text = "<!-- wp:paragraph --><p>Aviso da casa.</p><!-- /wp:paragraph -->"
    made = await cms.draft(admin, "blocks", title="Aviso", content=text, status="publish")
    return f'<!-- wp:block {{"ref":{made["id"]}}} /-->'


async def test_an_autosave_looks_like_the_post(cms, admin, picture, block):
    post = await cms.draft(admin, status="publish")
    path = f"{V2}/posts/{post['id']}/autosaves"
    kept = (await admin.post(path, {"content": picture + block})).json()
    listed = (await admin.get(path)).json()
    [one] = [each for each in listed if each["id"] == kept["id"]]
    for shown in (kept, one, (await admin.get(f"{path}/{kept['id']}")).json()):
        assert "srcset=" in shown["content"]["rendered"]
        assert "Aviso da casa." in shown["content"]["rendered"]


async def test_a_drawn_block_shows_what_it_refers_to(cms, admin, block):
    number = int("".join(filter(str.isdigit, block)))
    drawn = await admin.post(
        f"{V2}/block-renderer/core/block", {"context": "edit", "attributes": {"ref": number}}
    )
    assert drawn.status_code == 200, drawn.text
    assert "Aviso da casa." in drawn.json()["rendered"]


async def test_widgets_show_images_and_blocks_with_few_statements(cms, admin, picture, block):
    instance = {"raw": {"content": picture + block}}
    for _ in range(2):
        made = await admin.post(
            f"{V2}/widgets", {"id_base": "block", "sidebar": "sidebar-1", "instance": instance}
        )
        assert made.status_code == 201, made.text
        assert "srcset=" in made.json()["rendered"]
        assert "Aviso da casa." in made.json()["rendered"]
    with counted(cms.host) as two:
        listed = (await admin.get(f"{V2}/widgets?sidebar=sidebar-1")).json()
    assert all("srcset=" in one["rendered"] for one in listed)
    await admin.post(
        f"{V2}/widgets", {"id_base": "block", "sidebar": "sidebar-1", "instance": instance}
    )
    with counted(cms.host) as three:
        await admin.get(f"{V2}/widgets?sidebar=sidebar-1")
    assert len(three) == len(two)
    preview = await admin.post(
        f"{V2}/widget-types/block/encode", {"instance": made.json()["instance"]}
    )
    assert "srcset=" in preview.json()["preview"]
