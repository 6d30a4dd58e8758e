"""What authors do in the web application: from the first word to readers, alone and with others."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests.journeys.people.articles import (
    SENTENCE,
    TITLE,
    approve,
    comment_on,
    send_back,
    write_article,
)
from tests.journeys.people.desk import Desk
from tests.plugins.medical_review.conftest import Newsroom
from tests.support.chromium import Site
from tests.support.pictures import telling_photo


async def test_an_article_from_its_first_word_to_its_readers(
    site: Site, newsroom: Newsroom
) -> None:
    """Written, submitted, sent back with a comment, answered, mended, approved, published, read."""
    await newsroom.cms.set_options(serves_pages=True, front_end_url=site.url)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    author, reviewer = await Desk.of(site, ana), await Desk.of(site, bruno)
    await write_article(author, ana.id)
    await author.reads("Nothing stands in the way")
    await author.presses("Submit for review")
    await author.is_told("The text is saved and submitted.")

    await reviewer.comes()
    await reviewer.follows(TITLE)
    await comment_on(reviewer, SENTENCE, "Em quanto tempo?")
    await send_back(reviewer, "Falta o tempo.")

    await author.comes()
    await author.reads("Sent back to you")
    await author.follows(TITLE)
    await author.reads("Em quanto tempo?")
    await author.follows("Read the review")
    await author.page.locator("summary", has_text="Answer").click()
    await author.is_for_everybody()
    await author.fills({"Your answer": "Em um ou dois dias; mudei a frase."})
    await author.presses("Answer")
    await author.is_told("Your answer is kept.")
    await author.follows("Edit", exact=True)
    await author.writes(" Em geral, em um ou dois dias.", after=SENTENCE)
    await author.presses("Submit for review")
    await author.is_told("The text is saved and submitted.")

    await reviewer.comes()
    await reviewer.follows(TITLE)
    await reviewer.reads("Em um ou dois dias; mudei a frase.")
    await reviewer.follows("Changes", exact=True)
    await expect(reviewer.main.locator("ins").first).to_contain_text("em um ou dois dias")
    await approve(reviewer)

    await author.comes()
    await author.follows(TITLE)
    await author.presses("Publish")
    await author.reads("Readers have this very text.")
    [post] = (await newsroom.cms.http.get("/wp-json/wp/v2/medical-articles")).json()
    reader = await site.page()
    await reader.goto(re.sub(r"^https?://[^/]+", "", post["link"]))
    await expect(reader.get_by_role("heading", name=TITLE)).to_be_visible()
    await expect(reader.get_by_text("Em geral, em um ou dois dias.")).to_be_visible()


async def test_a_text_is_written_and_submitted_without_scripts(
    site: Site, newsroom: Newsroom
) -> None:
    """What stands in the way is read and mended, by plain forms, in Portuguese."""
    ana = await newsroom.physician()
    author = await Desk.of(site, ana, language="pt-BR", scripts=False)
    await author.opens("Artigos médicos")
    await author.follows("Escrever")
    await author.fills({"Título": TITLE, "Texto": f"<p>{SENTENCE}</p>"})
    await author.presses("Enviar para revisão")
    await expect(author.page.get_by_role("alert")).to_contain_text("O texto foi salvo")
    await author.fills(
        {
            "Nível de evidência": "I",
            "Referências deste texto, uma por linha": "10.1000/182",
            "Público": "patients",
            "Aviso médico": "<p>Este texto não substitui a consulta.</p>",
            "Profissional responsável": str(ana.id),
        }
    )
    await author.presses("Enviar para revisão")
    await author.reads("Nenhum leitor o vê ainda.")
    await expect(author.page.locator(".posts-next .state").first).to_have_text("Enviado")
    await author.presses("Retirar para trabalhar nele")
    await expect(author.page.locator(".posts-next .state").first).to_have_text("Rascunho")


async def test_two_at_one_text_lose_nothing(site: Site, newsroom: Newsroom) -> None:
    """The second sees the first and takes the text over; the first, who goes on typing, is shown
    both texts and decides."""
    cms = newsroom.cms
    first_one, second_one = await cms.person("ana"), await cms.person("eva", ["editor"])
    await cms.draft(first_one, title="Febre", content="<p>Meça a febre.</p>")
    first, second = await Desk.of(site, first_one), await Desk.of(site, second_one)
    for desk in (first, second):
        await desk.opens("Posts")
        await desk.follows("Febre")
    await second.reads("Ana is writing in this text.")
    await second.presses("Take it over")
    await second.is_told("The text is yours now.")
    await second.fills({"Title": "Febre alta"})
    await second.presses("Save draft")
    await second.is_told("The text is saved.")

    await first.fills({"Title": "Febre em crianças"})
    await first.presses("Save draft")
    await first.reads("Somebody else saved this text meanwhile")
    await first.reads("Febre alta")
    await first.reads("Febre em crianças")
    await first.is_for_everybody()
    await first.presses("Save what I wrote in its place")
    await expect(first.field("Title")).to_have_value("Febre em crianças")
    await first.follows("Revisions", exact=True)
    await first.reads("Febre alta")


async def test_a_phrase_is_replaced_and_its_approvals_end(site: Site, newsroom: Newsroom) -> None:
    """Before she presses the button she reads that an approval counts for one text only; readers
    keep what they have."""
    ana = await newsroom.physician()
    post = await newsroom.published(ana, await newsroom.reviewer())
    editor = await Desk.of(site, await newsroom.cms.person("eva", ["editor"]))
    await editor.opens("Medical articles")
    await editor.follows("Find and replace")
    await editor.fills({"Find": "repouso", "Put in its place": "descanso"})
    await editor.presses("Show what would change")
    await editor.reads("An approval counts for exactly the text that was read.")
    row = editor.main.get_by_role("row", name=re.compile(TITLE))
    await expect(row).to_contain_text("Approved")
    await editor.is_for_everybody()
    await editor.presses("Replace in the ticked ones")
    await editor.is_told("One post was changed.")
    await editor.opens("Medical articles")
    row = editor.main.get_by_role("row", name=re.compile(TITLE))
    await expect(row).to_contain_text("newer text in work")
    await expect(row).to_contain_text("Stale")
    assert "repouso" in (await newsroom.read(post))["content"]["rendered"]


async def test_a_picture_is_described_and_stands_in_a_text(
    site: Site, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Uploaded, given words and a focal point, found again by its words, shown by a text."""
    (tmp_path / "pulmao.jpg").write_bytes(telling_photo())
    author = await Desk.of(site, await newsroom.cms.person("ana"))
    await author.opens("Media")
    await author.page.get_by_label("Files to add").set_input_files(tmp_path / "pulmao.jpg")
    await author.presses("Upload")
    await author.reads("no alternative text")
    await author.follows("pulmao")
    await author.fills({"Alternative text": "Um pulmão desenhado"})
    await author.main.get_by_role("button", name="Focal point").press("ArrowLeft")
    await author.presses("Save")
    await author.is_told("The file is saved.")
    await expect(author.field("From the left")).to_have_value("49.0")

    await author.opens("Posts")
    await author.follows("Write a new one")
    await author.fills({"Title": "O pulmão"})
    await author.writes("Assim é um pulmão.")
    await author.presses("Image")
    words = author.page.get_by_label("Words of its title or description")
    await words.fill("pulmão")
    await author.page.get_by_role("dialog").get_by_role("button", name="Um pulmão").click()
    await expect(author.page.locator("cms-editor img")).to_have_attribute(
        "alt", "Um pulmão desenhado"
    )
    await author.presses("Save draft")
    await author.is_told("The text is saved.")
    await author.opens("Media")
    await author.follows("pulmao")
    await expect(author.main.get_by_role("link", name="O pulmão")).to_be_visible()


