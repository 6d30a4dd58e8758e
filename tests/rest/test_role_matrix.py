"""Each role, each status, own and others', posts and pages: what WordPress's capabilities say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

V2 = "/wp-json/wp/v2"
_TESTS = Path(__file__).parents[1]
CAPABILITIES = {
    name: set(role["capabilities"])
    for name, role in json.loads(
        (_TESTS / "identity" / "data" / "roles-capabilities.json").read_text()
    )["roles"].items()
}
TYPES = json.loads((_TESTS / "rest" / "data" / "wordpress-types.json").read_text())["post_types"]
STATUSES = ("publish", "future", "draft", "pending", "private", "trash")
ROLES = ("subscriber", "contributor", "author", "editor", "administrator")
LATER = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0).isoformat()


def needed(kind, verb, status, *, own):
    """The primitive capabilities for edit_post and delete_post (map_meta_cap), from the measured
    map of the type. What lies in the bin was a draft."""
    cap = TYPES[kind]["cap"]
    published, private = status in {"publish", "future"}, status == "private"
    if own:
        return {cap[f"{verb}_published_posts"] if published else cap[f"{verb}_posts"]}
    wanted = {cap[f"{verb}_others_posts"]}
    if published:
        wanted.add(cap[f"{verb}_published_posts"])
    if private:
        wanted.add(cap[f"{verb}_private_posts"])
    return wanted


def may(kind, role, verb, status, *, own):
    has = CAPABILITIES.get(role, set())
    cap = TYPES[kind]["cap"]
    if verb == "read":
        if status == "publish":
            return True
        if status == "private" and role != "nobody":
            return own or cap["read_private_posts"] in has
        return needed(kind, "edit", status, own=own) <= has
    if verb == "publish":
        return needed(kind, "edit", status, own=own) | {cap["publish_posts"]} <= has
    return needed(kind, verb, status, own=own) <= has


async def post_of(cms, admin, kind, status, author_id):
    wanted = {"status": "draft" if status == "trash" else status, "author": author_id}
    if status == "future":
        wanted["date"] = LATER
    base = TYPES[kind]["rest_base"]
    made = await cms.draft(admin, base, title=f"{kind} {status} {author_id}", **wanted)
    if status == "trash":
        await admin.delete(f"{V2}/{base}/{made['id']}")
    return f"{V2}/{base}/{made['id']}"


CODES = {
    "read": "rest_forbidden",
    "edit": "rest_cannot_edit",
    "publish": {"rest_cannot_edit", "rest_cannot_publish"},
    "delete": "rest_cannot_delete",
}


@pytest.mark.parametrize("kind", ["post", "page"])
@pytest.mark.parametrize("role", ["nobody", *ROLES])
async def test_a_role_may_what_its_capabilities_say(cms, kind, role):
    admin = await cms.person("dona.marina", ["administrator"])
    person = None if role == "nobody" else await cms.person("ela", [role])
    headers = person.bearer if person else {}
    requests = {
        "read": ("GET", None),
        "edit": ("POST", {"comment_status": "open"}),
        "publish": ("POST", {"status": "publish", "date": "2024-01-01T00:00:00"}),
        "delete": ("DELETE", None),
    }
    for own in (True, False) if person else (False,):
        author_id = person.id if own else admin.id
        for status in STATUSES:
            address = await post_of(cms, admin, kind, status, author_id)
            for verb, (method, body) in requests.items():
                if verb == "publish" and status in {"publish", "trash"}:
                    continue
                if verb == "delete" and status == "trash":
                    continue
                now = status
                if verb == "delete" and may(kind, role, "publish", status, own=own):
                    now = "publish"
                allowed = may(kind, role, verb, now, own=own)
                response = await cms.http.request(method, address, json=body, headers=headers)
                said = (role, kind, status, own, verb, response.text[:200])
                refused = 401 if person is None else 403
                assert response.status_code == (200 if allowed else refused), said
                if not allowed:
                    codes = CODES[verb] if isinstance(CODES[verb], set) else {CODES[verb]}
                    assert response.json()["code"] in codes, said
