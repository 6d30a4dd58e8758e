"""What people say of clashes, and the changes that follow from all of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from cms.content.models import Revision
from cms.content.saving import Changes
from cms.errors import Conflict, InvalidInput
from plugins.medical_review.rebasing.merging import (
    BETWEEN,
    CONTENT,
    META,
    OWN,
    TERMS,
    Clash,
    Merged,
    parts_of,
)


class Side(StrEnum):
    """`ours` is the text that was set aside, `theirs` what readers have by now."""

    OURS = "ours"
    THEIRS = "theirs"
    BASE = "base"


class Resolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the path of a clash: that of one side, or a text of its own in `value`."""

    path: str
    take: Side | None = None
    value: str | None = None


class Unresolved(Conflict):
    """Both texts changed the same thing, and nobody has said which of the two stands."""

    slug = "rebase-unresolved"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(
            f"Both texts changed: {', '.join(clash.path for clash in clashes)}. Send a resolution "
            "for each: take ours, theirs or base, or a text of your own in value.",
            code="rebase.unresolved",
            conflicts=msgspec.to_builtins(list(clashes)),
        )


def resolve(merged: Merged, resolutions: Sequence[Resolution]) -> Merged:
    """The same without clashes. InvalidInput names each resolution that fits none; Unresolved has
    the clashes that are left."""
    by_path = {clash.path: clash for clash in merged.clashes}
    said = {one.path: one for one in resolutions}
    faults = {
        f"resolutions[{i}]": fault
        for i, one in enumerate(resolutions)
        if (fault := _fault(by_path.get(one.path), one))
    }
    if faults:
        raise InvalidInput(faults)
    left = [clash for path, clash in by_path.items() if path not in said]
    if left:
        raise Unresolved(left)
    chosen = {path: _chosen(by_path[path], one) for path, one in said.items()}
    own = {path: value for path, value in chosen.items() if not path.startswith(f"{CONTENT}#")}
    text = [chosen[piece.path] if isinstance(piece, Clash) else piece for piece in merged.text]
    return Merged({**merged.values, **own}, [piece for piece in text if piece])


def _fault(clash: Clash | None, one: Resolution) -> str:
    if clash is None:
        return f"{one.path!r:.80} is no conflict of these texts; GET the same address lists them"
    if (one.take is None) == (one.value is None):
        return "must say either take (ours, theirs or base) or value"
    sides = (clash.base, clash.ours, clash.theirs)
    if one.value is not None and not all(isinstance(side, str | None) for side in sides):
        return f"{one.path!r:.80} is no text, so that only a side of it can be taken"
    return ""


def _chosen(clash: Clash, one: Resolution) -> Any:
    return one.value if one.take is None else getattr(clash, one.take.value)


def changes_of(merged: Merged, ours: Revision, parts: Sequence[str]) -> Changes:
    """What saving the merged text changes in ours; `parts` are those of both."""
    values = merged.values
    versioned: dict[str, Any] = {name: values[name] for name in OWN}
    if versioned["author_id"] == ours.author_id:
        # Whoever keeps the author needs no right to choose one.
        del versioned["author_id"]
    versioned[CONTENT] = BETWEEN.join(str(piece) for piece in merged.text)
    versioned[TERMS] = _below(values, TERMS)
    versioned[META] = _below(values, META)
    return Changes(versioned, parts=parts_of(values, parts), whole=frozenset(parts))


def _below(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    start = f"{name}."
    return {path[len(start) :]: value for path, value in values.items() if path.startswith(start)}
