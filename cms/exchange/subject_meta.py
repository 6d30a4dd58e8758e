"""Registered meta of terms and comments, in and out of the file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cms.database.work import UnitOfWork
from cms.exchange.php import typed, written
from cms.exchange.wxr import Meta


def kept(
    work: UnitOfWork, subject: str, of: str, pairs: Iterable[Meta]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values of registered keys, and what is said of those without a place here."""
    registered = {key.name: key for key in work.registry.subject_meta(subject, of)}
    found: dict[str, Any] = {}
    homeless = 0
    for pair in pairs:
        key = registered.get(pair.key)
        try:
            value = typed(pair.value, key.schema) if key is not None else None
        except ValueError:
            key = None
        if key is None:
            homeless += 1
        elif key.is_single:
            found[pair.key] = value
        else:
            found.setdefault(pair.key, []).append(value)
    remark = f"{homeless} meta values of the {subject} have no place here"
    return found, ((remark,) if homeless else ())


def leaving(
    work: UnitOfWork, subject: str, of: str, stored: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The pairs as WordPress writes them: a list that is no single value is several."""
    for key in work.registry.subject_meta(subject, of):
        if key.name in stored:
            values = [stored[key.name]] if key.is_single else stored[key.name]
            yield from ((key.name, written(value)) for value in values)
