"""How fast a site moves in; measured, not judged: `make bench` prints it."""

import resource
from time import perf_counter, process_time

import pytest

from tests.exchange.files import author, category, export, item

NUMBER = 500
PARAGRAPH = "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->\n\n".format("Um texto. " * 30)


@pytest.mark.bench
async def test_items_per_second(cms, bring):
    terms = [("category", f"c{number}", f"Assunto {number}") for number in range(20)]
    raw = export(
        *(author(f"autora{number}", number) for number in range(1, 10)),
        *(category(slug, name, at) for at, (_, slug, name) in enumerate(terms, start=1)),
        *(
            item(
                at,
                title=f"Artigo {at}",
                content=PARAGRAPH * 10,
                by=f"autora{at % 9 + 1}",
                terms=[terms[at % 20], terms[(at + 7) % 20]],
            )
            for at in range(1, NUMBER + 1)
        ),
    )
    for name in ("first", "second"):
        begun, worked = perf_counter(), process_time()
        report = await bring(raw)
        seconds, cpu = perf_counter() - begun, process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        each = 1000 * cpu / NUMBER
        print(f"{name}: {NUMBER / seconds:.0f} items/s, {each:.1f} CPU ms each, peak {peak} MiB")
    assert report.counts.outcomes["post"] == {"unchanged": NUMBER}
