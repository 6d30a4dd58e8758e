"""Who sees what: lists and items agree for every person, status and context."""

import pytest

V2 = "/wp-json/wp/v2"
ROLES = ["subscriber", "contributor", "author", "editor", "administrator"]
OWNERS = ["subscriber", "contributor", "author", "administrator"]
STATUSES = ["publish", "draft", "pending", "private", "trash"]
PEOPLE = ["nobody", *ROLES]

# May the person of this role read a post of this status that is (hers, somebody else's)?
# As measured on WordPress 6.1.9: published for all; private for its author and editors; the
# rest for those who may edit it, and own published posts in the bin need edit_published_posts.
READABLE = {
    "nobody": {"publish": (None, True)},
    "subscriber": {"publish": (True, True), "private": (True, False)},
    "contributor": {
        "publish": (True, True),
        "draft": (True, False),
        "pending": (True, False),
        "private": (True, False),
        "trash": (True, False),
    },
    "author": dict.fromkeys(STATUSES, (True, False)) | {"publish": (True, True)},
    "editor": dict.fromkeys(STATUSES, (True, True)),
    "administrator": dict.fromkeys(STATUSES, (True, True)),
}


class World:
    """A post of each status by each person, and one that was published before it was thrown away;
    an editor brings them where their authors may not."""

    def __init__(self, cms):
        self.cms = cms
        self.posts = {}
        self.people = {}

    async def build(self):
        self.people = {role: await self.cms.person(f"o.{role}", [role]) for role in ROLES}
        editor = self.people["editor"]
        for owner in OWNERS:
            for status in [*STATUSES, "once published"]:
                self.posts[owner, status] = await self._post(editor, owner, status)
        return self

    async def _post(self, editor, owner, status):
        wanted = {"trash": "draft", "once published": "publish"}.get(status, status)
        made = await self.cms.draft(
            editor, title=f"{owner} {status}", author=self.people[owner].id, status=wanted
        )
        if wanted != status:
            gone = await editor.delete(f"{V2}/posts/{made['id']}")
            assert gone.json()["status"] == "trash"
        return made["id"]

    def headers(self, who):
        return self.people[who].bearer if who != "nobody" else {}

    async def listed(self, who, **params):
        """Every id over all pages, and the total that the first page tells."""
        params = {"per_page": 7, "status": "any,trash", **params}
        ids, page, total, pages = [], 1, 0, 1
        while page <= max(pages, 1):
            response = await self.cms.http.get(
                f"{V2}/posts", params={**params, "page": page}, headers=self.headers(who)
            )
            if response.status_code == 400:
                params["status"] = "publish"
                continue
            assert response.status_code == 200, response.text
            ids += [post["id"] for post in response.json()]
            total, pages = (int(response.headers[f"X-WP-Total{k}"]) for k in ("", "Pages"))
            page += 1
        return ids, total

    async def answering(self, who, context="view"):
        """The ids that this person can read one by one."""
        return {
            post_id
            for post_id in self.posts.values()
            if (await self.item(who, post_id, context)).status_code == 200
        }

    async def item(self, who, post_id, context="view"):
        return await self.get(who, f"/posts/{post_id}?context={context}")

    async def get(self, who, path):
        return await self.cms.http.get(f"{V2}{path}", headers=self.headers(who))


@pytest.fixture
async def world(cms):
    return await World(cms).build()


async def test_a_list_and_its_items_agree_for_everybody(world):
    """The law: a person's lists hold exactly what she can read one by one, and count no more."""
    for who in PEOPLE:
        readable = await world.answering(who)
        if who in {"nobody", "subscriber"}:
            readable = {world.posts[owner, "publish"] for owner in OWNERS}
        ids, total = await world.listed(who)
        assert (set(ids), len(ids), total) == (readable, total, len(readable)), who
    # In edit context raw texts, passwords and working heads of others' posts stay theirs.
    for who in ROLES[1:]:
        editable = await world.answering(who, "edit")
        ids, total = await world.listed(who, context="edit")
        assert (set(ids), total) == (editable, len(editable)), who
    assert len(editable) == len(world.posts)
    # An own post that was live and thrown away needs edit_published_posts, in lists as well.
    assert world.posts["contributor", "once published"] not in await world.answering("contributor")
    # A filter by author never shows more.
    author = world.people["author"].id
    for who, count in (("nobody", 1), ("contributor", 1), ("author", 6), ("editor", 6)):
        ids, total = await world.listed(who, author=author)
        assert (len(ids), total) == (count, count), who
    ids, _ = await world.listed("editor", author_exclude=author)
    assert len(ids) == len(world.posts) - 6


async def test_who_reads_which_status(world):
    for who in PEOPLE:
        for status in STATUSES:
            own, others = READABLE[who].get(status, (False, False))
            expected = {"administrator" if who == "author" else "author": others}
            expected |= {who: own} if who in OWNERS and who != "administrator" else {}
            for owner, may in expected.items():
                response = await world.item(who, world.posts[owner, status])
                refused = 401 if who == "nobody" else 403
                assert response.status_code == (200 if may else refused), (who, owner, status)
                assert may or response.json()["code"] == "rest_forbidden"
    for who, status in (("nobody", 401), ("subscriber", 403)):
        for wanted in ("draft", "any", "private", "publish,draft", "trash"):
            response = await world.get(who, f"/posts?status={wanted}")
            assert response.status_code == 400
            detail = response.json()["data"]["details"]["status"]
            assert (detail["code"], detail["data"]) == ("rest_forbidden_status", {"status": status})
    assert (await world.get("nobody", "/posts?status=publish,publish")).status_code == 200
    post_id = world.posts["author", "publish"]
    for who, status in (("nobody", 401), ("contributor", 403), ("author", 200), ("editor", 200)):
        assert (await world.get(who, f"/posts/{post_id}/revisions")).status_code == status, who
    trashed = world.posts["contributor", "once published"]
    refused = await world.get("contributor", f"/posts/{trashed}/revisions")
    assert refused.json()["code"] == "rest_cannot_read"
