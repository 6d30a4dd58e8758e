"""What kind of act a tag tells of: the last word of `source:subject:action`."""

from enum import StrEnum
from functools import lru_cache


class Act(StrEnum):
    """The five letters of DICOM and FHIR (audit-event-action)."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"
    EXECUTE = "E"


_WORDS = {
    Act.CREATE: "create make add upload issue start import open found contest",
    Act.READ: "read export write lookup use check find list search",
    Act.UPDATE: "edit save set change transition promote moderate keep seal reseal rewrap renew "
    "correct credentials claim close review decide withdraw confirm inherit hand_over disable "
    "status_change act erase_values",
    Act.DELETE: "delete erase remove forget revoke retire erase_originals prune",
}
_ACT = {word: act for act, words in _WORDS.items() for word in words.split()}

SESSIONS = "identity:session:"


@lru_cache(maxsize=1024)
def act_of(tag: str) -> Act:
    """The act; whatever is none of the four is executed."""
    return _ACT.get(tag.rpartition(":")[2], Act.EXECUTE)