async def test_an_older_text_is_brought_back_and_shown_to_a_stranger(
    site: Site, newsroom: Newsroom
) -> None:
    """What changed is read word by word; a link shows the working text to somebody without an
    account, until it is made void."""
    cms = newsroom.cms
    await cms.set_options(front_end_url=site.url)
    ana = await cms.person("ana")
    made = await cms.draft(ana, title="Febre", content="<p>Tome água.</p>")
    await ana.post(f"/wp-json/wp/v2/posts/{made['id']}", {"content": "<p>Tome chá.</p>"})
    author = await Desk.of(site, ana)
    await author.follows("Febre")
    await author.follows("Revisions", exact=True)
    await author.main.locator("tbody a").first.click()
    await expect(author.main.locator("ins")).to_contain_text("chá")
    await author.is_for_everybody()
    await author.follows("All revisions")
    await author.main.locator("tbody a").last.click()
    await author.presses("Bring this text back")
    await author.is_told("The text is what it was in that revision.")
    await expect(author.page.locator("cms-editor .ProseMirror")).to_contain_text("Tome água.")

    async with author.page.context.expect_page() as opened:
        await author.presses("Preview")
    preview = Desk(await opened.value)
    await expect(
        preview.page.frame_locator("iframe.is-phone").get_by_text("Tome água.")
    ).to_be_visible()
    await preview.presses("Make a link")
    link = await preview.page.get_by_label("The link, shown this once").input_value()
    stranger = await site.page()
    await stranger.goto(link)
    await expect(stranger.get_by_text("Tome água.").first).to_be_visible()
    await preview.presses("Make all links void")
    await preview.is_told("No link that was given out until now works any more.")
    answer = await stranger.goto(link)
    assert answer is not None
    assert answer.status in {401, 403, 404, 410}
