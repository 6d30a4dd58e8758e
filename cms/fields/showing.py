"""Showing values: those of a whole page of subjects, with what they refer to loaded at once."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

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
    return [
        {one.name: _shown(site, one, values.get(one.name), showing, form) for one in fields}
        for fields, values in subjects
    ]


def _shown(site: SiteFields, field: Field, value: Any, showing: Showing, form: Form) -> Any:
    field_type = site.types[field.type]
    show_as = {
        Form.LIGHT: field_type.light,
        Form.STANDARD: field_type.standard,
        Form.TYPED: field_type.typed,
    }[form]
    return show_as(field, value, showing)


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
