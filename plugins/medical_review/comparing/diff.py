"""What changed between two texts, as data: block by block, and within a block word by word."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from cms.content.models import Revision
from cms.fields.comparing import Difference
from cms.fields.values import GROUPS_PART, PART
from cms.markup import blocks
from plugins.medical_review.comparing.sequences import opcodes
from plugins.medical_review.comparing.words import WordChange, word_changes

_FIELDS = ("title", "content", "excerpt", "slug")
_FACTS = ("author_id", "featured_media", "template", "language")


class Change(msgspec.Struct, frozen=True):
    """`op` is insert, delete or replace. `words` cuts a replaced text further."""

    op: str
    before: Any = None
    after: Any = None
    words: tuple[WordChange, ...] = ()


class FieldChanges(msgspec.Struct, frozen=True):
    """A field that differs, by a name like `title` or `medical.evidence_level`; custom ones by
    their path, `fields.doses[2].unit`, and with the `label` that editors know."""

    field: str
    changes: tuple[Change, ...]
    label: str = ""


def diff(
    before: Revision | None,
    after: Revision,
    fields: Iterable[Difference] = (),
    without: Collection[str] = (),
) -> list[FieldChanges]:
    """The fields that differ, texts block by block; without `before` everything is new. `fields`
    are the differences of the custom ones; those named in `without` are not looked at."""
    old, new = _values(before) if before else {}, _values(after)
    own = [
        FieldChanges(name, changes)
        for name in {**new, **old}
        if name not in without and (changes := tuple(_changes(old.get(name), new.get(name))))
    ]
    custom = [FieldChanges(f"{PART}.{one.path}", tuple(_custom(one)), one.label) for one in fields]
    return own + custom


def _custom(one: Difference) -> Iterator[Change]:
    """Also of a zero and of a no, which say something where a reviewer looks."""
    if isinstance(one.before or "", str) and isinstance(one.after or "", str):
        yield from _changes(one.before, one.after)
    else:
        op = "insert" if one.before is None else "delete" if one.after is None else "replace"
        yield Change(op, one.before, one.after)


def _values(revision: Revision) -> dict[str, Any]:
    parts = {
        f"{part}.{name}": value
        for part, values in sorted(revision.parts.items())
        if part not in {PART, GROUPS_PART}
        for name, value in sorted(values.items())
    }
    terms = {f"terms.{name}": ids for name, ids in sorted(revision.terms.items())}
    meta = {f"meta.{name}": value for name, value in sorted(revision.meta.items())}
    own = {name: getattr(revision, name) for name in (*_FIELDS, *_FACTS)}
    return {**own, **parts, **terms, **meta}


def _changes(before: Any, after: Any) -> Iterator[Change]:
    if before == after or not (before or after):
        return
    if isinstance(before or "", str) and isinstance(after or "", str):
        yield from text_changes(before or "", after or "")
    elif before is None:
        yield Change("insert", after=after)
    elif after is None:
        yield Change("delete", before=before)
    else:
        yield Change("replace", before, after)


def text_changes(before: str, after: str) -> Iterator[Change]:
    """Insertions, deletions and replacements of whole blocks or lines, in order."""
    old, new = _lines(before), _lines(after)
    for op, start, end, from_, to in opcodes(old, new):
        removed, added = "\n".join(old[start:end]), "\n".join(new[from_:to])
        if op == "insert":
            yield Change(op, after=added)
        elif op == "delete":
            yield Change(op, before=removed)
        elif op == "replace":
            yield Change(op, removed, added, tuple(word_changes(removed, added)))


def _lines(text: str) -> list[str]:
    """The blocks of a document, or its lines where it has none."""
    pieces = blocks.parse(text) if blocks.has_blocks(text) else tuple(text.split("\n"))
    lines = (blocks.serialize([piece]).strip("\n") for piece in pieces)
    return [line for line in lines if line.strip()]
