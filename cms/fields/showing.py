"""Showing values: those of a whole page of subjects, with what they refer to loaded at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from cms.content.surrounding import UPLOADS
from cms.database.work import UnitOfWork
from cms.fields.field import Field
from cms.fields.knowing import Loaded, load
from cms.fields.site_fields import SiteFields
from cms.fields.type import Known, Reference, Showing
from cms.kernel.work import ReadableWork


class Form(StrEnum):
    """The two forms of ACF, and ours."""

    LIGHT = "light"
    STANDARD = "standard"
    TYPED = "typed"


Shown = tuple[Sequence[Field], Mapping[str, Any]]
"""The fields of one subject that this reader gets, and the stored values by name."""


@dataclass(frozen=True)
class Addresses:
    """Where readers get the pages of the site, and its files; without a trailing slash."""

    site: str = ""
    uploads: str = ""

    @classmethod
    def of(cls, work: ReadableWork) -> "Addresses":
        """Those that the site has for whoever asks without a request."""
        here, tenant = cast(UnitOfWork, work), work.tenant
        uploads = here.shop.media_url.rstrip("/") or f"{tenant.address}{UPLOADS}"
        return cls(tenant.site.front_end_url.rstrip("/") or tenant.address, uploads)


async def show(
    work: ReadableWork,
    site: SiteFields,
    subjects: Sequence[Shown],
    form: Form,
    *,
    addresses: Addresses | None = None,
    known: Known | None = None,
) -> list[dict[str, Any]]:
    """The values of each subject by name, in the order of its fields. `known`: what they refer to,
    where the caller has loaded it."""
    if known is None:
        known = await known_to(work, site, subjects, form)
    places = addresses or Addresses.of(work)
    showing = Showing(site.types, known, work.tenant.language, places.site, places.uploads)
    return [
        {one.name: _shown(site, one, values.get(one.name), showing, form) for one in fields}
        for fields, values in subjects
    ]


async def known_to(
    work: ReadableWork, site: SiteFields, subjects: Sequence[Shown], form: Form
) -> Loaded:
    """What the values refer to, as this reader may see it. The light form shows ids as they stand:
    for it only links ask what is there."""
    wanted = references(site, subjects)
    if form is Form.LIGHT:
        linked = [one for one in wanted if one.is_linked]
        return await load(work, linked, texts=False, counted=False)
    return await load(work, wanted, counted=form is Form.STANDARD)


def _shown(site: SiteFields, field: Field, value: Any, showing: Showing, form: Form) -> Any:
    field_type = site.types[field.type]
    show_as = {
        Form.LIGHT: field_type.light,
        Form.STANDARD: field_type.standard,
        Form.TYPED: field_type.typed,
    }[form]
    return show_as(field, value, showing)


def references(site: SiteFields, subjects: Sequence[Shown]) -> dict[Reference, None]:
    """What the values of all subjects name, each once, in their order."""
    return {
        reference: None
        for fields, values in subjects
        for one in fields
        if one.name in values
        for reference in site.types[one.type].references(one, values[one.name], site.types)
    }
