"""How well the content checks judge, and what they cost; `python -m tests.bench.checks` writes the
table of the first into docs/reference/content-checks.md and prints the second.

The bound is 150 ms for 3,000 words that nobody has checked. What the guard costs on a text whose
result is kept is measured by `pytest -m bench tests/plugins/medical_review/test_check_costs.py`.
"""

import re
import statistics
import time
from itertools import product

from plugins.medical_review.checks.engine import About, Reading, run
from plugins.medical_review.checks.text import prepare
from tests.plugins.medical_review.labelled_sets import (
    FAMILIES,
    MEDICINES,
    SETS,
    rules,
    sentences,
    table,
)
from tests.support.reference import HOME

PAGE = HOME / "content-checks.md"
WORDS, ROUNDS = 3000, 20


def article(words: int, *, with_faults: bool) -> str:
    """An article of so many words, put together from labelled sentences: those in which nothing is
    wrong, or all of them, and then with far more to find than a real text has."""
    chosen = [
        one.text
        for family, which in product(FAMILIES, SETS)
        for one in sentences(family, which)
        if with_faults or not one.is_fault
    ]
    said = " ".join(chosen * (words // 1000 + 1)).split()[:words]
    paragraphs = [" ".join(said[at : at + 60]) for at in range(0, words, 60)]
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{one}</p>\n<!-- /wp:paragraph -->" for one in paragraphs
    )


def milliseconds(content: str) -> float:
    """CPU time to prepare a text and ask every rule about it: the median of some rounds."""
    asked, spent = rules(), []
    for _ in range(ROUNDS):
        start = time.process_time()
        run(Reading(prepare({"content": content}, {}), About(medicines=MEDICINES)), asked)
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def write_table() -> None:
    """Put today's figures in the place of those on the page."""
    page = PAGE.read_text()
    PAGE.write_text(re.sub(r"\| family \|.*?(?=\n\n|\Z)", table().strip(), page, flags=re.DOTALL))


if __name__ == "__main__":
    write_table()
    print(table())
    for with_faults in (False, True):
        what = "every labelled sentence" if with_faults else "an ordinary text"
        spent = milliseconds(article(WORDS, with_faults=with_faults))
        print(f"{what}, {WORDS} words: {spent:.1f} ms")
