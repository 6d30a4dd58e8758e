"""Fields of sensitive groups: their values are kept sealed, and revisions hold commitments only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.database.work import UnitOfWork
from cms.fields.field import Group
from cms.fields.showing import Shown
from cms.fields.taking import Fields
from cms.sealing.values import (
    FieldCipher,
    Owner,
    SealedRow,
    commitment_of,
    is_sealed,
    reference,
    tell_opened,
)

SENSITIVE = "sensitive"


def is_sensitive(group: Group) -> bool:
    return group.compliance_level == SENSITIVE


async def in_clear(work: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with sealed ones opened, for those who compare and do not show. One that was
    erased is left out."""
    sealed = {name: commitment_of(one) for name, one in values.items() if is_sealed(one)}
    if not sealed:
        return dict(values)
    opened = await _cipher(work).open(work, sealed.values())
    clear = {name: opened[key].value for name, key in sealed.items() if key in opened}
    plain = {name: one for name, one in values.items() if name not in sealed}
    return {**plain, **clear}


@dataclass(frozen=True)
class Before:
    """The values that a subject had: as they are stored, and in clear."""

    stored: Mapping[str, Any]
    clear: Mapping[str, Any]

    def is_kept(self, name: str, value: Any) -> bool:
        """Whether a sealed value is what it was."""
        return is_sealed(self.stored.get(name)) and self.clear.get(name) == value


async def sealed(
    work: Any, owner: Owner, fields: Fields, before: Before, after: Mapping[str, Any]
) -> tuple[dict[str, Any], list[SealedRow]]:
    """What is stored of `after`: sensitive values become references, with the rows to keep. One
    that is what it was keeps its reference, so that saving the same changes nothing."""
    result, to_seal = dict(after), {}
    for name, value in after.items():
        if before.is_kept(name, value):
            result[name] = before.stored[name]
        elif name in fields and is_sensitive(fields[name][1]):
            to_seal[name] = value
    rows = await _cipher(work).seal(work, owner, to_seal)
    result |= {name: reference(row.commitment) for name, row in rows.items()}
    return result, list(rows.values())


async def opened(work: UnitOfWork, shown: Sequence[Shown]) -> list[Shown]:
    """The same values in clear, for one who may see them: with one statement for all, and recorded
    for each thing before the answer leaves. Erased ones are left out."""
    wanted = [
        {name: commitment_of(one) for name, one in values.items() if is_sealed(one)}
        for _, values in shown
    ]
    if not any(wanted):
        return list(shown)
    clear = await _cipher(work).open(work, {key for one in wanted for key in one.values()})
    seen: dict[Owner, set[str]] = {}
    result: list[Shown] = []
    for (fields, values), keys in zip(shown, wanted, strict=True):
        plain = {name: one for name, one in values.items() if name not in keys}
        for name, key in keys.items():
            if key in clear:
                plain[name] = clear[key].value
                seen.setdefault(clear[key].owner, set()).add(clear[key].field)
        result.append((fields, plain))
    for owner, names in seen.items():
        await tell_opened(work, owner, names)
    return result


def public_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without sealed ones: for search, filters and exports."""
    return {name: one for name, one in values.items() if not is_sealed(one)}


def _cipher(work: Any) -> FieldCipher:
    found: FieldCipher = work.shop.cipher
    return found
