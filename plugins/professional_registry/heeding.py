"""What an online source said, by what the tenant's administrators know better of its words.

Sources read words by the table of the release; corrections are the tenant's. They are heeded when
an answer is used, not when it is remembered: a correction counts at once, and costs no question.
"""

from collections.abc import Mapping

import msgspec

from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.provider import Answer
from plugins.professional_registry.providers.online import is_from_future
from plugins.professional_registry.statuses import Status, is_professional, word_key

_SAID_NOTHING = frozenset({Status.SOURCE_UNAVAILABLE, Status.NOT_FOUND})


def heeding(answer: Answer, council: str, corrected: Mapping[str, Status]) -> Answer:
    """The answer with the corrected meaning of its word (`corrections.words`). A word alone lets
    nobody sign: the kind of registration and the date of the entry still have to permit it, and the
    register has to be one that licenses."""
    if answer.status in _SAID_NOTHING:
        return answer
    meant = corrected.get(word_key(answer.status_raw))
    if (
        meant is None
        or meant is answer.status
        or (meant.may_sign and not _permits(answer, council))
    ):
        return answer
    note = f"{answer.note}; {_NOTE}" if answer.note else _NOTE
    return msgspec.structs.replace(answer, status=meant, note=note)


_NOTE = "the word means this by a correction of the table"


def _permits(answer: Answer, council: str) -> bool:
    is_licence = council in by_acronym() and is_professional(council, answer.category)
    return is_licence and not is_from_future(answer.changed_at, answer.fetched_at)
