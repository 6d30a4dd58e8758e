"""All types that a site can use: those of the host and those that plugins add."""

from cms.fields.type import Catalogue
from cms.fields.types import media, relations, texts
from cms.kernel.registry import Registry

HOST_TYPES = (*texts.TYPES, *relations.TYPES, *media.TYPES)


def catalogue(registry: Registry) -> Catalogue:
    """The types by name."""
    return Catalogue(registry.field_types)
