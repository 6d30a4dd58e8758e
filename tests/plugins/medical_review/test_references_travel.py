"""A text that moves to another site takes its references with it, and nobody's library is needed
to read it."""

from tests.exchange.conftest import bring, read
from tests.exchange.test_export import taken
from tests.plugins.medical_review.test_citations import CITING, FIRST, SECOND, library, lines

__all__ = ["bring"]

BASE = "medical-articles"


async def test_copies_travel_and_the_other_library_is_not_asked(newsroom, bring):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    both = [{"doi": FIRST}, {"doi": SECOND}]
    post = await newsroom.published(ana, bruno, content=CITING, scientific_references=both)
    raw = await taken(newsroom.cms, types=["medical_article"])
    async with newsroom.cms.other() as other:
        await bring(raw, into=other)
        moved = await read(other, BASE, post["id"])
        assert moved["content"]["rendered"] == post["content"]["rendered"]
        assert len(lines(moved["content"]["rendered"])) == 2
        copies = [one["csl"] for one in post["scientific_references"]]
        assert [one["csl"] for one in moved["scientific_references"]] == copies
        # What it is a version of is a matter of the library that it came from.
        assert all("version" not in one for one in moved["scientific_references"])
