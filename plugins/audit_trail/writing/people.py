"""People in the trail: keyed references instead of numbers and addresses, and the keys of persons.

A reference is `key id-HMAC-SHA-256(key, person)`, cut to 128 bits: the same for all events of one
person while the key is the same, so that everything about her can be found, and a guess for nobody
who does not have the key. The key id says which one it was made with, so that changing the key
loses nobody: who looks for a person looks for her under every key that there was.
"""

import hmac
from typing import Any, NamedTuple

from cms.kernel.lawfulness import DataSubject
from cms.kernel.work import Work
from cms.sealing.keys import Purpose, of_person

_REFERENCE_BYTES = 16


class References(NamedTuple):
    """Makes the references of one site with one key."""

    key_id: int
    key: bytes

    def of(self, person: DataSubject) -> str:
        """What stands in the trail for the person."""
        return f"{self.key_id}-{self._digest('person', person.name)[:_REFERENCE_BYTES].hex()}"

    def of_address(self, ip: str) -> bytes:
        """What stands for a network address, so that events from it can be found."""
        return self._digest("ip", ip)

    def of_device(self, person: str, agent: str) -> str:
        """What tells the devices of one person apart. Only what a request says anyway is used:
        looking closer at a device would be one more use of personal data."""
        return self._digest("device", f"{person}\n{agent}")[:_REFERENCE_BYTES].hex()

    def _digest(self, kind: str, said: str) -> bytes:
        return hmac.digest(self.key, f"{kind}:{said}".encode(errors="replace"), "sha256")


class SealingKey(NamedTuple):
    """The key of one person, or the one for what is nobody's in particular."""

    id: int
    key: bytes


async def references(work: Work) -> References:
    """With the key that is used now; the first is made now."""
    return References(*await _keyring(work).newest(work, Purpose.REFERENCES))


async def all_references(work: Work) -> list[References]:
    """With every key that there was, the newest last."""
    keys = await _keyring(work).every(work, Purpose.REFERENCES)
    return [References(key_id, keys[key_id]) for key_id in sorted(keys)]


async def references_of(work: Work, person: DataSubject) -> list[str]:
    """Everything that has ever stood for the person: to find all events about her."""
    return [one.of(person) for one in await all_references(work)]


async def tokens_of(work: Work, ip: str) -> list[bytes]:
    """Everything that has ever stood for the address: to find all events that came from it."""
    return [one.of_address(ip) for one in await all_references(work)]


async def key_of(work: Work, reference: str | None) -> SealingKey:
    """The key that values of the person are sealed with; it is made for her first event."""
    purpose = of_person(reference) if reference else Purpose.PERSONAL.value
    return SealingKey(*await _keyring(work).newest(work, purpose))


async def keys_by_id(work: Work, ids: set[int]) -> dict[int, bytes]:
    """The keys that are still there."""
    found: dict[int, bytes] = await _keyring(work).by_id(work, ids)
    return found


async def destroy_keys(work: Work, references: list[str]) -> list[int]:
    """Destroy the keys of a person, under all of her references; their ids."""
    gone: list[int] = await _keyring(work).destroy(work, map(of_person, references))
    return gone


def _keyring(work: Work) -> Any:
    if work.cipher is None:
        raise LookupError("this process has no keys, so nothing personal can be kept")
    return work.cipher.keyring
