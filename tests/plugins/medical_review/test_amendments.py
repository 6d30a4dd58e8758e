"""A published text was wrong: a correction and a retraction are said aloud, signed, and stay
said."""

import asyncio

import pytest

from cms.content import posts
from cms.content.rendering import render_again
from tests.plugins.medical_review.aftercare import told
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, codes

WRONG, RIGHT = "Dizia 50 mg por quilo.", "São 5 mg por quilo."
REASON = "O estudo em que se apoia foi retratado."


@pytest.fixture
async def text(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno, content="<p>Palavra peculiaríssima.</p>")
    return await newsroom.read(post), ana, bruno


def hash_of(post):
    return post["approval"]["content_hash"]


async def correct(by, post, **more):
    body = {"content_hash": hash_of(post), "wrong": WRONG, "right": RIGHT, **more}
    return await by.post(f"{REVIEWS}/of-post/{post['id']}/corrections", body)


async def retract(by, post, step="retraction", **more):
    body = {"content_hash": hash_of(post), "reason": REASON, **more}
    return await by.post(f"{REVIEWS}/of-post/{post['id']}/{step}", body)


async def test_a_correction_says_what_was_wrong_and_who_says_so(newsroom, cms, text):
    post, ana, _ = text
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    made = await correct(rui, post)
    assert made.status_code == 201, made.text
    [shown] = (await newsroom.read(post))["corrections"]
    assert (shown["wrong"], shown["right"]) == (WRONG, RIGHT)
    assert shown["signed_by"] == "Rui Revisor Inventada · MÉDICO(A) CRM-SP 9900101"
    signature = (await rui.get(f"{REVIEWS}/signatures/{shown['signature_id']}")).json()
    assert signature["is_intact"]
    assert signature["record"]["statement"] == {
        "post": post["id"],
        "revision": signature["record"]["statement"]["revision"],
        "wrong": WRONG,
        "right": RIGHT,
    }
    assert signature["record"]["content_hash"] == hash_of(post)
    assert (await ana.get(f"{REVIEWS}/of-post/{post['id']}/amendments")).json()["amendments"][0][
        "kind"
    ] == "correction"
    assert "review:text:correct" in await told(cms, post["id"])


async def test_only_with_the_right_the_text_and_the_words(newsroom, cms, text):
    post, ana, bruno = text
    assert (await correct(ana, post)).status_code == 403
    assert (await retract(ana, post)).status_code == 403
    address = f"{REVIEWS}/of-post/{post['id']}/corrections"
    assert (await cms.http.post(address, json={})).status_code in {400, 401}
    stale = await correct(bruno, post, content_hash="0" * 64)
    assert (stale.status_code, stale.json()["content_hash"]) == (409, hash_of(post))
    empty = await correct(bruno, post, wrong=" ")
    assert list(empty.json()["faults"]) == ["wrong"]
    draft = await newsroom.article(ana, title="Rascunho")
    refused = await bruno.post(
        f"{REVIEWS}/of-post/{draft['id']}/retraction", {"content_hash": "0" * 64, "reason": "x"}
    )
    assert refused.status_code == 409


async def test_an_old_sign_in_corrects_nothing(newsroom, cms, text):
    post, _, bruno = text
    async with cms.as_system() as work:
        await work.execute(
            "update cms.tokens set authenticated_at = now() - interval '16 minutes'"
            " where tenant_id = :tenant and user_id = :user",
            {"tenant": work.tenant_id, "user": bruno.id},
        )
        work._covered.add("cms.tokens")
    for refused in (await correct(bruno, post), await retract(bruno, post)):
        assert (refused.status_code, refused.json()["obligations"]) == (401, ["recent_sign_in"])
    assert (await newsroom.read(post))["corrections"] == []


async def readers_see(cms, post):
    """The text through every door of readers, as one string."""
    paths = [
        f"{ARTICLES}/{post['id']}",
        f"{ARTICLES}?include={post['id']}",
        f"{ARTICLES}/{post['id']}?context=embed",
        "/wp-json/wp/v2/search?search=peculiaríssima",
        "/api/v1/search?q=peculiaríssima",
        f"/api/v1/posts/{post['id']}/fields",
    ]
    answers = [await cms.http.get(path) for path in paths]
    assert answers[0].status_code == 200
    return "\n".join(one.text for one in answers)


