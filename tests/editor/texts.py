"""Blocks to write tests with."""


def paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


FOREIGN = '<!-- wp:acme/map {"lat":-23.5} /-->'

IMAGE = (
    '<!-- wp:image {"id":12} -->\n<figure class="wp-block-image">'
    '<img src="/m/a.png" alt="Curva" class="wp-image-12"/></figure>\n<!-- /wp:image -->'
)


def document(*blocks: str) -> str:
    return "\n\n".join(blocks)
