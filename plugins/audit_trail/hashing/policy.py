"""Which cosignatures are enough: the policy file of C2SP tlog-policy (state of 2026-07).

A group counts once however many of its members signed, so one organisation with ten witnesses is
a group of its own: ten witnesses that one organisation runs are one operator.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from plugins.audit_trail.hashing.notes import (
    Algorithm,
    Checkpoint,
    KeyRefused,
    NoteRefused,
    VerifierKey,
)

LARGEST_POLICY = 1 << 20
MOST_LINES = 10_000
NOBODY = "none"

_LOG_KEYS = {Algorithm.ED25519, Algorithm.ML_DSA_44}
_WITNESS_KEYS = {Algorithm.ED25519_COSIGNATURE, Algorithm.ML_DSA_44}
_GAP = re.compile("[ \t]+")
_FOREIGN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile("[1-9][0-9]{0,8}")


class PolicyRefused(Exception):
    """The file is no policy; the message names the line."""


@dataclass(frozen=True)
class Group:
    """It has witnessed what at least `least` of its members have."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """Who signed a head: `witnesses` with the moment that each said, in seconds since 1970;
    `counted` are the members of the quorum that it has, of `wanted`, `least` being enough."""

    log: tuple[VerifierKey, ...]
    witnesses: Mapping[str, int]
    counted: tuple[str, ...]
    wanted: tuple[str, ...]
    least: int

    @property
    def is_met(self) -> bool:
        return len(self.counted) >= self.least

    @property
    def said(self) -> str:
        """For people: `2 of 3 (hospital-b, dpo); 2 are enough`."""
        if not self.wanted:
            return "no witness is asked for"
        names = ", ".join(self.counted) or "nobody"
        return f"{len(self.counted)} of {len(self.wanted)} ({names}); {self.least} are enough"


@dataclass
class Policy:
    """Logs, witnesses, groups of them, and the one of these that must have witnessed a head."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a policy file; raises PolicyRefused, with the number of the line."""
        if len(raw) > LARGEST_POLICY or raw.count(b"\n") > MOST_LINES:
            raise PolicyRefused("the policy is too large")
        if raw and not raw.endswith(b"\n"):
            raise PolicyRefused("the last line does not end")
        policy = cls()
        # Names are opaque bytes: what is not UTF-8 stays what it is.
        for number, line in enumerate(raw.decode(errors="surrogateescape").split("\n"), 1):
            if _FOREIGN.search(line):
                raise PolicyRefused(f"line {number} holds a control character")
            words = [word for word in _GAP.split(line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                policy._take(words)
            except (KeyRefused, PolicyRefused, UnicodeEncodeError) as fault:
                raise PolicyRefused(f"line {number}: {fault}") from None
        if not policy.quorum:
            raise PolicyRefused("there is no quorum line")
        return policy

    def judge(self, head: Checkpoint, log_keys: Sequence[VerifierKey] = ()) -> Judgement:
        """Who signed this head. `log_keys` are those of the log where the policy names none.

        Raises NoteRefused when no key of the log has signed, or a trusted line does not verify."""
        of_log = [key for key in self.logs or log_keys if key.name == head.origin]
        if not of_log:
            raise NoteRefused(f"the policy knows no log {head.origin}")
        head.signers([*of_log, *self.witnesses.values()])
        signed = head.signers(of_log)
        moments = {
            name: at
            for name, key in self.witnesses.items()
            if (at := moment_of(head, key))  # zero is no statement about the newest tree
        }
        group = self.groups.get(self.quorum)
        wanted = group.members if group else () if self.quorum == NOBODY else (self.quorum,)
        counted = tuple(name for name in wanted if self._has(name, moments))
        least = group.least if group else len(wanted)
        return Judgement(signed, moments, counted, wanted, least)

    def _has(self, name: str, moments: Mapping[str, int]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in moments
        return sum(self._has(member, moments) for member in group.members) >= group.least

    def _take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                key = _key(vkey, _LOG_KEYS, self.logs)
                self.logs.append(key)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                key = _key(vkey, _WITNESS_KEYS, self.witnesses.values())
                self.witnesses[self._new(name)] = key
            case ["group", name, least, *members]:
                self._group(name, least, members)
            case ["quorum", name]:
                if self.quorum:
                    raise PolicyRefused("there are two quorum lines")
                self.quorum = name if name == NOBODY else self._known(name)
            case _:
                raise PolicyRefused(f"this is none of log, witness, group, quorum: {words[0]!r}")

    def _group(self, name: str, least: str, members: list[str]) -> None:
        taken = {one for group in self.groups.values() for one in group.members}
        for member in members:
            self._known(member)
            if member in taken:
                raise PolicyRefused(f"{member} is a member twice")
            taken.add(member)
        words = {"any": 1, "all": len(members)}
        number = int(least) if _NUMBER.fullmatch(least) else words.get(least, 0)
        if not 1 <= number <= len(members):
            raise PolicyRefused(f"{least} of {len(members)} members is no threshold")
        self.groups[self._new(name)] = Group(name, number, tuple(members))

    def _new(self, name: str) -> str:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise PolicyRefused(f"the name {name} is taken")
        return name

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyRefused(f"nothing above it is named {name}")
        return name


def moment_of(head: Checkpoint, key: VerifierKey) -> int | None:
    """When this witness signed the head, in seconds since 1970; None if it did not. Raises
    NoteRefused for a line of its that does not verify."""
    for line in head.signatures:
        if (line.name, line.key_id) == (key.name, key.key_id):
            return key.verify(head.text, line)
    return None


def _key(vkey: str, kinds: set[Algorithm], others: Iterable[VerifierKey]) -> VerifierKey:
    key = VerifierKey.parse(vkey)
    if key.algorithm not in kinds:
        raise PolicyRefused(f"a key of the type {key.algorithm.name} is not for this")
    if any(key.public == other.public for other in others):
        raise PolicyRefused(f"the key of {key.name} is listed twice")
    return key
