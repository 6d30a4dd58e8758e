"""Files of Advanced Custom Fields in and out: folders of acf-json, export files, single objects."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cms.content import type_records
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound, SetupError
from cms.fields import groups
from cms.fields.acf_types import post_type_of, taxonomy_of
from cms.fields.groups import OF_SITE, Kept
from cms.kernel.declarations import PostType, Taxonomy

GROUP, POST_TYPE, TAXONOMY, OPTIONS_PAGE = (
    "field group", "post type", "taxonomy", "options page",
)  # fmt: skip
# By the first words of a key. Types before what is filed under them, groups last.
_KINDS = (
    ("post_type_", POST_TYPE),
    ("taxonomy_", TAXONOMY),
    ("ui_options_page_", OPTIONS_PAGE),
    ("group_", GROUP),
)
_ORDER = [kind for _, kind in _KINDS]

NEW, CHANGED, SAME, REFUSED, LEFT_OUT = "new", "changed", "same", "refused", "left out"


class Found(msgspec.Struct, frozen=True):
    """One object of a file."""

    kind: str
    key: str
    source: str
    value: Mapping[str, Any]


class Line(msgspec.Struct, frozen=True):
    """What became of one object: its notes are faults with their places, or what to know of it."""

    kind: str
    key: str
    title: str
    source: str
    outcome: str
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.outcome in {NEW, CHANGED, SAME}


def read_files(paths: Iterable[Path]) -> list[Found]:
    """All objects of these files, and of all .json files in these folders. SetupError names a file
    that is no JSON, or holds something else."""
    found: list[Found] = []
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            raise SetupError(f"{path} holds no .json file")
        for file in files:
            found += _objects(file)
    return _in_order(found)


def read_text(text: str, source: str) -> list[Found]:
    """All objects of the text of one file. SetupError says what is wrong with it."""
    return _in_order(_objects_of(text, source))


def _in_order(found: Sequence[Found]) -> list[Found]:
    """Types before what is filed under them, groups last; none of them twice."""
    seen: dict[str, Found] = {}
    for one in found:
        if one.key in seen:
            raise SetupError(f"{one.key!r} is in {seen[one.key].source} and in {one.source}")
        seen[one.key] = one
    return sorted(found, key=lambda one: _ORDER.index(one.kind))


def _objects(file: Path) -> list[Found]:
    try:
        text = file.read_text("utf-8-sig")
    except ValueError as error:
        raise SetupError(f"{file} is not JSON: {error}") from error
    return _objects_of(text, str(file))


def _objects_of(text: str, file: str) -> list[Found]:
    try:
        read = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise SetupError(f"{file} is not JSON: {error}") from error
    listed = read if isinstance(read, list) else [read]
    found = []
    for i, one in enumerate(listed):
        place = f"{file}[{i}]" if isinstance(read, list) else file
        key = one.get("key") if isinstance(one, dict) else None
        kind = next((kind for start, kind in _KINDS if str(key).startswith(start)), None)
        if kind is None:
            starts = ", ".join(start for start, _ in _KINDS)
            raise SetupError(f"{place} is no object with a key that begins with one of {starts}")
        found.append(Found(kind, str(key), place, one))
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


async def bring(work: UnitOfWork, found: Sequence[Found]) -> list[Line]:
    """Keep each of them; one that is refused is told and does not hold up the others."""
    types = [one.value for one in found if one.kind == POST_TYPE]
    taxonomies = [one.value for one in found if one.kind == TAXONOMY]
    lines = []
    for one in found:
        try:
            if one.kind == GROUP:
                line = await _bring_group(work, one)
            elif one.kind == POST_TYPE:
                line = await _declare(work, one, *post_type_of(one.value, taxonomies))
            elif one.kind == TAXONOMY:
                line = await _declare(work, one, *taxonomy_of(one.value, types))
            else:
                line = _line(one, LEFT_OUT, [_NO_PAGES])
        except InvalidInput as refused:
            notes = [f"{place}: {fault}" for place, fault in refused.faults.items()]
            line = _line(one, REFUSED, notes)
        except CmsError as refused:
            line = _line(one, REFUSED, [refused.message])
        lines.append(line)
    return lines


_NO_PAGES = "an options page is there as soon as a group has a rule for it; nothing else is kept"


async def _bring_group(work: UnitOfWork, one: Found) -> Line:
    kept = await groups.save(work, one.value)
    outcome = SAME if not kept.is_changed else NEW if kept.version == 1 else CHANGED
    notes = [f"{notice.place}: {notice.message}" for notice in kept.notices]
    return _line(one, outcome, notes)


async def _declare(
    work: UnitOfWork, one: Found, wanted: PostType | Taxonomy, left: Sequence[str]
) -> Line:
    notes = [f"not carried over: {what}" for what in left]
    if one.value.get("active") in (False, 0, "0", ""):
        return _line(one, LEFT_OUT, ["is not active"])
    kind = PostType if isinstance(wanted, PostType) else Taxonomy
    before = next(
        (
            known.declared
            for known in await type_records.stored(work, kind)  # type: ignore[type-var]
            if known.declared.name == wanted.name
        ),
        None,
    )
    if before == wanted:
        return _line(one, SAME, notes)
    await type_records.declare(work, wanted, is_new=before is None, taken=())
    return _line(one, NEW if before is None else CHANGED, notes)


def _line(one: Found, outcome: str, notes: Iterable[str]) -> Line:
    title = str(one.value.get("title") or "")
    return Line(one.kind, one.key, title, one.source, outcome, tuple(notes))


async def kept_of_site(work: UnitOfWork, keys: Sequence[str] = ()) -> list[Kept]:
    """The groups that the site keeps, or those of these keys, which may be a plugin's too."""
    listed = await groups.listed(work)
    if not keys:
        return [one for one in listed if one.source == OF_SITE]
    by_key = {one.key: one for one in listed}
    for key in keys:
        if key not in by_key:
            raise NotFound("field group", key)
    return [by_key[key] for key in keys]


def as_file(kept: Sequence[Kept]) -> str:
    """An export file: a list of definitions, to the letter."""
    return written([one.definition for one in kept])


def written(value: Any) -> str:
    """JSON as Advanced Custom Fields lays it out."""
    return json.dumps(value, ensure_ascii=False, indent=4) + "\n"
