"""Showing values: those of a whole page of subjects, with what they refer to loaded at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, cast

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
    columns: dict[int, list[_Column]] = {}
    made = []
    for fields, values in subjects:
        # A page of subjects mostly has the very same fields.
        if id(fields) not in columns:
            columns[id(fields)] = [_column(site, one, showing, form) for one in fields]
        made.append(_row(columns[id(fields)], values, showing))
    return made


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


def references(site: SiteFields, subjects: Sequence[Shown]) -> dict[Reference, None]:
    """What the values of all subjects name, each once, in their order."""
    naming: dict[int, list[Field]] = {}
    found: dict[Reference, None] = {}
    for fields, values in subjects:
        if id(fields) not in naming:
            naming[id(fields)] = [one for one in fields if site.types[one.type].names_others]
        for one in naming[id(fields)]:
            if one.name in values:
                named = site.types[one.type].references(one, values[one.name], site.types)
                found |= dict.fromkeys(named)
    return found
