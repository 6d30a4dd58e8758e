"""What a large text costs on saving: cleaning and rendering 32 KB, on one core and without a
database; `python -m tests.bench.rendering` prints it. The bound is 25 ms."""

import time

from cms.markup.clean import clean_content
from cms.markup.media_shortcodes import SHORTCODES
from cms.markup.render import render_content
from cms.markup.surroundings import Surroundings

SIZE = 32_768
ROUNDS = 20
AROUND = Surroundings(shortcodes={one.name: one for one in SHORTCODES})
WORDS = (
    'A dose de <strong>paracetamol</strong> -- "adultos" -- é de 500 mg a cada '
    '<a href="https://x.example/a?b=1&amp;c=2">6 horas</a>, e nunca mais que 4 g por dia...'
)
TEXTS = {
    "blocks": f"<!-- wp:paragraph -->\n<p>{WORDS}</p>\n<!-- /wp:paragraph -->\n\n",
    "classic": f'{WORDS} [gallery ids="1"]\n\n',
}


def milliseconds(text: str) -> float:
    """The CPU time of the quickest of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        render_content(clean_content(text), AROUND)
        spent.append(time.process_time() - start)
    return min(spent) * 1000


if __name__ == "__main__":
    for what, piece in TEXTS.items():
        whole = (piece * (SIZE // len(piece) + 1))[:SIZE]
        print(f"{what}: {milliseconds(whole):.1f} ms")
