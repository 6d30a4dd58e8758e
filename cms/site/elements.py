"""XML that we write: built as a tree, never as text, so that nothing has to be escaped by hand."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

# What XML 1.0 cannot carry (§2.2), however it is escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = etree._Element


def root(name: str, namespaces: Mapping[Any, str]) -> Element:
    """The first element, which declares the namespaces by their prefixes; None is the default."""
    return etree.Element(name, nsmap=dict(namespaces))


def add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    """A new last child; text and attributes lose what XML cannot carry."""
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = writable(text)
    for key, value in attributes.items():
        child.set(key.rstrip("_"), writable(value))
    return child


def name_in(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def document(element: Element) -> bytes:
    """The whole document in UTF-8, with its declaration."""
    written: bytes = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    return written