async def test_a_retracted_text_stays_at_its_address_and_no_door_gives_its_words(
    newsroom, cms, text
):
    post, ana, bruno = text
    assert "peculiaríssima" in await readers_see(cms, post)
    assert (await retract(bruno, post)).status_code == 201
    assert "peculiaríssima" not in await readers_see(cms, post)
    seen = await newsroom.read(post)
    assert (seen["status"], seen["link"], seen["slug"]) == (
        "publish",
        post["link"],
        post["slug"],
    )
    assert REASON in seen["content"]["rendered"]
    assert "foi retratado em" in seen["content"]["rendered"]
    assert (seen["retraction"]["reason"], seen["retraction"]["noindex"]) == (REASON, True)
    assert seen["yoast_head_json"]["robots"]["index"] == "noindex"
    assert (seen["next_review"], seen["scientific_references"]) == (None, [])
    editor = await newsroom.read(post, ana)
    assert "peculiaríssima" in editor["content"]["raw"], "who edits it has it"
    assert [one["content_hash"] for one in seen["versions"]] == [hash_of(post)]


async def test_a_retraction_is_not_silently_undone(newsroom, cms, text):
    post, ana, bruno = text
    await retract(bruno, post)
    for status in ("draft", "private", "pending"):
        assert "article.retracted" in codes(await newsroom.change(post, ana, status=status))
    olga = await cms.person("olga.oficial", ["administrator"])
    assert (await olga.delete(f"{ARTICLES}/{post['id']}")).status_code == 409
    # Neither by a new text: it is approved, and still waits for the reinstatement.
    await newsroom.edit(post, ana, content="<p>Palavra nova.</p>")
    await newsroom.approve(post, ana, bruno)
    assert "article.retracted" in codes(await newsroom.change(post, ana, status="publish"))
    assert REASON in (await newsroom.read(post))["content"]["rendered"]
    assert (await retract(bruno, post)).status_code == 409, "it is retracted already"
    assert (await correct(bruno, post)).status_code == 409


async def test_another_person_reinstates_it_and_that_it_was_retracted_stays_said(
    newsroom, cms, text
):
    post, ana, bruno = text
    await retract(bruno, post)
    own = await retract(bruno, post, "reinstatement")
    assert (own.status_code, "Another person" in own.text) == (403, True)
    rita = await newsroom.reviewer("rita.revisora")
    back = await retract(rita, post, "reinstatement", reason="O estudo foi confirmado.")
    assert back.status_code == 201, back.text
    seen = await newsroom.read(post)
    assert "peculiaríssima" in seen["content"]["rendered"]
    assert (seen["retraction"], seen["next_review"]) == (None, post["next_review"])
    assert "peculiaríssima" in await readers_see(cms, post)
    kinds = (await ana.get(f"{REVIEWS}/of-post/{post['id']}/amendments")).json()["amendments"]
    assert [one["kind"] for one in kinds] == ["retraction", "reinstatement"]
    assert (await retract(rita, post, "reinstatement")).status_code == 409


async def test_what_stands_beside_the_words_goes_with_them(newsroom, cms, text):
    post, ana, bruno = text
    olga = await cms.person("olga.oficial", ["administrator"])
    group = {
        "key": "group_inventado",
        "title": "Inventado",
        "fields": [{"key": "field_inventado", "name": "dose", "label": "Dose", "type": "text"}],
        "location": [[{"param": "post_type", "operator": "==", "value": "medical_article"}]],
        "active": True,
        "show_in_rest": 1,
    }
    made = await olga.post("/api/v1/field-groups", group)
    assert made.status_code == 201, made.text
    await newsroom.edit(post, ana, acf={"dose": "Palavra peculiaríssima."})
    await newsroom.approve(post, ana, bruno)
    post = await newsroom.edit(post, ana, status="publish")
    fields = f"/api/v1/posts/{post['id']}/fields"
    assert "peculiaríssima" in (await cms.http.get(fields)).text
    await retract(bruno, post)
    assert "peculiaríssima" not in await readers_see(cms, post)
    assert "peculiaríssima" in (await ana.get(fields)).text


async def test_a_rendering_that_is_made_anew_does_not_bring_the_words_back(newsroom, cms, text):
    post, _, bruno = text
    await retract(bruno, post)
    async with cms.as_system() as work:
        row = await posts.get(work, post["id"])
        await render_again(work, row, row.live_revision_id)
    assert "peculiaríssima" not in await readers_see(cms, post)


async def test_two_who_retract_at_once_retract_it_once(newsroom, cms, text):
    post, ana, bruno = text
    rita = await newsroom.reviewer("rita.revisora")
    answers = await asyncio.gather(retract(bruno, post), retract(rita, post))
    assert sorted(one.status_code for one in answers) == [201, 409]
    kinds = (await ana.get(f"{REVIEWS}/of-post/{post['id']}/amendments")).json()["amendments"]
    assert len(kinds) == 1


async def test_the_application_cannot_change_what_was_said(cms, newsroom, text):
    post, _, bruno = text
    await correct(bruno, post)
    async with cms.as_system() as work:
        with pytest.raises(Exception, match="permission denied"):
            await work.execute("update medical_review.amendments set wrong = ''")
        await work.session.rollback()
