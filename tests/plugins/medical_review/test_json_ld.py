"""What search engines, feeds and subscribers learn of a reviewed text."""

import feedparser
import pytest

from cms.settings import Settings
from tests.plugins.medical_review.aftercare import day, run_jobs
from tests.plugins.medical_review.conftest import ARTICLES, inherited_item
from tests.plugins.medical_review.test_amendments import REASON, RIGHT, WRONG, correct, retract
from tests.plugins.medical_review.test_cases import act, whole
from tests.site.test_webhooks import LOOPBACK, subscribed
from tests.support.queries import counted
from tests.support.subscriber import subscriber


@pytest.fixture
def settings(tmp_path):
    told = {"webhook_networks": LOOPBACK, "webhook_seconds": 60}
    return Settings(data_dir=str(tmp_path / "var"), plugins={"core": told})


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


@pytest.fixture
async def text(newsroom, olga):
    """A text of Ana's, reviewed by Rui, a physician, filed under Neurologia."""
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    term = (await olga.post("/wp-json/wp/v2/categories", {"name": "Neurologia"})).json()
    post = await newsroom.published(
        ana,
        rui,
        title="Dor & <em>crise</em>",
        categories=[term["id"]],
        target_audience="professionals",
        scientific_references=[{"doi": "10.1056/NEJMoa2034577", "title": "Ensaio inventado"}],
    )
    return await newsroom.read(post), ana, rui


async def test_a_shared_link_says_who_answers_for_the_text(newsroom, text):
    post, ana, rui = text
    card = post["social_card"]
    assert (card["og:title"], card["og:url"]) == ("Dor & crise", post["json_ld"]["url"])
    assert card["article:author"] == post["byline"]["text"]
    assert "CRM-SP" in card["article:author"]
    draft = await newsroom.article(ana, title="Rascunho")
    assert draft.get("social_card") is None
    assert (await retract(rui, post)).status_code == 201
    told = (await newsroom.read(post))["social_card"]["og:description"]
    assert REASON in told


async def test_a_reviewed_text_is_a_medical_web_page(newsroom, text):
    post, _, _ = text
    page = post["json_ld"]
    assert (page["@context"], page["@type"]) == ("https://schema.org", "MedicalWebPage")
    assert page["name"] == "Dor & crise"
    assert page["url"] == page["@id"] == post["link"].replace("http:", "https:")
    assert page["inLanguage"] == "pt-BR"
    assert page["lastReviewed"] == post["last_reviewed"] == day()
    assert page["medicalAudience"]["audienceType"] == "https://schema.org/Clinician"
    assert page["specialty"] == ["Neurologia"]
    [citation] = page["citation"]
    assert (citation["@type"], citation["url"]) == (
        "ScholarlyArticle",
        "https://doi.org/10.1056/nejmoa2034577",
    )
    assert page["datePublished"] <= page["dateModified"]
    assert page["version"] == post["approval"]["content_hash"]
    assert "correction" not in page
    reviewer = page["reviewedBy"]
    assert reviewer == post["reviewed_by"]
    assert (reviewer["@type"], reviewer["name"]) == ("Person", "Rui Revisor Inventada")
    assert reviewer["identifier"] == {
        "@type": "PropertyValue",
        "propertyID": "CRM-SP",
        "value": "9900101",
    }
    assert reviewer["hasCredential"][0]["identifier"] == "CRM-SP 9900101"
    assert page["author"]["name"] == "Ana Medica Inventada"


async def test_the_reviewer_stays_as_she_signed(newsroom, text):
    post, _, _ = text
    await newsroom.revoke(1)
    now = await newsroom.read(post)
    assert now["json_ld"]["reviewedBy"] == post["json_ld"]["reviewedBy"]


async def test_who_has_no_registration_has_a_name_and_no_title(newsroom):
    post = await newsroom.published(await newsroom.physician(), await newsroom.reviewer())
    page = (await newsroom.read(post))["json_ld"]
    assert page["reviewedBy"] == {"@type": "Person", "name": "Bruno Revisor"}


