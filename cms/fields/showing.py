"""Showing values: those of a whole page of subjects, with what they refer to loaded at once."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from cms.fields.field import Field
from cms.fields.knowing import load
from cms.fields.site_fields import SiteFields
from cms.fields.type import Reference, Showing
from cms.kernel.work import ReadableWork


class Form(StrEnum):
    """The two forms of ACF, and ours."""

    LIGHT = "light"
    STANDARD = "standard"
    TYPED = "typed"


Shown = tuple[Sequence[Field], Mapping[str, Any]]
"""The fields of one subject that this reader gets, and the stored values by name."""


async def show(
    work: ReadableWork, site: SiteFields, subjects: Sequence[Shown], form: Form
) -> list[dict[str, Any]]:
    """The values of each subject by name, in the order of its fields."""
    showing = Showing(
        site.types, await load(work, _references(site, subjects, form)), work.tenant.language
    )
    columns: dict[int, list[_Column]] = {}
    made = []
    for fields, values in subjects:
        # A page of subjects mostly has the very same fields.
        if id(fields) not in columns:
            columns[id(fields)] = [_column(site, one, showing, form) for one in fields]
        made.append(_row(columns[id(fields)], values, showing))
    return made


class _Column(NamedTuple):
    """How one field is shown: `empty` stands for no value, and what `show` makes for any other,
    but for a plain one, which is shown as it is stored."""

    name: str
    field: Field
    empty: Any
    is_plain: bool
    show: Callable[[Field, Any, Showing], Any]


def _column(site: SiteFields, field: Field, showing: Showing, form: Form) -> _Column:
    field_type = site.types[field.type]
    show_as = {
        Form.LIGHT: field_type.light,
        Form.STANDARD: field_type.standard,
        Form.TYPED: field_type.typed,
    }[form]
    empty = show_as(field, None, showing)
    is_plain = form is Form.LIGHT and field_type.is_light_as_stored
    return _Column(field.name, field, empty, is_plain, show_as)


def _row(columns: Sequence[_Column], values: Mapping[str, Any], showing: Showing) -> dict[str, Any]:
    row = {}
    for name, field, empty, is_plain, show_as in columns:
        value = values.get(name)
        if value is None:
            # Who gets a list or an object may change it.
            is_shared = isinstance(empty, list | dict)
            row[name] = show_as(field, None, showing) if is_shared else empty
        else:
            row[name] = value if is_plain else show_as(field, value, showing)
    return row


def _references(site: SiteFields, subjects: Sequence[Shown], form: Form) -> dict[Reference, None]:
    """Each once. The light form shows ids as they stand, and refers to nothing."""
    if form is Form.LIGHT:
        return {}
    return {
        reference: None
        for fields, values in subjects
        for one in fields
        if one.name in values
        for reference in site.types[one.type].references(one, values[one.name], site.types)
    }
