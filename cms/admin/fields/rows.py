"""Rows added, moved and removed by buttons, for a page without scripts: the values that the form
sent are changed, and the form is drawn again. Nothing is saved by it."""

from typing import Any

from cms.admin.fields.drawing import PREFIX
from cms.fields.types.rows import LAYOUT

ADD, UP, DOWN, REMOVE = "add", "up", "down", "remove"


def change_rows(values: dict[str, Any], asked: str) -> bool:
    """Do to the rows of `values` what a button asks for: `add:f.doses`, `add:f.parts:quote` with
    the layout, `up:f.doses.2`. Whether there was such a place."""
    step, _, rest = asked.partition(":")
    path, _, layout = rest.partition(":")
    names = path.removeprefix(PREFIX).split(".")
    if step == ADD:
        holder = _down(values, names[:-1])
        if not isinstance(holder, dict):
            return False
        rows = holder.setdefault(names[-1], [])
        if isinstance(rows, list):
            rows.append({LAYOUT: layout} if layout else {})
        return isinstance(rows, list)
    rows = _down(values, names[:-1])
    at = int(names[-1]) if names[-1].isascii() and names[-1].isdigit() else -1
    if not isinstance(rows, list) or not 0 <= at < len(rows):
        return False
    _move(rows, at, step)
    return True


def _move(rows: list[Any], at: int, step: str) -> None:
    row = rows.pop(at)
    if step == UP:
        rows.insert(max(at - 1, 0), row)
    elif step == DOWN:
        rows.insert(at + 1, row)


def _down(value: Any, names: list[str]) -> Any:
    for name in names:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
