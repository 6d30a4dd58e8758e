"""Preview links: they show one text, for a time, and nothing else."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from cms.identity.events import UserCreated
from cms.identity.models import User
from cms.identity.secrets import SecretKey
from cms.site import previews
from tests.plugins.medical_review.conftest import Newsroom
from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"


@pytest.fixture
async def author(cms):
    return await cms.person("ana.autora", ["editor"])


async def issued(author, post_id, **options):
    answer = await author.post(f"{V1}/previews", {"post_id": post_id, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def shown(http, token):
    return await http.get(f"{V1}/preview", headers={"X-Preview-Token": token})


async def test_a_link_shows_the_draft_as_rest_would(cms, author):
    draft = await cms.draft(author, title="Em obras", content="<p>Segredo.</p>")
    made = await issued(author, draft["id"])
    answer = await shown(cms.http, made["token"])
    assert answer.status_code == 200
    seen = (await author.get(f"{V2}/posts/{draft['id']}")).json()
    assert answer.json() == seen
    assert answer.json()["content"]["rendered"] == "<p>Segredo.</p>\n"
    by_link = await cms.http.get(made["link"])
    assert by_link.json() == seen
    for response in (answer, by_link):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    # Without it the text is as closed as before, and the token opens no other door.
    assert (await cms.http.get(f"{V2}/posts/{draft['id']}")).status_code == 401
    for headers in (
        {"Authorization": f"Bearer {made['token']}"},
        {"X-Preview-Token": made["token"]},
    ):
        direct = await cms.http.get(f"{V2}/posts/{draft['id']}?context=edit", headers=headers)
        assert direct.status_code == 401


async def test_a_link_follows_the_work_or_stays_with_a_revision(cms, author):
    post = await cms.draft(author, title="Um", status="publish")
    first = (await author.get(f"{V2}/posts/{post['id']}/revisions")).json()[0]["content_hash"]
    following = await issued(author, post["id"])
    staying = await issued(author, post["id"], revision=first)
    await author.post(f"{V2}/posts/{post['id']}", {"title": "Dois"})
    titles = [
        (await shown(cms.http, one["token"])).json()["title"]["rendered"]
        for one in (following, staying)
    ]
    assert titles == ["Dois", "Um"]
    for revision, status in (("0" * 64, 404), ("xyz", 400), (first.upper(), 400)):
        answer = await author.post(f"{V1}/previews", {"post_id": post["id"], "revision": revision})
        assert answer.status_code == status


async def test_a_protected_text_needs_no_password_by_a_link(cms, author):
    post = await cms.draft(author, content="<p>Oculto.</p>", status="publish", password="abre")
    made = await issued(author, post["id"])
    body = (await shown(cms.http, made["token"])).json()
    assert body["content"] == {"rendered": "<p>Oculto.</p>\n", "protected": True}


async def test_a_text_that_waits_for_its_review_can_be_previewed(cms, tmp_path):
    newsroom = Newsroom(cms, tmp_path / "rosters")
    physician = await newsroom.physician()
    article = await newsroom.article(physician)
    made = await issued(physician, article["id"])
    answer = await shown(cms.http, made["token"])
    assert (answer.status_code, answer.json()["type"]) == (200, article["type"])
    assert answer.json()["title"]["rendered"] == article["title"]["rendered"]
    assert (await cms.http.get(f"{V2}/medical-articles/{article['id']}")).status_code == 401


async def test_the_site_says_where_previews_are_shown(cms, author):
    await cms.set_options(
        preview_url="https://f.example/p/{type}/{id}/{slug}?t={token}&h={hash}&x={other}"
    )
    post = await cms.draft(author, title="Dor", slug="dor")
    made = await issued(author, post["id"])
    parts = urlsplit(made["link"])
    assert (parts.netloc, parts.path) == ("f.example", f"/p/post/{post['id']}/dor")
    query = parse_qs(parts.query)
    assert query["t"] == [made["token"]]
    assert len(query["h"][0]) == 64
    assert query["x"] == ["{other}"]


async def test_a_link_ends_and_is_revoked(cms, author, monkeypatch):
    post = await cms.draft(author)
    other = await cms.draft(author, title="Outra")
    made, kept = await issued(author, post["id"]), await issued(author, other["id"])
    assert (await author.delete(f"{V1}/previews/{post['id']}")).status_code == 204
    refused = await shown(cms.http, made["token"])
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:cms:problem:preview-refused")
    assert "revoked" in refused.json()["detail"]
    assert (await shown(cms.http, kept["token"])).status_code == 200
    again = await issued(author, post["id"], expires_in=60)
    assert (await shown(cms.http, again["token"])).status_code == 200
    async with cms.as_system() as work:
        work.now += timedelta(seconds=61)
        with pytest.raises(previews.PreviewExpired):
            await previews.read(work, cms.host.secret, again["token"])
    old = previews.Claims(cms.tenant.id, post["id"], "", 1, author.id, 1)
    over = await shown(cms.http, previews._signed(cms.host.secret, old))
    assert (over.status_code, over.json()["type"]) == (410, "urn:cms:problem:preview-expired")


async def test_a_link_is_worth_what_its_giver_may(cms, author):
    post = await cms.draft(author)
    made = await issued(author, post["id"])
    async with cms.as_system() as work:
        await work.execute(
            update(User)
            .where(User.tenant_id == work.tenant_id, User.id == author.id)
            .values(is_active=False)
        )
        await work.emit(UserCreated(user_id=author.id))
    refused = await shown(cms.http, made["token"])
    assert refused.status_code == 401
    assert "may not edit" in refused.json()["detail"]


async def test_only_who_may_edit_gives_links_out_or_revokes_them(cms, author):
    post = await cms.draft(author)
    stranger = await cms.person("rui.autor", ["author"])
    for who, status in ((cms.http, 401), (stranger, 403)):
        given_out = await who.post(f"{V1}/previews", json={"post_id": post["id"]})
        assert given_out.status_code == status
        assert (await who.delete(f"{V1}/previews/{post['id']}")).status_code == status
    for body in (
        {"post_id": 0},
        {"post_id": 2**63},
        {"post_id": post["id"], "expires_in": 59},
        {"post_id": post["id"], "expires_in": 30 * 86_400 + 1},
        {"post_id": "x"},
        {},
    ):
        assert (await author.post(f"{V1}/previews", body)).status_code == 400
    assert (await author.post(f"{V1}/previews", {"post_id": 99999})).status_code == 404
    await author.delete(f"{V2}/posts/{post['id']}")
    assert (await author.post(f"{V1}/previews", {"post_id": post["id"]})).status_code == 400


async def test_what_is_in_the_bin_is_not_shown(cms, author):
    post = await cms.draft(author)
    made = await issued(author, post["id"])
    await author.delete(f"{V2}/posts/{post['id']}")
    assert (await shown(cms.http, made["token"])).status_code == 404


async def test_a_token_of_one_site_is_nothing_in_another(cms, author):
    post = await cms.draft(author)
    made = await issued(author, post["id"])
    async with cms.other() as other:
        assert (await shown(other.http, made["token"])).status_code == 401


async def test_giving_out_is_in_the_trail_and_the_token_is_not(cms, author):
    post = await cms.draft(author)
    made = await issued(author, post["id"])
    with psycopg.connect(cms.host.addresses.owner) as connection:
        rows = connection.execute(
            "select resource_id, after_state::text from audit.events where action = %s",
            ["site:preview:issue"],
        ).fetchall()
        everything = connection.execute("select e::text from audit.events e").fetchall()
    assert [row[0] for row in rows] == [post["id"]]
    assert "working" in rows[0][1]
    assert made["token"].startswith("cmspv_")
    assert not any(made["token"][6:40] in row[0] for row in everything)


NONSENSE = ["", "x", "cmspv_", "cmspv_.", "cmspv_W10.AAAA", "cmspv_" + "a" * 5000, "cmspv_é.x"]


async def test_nonsense_is_refused(cms):
    for token in NONSENSE:
        answer = await cms.http.get(f"{V1}/preview", params={"token": token})
        told = (answer.status_code, answer.json()["type"])
        assert told == (401, "urn:cms:problem:preview-refused"), token


KEY = SecretKey(b"k" * 32)


@given(st.integers(0, 500), st.integers(1, 255))
def test_a_changed_token_says_nothing(place, change):
    token = previews._signed(KEY, previews.Claims(1, 2, "", 3, 4, 5))
    assert previews._verified(KEY, token) == previews.Claims(1, 2, "", 3, 4, 5)
    place %= len(token)
    changed = token[:place] + chr(ord(token[place]) ^ change) + token[place + 1 :]
    assert previews._verified(KEY, changed) is None
    assert previews._verified(SecretKey(b"o" * 32), token) is None


def test_a_secret_of_another_kind_is_no_preview():
    said = base64.urlsafe_b64encode(msgspec.json.encode([1, 2, "", 3, 4, 5])).rstrip(b"=").decode()
    seal = base64.urlsafe_b64encode(KEY.digest(said)).rstrip(b"=").decode()
    assert previews._verified(KEY, f"cmspv_{said}.{seal}") is None


async def test_reading_costs_few_statements(cms, author):
    made = await issued(author, (await cms.draft(author))["id"])
    with counted(cms.host) as statements:
        await shown(cms.http, made["token"])
    assert len(statements) <= 4, str(statements)
