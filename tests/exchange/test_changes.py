"""Terms and comments of a newer export: brought over the older one's, never over what was done
here."""

from tests.exchange.conftest import notes, told
from tests.exchange.files import author, category, export, item

WP = "/wp-json/wp/v2"


async def admin(cms):
    return await cms.person("edu", ["administrator"])


async def categories(cms):
    found = (await cms.http.get(f"{WP}/categories?orderby=id")).json()
    return {one["slug"]: one for one in found}


async def test_a_term_follows_the_newer_export(cms, bring):
    await bring(export(category("dor", "Dor", 11), category("crise", "Crise", 12)))
    newer = export(
        category("dor", "Dor & alívio", 11, description="Sobre dores"),
        category("crise", "Crise", 12, parent="dor"),
    )
    report = await bring(newer)
    assert await told(cms, report) == [
        ("term", "category/dor", "changed"),
        ("term", "category/crise", "changed"),
    ]
    found = await categories(cms)
    assert (found["dor"]["name"], found["dor"]["description"]) == (
        "Dor &amp; alívio",
        "Sobre dores",
    )
    assert found["crise"]["parent"] == found["dor"]["id"]
    assert await told(cms, await bring(newer)) == []


async def test_a_term_of_another_slug_is_the_same_term(cms, bring):
    await bring(export(category("dor", "Dor", 11), item(1, terms=[("category", "dor", "Dor")])))
    newer = export(category("dores", "Dores", 11), item(1, terms=[("category", "dores", "Dores")]))
    report = await bring(newer)
    assert ("term", "category/dores", "changed") in await told(cms, report)
    found = await categories(cms)
    assert (list(found), found["dores"]["id"], found["dores"]["count"]) == (["dores"], 11, 1)
    assert await told(cms, await bring(newer)) == []


async def test_a_term_that_was_edited_or_deleted_here_stays_so(cms, bring):
    await bring(export(category("dor", "Dor", 11), category("crise", "Crise", 12)))
    editor = await admin(cms)
    await editor.post(f"{WP}/categories/11", {"name": "Dor aqui"})
    await editor.delete(f"{WP}/categories/12?force=true")
    report = await bring(export(category("dor", "Lá", 11), category("crise", "Lá", 12)))
    assert [outcome for *_, outcome in await told(cms, report)] == ["skipped", "skipped"]
    assert "edited here" in (await notes(cms, report, "category/dor"))[0]
    assert "deleted here" in (await notes(cms, report, "category/crise"))[0]
    assert [one["name"] for one in (await categories(cms)).values()] == ["Dor aqui"]


async def test_a_term_that_was_here_before_the_import_stays_so(cms, bring):
    editor = await admin(cms)
    await editor.post(f"{WP}/categories", {"name": "Dor"})
    await bring(export(category("dor", "Dor", 11)))
    report = await bring(export(category("dor", "Dor", 11, description="Lá")))
    assert await told(cms, report) == [("term", "category/dor", "skipped")]


async def test_a_comment_follows_the_newer_export(cms, bring):
    def site(text, **fields):
        said = [
            {"id": 70, "content": text, **fields},
            {"id": 71, "content": "Sim"},
        ]
        return export(author("ana", 7), item(5, comments=said, comment_status="open"))

    await bring(site("Pergunta", approved="0"))
    newer = site("Pergunta corrigida", approved="1")
    report = await bring(newer)
    assert await told(cms, report) == [("comment", "70", "changed")]
    shown = (await cms.http.get(f"{WP}/comments/70")).json()
    assert (shown["content"]["rendered"], shown["status"]) == (
        "<p>Pergunta corrigida</p>\n",
        "approved",
    )
    assert await told(cms, await bring(newer)) == []


async def test_a_comment_that_was_moderated_or_deleted_here_stays_so(cms, bring):
    def site(*texts):
        said = [{"id": 70 + n, "content": text} for n, text in enumerate(texts)]
        return export(item(5, comments=said, comment_status="open"))

    await bring(site("Um", "Dois"))
    editor = await admin(cms)
    await editor.post(f"{WP}/comments/70", {"status": "spam"})
    await editor.delete(f"{WP}/comments/71?force=true")
    report = await bring(site("Um mais", "Dois mais"))
    assert await told(cms, report) == [
        ("comment", "70", "skipped"),
        ("comment", "71", "skipped"),
    ]
    assert (await editor.get(f"{WP}/comments/71")).status_code == 404
