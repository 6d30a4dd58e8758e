"""What rendering adds to images, bare addresses, and blocks that are not HTML yet."""

import pytest

from cms.markup.embeds import with_links_for_embeds
from cms.markup.expanding import expanded, wanted_patterns
from cms.markup.images import wanted_images, with_image_attributes
from cms.markup.render import render_content
from cms.markup.surroundings import ALONE, DynamicBlock, Image, Source, Surroundings

BASE = "https://c.example/wp-content/uploads/2026/11"
PHOTO = Image(
    5,
    "https://c.example/?p=5",
    "Mão",
    "",
    {
        "thumbnail": Source(f"{BASE}/mao-150x150.jpg", 150, 150),
        "medium": Source(f"{BASE}/mao-300x200.jpg", 300, 200),
        "large": Source(f"{BASE}/mao-1024x683.jpg", 1024, 683),
        "full": Source(f"{BASE}/mao.jpg", 1800, 1200),
    },
)
AROUND = Surroundings(images={5: PHOTO})


def test_an_image_of_the_library_gets_its_sources():
    tag = f'<img class="wp-image-5" src="{BASE}/mao-1024x683.jpg" alt="Mão" />'
    assert with_image_attributes(tag, AROUND) == (
        f'<img decoding="async" loading="lazy" class="wp-image-5" src="{BASE}/mao-1024x683.jpg" '
        'alt="Mão" width="1024" height="683" '
        f'srcset="{BASE}/mao-1024x683.jpg 1024w, {BASE}/mao.jpg 1800w, {BASE}/mao-300x200.jpg 300w"'
        ' sizes="(max-width: 1024px) 100vw, 1024px" />'
    )


@pytest.mark.parametrize(
    ("tag", "result"),
    [
        ('<img src="a.png">', '<img decoding="async" src="a.png">'),
        ('<img src="a.png" width="1" height="1">',
         '<img decoding="async" loading="lazy" src="a.png" width="1" height="1">'),
        ('<img src="a.png" loading="eager" decoding="sync">',
         '<img src="a.png" loading="eager" decoding="sync">'),
        ('<img class="wp-image-9" src="b">', '<img decoding="async" class="wp-image-9" src="b">'),
        ("<p>sem imagem</p>", "<p>sem imagem</p>"),
    ],
)  # fmt: skip
def test_other_images(tag, result):
    assert with_image_attributes(tag, AROUND) == result


def test_the_images_of_a_text_are_known_before():
    assert wanted_images('<img class="a wp-image-5 b"><img class="wp-image-17">') == {5, 17}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("https://v.example/1", '<a href="https://v.example/1">https://v.example/1</a>'),
        ("<p>https://v.example/?a=1&amp;b</p>",
         '<p><a href="https://v.example/?a=1&amp;b">https://v.example/?a=1&amp;b</a></p>'),
        ("a\nhttps://v.example\nb", 'a\n<a href="https://v.example">https://v.example</a>\nb'),
        ("veja https://v.example", "veja https://v.example"),
        ("<b>x</b>https://v.example", "<b>x</b>https://v.example"),
        ("<pre>\nhttps://v.example\n</pre>", "<pre>\nhttps://v.example\n</pre>"),
        ('<a href="#">\nhttps://v.example\n</a>', '<a href="#">\nhttps://v.example\n</a>'),
        ('<img alt="\nhttps://v.example\n">', '<img alt="\nhttps://v.example\n">'),
    ],
)  # fmt: skip
def test_a_bare_address_is_a_link(text, result):
    assert with_links_for_embeds(text) == result


PATTERN = '<!-- wp:block {"ref":3} /-->'


def test_a_reusable_block_shows_what_it_holds():
    around = Surroundings(patterns={3: "<!-- wp:paragraph --><p>Aviso</p><!-- /wp:paragraph -->"})
    assert wanted_patterns(f"a{PATTERN}<!-- wp:group -->{PATTERN}<!-- /wp:group -->") == {3}
    assert render_content(PATTERN, around) == "<p>Aviso</p>"
    assert render_content(PATTERN, ALONE) == ""


def test_a_reusable_block_within_itself_ends():
    around = Surroundings(patterns={3: f"<p>a</p>{PATTERN}"})
    assert render_content(PATTERN, around) == "<p>a</p>"


def test_a_dynamic_block_is_made_by_its_renderer():
    made = DynamicBlock("clinic/dose", lambda given, inner, _: f"<i>{given['mg']} mg{inner}</i>")
    around = Surroundings(dynamic_blocks={made.name: made})
    raw = '<!-- wp:clinic/dose {"mg":5} --><b>x</b><!-- /wp:clinic/dose -->'
    assert expanded(raw, around) == "<i>5 mg<b>x</b></i>"
    assert expanded(raw, ALONE) == raw


def test_a_deep_document_does_not_break():
    raw = "<!-- wp:group -->" * 3000 + PATTERN + "<!-- /wp:group -->" * 3000
    assert render_content(raw, Surroundings(patterns={3: "<p>a</p>"})) == ""
