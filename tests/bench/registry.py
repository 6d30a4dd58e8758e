"""What a registration costs without a network; `python -m tests.bench.registry` prints it.

One core, no database: reading what a person wrote, writing it in the one form, and judging the
council's letter. The numbers differ, so that nothing is answered from a cache.
"""

import time
from collections.abc import Callable

from plugins.professional_registry.identity import RegistrationId, canonical, parse
from plugins.professional_registry.statuses import Status, normalise

SPELLINGS = (
    "CRM-SP {n}",
    "crm/rj {n}",
    "CRM {n}/MG",
    "CRP 06/{n}",
    "COREN-SP {n}-ENF",
    "CREFITO-3/{n}-F",
)
LETTERS = ("A", "Regular", "C", "S", "?")
SECONDS = 1.0


def written(count: int) -> list[str]:
    """So many registrations in many spellings, no two of one number."""
    return [SPELLINGS[i % len(SPELLINGS)].format(n=100_000 + i) for i in range(count)]


def checked(text: str, letter: str) -> tuple[str, Status]:
    """The local check: whose registration it is, and what the council's letter makes of it."""
    identity = parse(text)
    return canonical(identity), normalise(identity.council, letter)


def rate(step: Callable[[int], object], count: int) -> float:
    """Steps per second of this core, over at least SECONDS."""
    done, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS:
        for i in range(count):
            step(i)
        done += count
    return done / spent


def figures() -> list[tuple[str, float]]:
    """(what, per second), each row on its own."""
    texts = written(20_000)
    identities: list[RegistrationId] = [parse(text) for text in texts[:1000]]
    rows = (
        ("parse + canonical + status", lambda i: checked(texts[i], LETTERS[i % len(LETTERS)])),
        ("parse", lambda i: parse(texts[i])),
        ("canonical", lambda i: canonical(identities[i % 1000])),
        ("status", lambda i: normalise("CRM", LETTERS[i % len(LETTERS)])),
    )
    return [(what, rate(step, len(texts))) for what, step in rows]


if __name__ == "__main__":
    for what, figure in figures():
        print(f"{what:<28}{figure:>12,.0f} /s per core")
