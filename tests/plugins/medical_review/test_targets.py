"""Publishing drops relations to unpublished targets silently: here they are listed, and a set of
texts goes live as a whole or not at all."""

import asyncio
from typing import Any

import pytest

from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, TEXT, Newsroom, codes
from tests.support.clinic import Person
from tests.support.pictures import photo

SET = f"{REVIEWS}/publish-set"
MEDIA = "/wp-json/wp/v2/media"


def linking(*hrefs: str) -> str:
    links = " ".join(f'<a href="{href}">x</a>' for href in hrefs)
    return f"{TEXT}\n\n<!-- wp:paragraph -->\n<p>{links}</p>\n<!-- /wp:paragraph -->"


async def approved(newsroom: Newsroom, ana: Person, bruno: Person, **fields: Any) -> dict[str, Any]:
    post = await newsroom.article(ana, **fields)
    await newsroom.approve(post, ana, bruno)
    return post


async def upload(newsroom: Newsroom, by: Person, name: str = "rim.jpg") -> int:
    files = {"file": (name, photo(80, 60))}
    made = await newsroom.cms.http.post(MEDIA, headers=by.bearer, files=files)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


async def listed(post: dict[str, Any], by: Person) -> list[tuple[str, int, str]]:
    found = (await by.get(f"{REVIEWS}/targets/{post['id']}")).json()["unpublished"]
    return [(one["kind"], one["post_id"], one["status"]) for one in found]


async def test_links_to_what_readers_cannot_get_are_listed(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    shown = await newsroom.published(ana, bruno, slug="publicado")
    draft = await newsroom.article(ana, slug="rascunho")
    binned = await newsroom.article(ana, slug="lixo")
    await ana.delete(f"{ARTICLES}/{binned['id']}")
    host = newsroom.cms.tenant.hosts[0]
    text = linking(
        "/medical-articles/publicado/",
        f"/?p={shown['id']}",
        "/medical-articles/rascunho/",
        f"https://{host}/medical-articles/rascunho",
        f"http://{host}/?p={draft['id']}",
        "/medical-articles/lixo/",
        "/never/was/",
        "https://elsewhere.example/medical-articles/rascunho/",
        "/wp-content/uploads/2026/01/rascunho.pdf",
        "#rascunho",
        "mailto:rascunho@example.org",
        "http://[broken",
    )
    post = await approved(newsroom, ana, bruno, content=text)
    assert sorted(await listed(post, ana)) == [
        ("link", draft["id"], "draft"),
        ("link", binned["id"], "trash"),
    ]
    refused = await newsroom.change(post, ana, status="publish")
    assert codes(refused) == ["article.unpublished_targets"]
    said = refused.json()["data"]["objections"][0]["message"]
    assert f"link {draft['id']} (draft)" in said
    # The text stays as it is: nothing was taken out of it.
    assert (await newsroom.read(post, ana))["content"]["raw"].count("rascunho") == 6


async def test_pictures_and_blocks_that_nobody_can_see_are_listed(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    fine, hidden = await upload(newsroom, admin), await upload(newsroom, admin, "dor.jpg")
    block = await newsroom.cms.draft(admin, "blocks", title="Aviso", content="<p>Aviso.</p>")
    image = '<!-- wp:image {{"id":{0}}} --><img class="wp-image-{0}" alt=""/><!-- /wp:image -->'
    text = f'{TEXT}\n\n{image.format(fine)}\n\n<!-- wp:block {{"ref":{block["id"]}}} /-->'
    post = await approved(newsroom, ana, bruno, content=text, featured_media=hidden)
    assert await listed(post, ana) == [("block", block["id"], "draft")]
    await admin.post(f"{MEDIA}/{hidden}", {"status": "private"})
    assert ("featured_media", hidden, "private") in await listed(post, ana)
    await admin.delete(f"{MEDIA}/{fine}?force=true")
    assert ("media", fine, "trash") in await listed(post, ana)


async def test_posts_that_fields_name_are_listed(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    group = {
        "key": "group_more",
        "title": "More",
        "show_in_rest": 1,
        "location": [[{"param": "post_type", "operator": "==", "value": "medical_article"}]],
        "fields": [{"key": "field_next", "name": "next", "label": "N", "type": "relationship"}],
    }
    assert (await admin.post("/api/v1/field-groups", group)).status_code == 201
    other = await newsroom.article(ana)
    post = await approved(newsroom, ana, bruno, acf={"next": [other["id"]]})
    assert await listed(post, ana) == [("relation", other["id"], "draft")]


async def test_two_texts_that_point_to_each_other_go_live_at_once(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    one = await newsroom.article(ana, slug="um", content=linking("/medical-articles/dois/"))
    two = await newsroom.article(ana, slug="dois", content=linking("/medical-articles/um/"))
    for post in (one, two):
        await newsroom.approve(post, ana, bruno)
    assert codes(await newsroom.change(one, ana, status="publish"))
    published = await ana.post(SET, {"post_ids": [two["id"], one["id"]]})
    assert published.status_code == 200, published.text
    assert [(it["post_id"], it["status"]) for it in published.json()] == [
        (one["id"], "publish"),
        (two["id"], "publish"),
    ]
    for post in (one, two):
        assert (await newsroom.read(post))["medical_approval_status"] == "approved"


async def test_of_a_set_with_one_that_nobody_approved_none_goes_live(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    fine, bare = await approved(newsroom, ana, bruno), await newsroom.article(ana)
    refused = await ana.post(SET, {"post_ids": [fine["id"], bare["id"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "set.refused")
    (hindered,) = refused.json()["posts"]
    assert hindered["post_id"] == bare["id"]
    assert [one["code"] for one in hindered["objections"]] == ["review.missing"]
    assert (await newsroom.cms.http.get(f"{ARTICLES}/{fine['id']}")).status_code == 401


@pytest.mark.parametrize(
    ("ids", "told"), [([], "between 1 and 20"), ([1, 1], "once"), (list(range(1, 22)), "20")]
)
async def test_what_is_no_set_is_refused(newsroom: Newsroom, ids: list[int], told: str) -> None:
    ana = await newsroom.physician()
    refused = await ana.post(SET, {"post_ids": ids})
    assert refused.status_code == 400
    assert told in refused.json()["faults"]["post_ids"]


async def test_sets_that_share_texts_do_not_wait_for_each_other_for_ever(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    ids = [(await approved(newsroom, ana, bruno))["id"] for _ in range(3)]
    orders = (ids, ids[::-1], [ids[1], ids[0]], [ids[2], ids[1]])
    answers = await asyncio.gather(*(ana.post(SET, {"post_ids": order}) for order in orders))
    assert [one.status_code for one in answers] == [200] * 4


async def test_what_waits_for_its_time_may_point_to_what_waits_too(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    later = {"status": "future", "date": "2040-01-01T08:00:00"}
    other = await approved(newsroom, ana, bruno, slug="depois")
    post = await approved(newsroom, ana, bruno, content=linking("/medical-articles/depois/"))
    assert codes(await newsroom.change(post, ana, **later)) == ["article.unpublished_targets"]
    await newsroom.edit(other, ana, **later)
    assert (await newsroom.edit(post, ana, **later))["status"] == "future"


async def test_an_application_password_publishes_no_set(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await approved(newsroom, ana, bruno)
    body = {"post_ids": [post["id"]]}
    refused = await newsroom.cms.http.post(SET, json=body, auth=ana.basic)
    assert refused.status_code == 401
