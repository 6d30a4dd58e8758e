"""What readers do on a page: comment, answer, give a password. None of it needs a script."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cms.content.comment_events import CommentersForgotten
from cms.content.comment_models import Comment
from tests.pages.conftest import Site

SAID = {"comment": "Muito claro.", "author": "Rui Inventado", "email": "rui@exemplo.example"}
FORM = "/wp-comments-post.php"


@pytest.fixture
async def open_site(site: Site) -> Site:
    await site.cms.set_options(comment_previously_approved=False, comment_moderation=False)
    return site


async def test_a_visitor_comments_and_comes_back_to_her_words(open_site: Site) -> None:
    post = await open_site.post(title="Gripe", comment_status="open")
    sent = await open_site.send(FORM, {**SAID, "comment_post_ID": post["id"]})
    assert sent.status_code == 303
    path, _, anchor = sent.headers["location"].partition("#")
    assert path == f"{post['link']}?comment=shown"
    seen = await open_site.see(path.removeprefix("http://clinica.example"))
    assert seen.text(f"#{anchor} .comment-text") == "Muito claro."
    assert seen.texts("#respond [role=status]") == ["Obrigado. Seu comentário está aqui."]
    assert seen.text("#comments-title") == "1 comentário"


async def test_a_comment_that_waits_is_said_to_wait(site: Site) -> None:
    await site.cms.set_options(comment_moderation=True)
    post = await site.post(comment_status="open")
    sent = await site.send(FORM, {**SAID, "comment_post_ID": post["id"]})
    assert sent.headers["location"] == f"{post['link']}?comment=held#respond"
    seen = await site.see(post["link"] + "?comment=held")
    assert "assim que alguém o ler" in seen.text("#respond [role=status]")
    assert seen.texts(".comment") == []


async def test_answers_stand_below_what_they_answer(open_site: Site) -> None:
    post = await open_site.post(comment_status="open")
    first = await open_site.editor.post(
        "/wp-json/wp/v2/comments", {"post": post["id"], "content": "Primeiro."}
    )
    await _an_hour_ago(open_site)
    page = await open_site.see(f"{post['link']}?replytocom={first.json()['id']}")
    assert page.text("#respond-title") == "Responder a Edith Editora"
    (above,) = page.values("input[name=comment_parent]", "value")
    assert above == str(first.json()["id"])
    fields = {**SAID, "comment_post_ID": post["id"], "comment_parent": above}
    assert (await open_site.send(FORM, fields)).status_code == 303
    seen = await open_site.see(post["link"])
    assert seen.texts(".thread .thread .comment-text") == ["Muito claro."]
    elsewhere = await open_site.see(f"{post['link']}?replytocom=99")
    assert elsewhere.values("input[name=comment_parent]", "value") == ["0"]


async def test_the_form_keeps_what_was_typed_and_names_what_is_wrong(open_site: Site) -> None:
    post = await open_site.post(comment_status="open")
    fields = {**SAID, "author": "", "email": "rui", "url": "javascript:alert(1)"}
    sent = await open_site.send(FORM, {**fields, "comment_post_ID": post["id"]})
    assert sent.status_code == 400
    seen = type(await open_site.see("/"))(sent)
    assert seen.text("textarea") == "Muito claro."
    assert seen.values("input[name=email]", "value") == ["rui"]
    faulty = seen.values("[aria-invalid=true]", "name")
    assert faulty == ["author", "email", "url"]
    told = set(seen.values("[aria-invalid=true]", "aria-describedby"))
    assert told == set(seen.values("span.fault", "id"))
    assert seen.texts("[role=alert]") != []


async def test_the_rules_of_the_site_hold_for_the_form(open_site: Site) -> None:
    closed = await open_site.post(comment_status="closed")
    sent = await open_site.send(FORM, {**SAID, "comment_post_ID": closed["id"]})
    assert (sent.status_code, "encerrados" in sent.text) == (409, True)
    draft = await open_site.cms.draft(open_site.editor, comment_status="open")
    for hidden in (draft["id"], 10**17, "x", ""):
        sent = await open_site.send(FORM, {**SAID, "comment_post_ID": hidden})
        assert sent.status_code == 404
    post = await open_site.post(comment_status="open")
    await open_site.cms.set_options(comment_registration=True)
    assert (await open_site.see(post["link"])).texts("#respond") == []
    sent = await open_site.send(FORM, {**SAID, "comment_post_ID": post["id"]})
    assert sent.status_code == 403
    assert not await _comments(open_site)


async def test_the_same_comment_at_once_is_one(open_site: Site) -> None:
    post = await open_site.post(comment_status="open")
    fields = {**SAID, "comment_post_ID": post["id"]}
    sent = await asyncio.gather(*(open_site.send(FORM, fields) for _ in range(4)))
    assert sorted(one.status_code for one in sent) == [303, 409, 409, 409]
    assert len(await _comments(open_site)) == 1


async def test_another_site_cannot_send_our_forms(open_site: Site) -> None:
    post = await open_site.post(comment_status="open")
    fields = {**SAID, "comment_post_ID": post["id"]}
    for headers in ({"origin": "https://mal.example"}, {"sec-fetch-site": "cross-site"}):
        for address in (FORM, "/post-password"):
            sent = await open_site.send(address, {**fields, "post_id": post["id"]}, **headers)
            assert sent.status_code == 403
    own = {"origin": "http://clinica.example", "sec-fetch-site": "same-origin"}
    assert (await open_site.send(FORM, fields, **own)).status_code == 303


async def test_a_password_opens_a_text_for_this_reader(site: Site) -> None:
    post = await site.post(
        title="Da equipe", content="<p>Oculto.</p>", password="abre te", comment_status="open"
    )
    closed = await site.see(post["link"])
    assert (closed.text("h1"), "Oculto." in closed.answer.text) == ("Da equipe", False)
    assert closed.answer.headers["cache-control"] == "no-store"
    assert closed.texts(".comments") == []
    given = {"post_id": post["id"], "post_password": "abre te"}
    wrong = await site.send("/post-password", {**given, "post_password": "outra"})
    assert (wrong.status_code, "Oculto." in wrong.text) == (403, False)
    assert 'aria-invalid="true"' in wrong.text
    right = await site.send("/post-password", given)
    assert (right.status_code, right.headers["location"]) == (303, post["link"])
    cookie = right.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/;"))
    opened = await site.see(post["link"])
    assert "Oculto." in opened.answer.text
    assert opened.answer.headers["cache-control"] == "no-store"
    await site.editor.post(f"/wp-json/wp/v2/posts/{post['id']}", {"password": "nova"})
    assert "Oculto." not in (await site.see(post["link"])).answer.text


async def test_a_proof_opens_only_its_own_text(site: Site) -> None:
    first = await site.post(title="Um", content="<p>Um oculto.</p>", password="mesma")
    other = await site.post(title="Dois", content="<p>Dois oculto.</p>", password="mesma")
    await site.send("/post-password", {"post_id": first["id"], "post_password": "mesma"})
    (proof,) = [one for one in site.cms.http.cookies.jar if one.name.endswith(f"-{first['id']}")]
    site.cms.http.cookies.set(f"cms-postpass-{other['id']}", proof.value or "")
    assert "Dois oculto." not in (await site.see(other["link"])).answer.text
    for nothing in (10**17, "x", (await site.post())["id"]):
        sent = await site.send("/post-password", {"post_id": nothing, "post_password": ""})
        assert sent.status_code == 404


async def _an_hour_ago(site: Site) -> None:
    """Everything was said then: nobody waits for the next comment of one person."""
    async with site.cms.as_system() as work:
        await work.execute(
            update(Comment)
            .where(Comment.tenant_id == site.cms.tenant.id)
            .values(created_at=work.now - timedelta(hours=1))
        )
        await work.emit(CommentersForgotten(after={"count": 1}))


async def _comments(site: Site) -> list[object]:
    async with site.cms.as_system() as work:
        return await work.all(select(Comment.id).where(Comment.tenant_id == site.cms.tenant.id))
