"""What the resources look like, in the form in which WordPress tells it: JSON schema with the
contexts in which each field is shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy

Schema = dict[str, Any]
DRAFT_4 = "http://json-schema.org/draft-04/schema#"

_VE, _VEM, _E = ["view", "edit"], ["view", "edit", "embed"], ["edit"]
_STATUSES = ["publish", "future", "draft", "pending", "private"]
_FORMATS = [
    "standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio",
]  # fmt: skip


def schema(title: str, properties: Mapping[str, Any], **more: Any) -> Schema:
    """A resource of this name."""
    properties = dict(properties)
    return {"$schema": DRAFT_4, "title": title, "type": "object", "properties": properties, **more}


def shown(
    kind: str | list[str], contexts: list[str], about: str = "", *, fixed: bool = False, **more: Any
) -> Schema:
    """A field; `fixed` ones are for reading only."""
    described = {"description": about} if about else {}
    readonly = {"readonly": True} if fixed else {}
    return {**described, "type": kind, **more, "context": contexts, **readonly}


def _date(contexts: list[str], about: str, *, fixed: bool = False) -> Schema:
    kinds: Any = "string" if fixed else ["string", "null"]
    return shown(kinds, contexts, about, fixed=fixed, format="date-time")


def _text(contexts: list[str], about: str, rendered: list[str], **more: Schema) -> Schema:
    properties = {
        "raw": shown("string", _E, "The text as it is stored."),
        "rendered": shown("string", rendered, "The text as readers get it.", fixed=True),
        **more,
    }
    return shown("object", contexts, about, properties=properties)


_PROTECTED = shown("boolean", _VEM, "Whether a password protects it.", fixed=True)
_GUID = shown(
    "object", _VE, "The identifier for feeds.", fixed=True,
    properties={
        "raw": shown("string", _E, fixed=True),
        "rendered": shown("string", _VE, fixed=True),
    },
)  # fmt: skip

_ANY_POST: Schema = {
    "date": _date(_VEM, "When it was published, in the site's time."),
    "date_gmt": _date(_VE, "When it was published, in UTC."),
    "guid": _GUID,
    "id": shown("integer", _VEM, "The number of the post.", fixed=True),
    "link": shown("string", _VEM, "The address for readers.", fixed=True, format="uri"),
    "modified": _date(_VE, "When it was last changed, in the site's time.", fixed=True),
    "modified_gmt": _date(_VE, "When it was last changed, in UTC.", fixed=True),
    "slug": shown("string", _VEM, "Its name in the address."),
    "status": shown("string", _VE, "How far it is.", enum=_STATUSES),
    "type": shown("string", _VEM, "The type of content.", fixed=True),
    "password": shown("string", _E, "The password that protects its text."),
    "permalink_template": shown("string", _E, "The form of its address.", fixed=True),
    "generated_slug": shown("string", _E, "The slug that its title would give.", fixed=True),
    "parent": shown("integer", _VE, "The post above it."),
    "title": _text(_VEM, "The title.", _VEM),
    "content": _text(
        _VE, "The text.", _VE,
        block_version=shown("integer", _E, "The version of its block markup.", fixed=True),
        protected=_PROTECTED,
    ),
    "author": shown("integer", _VEM, "The number of its author."),
    "excerpt": _text(_VEM, "The excerpt.", _VEM, protected=_PROTECTED),
    "featured_media": shown("integer", _VEM, "The number of its picture."),
    "comment_status": shown("string", _VE, "Whether it takes comments.", enum=["open", "closed"]),
    "ping_status": shown("string", _VE, "Whether it takes pings.", enum=["open", "closed"]),
    "menu_order": shown("integer", _VE, "Its place among its siblings."),
    "format": shown("string", _VE, "The format.", enum=_FORMATS),
    "meta": shown("object", _VE, "Meta fields."),
    "sticky": shown("boolean", _VE, "Whether it stays on top."),
    "template": shown("string", _VE, "The template that shows it."),
}  # fmt: skip
_OF_SUPPORT = {
    "parent": "page-attributes",
    "menu_order": "page-attributes",
    "format": "post-formats",
    "sticky": "sticky",
}


def post_schema(
    post_type: PostType,
    taxonomies: Iterable[Taxonomy],
    fields: Iterable[RestField] = (),
    meta_keys: Iterable[MetaKey] = (),
) -> Schema:
    """A post of this type, with its taxonomies and with what plugins add."""
    taxonomies = list(taxonomies)
    properties = {
        name: one
        for name, one in _ANY_POST.items()
        if name not in _OF_SUPPORT or _OF_SUPPORT[name] in post_type.supports
    }
    meta = {key.name: {**key.schema, "context": _VE} for key in meta_keys}
    if meta:
        properties["meta"] = {**properties["meta"], "properties": meta}
    for taxonomy in taxonomies:
        about = f"The terms of the {taxonomy.name} taxonomy."
        properties[taxonomy.rest_base] = shown("array", _VE, about, items={"type": "integer"})
    for one in fields:
        fixed = {"readonly": True} if one.part is None else {}
        properties[one.name] = {**one.schema, "context": list(one.contexts), **fixed}
    return schema(post_type.name, properties, links=_actions(post_type, taxonomies))


def _actions(post_type: PostType, taxonomies: Iterable[Taxonomy]) -> list[Schema]:
    """What a person may be allowed to do with a post, by the relation that then links to it."""
    wanted: dict[str, tuple[str, Schema]] = {
        "publish": ("status", {"type": "string", "enum": ["publish", "future"]})
    }
    if "sticky" in post_type.supports:
        wanted["sticky"] = ("sticky", {"type": "boolean"})
    wanted["assign-author"] = ("author", {"type": "integer"})
    for taxonomy in taxonomies:
        terms = {"type": "array", "items": {"type": "integer"}}
        for verb in ("assign", "create"):
            wanted[f"{verb}-{taxonomy.rest_base}"] = (taxonomy.rest_base, terms)
    return [
        {
            "rel": f"https://api.w.org/action-{name}",
            "href": f"/wp/v2/{post_type.rest_base}/{{id}}",
            "targetSchema": {"type": "object", "properties": {field: target}},
        }
        for name, (field, target) in wanted.items()
    ]


def revision_schema(post_type: PostType) -> Schema:
    """A revision of a post of this type."""
    kept = ("guid", "id", "modified", "modified_gmt", "title", "content", "excerpt")
    properties = {
        "author": shown("integer", _VEM, "The number of who saved it."),
        "date": _date(_VEM, "When it was saved, in the site's time.", fixed=True),
        "date_gmt": _date(_VE, "When it was saved, in UTC.", fixed=True),
        **{name: _ANY_POST[name] for name in kept},
        "parent": shown("integer", _VEM, "The number of the post.", fixed=True),
        "slug": shown("string", _VEM, "Its name.", fixed=True),
        "content_hash": shown("string", _VEM, "What an approval names.", fixed=True),
    }
    return schema(f"{post_type.name}-revision", properties)


def term_schema(taxonomy: Taxonomy) -> Schema:
    """A term of this taxonomy."""
    title = "tag" if taxonomy.name == "post_tag" else taxonomy.name
    all_contexts = ["view", "embed", "edit"]
    properties = {
        "id": shown("integer", all_contexts, "The number of the term.", fixed=True),
        "count": shown("integer", _VE, "How many published posts it has.", fixed=True),
        "description": shown("string", _VE, "What it means."),
        "link": shown("string", all_contexts, "Its address.", fixed=True, format="uri"),
        "name": {**shown("string", all_contexts, "Its name."), "required": True},
        "slug": shown("string", all_contexts, "Its name in the address."),
        "taxonomy": shown(
            "string", all_contexts, "Its taxonomy.", fixed=True, enum=[taxonomy.name]
        ),
        "parent": shown("integer", _VE, "The term above it."),
        "meta": shown("object", _VE, "Meta fields."),
    }
    if not taxonomy.is_hierarchical:
        properties.pop("parent")
    return schema(title, properties)


_EVM = ["embed", "view", "edit"]
USER = schema(
    "user",
    {
        "id": shown("integer", _EVM, "The number of the person.", fixed=True),
        "username": {**shown("string", _E, "The login."), "required": True},
        "name": shown("string", _EVM, "The name that readers see."),
        "first_name": shown("string", _E, "The first name."),
        "last_name": shown("string", _E, "The last name."),
        "email": {**shown("string", _E, "The e-mail address.", format="email"), "required": True},
        "url": shown("string", _EVM, "Her own site.", format="uri"),
        "description": shown("string", _EVM, "What she says of herself."),
        "link": shown("string", _EVM, "The address of her page.", fixed=True, format="uri"),
        "locale": shown("string", _E, "Her language."),
        "nickname": shown("string", _E, "What she is called."),
        "slug": shown("string", _EVM, "Her name in the address."),
        "registered_date": _date(_E, "Since when she is here.", fixed=True),
        "roles": shown("array", _E, "Her roles.", items={"type": "string"}),
        "password": {**shown("string", [], "Her password; never shown."), "required": True},
        "capabilities": shown("object", _E, "What she may do.", fixed=True),
        "extra_capabilities": shown("object", _E, "What she may do besides.", fixed=True),
        "avatar_urls": shown("object", _EVM, "Her pictures.", fixed=True),
        "meta": shown("object", _VE, "Meta fields."),
    },
)

TYPE = schema(
    "type",
    {
        "capabilities": shown("object", _E, "What its posts ask for.", fixed=True),
        "description": shown("string", _VE, "What it is for.", fixed=True),
        "hierarchical": shown("boolean", _VE, "Whether its posts have parents.", fixed=True),
        "viewable": shown("boolean", _E, "Whether readers see its posts.", fixed=True),
        "labels": shown("object", _E, "Its names.", fixed=True),
        "name": shown("string", _VEM, "Its name.", fixed=True),
        "slug": shown("string", _VEM, "Its short name.", fixed=True),
        "supports": shown("object", _E, "What its posts have.", fixed=True),
        "has_archive": shown(["string", "boolean"], _VE, "Whether it has a page.", fixed=True),
        "taxonomies": shown(
            "array", _VE, "How its posts are grouped.", fixed=True, items={"type": "string"}
        ),
        "rest_base": shown("string", _VEM, "Its part of the address.", fixed=True),
        "rest_namespace": shown("string", _VEM, "The namespace of its routes.", fixed=True),
        "visibility": shown(
            "object", _E, "Where it is shown.", fixed=True,
            properties={
                "show_in_nav_menus": {"type": "boolean"}, "show_ui": {"type": "boolean"},
            },
        ),
        "icon": shown(["string", "null"], _VEM, "Its sign.", fixed=True),
    },
)  # fmt: skip
