"""What changed between two texts, block by block: new, gone, moved, changed, and in what."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from plugins.medical_review.comparing.matching import matched, stayed
from plugins.medical_review.comparing.nodes import Node, Path, tree
from plugins.medical_review.comparing.words import WordChange, word_changes


class AttributeChange(msgspec.Struct, frozen=True):
    """A setting of a block that differs, such as the level of a heading; None is not set."""

    name: str
    before: Any = None
    after: Any = None


class BlockChange(msgspec.Struct, frozen=True):
    """`op` is equal, insert, delete, change or move; one that moved may have changed as well.
    `before` and `after` are its places, index by index from the outermost block; `words` cut its
    own HTML where that changed, `html` is all of it elsewhere, and `inner` are the blocks in it."""

    op: str
    name: str
    before: Path | None = None
    after: Path | None = None
    attributes: tuple[AttributeChange, ...] = ()
    words: tuple[WordChange, ...] = ()
    html: str = ""
    inner: "tuple[BlockChange, ...]" = ()

    @property
    def anchor(self) -> str:
        """What it is called in the page: by its place in the new text, else in the old one."""
        place, side = (self.after, "a") if self.after is not None else (self.before, "b")
        return f"{side}{'-'.join(map(str, place or ()))}"

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs but the place."""
        return bool(self.attributes or self.words) or any(one.op != "equal" for one in self.inner)


def compared(before: str, after: str) -> tuple[BlockChange, ...]:
    """Two documents, in the order of the new one; what is gone stands where it was."""
    changes = tuple(_siblings(tree(before), tree(after)))
    return tuple(_across(changes))


def flat(changes: Iterable[BlockChange]) -> Iterator[BlockChange]:
    """Every change of a block, each before those within it."""
    for one in changes:
        yield one
        yield from flat(one.inner)


def _siblings(old: Sequence[Node], new: Sequence[Node]) -> Iterator[BlockChange]:
    pairs = matched(old, new)
    still, kept = stayed(pairs), set(pairs.values())
    done = 0
    for index, node in enumerate(new):
        if index in still:
            yield from _gone(old, range(done, pairs[index]), kept)
            done = pairs[index] + 1
        if index in pairs:
            yield _pair(old[pairs[index]], node, has_moved=index not in still)
        else:
            yield _whole("insert", node)
    yield from _gone(old, range(done, len(old)), kept)


def _gone(old: Sequence[Node], between: range, kept: set[int]) -> Iterator[BlockChange]:
    return (_whole("delete", old[index]) for index in between if index not in kept)


def _whole(op: str, node: Node) -> BlockChange:
    inner = tuple(_whole(op, one) for one in node.inner)
    before, after = (node.path, None) if op == "delete" else (None, node.path)
    return BlockChange(op, node.name, before, after, html=node.html, inner=inner)


def _pair(old: Node, new: Node, *, has_moved: bool) -> BlockChange:
    same = old.source == new.source
    words = () if old.html == new.html else tuple(word_changes(old.html, new.html))
    inner = tuple(_siblings(old.inner, new.inner))
    changed = BlockChange(
        "equal",
        new.name,
        old.path,
        new.path,
        () if same else tuple(_attributes(old, new)),
        words,
        "" if words else new.html,
        inner,
    )
    op = "move" if has_moved else "change" if changed.is_changed else "equal"
    return msgspec.structs.replace(changed, op=op)


def _attributes(old: Node, new: Node) -> Iterator[AttributeChange]:
    for name in sorted({**old.attributes, **new.attributes}):
        before, after = old.attributes.get(name), new.attributes.get(name)
        if before != after:
            yield AttributeChange(name, before, after)


def _across(changes: tuple[BlockChange, ...]) -> Iterator[BlockChange]:
    """What is gone here and new there is one block that moved, also into another block."""
    gone = {_content(one): one for one in flat(changes) if one.op == "delete" and _content(one)}
    new = {_content(one) for one in flat(changes) if one.op == "insert"}
    moved = {content: one for content, one in gone.items() if content in new}
    return _resettled(changes, moved, set()) if moved else iter(changes)


def _resettled(
    changes: Iterable[BlockChange], moved: dict[str, BlockChange], met: set[str]
) -> Iterator[BlockChange]:
    for one in changes:
        content = _content(one)
        if one.op == "delete" and moved.get(content) is one:
            continue
        inner = tuple(_resettled(one.inner, moved, met))
        if one.op == "insert" and content in moved and content not in met:
            met.add(content)
            yield _arrived(one, moved[content].before)
        else:
            yield msgspec.structs.replace(one, inner=inner)


def _arrived(one: BlockChange, before: Path | None) -> BlockChange:
    inner = tuple(msgspec.structs.replace(each, op="equal") for each in one.inner)
    return msgspec.structs.replace(one, op="move", before=before, inner=inner)


def _content(one: BlockChange) -> str:
    """All that the block holds; what is empty is not looked for elsewhere."""
    within = "\n".join((one.name, one.html, *(_content(each) for each in one.inner)))
    return within if any(map(str.isalnum, one.html)) or one.inner else ""