async def test_what_nobody_reviewed_says_nothing_of_a_review(newsroom, bring):
    await bring(inherited_item(9))
    page = (await newsroom.read({"id": 9}))["json_ld"]
    assert page["@type"] == "MedicalWebPage"
    assert not {"reviewedBy", "lastReviewed"} & set(page)


async def test_corrections_and_retractions_stand_in_it(newsroom, text):
    post, _, rui = text
    await correct(rui, post)
    [said] = (await newsroom.read(post))["json_ld"]["correction"]
    assert (said["@type"], said["text"]) == ("CorrectionComment", f"{WRONG} {RIGHT}")
    await retract(rui, post)
    page = (await newsroom.read(post))["json_ld"]
    assert page["creativeWorkStatus"] == "Retracted"
    assert [one["text"] for one in page["correction"]] == [f"{WRONG} {RIGHT}", REASON]
    assert "citation" not in page


async def feed_of(cms, form=""):
    answer = await cms.http.get(f"/category/neurologia/feed/{form}")
    assert answer.status_code == 200, answer.text
    return feedparser.parse(answer.content), answer.text


@pytest.mark.parametrize("form", ["", "atom/", "rdf/"])
async def test_feeds_tell_who_answers_and_what_was_wrong(newsroom, cms, text, form):
    post, _, rui = text
    _, raw = await feed_of(cms, form)
    assert "Ana Medica Inventada · MÉDICO(A) CRM-SP 9900100" in raw
    await correct(rui, post)
    await retract(rui, post)
    feed, raw = await feed_of(cms, form)
    assert not feed.bozo
    titles = [one.title for one in feed.entries]
    assert titles[0].startswith("Retratação: Dor & ")
    assert titles[1].startswith("Correção: Dor & ")
    assert WRONG in raw
    assert REASON in raw
    assert "A dor costuma passar" not in raw, "the words of a retracted text are in no feed"
    assert len({one.id for one in feed.entries if "id" in one}) in {0, 3}


async def test_a_notice_stands_in_the_feed_too(newsroom, cms, text, olga):
    post, _, _ = text
    await newsroom.revoke()
    await act(olga, await whole(olga), "add_notice", post_id=post["id"])
    _, raw = await feed_of(cms)
    assert "em verificação" in raw


async def test_a_retracted_text_is_in_no_sitemap(newsroom, cms, text):
    post, _, rui = text
    sitemap = "/wp-sitemap-posts-medical_article-1.xml"
    assert post["slug"] in (await cms.http.get(sitemap)).text
    other = await newsroom.published(*text[1:], title="Outra")
    await retract(rui, post)
    listed = (await cms.http.get(sitemap)).text
    assert f"/{post['slug']}/" not in listed
    assert other["slug"] in listed
    found = (await cms.http.get(f"/api/v1/resolve?path=/medical-articles/{post['slug']}/")).json()
    assert (found["kind"], found["id"]) == ("post", post["id"])


async def test_subscribers_are_told_so_that_caches_drop_it(newsroom, cms, text, olga):
    post, _, rui = text
    async with subscriber() as other_end:
        await subscribed(olga, other_end.url, "post.*")
        await correct(rui, post)
        await retract(rui, post)
        # A slow machine delivers one of the two in a later round.
        for _ in range(10):
            if len(other_end.heard) < 2:
                await run_jobs(cms)
        topics = [one.message["type"] for one in other_end.heard]
        keys = {one.message["data"]["surrogate_keys"].split()[0] for one in other_end.heard}
    assert {"post.corrected", "post.retracted"} <= set(topics)
    assert keys == {f"post:{post['id']}"}
    assert REASON.encode() not in b"".join(one.body for one in other_end.heard)


async def test_a_page_of_texts_costs_no_more_than_one(newsroom, cms, text):
    with counted(cms.host) as one:
        await cms.http.get(ARTICLES)
    for title in ("B", "C", "D"):
        await newsroom.published(*text[1:], title=title)
    with counted(cms.host) as four:
        await cms.http.get(ARTICLES)
    assert len(one) == len(four)
