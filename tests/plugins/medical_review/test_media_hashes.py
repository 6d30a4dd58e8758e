"""What the reviewer saw is what goes live, also where another file stands behind the same id."""

from dataclasses import replace
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from cms.content import posts
from cms.content.draft import draft_of
from plugins.medical_review.articles.media import files_of
from tests.plugins.medical_review.conftest import TEXT, Newsroom, codes
from tests.plugins.medical_review.test_targets import SET, upload


async def replace_file(newsroom: Newsroom, media_id: int) -> None:
    """Another file under the same id, as some code of tomorrow might put it there."""
    async with newsroom.cms.as_system() as work:
        await work.execute(
            "update cms.media_files set files = "
            "jsonb_set(files, '{0,sha256}', to_jsonb(repeat('0', 64))) where post_id = :id",
            {"id": media_id},
        )
        work._covered |= {"cms.media_files"}


async def as_of_before(newsroom: Newsroom, post: dict[str, Any]) -> None:
    """The revision as it was written when nobody noted hashes of files."""
    async with newsroom.cms.as_system() as work:
        found = await posts.get(work, post["id"])
        revision = await posts.revision(work, found.id, found.working_revision_id or 0)
        draft = draft_of(revision, found.post_type)
        medical = {name: value for name, value in draft.parts["medical"].items() if name != "media"}
        draft = replace(draft, parts={**draft.parts, "medical": medical})
    with psycopg.connect(newsroom.cms.host.addresses.owner) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(work.tenant_id)])
        connection.execute(
            "update cms.revisions set parts = %s, content_hash = %s where id = %s",
            [Jsonb(draft.parts), draft.content_hash(), revision.id],
        )


async def part_of(newsroom: Newsroom, post: dict[str, Any]) -> dict[str, Any]:
    async with newsroom.cms.as_system() as work:
        row = await work.one(
            "select r.parts from cms.posts p join cms.revisions r "
            "on r.tenant_id = p.tenant_id and r.id = p.working_revision_id where p.id = :id",
            {"id": post["id"]},
        )
    part: dict[str, Any] = row.parts["medical"]
    return part


async def test_another_file_under_the_same_id_is_not_published(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    media = await upload(newsroom, admin)
    post = await newsroom.article(ana, featured_media=media)
    assert list((await part_of(newsroom, post))["media"]) == [str(media)]
    await newsroom.approve(post, ana, bruno)
    await replace_file(newsroom, media)
    # Whoever publishes by the WordPress door saves, too, and what would be saved is another text.
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.stale"]
    refused = (await ana.post(SET, {"post_ids": [post["id"]]})).json()["posts"][0]
    assert [one["code"] for one in refused["objections"]] == ["article.media_changed"]
    # Saved as it is, the text is another one, and the approval is of the one before.
    saved = await newsroom.edit(post, ana, title=post["title"]["raw"])
    assert saved["medical_approval_status"] == "stale"
    assert (await part_of(newsroom, post))["media"] == {str(media): "0" * 64}
    await newsroom.approve(post, ana, bruno)
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


async def test_a_text_of_before_keeps_its_hash_until_its_pictures_change(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    media, other = await upload(newsroom, admin), await upload(newsroom, admin, "dor.jpg")
    post = await newsroom.article(ana, featured_media=media)
    await as_of_before(newsroom, post)
    await newsroom.approve(post, ana, bruno)
    same = await newsroom.edit(post, ana, featured_media=media, title=post["title"]["raw"])
    assert same["medical_approval_status"] == "approved"
    assert "media" not in await part_of(newsroom, post)
    changed = await newsroom.edit(post, ana, featured_media=other)
    assert list((await part_of(newsroom, changed))["media"]) == [str(other)]
    without = await newsroom.edit(post, ana, featured_media=0)
    assert "media" not in await part_of(newsroom, without)


def test_every_block_that_shows_or_offers_a_file_is_known() -> None:
    text = (
        f'{TEXT}<!-- wp:image {{"id":1}} /--><!-- wp:gallery {{"ids":[2,3]}} /-->'
        '<!-- wp:media-text {"mediaId":4} /--><!-- wp:file {"id":5} /-->'
        '<!-- wp:core/video {"id":6} /--><!-- wp:cover {"id":7} /-->'
        '<!-- wp:paragraph {"id":8} /--><img class="wp-image-9"/>[gallery ids="10,11"]'
    )
    assert files_of(text, 12) == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]
