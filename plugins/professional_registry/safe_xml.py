"""XML from strangers: no document type, no entity, nothing fetched."""

from lxml import etree

from plugins.professional_registry.wire import Fault, SourceFault


def parse_xml(body: bytes) -> etree._Element:
    """The root element. SourceFault for what is malformed or brings a document type: SOAP forbids
    one (SOAP 1.1 §3), and entity bombs need one."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    # Refused before it is parsed, and again after: another encoding hides it from the first look.
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SourceFault(Fault.ENTITIES)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SourceFault(Fault.MALFORMED, "not well-formed XML") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know no class
        raise SourceFault(Fault.ENTITIES)
    return root


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def texts(parent: etree._Element, name: str) -> list[str]:
    """The text of each child of that name, without white space around it."""
    return [(child.text or "").strip() for child in parent if local_name(child) == name]


def first_text(parent: etree._Element, name: str) -> str:
    return next(iter(texts(parent, name)), "")
