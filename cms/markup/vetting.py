"""One attribute at a time: may it stay, and with which value?"""

import logging
import re
from collections.abc import Callable

from cms.markup import addresses, allowed
from cms.markup.styles import clean_style

log = logging.getLogger(__name__)

_DATA_NAME = re.compile(r"data-[a-z0-9_][a-z0-9_.:-]*")


class Vetter:
    """Answers nh3's question about an attribute of a list: its value, or None to drop it."""

    def __init__(self, elements: allowed.Elements, media_base: str = "") -> None:
        self.elements = elements
        self.media_base = media_base

    def knows(self, element: str) -> bool:
        """Whether an element is in the list at all."""
        return element in self.elements

    def __call__(self, element: str, attribute: str, value: str) -> str | None:
        # nh3 0.3.7 *keeps* a value whose filter raised, so a fault of ours must mean "drop".
        try:
            return self._vetted(element, attribute, value)
        except Exception:
            log.exception("could not judge attribute %s of <%s>; dropped it", attribute, element)
            return None

    def _vetted(self, element: str, attribute: str, value: str) -> str | None:
        if attribute.startswith(allowed.DATA_PREFIX):
            return value if self._may_carry_data(element, attribute) else None
        if attribute not in self.elements.get(element, ()):
            return None
        if attribute in allowed.ADDRESS_ATTRIBUTES:
            return value if self._is_allowed_address(element, attribute, value) else None
        rule = _RULES.get(attribute)
        return rule(value) if rule else value

    def _may_carry_data(self, element: str, attribute: str) -> bool:
        return (
            "style" in self.elements.get(element, ())  # the small lists carry no data
            and bool(_DATA_NAME.fullmatch(attribute))
            and not attribute.startswith(tuple(allowed.HELD_BACK_DATA_PREFIXES))
        )

    def _is_allowed_address(self, element: str, attribute: str, value: str) -> bool:
        if element == "object":
            return addresses.is_own_pdf(value, self.media_base)
        if attribute in allowed.LOADING_ATTRIBUTES:
            return addresses.may_load(value)
        return addresses.may_link(value)


def _vet_style(style: str) -> str | None:
    return clean_style(style) or None


def _vet_rel(rel: str) -> str | None:
    """`opener` would give the page that is led to a hand on ours."""
    kept = [word for word in rel.split() if word.lower() != "opener"]
    return rel if len(kept) == len(rel.split()) else " ".join(kept) or None


def _vet_target(target: str) -> str | None:
    return target if target.lower() in allowed.TARGETS else None


_RULES: dict[str, Callable[[str], str | None]] = {
    "rel": _vet_rel,
    "style": _vet_style,
    "target": _vet_target,
}
