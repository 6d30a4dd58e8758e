"""Numbers of files inside texts become those that the files have here."""

import pytest

from cms.exchange.pointing import named_in, pointed

IDS = {8: 108, 9: 8}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<img class="alignleft wp-image-8 x">', '<img class="alignleft wp-image-108 x">'),
        ("wp-image-8 wp-image-9 wp-image-88", "wp-image-108 wp-image-8 wp-image-88"),
        (
            '<!-- wp:image {"id":8,"sizeSlug":"large"} -->',
            '<!-- wp:image {"id":108,"sizeSlug":"large"} -->',
        ),
        ('<!-- wp:gallery {"ids":[8,9,10]} -->', '<!-- wp:gallery {"ids":[108,8,10]} -->'),
        ('<!-- wp:gallery {"ids":["8"]} -->', '<!-- wp:gallery {"ids":["108"]} -->'),
        ('<!-- wp:media-text {"mediaId":9} -->', '<!-- wp:media-text {"mediaId":8} -->'),
        ('<!-- wp:cover {"url":"x","id":8} -->', '<!-- wp:cover {"url":"x","id":108} -->'),
        ('<!-- wp:file {"id":8} -->', '<!-- wp:file {"id":108} -->'),
        ('<!-- wp:audio {"id":8} -->', '<!-- wp:audio {"id":108} -->'),
        ('<!-- wp:video {"id":8} -->', '<!-- wp:video {"id":108} -->'),
        ('<img data-id="8">', '<img data-id="108">'),
        ('[caption id="attachment_8"]', '[caption id="attachment_108"]'),
        ('[gallery id="9" ids="8, 9" size="8"]', '[gallery id="9" ids="108, 8" size="8"]'),
        ('<a rel="attachment wp-att-8">', '<a rel="attachment wp-att-108">'),
    ],
)
def test_a_number_is_that_of_the_file_here(old, new):
    assert pointed(old, IDS)[0] == new
    assert named_in(old) & set(IDS)


@pytest.mark.parametrize(
    "text",
    [
        '<!-- wp:paragraph {"id":8} -->',
        '<!-- wp:image {"width":8,  "alt":"8"} -->',
        '<!-- wp:image {"id":8 -->',
        "Em 8 dias, 9 doses, attachment-xx",
        '<!-- wp:image {"id":true} -->',
    ],
)
def test_everything_else_stays_byte_for_byte(text):
    assert pointed(text, IDS) == (text, 0)


def test_it_counts():
    assert pointed("wp-image-8 wp-image-8", IDS) == ("wp-image-108 wp-image-108", 2)
