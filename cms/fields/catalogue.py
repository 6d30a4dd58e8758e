"""All types that a site can use: those of the host and those that plugins add."""

from cms.fields.type import Catalogue
from cms.fields.types import (
    choices,
    colours,
    icons,
    layouts,
    media,
    moments,
    numbers,
    places,
    relations,
    rich,
    rows,
    structures,
    texts,
)
from cms.kernel.registry import Registry

HOST_TYPES = (
    *texts.TYPES,
    *numbers.TYPES,
    *rich.TYPES,
    *choices.TYPES,
    *moments.TYPES,
    *colours.TYPES,
    *icons.TYPES,
    *places.TYPES,
    *layouts.TYPES,
    *relations.TYPES,
    *media.TYPES,
    *structures.TYPES,
    *rows.TYPES,
)


def catalogue(registry: Registry) -> Catalogue:
    """The types by name."""
    return Catalogue(registry.field_types)
