"""What a council says of a person, brought to one vocabulary. Only ACTIVE may sign."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.names import fold


class Status(StrEnum):
    """The outcome of asking a register; UNVERIFIED means that a person has to look."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    SUSPENDED = "SUSPENDED"
    INACTIVE = "INACTIVE"
    REVOKED = "REVOKED"
    DECEASED = "DECEASED"
    TRANSFERRED = "TRANSFERRED"
    NOT_FOUND = "NOT_FOUND"
    UNVERIFIED = "UNVERIFIED"
    SOURCE_UNAVAILABLE = "SOURCE_UNAVAILABLE"

    @property
    def may_sign(self) -> bool:
        return self is Status.ACTIVE

    @property
    def bars_everywhere(self) -> bool:
        """A penalty reaches the person, not one regional: another UF's registration heals nothing
        (Lei 3.268/1957, art. 22)."""
        return self in {Status.REVOKED, Status.SUSPENDED, Status.DECEASED}


class Validation(StrEnum):
    """The seed's `validation_status`. Pending: nobody may sign on it until a person has looked."""

    PENDING = "pending"
    VERIFIED = "verified"
    EXPIRED = "expired"
    REVOKED = "revoked"


_VALIDATION = {
    Status.ACTIVE: Validation.VERIFIED,
    Status.SUSPENDED: Validation.REVOKED,
    Status.INACTIVE: Validation.REVOKED,
    Status.REVOKED: Validation.REVOKED,
    Status.DECEASED: Validation.REVOKED,
    Status.TRANSFERRED: Validation.REVOKED,
}


def validation_of(status: Status) -> Validation:
    """What the outcome makes of a registration; everything unclear is pending."""
    return _VALIDATION.get(status, Validation.PENDING)


def normalise(council: str, raw: str, corrected: Mapping[str, Status] | None = None) -> Status:
    """The status for a letter or word of this council; one that the table does not know, or knows
    from no good source as permission, is for a person to judge. `corrected` is what the tenant's
    administrators know better (`corrections.words`)."""
    if corrected and (status := corrected.get(word_key(raw))):
        return status
    letters, words = _vocabulary(council)
    return letters.get(raw.strip()) or words.get(fold(raw)) or Status.UNVERIFIED


def word_key(raw: str) -> str:
    """What two spellings of one word have in common. Letters are codes: S and s are two."""
    bare = raw.strip()
    return bare if len(bare) == 1 else fold(bare)


def is_known(council: str, raw: str, corrected: Mapping[str, Status] | None = None) -> bool:
    """Whether the table has the letter or word at all, from whatever source, or a correction."""
    key, (letters, words) = word_key(raw), _vocabulary(council)
    return key in (corrected or {}) or raw.strip() in letters or key in words


def is_well_sourced(council: str, raw: str) -> bool:
    """Whether the table knows the letter or word from a good source."""
    known = by_acronym().get(council)
    return known is not None and any(
        word_key(raw) in {word_key(entry.code or ""), *map(word_key, (entry.word, *entry.aliases))}
        for entry in known.statuses
        if entry.confidence != "low"
    )


def is_settled_type(council: str, raw: str) -> bool:
    """Whether the kind of registration (letter or word) is one that surely makes a professional:
    students and kinds we cannot explain are not."""
    return raw.strip() in _types(council) or fold(raw) in _types(council)


def is_professional(council: str, category: str) -> bool:
    """Where the council tells kinds of registration apart, the kind must be a settled one."""
    return not by_acronym()[council].registration_types or is_settled_type(council, category)


@cache
def _vocabulary(council: str) -> tuple[dict[str, Status], dict[str, Status]]:
    letters: dict[str, Status] = {}
    words: dict[str, Status] = {}
    known = by_acronym().get(council)
    for entry in known.statuses if known else ():
        status = _trusted(Status(entry.normalised), entry.confidence)
        words |= {fold(word): status for word in (entry.word, *entry.aliases)}
        if entry.code:
            letters[entry.code] = status
    return letters, words


def _trusted(status: Status, confidence: str) -> Status:
    # A doubtful source may stop somebody; it may not let somebody sign.
    return Status.UNVERIFIED if status.may_sign and confidence == "low" else status


@cache
def _types(council: str) -> frozenset[str]:
    known = [t for t in by_acronym()[council].registration_types if t.confidence != "low"]
    return frozenset(word for t in known for word in (t.code, fold(t.pt)))
