"""Whatever people have written, on every page: shown as text, never run."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from cms.identity.events import ProfileChanged
from cms.identity.users import get_user
from tests.pages.conftest import Site
from tests.plugins.medical_review.conftest import Newsroom

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
TYPED = "&quot;'&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} {% raw %}"


def harmless(html: str) -> bool:
    """No element and no attribute of the attack has come through as markup."""
    tree = LexborHTMLParser(html)
    scripts = [one for one in tree.css("script") if one.attributes.get("type") != _DATA]
    handlers = [
        name for one in tree.css("*") for name in one.attributes if name.lower().startswith("on")
    ]
    return not scripts and not handlers and not tree.css("svg")


_DATA = "application/ld+json"


@pytest.mark.parametrize("base", ["posts", "pages"])
async def test_what_is_written_in_a_text(site: Site, base: str) -> None:
    author = await site.cms.person("ana.autora", ["author"])
    who = author if base == "posts" else site.editor
    fields = dict.fromkeys(("title", "content", "excerpt"), f"antes {ATTACK} depois")
    made = await site.cms.draft(who, base, **fields, status="publish")
    for address in (made["link"], "/", "/?s=antes"):
        seen = await site.see(address)
        assert seen.status == 200
        # An administrator may store scripts where WordPress lets her; they run nowhere.
        if who is author:
            assert harmless(seen.answer.text), address
        assert "script-src" not in seen.answer.headers["content-security-policy"]


@pytest.mark.parametrize("option", ["title", "description"])
async def test_what_is_set_of_the_site(site: Site, option: str) -> None:
    await site.cms.set_options(**{option: ATTACK})
    for address in ("/", "/nada/", await site.path()):
        assert harmless((await site.see(address)).answer.text)


async def test_what_people_and_terms_are_called(site: Site) -> None:
    async with site.cms.as_system() as work:
        (await get_user(work, site.editor.id)).display_name = ATTACK
        await work.emit(ProfileChanged(user_id=site.editor.id, after={"fields": ["display_name"]}))
    term = await site.editor.post("/wp-json/wp/v2/tags", {"name": "a<b>c", "description": ATTACK})
    path = await site.path(tags=[term.json()["id"]])
    for address in (path, term.json()["link"], "/"):
        assert harmless((await site.see(address)).answer.text), address


@pytest.mark.parametrize("field", ["comment", "author", "url", "comment_parent", "email"])
async def test_what_a_visitor_types(site: Site, field: str) -> None:
    await site.cms.set_options(comment_previously_approved=False, require_name_email=False)
    post = await site.post(comment_status="open")
    typed = {"comment": "Claro.", "comment_post_ID": post["id"], field: ATTACK}
    sent = await site.send("/wp-comments-post.php", typed)
    assert harmless(sent.text)
    assert harmless((await site.see(post["link"])).answer.text)


ADDRESSES = (
    "/?s={}", "/preview?token={}", "/preview?token=x&width={}", "/{}/", "/?s=a&paged={}",
    "/gripe/?replytocom={}", "/gripe/?comment={}", "/theme/default/x/{}",
)  # fmt: skip


@pytest.mark.parametrize("typed", [ATTACK, TYPED, "%00", "'" * 300])
async def test_what_stands_in_an_address(site: Site, typed: str) -> None:
    await site.post(slug="gripe", comment_status="open")
    for address in ADDRESSES:
        seen = await site.see(address.format(typed))
        assert seen.status in {200, 400, 401, 404}, address
        if seen.answer.headers["content-type"].startswith("text/html"):
            assert harmless(seen.answer.text), address
            assert not any("49" in title for title in seen.texts("h1")), address


async def test_a_medical_text_with_everything_it_can_say(site: Site, tmp_path) -> None:
    """No field that a plugin gives is unknown to the theme, and none comes out as markup."""
    newsroom = Newsroom(site.cms, tmp_path / "rosters")
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    said = {
        "conflict_of_interest": "Nenhum; 3 < 5 & 5 > 3",
        "funding": "Fundo próprio",
        "content_nature": "editorial",
        "ai_use": "assisted",
        "ai_use_statement": "Um assistente inventado sugeriu títulos.",
        "seo_title": "Dor & dor",
        "medical_disclaimer": f"<p>Atenção.</p>{ATTACK}",
    }
    live = await newsroom.published(ana, bruno, **said)
    seen = await site.see(live["link"])
    assert seen.status == 200
    assert harmless(seen.answer.text)
    assert "CRM-SP" in seen.text("header .byline")
    assert seen.text(".mark") == "Conteúdo editorial"
    assert "Revisão médica em" in seen.text(".dates")
    assert "Revisado por" in seen.text(".reviewer")
    assert "3 < 5 & 5 > 3" in seen.text(".text-footer")
    assert seen.values("meta[property='og:title']", "content") == ["Dor & dor"]
    assert '"MedicalWebPage"' in seen.tree.css_first("script").text()
    (card,) = (await site.see("/")).texts("article.card")
    assert "CRM-SP" in card


async def test_every_type_of_text_of_the_registry_has_a_page(site: Site, tmp_path) -> None:
    """Strict templates: a name that one type lacks would be a page that fails."""
    newsroom = Newsroom(site.cms, tmp_path / "rosters")
    physician = await newsroom.physician(roles=("medical_professional", "administrator"))
    types = [one for one in site.cms.host.registry.post_types.values() if one.is_public]
    bases = [one.rest_base for one in types if one.rest_controller == "posts"]
    assert {"posts", "pages", "medical-articles", "patient-education"} <= set(bases)
    for base in bases:
        draft = await site.cms.draft(physician, base, title=f"De {base}")
        made = await physician.post("/api/v1/previews", {"post_id": draft["id"]})
        seen = await site.see(made.json()["page"])
        assert (seen.status, seen.text("h1")) == (200, f"De {base}"), base
