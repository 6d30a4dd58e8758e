"""What comparing two revisions of 10,000 words costs, on one core and without a database:
`python -m tests.bench.comparing` prints it. The bound is 200 ms, at the worst too."""

import random
import time
from collections.abc import Callable

from plugins.medical_review.comparing.structure import compared

WORDS = 10_000
ROUNDS = 7
WORST = 200.0
"""Milliseconds."""

Pair = tuple[str, str]


def _words(seed: int, count: int, known: int) -> list[str]:
    """Words of a vocabulary of this size, each as likely as the others: worse than a language."""
    rng = random.Random(seed)
    return [f"palavra{rng.randrange(known)}" for _ in range(count)]


def _paragraphs(words: list[str], each: int) -> str:
    pieces = [" ".join(words[start : start + each]) for start in range(0, len(words), each)]
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{piece}.</p>\n<!-- /wp:paragraph -->" for piece in pieces
    )


def _edited(count: int, each: int) -> Pair:
    """Three words in a hundred are others, and a paragraph in ten stands elsewhere."""
    rng = random.Random(3)
    words = _words(1, count, 3000)
    for index in rng.sample(range(count), count * 3 // 100):
        words[index] = f"nova{index}"
    before, after = _paragraphs(_words(1, count, 3000), each), _paragraphs(words, each)
    pieces = after.split("\n\n")
    for _ in range(len(pieces) // 10):
        pieces.insert(rng.randrange(len(pieces)), pieces.pop(rng.randrange(len(pieces))))
    return before, "\n\n".join(pieces)


def _rewritten(count: int, each: int, known: int) -> Pair:
    """Nothing stayed where it was, and the words are the same ones."""
    return tuple(_paragraphs(_words(seed, count, known), each) for seed in (1, 2))  # type: ignore[return-value]


TEXTS: dict[str, Callable[[int], Pair]] = {
    "edited, paragraphs of 100 words": lambda n: _edited(n, 100),
    "edited, one paragraph": lambda n: _edited(n, n),
    "all rewritten, paragraphs of 100 words": lambda n: _rewritten(n, 100, 3000),
    "all rewritten, paragraphs of 5 words": lambda n: _rewritten(n, 5, 3000),
    "all rewritten, one paragraph": lambda n: _rewritten(n, n, 3000),
    "all rewritten, one paragraph of 100 different words": lambda n: _rewritten(n, n, 100),
    "all rewritten, one paragraph of 2 different words": lambda n: _rewritten(n, n, 2),
}


def milliseconds(before: str, after: str, rounds: int = ROUNDS) -> float:
    """The CPU time of the quickest of some rounds."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        compared(before, after)
        spent.append(time.process_time() - start)
    return min(spent) * 1000


if __name__ == "__main__":
    for what, make in TEXTS.items():
        print(f"{what}: {milliseconds(*make(WORDS)):.0f} ms")
