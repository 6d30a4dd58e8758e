"""The counters say what counting would: after every kind of move, and after many at once."""

import asyncio

import pytest
from sqlalchemy import func, select

from cms.content.models import Post, PostCount
from cms.content.statuses import Status

V2 = "/wp-json/wp/v2"


async def counted(cms):
    """(by the counters, by counting) of published posts."""
    async with cms.as_system() as work:
        kept = await work.one(
            select(func.coalesce(func.sum(PostCount.posts), 0)).where(
                PostCount.tenant_id == work.tenant_id, PostCount.post_type == "post"
            )
        )
        real = await work.one(
            select(func.count()).where(
                Post.tenant_id == work.tenant_id,
                Post.post_type == "post",
                Post.status == Status.PUBLISH.value,
            )
        )
        return int(kept[0]), int(real[0])


@pytest.mark.parametrize(
    ("moves", "published"),
    [
        (["publish"], 1),
        (["publish", "draft"], 0),
        (["publish", "private", "publish"], 1),
        (["pending"], 0),
        (["publish", "publish"], 1),
    ],
)
async def test_each_move_is_counted(cms, moves, published):
    editor = await cms.person("elisa", ["editor"])
    made = await cms.draft(editor)
    for status in moves:
        answer = await editor.post(f"{V2}/posts/{made['id']}", {"status": status})
        assert answer.status_code == 200
    assert await counted(cms) == (published, published)


async def test_what_goes_into_the_bin_is_not_counted(cms):
    editor = await cms.person("elisa", ["editor"])
    made = await cms.draft(editor, status="publish")
    assert (await editor.delete(f"{V2}/posts/{made['id']}")).status_code == 200
    assert await counted(cms) == (0, 0)


async def test_many_at_once_are_counted_one_by_one(cms):
    editor = await cms.person("elisa", ["editor"])
    await asyncio.gather(*(cms.draft(editor, status="publish") for _ in range(20)))
    assert await counted(cms) == (20, 20)


async def test_a_refused_move_leaves_the_count(cms):
    author = await cms.person("ana", ["contributor"])
    made = await cms.draft(author)
    assert (await author.post(f"{V2}/posts/{made['id']}", {"status": "publish"})).status_code == 403
    assert await counted(cms) == (0, 0)
