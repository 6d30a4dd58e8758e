"""The references that the form of a text sent: one in each line, by its name."""

from cms.admin.sent import SentParts
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.references.entries import LISTED_IN, key_of_entry
from plugins.medical_review.references.identifiers import CANONICAL, IDENTIFIERS

INPUT = "references"


async def read_references(_: ReadableWork, sent: SentParts) -> SentParts:
    """What the form holds as references: entries that stand there already keep their copies."""
    if not sent.form.has(INPUT):
        return sent
    before = {key_of_entry(one): one for one in sent.before.get(PART, {}).get(LISTED_IN, ())}
    lines = [line.strip() for line in sent.form.raw(INPUT).splitlines() if line.strip()]
    entries = [before.get(line) or entry_of(line) for line in dict.fromkeys(lines)]
    if entries == list(sent.before.get(PART, {}).get(LISTED_IN, ())):
        return sent
    return sent.with_value(PART, LISTED_IN, entries)


def entry_of(line: str) -> dict[str, str]:
    """A reference by the name that a line holds, with or without saying which it is; what is no
    name is a title."""
    kind, _, value = line.partition(":")
    if kind.lower() in IDENTIFIERS and CANONICAL[kind.lower()](value) is not None:
        return {kind.lower(): value.strip()}
    for name in IDENTIFIERS:
        if CANONICAL[name](line) is not None:
            return {name: line}
    return {"title": line}
