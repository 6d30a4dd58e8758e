"""What Yoast and Rank Math keep in meta becomes the product's own, served as Yoast serves it."""

import pytest

from cms.content.seo import head_json
from cms.exchange.php import serialize
from tests.exchange.conftest import read
from tests.exchange.files import SITE, export, item

YOAST = {
    "_yoast_wpseo_title": "%%title%% %%page%% %%sep%% %%sitename%%",
    "_yoast_wpseo_metadesc": "Como reconhecer. 50% melhoram.",
    "_yoast_wpseo_canonical": f"{SITE}/dor/",
    "_yoast_wpseo_meta-robots-noindex": "1",
    "_yoast_wpseo_meta-robots-adv": "noarchive,nosnippet",
    "_yoast_wpseo_opengraph-image": "https://img.example/a.png",
    "_yoast_wpseo_twitter-title": "Curto",
}
RANK_MATH = {
    "rank_math_title": "%title% %sep% %sitename%",
    "rank_math_description": "Como reconhecer. 50% melhoram.",
    "rank_math_robots": serialize(["noindex", "noarchive", "nosnippet"]),
    "rank_math_canonical_url": f"{SITE}/dor/",
    "rank_math_facebook_image": "https://img.example/a.png",
    "rank_math_twitter_title": "Curto",
}


@pytest.mark.parametrize("meta", [YOAST, RANK_MATH], ids=["yoast", "rank math"])
async def test_a_post_keeps_what_search_engines_are_told(cms, bring, meta):
    report = await bring(export(item(5, title="Dor &amp; sono", meta=meta)))
    assert report.is_whole
    head = (await read(cms, "posts", 5))["yoast_head_json"]
    assert list(head)[:4] == ["title", "description", "robots", "canonical"]
    assert head["title"] == "Dor & sono - Clínica clinica"
    assert head["description"] == head["og_description"] == "Como reconhecer. 50% melhoram."
    assert head["canonical"] == head["og_url"] == "https://clinica.example/dor/"
    assert head["robots"] == {
        "index": "noindex",
        "follow": "follow",
        "noarchive": "noarchive",
        "nosnippet": "nosnippet",
    }
    assert head["og_image"] == [{"url": "https://img.example/a.png"}]
    assert (head["og_locale"], head["twitter_title"]) == ("pt_BR", "Curto")
    assert head["article_published_time"] == "2019-03-04T12:30:00+00:00"


async def test_posts_without_it_are_as_wordpress_has_them(cms, bring):
    await bring(export(item(5)))
    assert "yoast_head_json" not in await read(cms, "posts", 5)


async def test_a_password_protects_it_too(cms, bring):
    await bring(export(item(5, meta=YOAST, password="segredo")))
    assert "yoast_head_json" not in await read(cms, "posts", 5)


async def test_broken_values_are_left_out(cms, bring):
    meta = {"_yoast_wpseo_canonical": "javascript:alert(1)", "rank_math_robots": 'O:1:"X":0:{}'}
    await bring(export(item(5, meta=meta)))
    assert "yoast_head_json" not in await read(cms, "posts", 5)


def test_defaults_are_those_of_yoast():
    head = head_json(
        {},
        title="<em>Dor</em> &amp; sono",
        excerpt="<p>Um resumo.</p>",
        link="https://a.example/dor/",
        site_name="Clínica",
        site_description="",
        language="pt-BR",
        published=None,
        modified=None,
    )
    assert head["title"] == head["og_title"] == "Dor & sono - Clínica"
    assert "description" not in head
    assert head["og_description"] == "Um resumo."
    assert head["robots"]["max-image-preview"] == "max-image-preview:large"
